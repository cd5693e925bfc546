"""`python -m vgan evaluate words`: how well sentences that were never trained on are understood, and then drawn."""

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import torch

from vgan.errors import MediaError
from vgan.models.attributes import ATTRIBUTES, STEP, measure, to_shares
from vgan.models.words import Said
from vgan.recipe import Generate
from vgan.registry import Models
from vgan.settings import PROJECT
from vgan.sources.generate import player_for
from vgan.training.words.adjectives import Phrase
from vgan.training.words.amounts import WAYS_OF
from vgan.training.words.grammar import FILLERS, LESS, NOT, NOT_TOO, WORDS
from vgan.words.encoder import NETWORK, hear
from vgan.words.reading import AROUND, NO_LOOK, SAID, Heard, Reading, applied

HELD_OUT = PROJECT / "assets" / "words" / "held_out.txt"
NEAR = 1 / 6  # turns: how far a hue may lie from what was meant
MOMENTS = 2  # of a drawn loop, at which attributes are measured
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Meant:
    """A sentence and what it means. asked: by attribute, `high` or `low`; of the hue, turns."""

    sentence: str
    look: str
    asked: dict[str, str | float]


@dataclass
class WordsReport:
    """Shares in [0, 1]. sides: an attribute is right if it was heard and lies on the right side, hue within a sixth of
    the circle; leaning: on the right side, heard or not. drawn: measured on the clip. dictionary: the grammar's own
    phrases looked up, without any network. unknown: content words that no caption ever had."""

    sentences: int = 0
    look: float = 0.0
    sides: float = 0.0
    leaning: float = 0.0
    by_look: dict[str, float] = field(default_factory=dict)
    by_attribute: dict[str, float] = field(default_factory=dict)
    drawn: float = 0.0
    drawn_by_attribute: dict[str, float] = field(default_factory=dict)
    dictionary_look: float = 0.0
    dictionary_sides: float = 0.0
    unknown: float = 0.0
    wrong: list[str] = field(default_factory=list)


