"""What a page needs to draw a piece of music: small, and all of it JSON."""

from typing import Any

import numpy as np

from vgan.music.analysis import Music

POINTS = 1200
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
        "wave": [
            [round(float(low), 2), round(float(high), 2)]
            for low, high in zip(
                _fewer(music.wave[:, 0], np.minimum), _fewer(music.wave[:, 1], np.maximum), strict=True
            )
        ],
        "curves": {name: _rounded(_fewer(values, np.maximum), 2) for name, values in music.curves.items()},
    }


def _fewer(values: np.ndarray, choose: np.ufunc) -> np.ndarray:
    """At most `POINTS` values, one of each stretch."""
    if len(values) <= POINTS:
        return values
    chosen: np.ndarray = choose.reduceat(values, np.linspace(0, len(values), POINTS + 1).astype(int)[:-1])
    return chosen


def _rounded(values: np.ndarray, digits: int = 3) -> list[float]:
    return [round(float(value), digits) for value in values]
