"""Where the beats are. Ellis, "Beat Tracking by Dynamic Programming" (2007), with the settings that librosa has for it.

librosa's own tracker is compiled when it is first called, for half a minute where nothing may be kept on the disk; this
one is array arithmetic and takes less than a second.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

USUAL, FASTEST = 120.0, 320.0  # beats a minute
WINDOW = 8.0  # seconds in which a tempo is looked for
TIGHTNESS = 100.0  # how dear it is to leave the tempo
BLOCK = 1024  # windows at once


def find_tempo(envelope: np.ndarray, rate: float, every: int = 1) -> float:
    """Beats a minute of an onset envelope of `rate` moments a second: the strongest period on average over windows of
    8 s, one at each `every` moments. Those near 120 are preferred, one octave from it being one standard deviation."""
    width = int(WINDOW * rate)
    half = width // 2
    ramp = np.arange(half) / half
    padded = np.concatenate([envelope[0] * ramp, envelope, envelope[-1] * ramp[::-1]])
    windows = sliding_window_view(padded, width)[: len(envelope) : every]
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(width) / width)
    total = np.zeros(width)
    for start in range(0, len(windows), BLOCK):
        spectrum = np.fft.rfft(windows[start : start + BLOCK] * hann, 2 * width, axis=1)
        alike = np.fft.irfft(spectrum.real**2 + spectrum.imag**2, 2 * width, axis=1)[:, :width]
        total += (alike / np.maximum(np.abs(alike).max(1, keepdims=True), 1e-12)).sum(0)
    tempos = 60 * rate / np.arange(1, width)
    score = np.log1p(1e6 * np.maximum(0.0, total[1:] / len(windows))) - 0.5 * np.log2(tempos / USUAL) ** 2
    return float(tempos[np.where(tempos < FASTEST, score, -np.inf).argmax()])


def find_beats(envelope: np.ndarray, rate: float, tempo: float) -> np.ndarray:
    """Places of beats in `envelope`, int, rising: the row of moments that are strong and near one period apart."""
    period = round(rate * 60 / tempo)
    around = np.arange(-period, period + 1)
    bell = np.exp(-0.5 * (around * 32.0 / period) ** 2)
    spread = envelope.std(ddof=1) + 1e-12
    score = np.convolve(envelope / spread, bell)[period : period + len(envelope)]
    total, before = _best_rows(score, period)
    place, beats = _last(total), []
    while place >= 0:
        beats.append(place)
        place = before[place]
    return _without_weak_ends(np.array(beats[::-1], np.int64), score)


def _best_rows(score: np.ndarray, period: int) -> tuple[np.ndarray, np.ndarray]:
    """For each moment the worth of the best row of beats that ends there, and the beat before it, -1 for none."""
    steps = np.arange(round(period / 2), 2 * period + 1)
    cost = TIGHTNESS * (np.log(steps) - np.log(period)) ** 2
    reach = 2 * period
    total = np.full(reach + len(score), -np.inf)
    before = np.full(len(score), -1, np.int64)
    quiet, begun = 0.01 * score.max(), False
    for place, own in enumerate(score):
        # Nearest first: in a rest, rows of the same steps in another order are worth the same.
        earlier = total[place : place + len(steps)][::-1] - cost
        best = int(earlier.argmax())
        found = np.isfinite(earlier[best])
        total[reach + place] = own + (earlier[best] if found else 0.0)
        begun = begun or own >= quiet
        if begun and found:
            before[place] = place - steps[best]
    return total[reach:], before


def _last(total: np.ndarray) -> int:
    """The last moment that ends a good row: a peak of at least half of the usual peak."""
    later = np.append(total[1:], -np.inf)
    peaks = 1 + np.flatnonzero((total[1:] > total[:-1]) & (total[1:] >= later[1:]))
    if not len(peaks):
        return len(total) - 1
    return int(peaks[total[peaks] >= 0.5 * np.median(total[peaks])][-1])


def _without_weak_ends(beats: np.ndarray, score: np.ndarray) -> np.ndarray:
    """`beats` without those before the first and after the last place that is not quiet."""
    smooth = np.convolve(score[beats], np.hanning(5))[2:]
    loud = np.flatnonzero(score > 0.5 * np.sqrt((smooth**2).mean()))
    return beats[(beats >= loud[0]) & (beats <= loud[-1])] if len(loud) else beats[:0]
