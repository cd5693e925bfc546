"""What a page needs to draw a piece of music: small, and all of it JSON."""

from typing import Any

import numpy as np

from vgan.music.analysis import WAVE_POINTS, Music

POINTS = WAVE_POINTS  # of the curves, as of the wave
MOST_EVENTS = 1200  # of each sort; of a longer list the strongest


def summary(music: Music) -> dict[str, Any]:
    """seconds, tempo, clear, cut; beats, bars and onsets in seconds; wave: up to `POINTS` pairs of least and greatest,
    in [-1, 1]; curves by name: up to `POINTS` values in [0, 1], each the highest of its stretch, all equally long."""
    strongest = np.sort(np.argsort(music.onset_strengths)[::-1][:MOST_EVENTS])
    return {
        "seconds": round(music.seconds, 3),
        "tempo": round(music.tempo, 2),
        "clear": round(music.clear, 2),
        "cut": music.cut,
        "beats": _rounded(music.beats[:MOST_EVENTS]),
        "bars": _rounded(music.bars[:MOST_EVENTS]),
        "onsets": _rounded(music.onsets[strongest]),
        "wave": [[round(float(low), 2), round(float(high), 2)] for low, high in music.wave],
        "curves": {name: _rounded(_highest(values), 2) for name, values in music.curves.items()},
    }


def _highest(values: np.ndarray) -> np.ndarray:
    """At most `POINTS` values, the highest of each stretch."""
    if len(values) <= POINTS:
        return values
    chosen: np.ndarray = np.maximum.reduceat(values, np.linspace(0, len(values), POINTS + 1).astype(int)[:-1])
    return chosen


def _rounded(values: np.ndarray, digits: int = 3) -> list[float]:
    return [round(float(value), digits) for value in values]
