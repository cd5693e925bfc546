"""Loops that are whole bars of a piece of music."""

from vgan.music.analysis import Music
from vgan.music.pulse import METRE

SHORTEST, LONGEST = 0.5, 60.0  # seconds of a loop


def snap(seconds: float, music: Music, bars: int | None = None) -> float:
    """The length of a loop nearest to `seconds` that is whole bars of `music`, or exactly `bars` of them, as many as
    fit between half a second and a minute; `seconds` itself where no beat was found."""
    if not music.tempo:
        return seconds
    bar = METRE * 60 / music.tempo
    most, least = max(1, int(LONGEST / bar)), max(1, -int(-SHORTEST // bar))
    return bar * min(most, max(least, bars or round(seconds / bar)))