def held_out(path: Path = HELD_OUT) -> list[Meant]:
    """The sentences in a file of lines `look | attribute side, attribute side | sentence`. Raises MediaError."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise MediaError(f"{path.name}: the held-out sentences cannot be read ({error.strerror}).") from error
    found = []
    for number, line in enumerate(lines, 1):
        if not line or line.startswith("#"):
            continue
        look, asked, sentence = (part.strip() for part in line.split("|", 2))
        pairs = [pair.split() for pair in asked.split(",")]
        if look not in WORDS.names or any(len(pair) != 2 or pair[0] not in ATTRIBUTES for pair in pairs):
            raise MediaError(f"{path.name}: line {number} is not `look | attribute side, attribute side | sentence`.")
        found.append(Meant(sentence, look, {name: float(said) if name == "hue" else said for name, said in pairs}))
    return found


def evaluate_words(models: Models, path: Path = HELD_OUT) -> WordsReport:
    """Read and draw every held-out sentence. Raises as `vgan.words.encoder.ready`."""
    meant = held_out(path)
    said = hear([one.sentence for one in meant], models)
    looks: tuple[str, ...] = models.get(NETWORK).params.looks  # type: ignore[union-attr,assignment]
    report = WordsReport(len(meant), unknown=_unknown(meant))
    sure = said.look.softmax(1)
    named = [looks[int(row[:-1].argmax())] if float(row[-1]) <= NO_LOOK else "" for row in sure]
    report.look = _mean(name == one.look for name, one in zip(named, meant, strict=True))
    report.by_look = {
        look: _mean(n == look for n, o in zip(named, meant, strict=True) if o.look == look) for look in looks
    }
    heard, leaning, drawn = [], [], []
    for place, one in enumerate(meant):
        values = _values(said, place)
        spoken = said.said[place].sigmoid()
        measured = _drawn(one, values, spoken, models)
        for name, wish in one.asked.items():
            right = _right(name, wish, values[name])
            leaning.append(right)
            heard.append((name, right and float(spoken[ATTRIBUTES.index(name)]) > SAID))
            drawn.append((name, _right(name, wish, measured[name])))
        if named[place] != one.look:
            report.wrong.append(f"{one.sentence} ({one.look}, read as {named[place] or 'none'})")
    report.sides, report.leaning = _mean(right for _, right in heard), _mean(leaning)
    report.drawn = _mean(right for _, right in drawn)
    report.by_attribute = {name: _mean(right for n, right in heard if n == name) for name in ATTRIBUTES}
    report.drawn_by_attribute = {name: _mean(right for n, right in drawn if n == name) for name in ATTRIBUTES}
    report.dictionary_look, report.dictionary_sides = _looked_up(meant)
    return report


def _right(name: str, wish: str | float, value: float) -> bool:
    if isinstance(wish, float):
        return abs((value - wish + 0.5) % 1 - 0.5) <= NEAR
    return (value >= 0.5) == (wish == "high")


def _values(said: Said, place: int) -> dict[str, float]:
    shares = [float(said.turns[place]), *said.share[place].tolist()]
    return dict(zip(ATTRIBUTES, shares, strict=True))


@torch.inference_mode()
def _drawn(one: Meant, values: dict[str, float], spoken: torch.Tensor, models: Models) -> dict[str, float]:
    """Attributes measured on the clip that the sentence makes, in the look that was meant."""
    heard = {
        name: Heard(value, 0.0, float(spoken[place]))
        for place, (name, value) in enumerate(values.items())
        if spoken[place] > SAID
    }
    source = applied(Reading(one.sentence, one.sentence, one.look, 1.0, heard=heard, seed=Generate().seed), Generate())
    starts = torch.linspace(0, 1, MOMENTS + 1)[:-1]
    frames = player_for(one.look, models).draw(source, torch.cat([starts, starts + STEP]), "1:1", preview=True)
    frames = frames.float().cpu().clamp(-1, 1)
    table = torch.tensor(models.config("looks")["knots"][one.look])
    shares = to_shares(measure(frames[:MOMENTS], frames[MOMENTS:]), table.expand(MOMENTS, -1, -1))
    means = [float(shares[0, 0]), *shares[:, 1:].mean(0).tolist()]
    return dict(zip(ATTRIBUTES, means, strict=True))


def _looked_up(meant: list[Meant]) -> tuple[float, float]:
    """Looks and sides that are right by the longest phrase of the grammar that is in the sentence."""
    looks, sides = [], []
    phrases: list[Phrase] = [*WORDS.phrases, *WORDS.colours, *WORDS.survey]
    for one in meant:
        text = f" {' '.join(_WORD.findall(one.sentence.lower()))} "
        names = [(len(name), look) for look, all_of in WORDS.names.items() for name in all_of if _in(name, text)]
        looks.append(bool(names) and max(names)[1] == one.look)
        for name, wish in one.asked.items():
            found = [(len(p.text), said) for p in phrases if _in(p.text, text) for a, said in p.says if a == name]
            sides.append(bool(found) and _right(name, wish, max(found)[1]))
    return _mean(looks), _mean(sides)


def _in(phrase: str, text: str) -> bool:
    words = " ".join(_WORD.findall(phrase.lower().removeprefix("a ").removeprefix("an ").removeprefix("the ")))
    return f" {words} " in text


def _unknown(meant: list[Meant]) -> float:
    """Share of content words of the sentences that are in no table of the grammar."""
    tables: list[str] = [*FILLERS, *NOT, *LESS, *NOT_TOO, *WORDS.others]
    tables += [text for bank in (*WORDS.names.values(), *WAYS_OF.values()) for text in bank]
    tables += [text for parts in WORDS.parts.values() for part in parts for text in part]
    tables += [one.text for bank in (WORDS.phrases, WORDS.amounts, WORDS.colours, WORDS.survey) for one in bank]
    known = {word for text in tables for word in _WORD.findall(text.lower())}
    words = [word for one in meant for word in _WORD.findall(one.sentence.lower()) if word not in AROUND]
    return _mean(word not in known for word in words)


def _mean(values: Iterable[bool]) -> float:
    found = list(values)
    return sum(found) / len(found) if found else 0.0


def table(report: WordsReport) -> str:
    """The figures as a Markdown table."""
    worst = min(report.by_look, key=lambda look: report.by_look[look])
    rows = [
        (f"look right, of {report.sentences} sentences", report.look),
        (f"worst look: {worst}", report.by_look[worst]),
        ("attribute heard, and on the right side; hue within a sixth of the circle", report.sides),
        *((f"... {name}", share) for name, share in report.by_attribute.items()),
        ("attribute on the right side, heard or not", report.leaning),
        ("the same, measured on the clip that was drawn", report.drawn),
        *((f"... {name}, drawn", share) for name, share in report.drawn_by_attribute.items()),
        ("a dictionary of the grammar's own phrases: look right", report.dictionary_look),
        ("... attribute right", report.dictionary_sides),
        ("words of these sentences, small words aside, that are nowhere in the grammar", report.unknown),
    ]
    lines = [f"| {what} | {100 * share:.1f} % |" for what, share in rows]
    return "\n".join(["| what | measured |", "|---|---|", *lines]) + "\n"


def write_json(report: WordsReport, path: Path) -> None:
    """The figures as JSON."""
    path.write_text(json.dumps(asdict(report), indent=1) + "\n", encoding="utf-8")
