"""A sentence read: which look, which attributes, how sure, and which of its words said so."""

import re
import zlib
from dataclasses import dataclass, field
from typing import Any

import torch

from vgan.models.attributes import ATTRIBUTES
from vgan.models.words import Said
from vgan.recipe import Generate
from vgan.registry import Models
from vgan.words.clean import cleaned
from vgan.words.colours import colour_of
from vgan.words.encoder import NETWORK, hear

SAID = 0.1  # sureness from which on an attribute's slider moves: to miss what was said is worse than a nudge
CLEAR = 0.3  # sureness from which on a person is told that it was understood
NO_LOOK = 0.8  # sureness from which on no look is taken as named: a scene in unknown words is more likely than none
SURE = 0.5  # sureness from which on a slider goes all the way
MATTERS = 0.12  # how much sureness must fall without a word for that word to have been understood
MOST_WORDS = 24  # whose part in it is looked at
COLOURED = 0.5  # saturation that a named colour gets at least: else it would not be seen
# Words that carry nothing of their own here.
AROUND = frozenset(
    """a an the of in on at to with for and or but it its is are was be been that this these those as so i me my we you
    your he she they their by from into over under above below up down out off please thanks thank make made give show
    want would like could can should will let us have has had do does did not no very really quite too some any there
    here just more most less least than then while when where what which who how about video clip picture background
    loop animation scene wallpaper something thing things look looks looking one ones kind sort bit lot lots
    all""".split()
)


@dataclass(frozen=True)
class Heard:
    """What is said of one attribute. value: share of the look's range, hue in turns. spread: standard deviation of
    that, in the same units. sure: how sure it is that it was spoken of, in [0, 1]. because: the word that says it."""

    value: float
    spread: float
    sure: float
    because: str = ""

    @property
    def side(self) -> str:
        """high, or low."""
        return "high" if self.value >= 0.5 else "low"


@dataclass(frozen=True)
class Reading:
    """What was understood. sentence: as given; english: what was read of it. look: "" where none was named.

    look_sure: of the look, in [0, 1]. heard: by attribute. missed: words that changed nothing. seed: the sentence's
    own, so that the same words make the same clip. translated: whether some of it was Chinese.
    """

    sentence: str
    english: str
    look: str
    look_sure: float
    look_because: str = ""
    heard: dict[str, Heard] = field(default_factory=dict)
    missed: tuple[str, ...] = ()
    seed: int = 0
    translated: bool = False

    def facts(self) -> dict[str, Any]:
        """The same as plain JSON values, with a name for the colour."""
        said = {
            name: {"value": round(one.value, 3), "spread": round(one.spread, 3), "sure": round(one.sure, 3)}
            | ({"colour": colour_of(one.value)} if name == "hue" else {"side": one.side})
            | {"because": one.because}
            for name, one in self.heard.items()
        }
        look = {"name": self.look, "sure": round(self.look_sure, 3), "because": self.look_because}
        return {"english": self.english, "look": look, "said": said, "missed": list(self.missed)}


def read(text: str, models: Models) -> Reading:
    """What `text` says. Raises RecipeError for one that cannot be read (see `clean.cleaned`), WeightsError where the
    encoder cannot be had (see `encoder.ready`)."""
    clean = cleaned(text)
    words = _content(clean.english)
    without = [_without(clean.english, word) for word in words]
    said = hear([clean.english, *without, *words], models)
    looks: tuple[str, ...] = models.get(NETWORK).params.looks  # type: ignore[union-attr,assignment]
    named = said.look.softmax(1)
    spoken = said.said.sigmoid()
    count = len(words)
    best = int(named[0, :-1].argmax())
    look = looks[best] if named[0, -1] <= NO_LOOK else ""
    heard, used = {}, set()
    for place, name in enumerate(ATTRIBUTES):
        if spoken[0, place] > SAID:
            falls = spoken[0, place] - spoken[1 : count + 1, place] + 0.3 * spoken[count + 1 :, place]
            because = _best(falls, words)
            if spoken[0, place] >= CLEAR:
                used.add(because)
            heard[name] = Heard(*_value(said, place), float(spoken[0, place]), because)
    because = ""
    if look:
        falls = named[0, best] - named[1 : count + 1, best] + 0.3 * named[count + 1 :, best]
        because = _best(falls, words)
        used.add(because)
    missed = tuple(word for at, word in enumerate(words) if word not in used and _idle(at, count, named, spoken, best))
    sure = float(named[0, best]) if look else float(named[0, -1])
    seed = zlib.crc32(clean.english.lower().encode()) % 100_000
    return Reading(text, clean.english, look, sure, because, heard, (*missed, *clean.unread), seed, clean.translated)


def applied(reading: Reading, source: Generate) -> Generate:
    """`source` as the sentence wants it. What was not spoken of stays; key looks go, since they say otherwise.

    Where it is not quite sure that an attribute was spoken of, its slider goes a part of the way. A named colour gets
    at least so much saturation that it is seen, unless the sentence says how much.
    """
    changes: dict[str, Any] = {}
    for name, one in reading.heard.items():
        way = min(1.0, one.sure / SURE)
        before = getattr(source, name)
        if name == "hue":
            ahead = (one.value - before + 0.5) % 1 - 0.5
            changes[name] = round(before + way * ahead, 2) % 1.0
        else:
            changes[name] = round(before + way * (one.value - before), 2)
    if "hue" in changes and "saturation" not in changes:
        changes["saturation"] = max(source.saturation, COLOURED)
    if reading.look:
        changes["look"] = reading.look
    if reading.look or reading.heard:
        changes["seed"] = reading.seed
    return Generate.model_validate(source.model_dump() | changes | {"sentence": reading.sentence, "path": ()})


def _content(english: str) -> list[str]:
    """Words that may mean something, each once."""
    found = re.findall(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*", english.lower())
    return list(dict.fromkeys(word for word in found if word not in AROUND and len(word) > 1))[:MOST_WORDS]


def _without(english: str, word: str) -> str:
    rest = " ".join(re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", " ", english, flags=re.IGNORECASE).split())
    return rest or "."


def _best(falls: torch.Tensor, words: list[str]) -> str:
    return words[int(falls.argmax())] if words else ""


def _value(said: Said, place: int) -> tuple[float, float]:
    """Value and spread of an attribute in the first sentence."""
    if place == 0:
        return float(said.turns[0]), float(said.sure[0].clamp(min=0.1).rsqrt()) / 6.2832
    return float(said.share[0, place - 1]), float(said.spread[0, place - 1])


def _idle(at: int, count: int, named: torch.Tensor, spoken: torch.Tensor, best: int) -> bool:
    """Whether word number `at` neither supports what is clearly heard nor says anything by itself."""
    clear = spoken[0] >= CLEAR
    supports = float(((spoken[0] - spoken[at + 1]) * clear).max())
    if named[0, -1] <= NO_LOOK:
        supports = max(supports, float(named[0, best] - named[at + 1, best]))
    alone = at + 1 + count
    mute = spoken[alone].max() < SURE and named[alone, -1] > NO_LOOK
    return bool(mute and supports < MATTERS)
