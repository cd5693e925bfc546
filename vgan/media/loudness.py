"""How loud a sound is, and how high its peaks reach between the samples: ITU-R BS.1770-5."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from vgan.media.audio import CHANNELS, RATE, Chain, filled
from vgan.media.extent import Sound
from vgan.media.music import sound_facts

BLOCK = RATE // 1000  # samples of which energy and peak are kept
# K-weighting at 48 kHz, tables 1 and 2: the head lifts what is high, and what is low counts little.
K_WEIGHTING = (
    ("aformat", "sample_fmts=dblp"),
    ("biquad", "b0=1.53512485958697:b1=-2.69169618940638:b2=1.19839281085285:a1=-1.69065929318241:a2=0.73248077421585"),
    ("biquad", "b0=1:b1=-2:b2=1:a1=-1.99004745483398:a2=0.99007225036621"),
)
WINDOW, HOP = 400, 100  # blocks of a gating window, and from one to the next
ABSOLUTE, RELATIVE = -70.0, -10.0  # LUFS, and LU below what passed: windows below do not count
OVERSAMPLING = 4  # to see the peaks between the samples


@dataclass(frozen=True)
class Loudness:
    """integrated: LUFS, -inf for silence and for less than 0.4 s; true_peak: dBTP, -inf for silence; seconds."""

    integrated: float
    true_peak: float
    seconds: float


def measure(path: Path) -> Loudness:
    """How loud the sound of the finished file at `path` is, as a player decodes it.

    Raises MediaError for a file that cannot be read or has no sound.
    """
    known, survey = sound_facts(path), Survey()
    for part in filled(Sound(path, known.begin, Fraction(0)), round((known.seconds + 1) * RATE)):
        survey.add(part)
    survey.close()
    return Loudness(integrated(survey.energies), decibels(survey.peaks.max(initial=0.0)), survey.samples / RATE)


class Survey:
    """Energy and true peak of every millisecond of a sound that goes by in parts. Only these are kept.

    energies: sum over the samples of both channels of the squared K-weighted signal; peaks: full scale at 1. Both are
    complete after `close`. samples: that went by.
    """

    def __init__(self) -> None:
        self._weighted = Chain(*K_WEIGHTING)
        self._between = Chain(("aresample", str(OVERSAMPLING * RATE)))
        self._energies = _Blocks(BLOCK, lambda blocks: np.square(blocks).sum((1, 2)))
        self._peaks = _Blocks(BLOCK * OVERSAMPLING, lambda blocks: np.abs(blocks).max((1, 2)))
        self.samples = 0

    def add(self, part: np.ndarray) -> None:
        """The next samples, float32 (n, CHANNELS)."""
        self.samples += len(part)
        for one in self._weighted(part):
            self._energies.add(one)
        for one in self._between(part):
            self._peaks.add(one)

    def close(self) -> None:
        """No more samples come."""
        for one in self._weighted.rest():
            self._energies.add(one)
        for one in self._between.rest():
            self._peaks.add(one)

    @property
    def energies(self) -> np.ndarray:
        """(blocks,)"""
        return self._energies.found()

    @property
    def peaks(self) -> np.ndarray:
        """(blocks,)"""
        return self._peaks.found()


class _Blocks:
    """One number for every `length` samples of what comes in parts; the last block may be shorter."""

    def __init__(self, length: int, number: Callable[[np.ndarray], np.ndarray]):
        self._length, self._number = length, number
        self._rest = np.zeros((0, CHANNELS))
        self._found: list[np.ndarray] = []

    def add(self, part: np.ndarray) -> None:
        """The next samples (n, CHANNELS)."""
        joined = np.concatenate([self._rest, part]) if len(self._rest) else part
        whole = len(joined) // self._length * self._length
        self._rest = joined[whole:]
        self._found.append(self._number(joined[:whole].reshape(-1, self._length, CHANNELS)))

    def found(self) -> np.ndarray:
        """The number of every block so far, that of the last, unfinished one with them."""
        return np.concatenate(
            [*self._found, self._number(self._rest[None])] if len(self._rest) else self._found or [np.zeros(0)]
        )


def integrated(energies: np.ndarray) -> float:
    """Integrated loudness, LUFS, of what a `Survey` found in each millisecond: the mean of the windows that are not
    much quieter than the rest. -inf where there is no window, or none that is heard."""
    if len(energies) < WINDOW:
        return -math.inf
    hops = energies[: len(energies) // HOP * HOP].reshape(-1, HOP).sum(1)
    windows = np.convolve(hops, np.ones(WINDOW // HOP), "valid") / (WINDOW * BLOCK)
    heard = windows[windows > _energy(ABSOLUTE)]
    if len(heard):
        heard = heard[heard > heard.mean() * 10 ** (RELATIVE / 10)]
    return _lufs(float(heard.mean())) if len(heard) else -math.inf


def decibels(amplitude: float) -> float:
    """An amplitude in dB of full scale."""
    return 20 * math.log10(amplitude) if amplitude > 0 else -math.inf


def _lufs(energy: float) -> float:
    return -0.691 + 10 * math.log10(energy)


def _energy(lufs: float) -> float:
    return float(10 ** ((lufs + 0.691) / 10))
