"""How far the music moves the picture at each moment: from 0, not at all, to 1."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from vgan.music.analysis import Music
from vgan.music.spectra import HOP_RATE
from vgan.recipe_sound import Drive

EVENTS = {"beats": "beat_strengths", "onsets": "onset_strengths"}  # bands that are moments and not levels
HELD = 2  # moments before and after an event that are as high as it: one frame lies there whatever the rate
RISE, RISE_MOST = 0.015, 0.12  # seconds in which a curve comes, before an event, at no and at all smoothing
FALL, FALL_MOST = 0.06, 0.8  # and in which it goes
GATE, FULL = 0.6, 0.5  # at sensitivity 0 what is weaker than this counts for nothing; at 1 this counts in full


def curve(music: Music, drive: Drive, times: np.ndarray) -> np.ndarray:
    """How far `drive` moves at `times`, float64 (n,) in [0, 1]; 0 before and after the music.

    times: seconds from the start of the part that was analysed. It is at its highest when the sound begins and not
    after: it comes before it, quickly, and goes slowly.
    """
    return np.interp(times, np.arange(len(grid := _followed(music, drive))) / HOP_RATE, grid, left=0.0, right=0.0)


def cuts(music: Music, drive: Drive, apart: float) -> np.ndarray:
    """Times at which `drive` cuts, seconds, rising, at least `apart` seconds from each other: beats or onsets that
    count for half or more, or, of a level, where it passes that on its way up."""
    if drive.band in EVENTS:
        times, strengths = getattr(music, drive.band), getattr(music, EVENTS[drive.band])
        times = times[_counted(strengths, drive.sensitivity) >= 0.5]
    else:
        grid = _followed(music, drive)
        times = (1 + np.flatnonzero((grid[1:] >= 0.5) & (grid[:-1] < 0.5))) / HOP_RATE
    kept: list[float] = []
    for time in times:
        if not kept or time - kept[-1] >= apart:
            kept.append(float(time))
    return np.array(kept)


def _followed(music: Music, drive: Drive) -> np.ndarray:
    """The curve at `HOP_RATE` values a second."""
    if drive.band in EVENTS:
        raw = np.zeros(len(music.curves["loudness"]))
        times, strengths = getattr(music, drive.band), getattr(music, EVENTS[drive.band])
        places = np.clip(np.round(times * HOP_RATE).astype(int), 0, len(raw) - 1)
        raw[places] = _counted(strengths, drive.sensitivity)
        raw = sliding_window_view(np.pad(raw, HELD), 2 * HELD + 1).max(1)
    else:
        raw = _counted(music.curves[drive.band].astype(np.float64), drive.sensitivity)
    fall = FALL * (FALL_MOST / FALL) ** drive.smoothing
    rise = RISE * (RISE_MOST / RISE) ** drive.smoothing
    return np.maximum(_falling(raw, fall), _falling(raw[::-1], rise)[::-1])


def _counted(strength: np.ndarray, sensitivity: float) -> np.ndarray:
    """Strengths in [0, 1] with a gate below and a ceiling above, and a soft knee at both."""
    low, high = GATE * (1 - sensitivity), 1 - (1 - FULL) * sensitivity
    share = ((strength - low) / (high - low)).clip(0.0, 1.0)
    counted: np.ndarray = share * share * (3 - 2 * share)
    return counted


def _falling(values: np.ndarray, seconds: float) -> np.ndarray:
    """The least curve that is nowhere below `values` and falls no faster than to 1/e in `seconds`."""
    slope = np.arange(len(values)) / (seconds * HOP_RATE)
    with np.errstate(divide="ignore"):  # the logarithm of 0 falls to nothing, as it should
        highest = np.maximum.accumulate(np.log(values) + slope)
    falling: np.ndarray = np.exp(highest - slope)
    return falling
