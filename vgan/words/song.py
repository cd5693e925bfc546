"""A song as settings of a look, with its reasons: how fast, how bright, how glad it sounds."""

from dataclasses import dataclass
from math import hypot, log2
from pathlib import Path
from typing import Any

from vgan.mood.estimate import estimate
from vgan.mood.sound import measure_sound
from vgan.recipe import Generate

# Where each look lies: energy in [0, 1], valence in [-1, 1], and how bright it sounds in [0, 1]. Our choice, after the
# moods of `vgan.mood.suggest`.
PLACES: dict[str, tuple[float, float, float]] = {
    "neon": (0.9, 0.15, 0.8),
    "confetti": (0.75, 0.7, 0.75),
    "liquid": (0.65, 0.35, 0.5),
    "embers": (0.75, -0.4, 0.35),
    "caustics": (0.5, 0.45, 0.8),
    "bokeh": (0.4, 0.5, 0.5),
    "silk": (0.3, 0.3, 0.6),
    "aurora": (0.25, 0.1, 0.35),
    "clouds": (0.12, 0.25, 0.7),
    "waves": (0.3, -0.3, 0.3),
    "ink": (0.45, -0.6, 0.2),
    "marble": (0.5, -0.1, 0.5),
}
DARKEST, OCTAVES = 450.0, 2.6  # Hz of the spectrum's centre that counts as 0, and how far above it is 1
WARM, COOL = 0.07, 0.62  # hues of glad and of sad songs
LOOP = (3.0, 6.0)  # seconds that a loop may last


@dataclass(frozen=True)
class Song:
    """tempo: beats a minute, 0 where no beat is clear. energy, valence: as `vgan.mood`; bright: of the sound, in
    [0, 1]. major: None where there is no key. look, sliders: what goes with it; seconds: of a loop of whole bars."""

    tempo: float
    energy: float
    valence: float
    bright: float
    major: bool | None
    look: str
    sliders: dict[str, float]
    seconds: float

    @property
    def reasons(self) -> list[dict[str, Any]]:
        """Why, as keys of words that a page has: tempo, sound, key, energy."""
        found: list[dict[str, Any]] = [
            {"key": "said_song", "tempo": round(self.tempo)} if self.tempo else {"key": "said_no_beat"},
            {"key": "said_bright" if self.bright >= 0.5 else "said_warm"},
        ]
        if self.major is not None:
            found.append({"key": "said_major" if self.major else "said_minor"})
        return [*found, {"key": "said_strong" if self.energy >= 0.5 else "said_soft"}]

    def __str__(self) -> str:
        told = {"said_no_beat": "no clear beat", "said_bright": "bright sound", "said_warm": "dark sound"}
        told |= {"said_major": "major", "said_minor": "minor", "said_strong": "full of energy", "said_soft": "calm"}
        words = [f"{one['tempo']} bpm" if "tempo" in one else told[one["key"]] for one in self.reasons]
        pace = "lively" if self.sliders["motion"] >= 0.5 else "slow"
        return f"{', '.join(words)}: so {self.look}, {pace}"


def listen(path: Path) -> Song:
    """What goes with the song at `path`, or with a clip's sound. Raises MediaError where there is none.

    Of silence everything is in the middle.
    """
    measures = measure_sound(path)
    mood = estimate(measures)
    tempo = measures.get("tempo", 0.0)
    treble = measures.get("treble")
    bright = 0.5 if treble is None else min(1.0, max(0.0, log2(max(treble, 1.0) / DARKEST) / OCTAVES))
    place = (mood.energy, mood.valence, bright)
    look = min(PLACES, key=lambda name: _apart(place, PLACES[name]))
    glad = (mood.valence + 1) / 2
    sliders = {
        "hue": (COOL + glad * (WARM + 1 - COOL)) % 1.0 if measures else COOL,
        "saturation": 0.3 + 0.6 * mood.energy,
        "brightness": 0.25 + 0.5 * bright,
        "contrast": 0.3 + 0.5 * mood.energy,
        "complexity": min(0.9, 0.2 + 0.1 * measures.get("onsets", 2.0)),
        "motion": mood.energy,
    }
    mode = measures.get("mode")
    shares = {name: round(value, 2) for name, value in sliders.items()}
    return Song(tempo, mood.energy, mood.valence, bright, None if mode is None else mode > 0, look, shares, bars(tempo))


def bars(tempo: float) -> float:
    """Seconds of a loop of whole bars of four beats that lasts 3 to 6 seconds; 4 without a tempo."""
    if not tempo:
        return 4.0
    bar = 4 * 60.0 / tempo
    while bar < LOOP[0]:
        bar *= 2
    while bar > LOOP[1]:
        bar /= 2
    return round(bar, 3)


def played(song: Song, source: Generate) -> Generate:
    """`source` as the song wants it."""
    changes = song.sliders | {"look": song.look, "seconds": song.seconds, "path": ()}
    if song.seconds * source.loops > 120:
        changes["loops"] = 1
    return Generate.model_validate(source.model_dump() | changes)


def _apart(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    return hypot(one[0] - other[0], (one[1] - other[1]) / 2, 0.5 * (one[2] - other[2]))
