"""From measures to a mood, with what each of them adds."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import hypot
from typing import Any

from vgan.errors import UnknownName
from vgan.mood.terms import GAIN, LEAST, TERMS

# Places of moods that have a name: (valence, energy), as lists of emotion words lie in Russell's circle (1980).
NAMED: dict[str, tuple[float, float]] = {
    "calm": (0.25, 0.15),
    "tender": (0.5, 0.35),
    "happy": (0.75, 0.65),
    "energetic": (0.3, 0.9),
    "tense": (-0.5, 0.8),
    "sad": (-0.6, 0.2),
}


@dataclass(frozen=True)
class Because:
    """What a measure says. value: as measured; valence, energy: what it adds to either."""

    what: str
    value: float
    valence: float
    energy: float


@dataclass(frozen=True)
class Mood:
    """An estimate. valence: -1 to 1, 0 without anything to go by; energy: 0 to 1, 0.5 likewise; because: its grounds,
    the weightiest first: together they add up to it, unless it is at an end of its range."""

    valence: float
    energy: float
    because: tuple[Because, ...] = ()

    @property
    def name(self) -> str:
        """The nearest mood that has one, see `NAMED`; "neutral" where there is nothing to go by."""
        return nearest((self.valence, self.energy)) if self.because else "neutral"

    @property
    def measures(self) -> dict[str, float]:
        """What was measured, by name."""
        return {ground.what: ground.value for ground in self.because}

    def facts(self) -> dict[str, Any]:
        """Everything as plain JSON values."""
        grounds = [
            {"what": one.what, "value": round(one.value, 4)}
            | {"valence": round(one.valence, 3), "energy": round(one.energy, 3), "source": TERMS[one.what].source}
            for one in self.because
        ]
        place = {"valence": round(self.valence, 3), "energy": round(self.energy, 3)}
        return {"mood": self.name, **place, "because": grounds}


def estimate(measures: Mapping[str, float]) -> Mood:
    """The mood of what was measured, by the names of `TERMS`; what is not there has no say."""
    said = {what: TERMS[what].says(value) for what, value in measures.items()}
    weighs = [max(least, sum(abs(getattr(TERMS[what], axis)) for what in said)) for axis, least in LEAST.items()]
    grounds = []
    for what, amount in said.items():
        term = TERMS[what]
        adds = GAIN * term.valence * amount / weighs[0], 0.5 * GAIN * term.energy * amount / weighs[1]
        grounds.append(Because(what, float(measures[what]), *adds))
    grounds.sort(key=lambda one: -hypot(one.valence / 2, one.energy))
    valence, energy = sum(one.valence for one in grounds), 0.5 + sum(one.energy for one in grounds)
    return Mood(max(-1.0, min(1.0, valence)), max(0.0, min(1.0, energy)), tuple(grounds))


def apart(one: tuple[float, float], other: tuple[float, float]) -> float:
    """How far two places (valence, energy) are from each other, both ranges counted as 1."""
    return hypot((one[0] - other[0]) / 2, one[1] - other[1])


def nearest(place: tuple[float, float]) -> str:
    """The mood of `NAMED` that is nearest to (valence, energy)."""
    return min(NAMED, key=lambda name: apart(place, NAMED[name]))


def place_of(target: str | tuple[float, float]) -> tuple[float, float]:
    """(valence, energy) of a mood's name, or of such a place. Raises UnknownName."""
    if not isinstance(target, str):
        return target
    if target not in NAMED:
        raise UnknownName("mood", target, NAMED)
    return NAMED[target]
