"""What is heard at each moment: spectra of short windows, how much of them is new, and how strong three bands are."""

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from vgan.music.samples import RATE

HOP_RATE = 100  # moments of a curve a second
HOP = 512  # samples from one spectrum to the next where beats are looked for
WIDE, SHORT = 2048, 1024  # samples in a window: for beats, where pitch counts, and for curves, where time does
BANDS = {"bass": (20.0, 160.0), "mids": (160.0, 2500.0), "treble": (2500.0, RATE / 2)}  # Hz
MELS = {WIDE: 128, SHORT: 64}
COMPRESSION, LAG = 10.0, 2  # of loudness where onsets are looked for; moments in which a sound rises in its window
RANGE = 80.0  # dB below the loudest; what is quieter is not heard
BLOCK = 1024  # spectra at once: memory stays flat


def beat_envelope(samples: np.ndarray) -> np.ndarray:
    """How much is new at each `HOP` samples: float (n // HOP + 1,), the median over bands of the rise of their level.

    As librosa's beat tracker listens (McFee et al. 2015): 128 mel bands, in dB, the rise from one moment to the next,
    which is put where the middle of the later window is when a sound begins at its end.
    """
    levels = _levels(samples, np.arange(len(samples) // HOP + 1) * HOP, WIDE)
    rise = np.median(np.maximum(0.0, np.diff(levels, axis=0)), axis=1)
    delay = 1 + WIDE // (2 * HOP)
    return np.concatenate([np.zeros(delay), rise])[: len(levels)]


def moments(samples: np.ndarray) -> np.ndarray:
    """Places in samples of what `strengths` gives: every hundredth of a second."""
    return np.round(np.arange(max(1, len(samples) * HOP_RATE // RATE)) * (RATE / HOP_RATE)).astype(np.int64)


def strengths(samples: np.ndarray) -> dict[str, np.ndarray]:
    """At each of `moments`: the level of `loudness` and of the three `BANDS`, dB of a full sine, and `onsets`.

    Onsets are the mean rise of 64 mel bands, compressed as ears do so that loud ones count more, yet not alone; it is
    highest where a sound begins, to a few milliseconds. Windows lie around their moment, so that no curve comes late.
    """
    frequencies = np.fft.rfftfreq(SHORT, 1 / RATE)
    chosen = {name: (frequencies >= low) & (frequencies < high) for name, (low, high) in BANDS.items()}
    chosen["loudness"] = frequencies >= BANDS["bass"][0]
    levels: dict[str, list[np.ndarray]] = {name: [] for name in chosen}
    mels = []
    for power in _powers(samples, moments(samples), SHORT):
        for name, mask in chosen.items():
            levels[name].append(power[:, mask].sum(1))
        mels.append(np.sqrt(power @ _mel_bands(SHORT).T))
    heard = np.concatenate(mels)
    heard = np.log1p(COMPRESSION * heard / max(heard.max(), 1e-9))
    onsets = np.zeros(len(heard))
    onsets[LAG:] = np.maximum(0.0, heard[LAG:] - heard[:-LAG]).mean(1)
    sine = 1.5 * (SHORT / 4) ** 2  # power of a sine of amplitude 1, summed over its peak in a Hann window
    found = {name: 10 * np.log10(np.concatenate(parts) / sine + 1e-12) for name, parts in levels.items()}
    return found | {"onsets": onsets}


def _levels(samples: np.ndarray, places: np.ndarray, width: int) -> np.ndarray:
    """Mel bands in dB below the loudest: (len(places), MELS[width])."""
    return _decibels(np.concatenate([power @ _mel_bands(width).T for power in _powers(samples, places, width)]))


def _decibels(power: np.ndarray) -> np.ndarray:
    decibels = 10 * np.log10(np.maximum(1e-10, power))
    loudest: float = decibels.max(initial=-100.0)
    return np.maximum(decibels, loudest - RANGE)


def _powers(samples: np.ndarray, places: np.ndarray, width: int) -> Iterator[np.ndarray]:
    """Power spectra around `places`, silence beyond the ends: (at most BLOCK, width // 2 + 1) each."""
    padded = np.pad(samples, (width // 2, width // 2 + 1))
    windows = sliding_window_view(padded, width)
    window = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(width) / width)).astype(np.float32)
    for start in range(0, len(places), BLOCK):
        spectrum = np.fft.rfft(windows[places[start : start + BLOCK]] * window, axis=1)
        yield spectrum.real**2 + spectrum.imag**2


@lru_cache(maxsize=2)
def _mel_bands(width: int) -> np.ndarray:
    """Triangles of equal area on Slaney's mel scale (linear to 1 kHz, then logarithmic): (MELS[width], bins)."""
    count, top = MELS[width], RATE / 2
    per_hertz, knee, step = 3 / 200, 1000.0, np.log(6.4) / 27
    most = knee * per_hertz + np.log(top / knee) / step
    mels = np.linspace(0.0, most, count + 2)
    corners = np.where(mels < knee * per_hertz, mels / per_hertz, knee * np.exp(step * (mels - knee * per_hertz)))
    frequencies = np.fft.rfftfreq(width, 1 / RATE)
    rising = (frequencies - corners[:-2, None]) / np.diff(corners)[:-1, None]
    falling = (corners[2:, None] - frequencies) / np.diff(corners)[1:, None]
    height = 2 / (corners[2:] - corners[:-2])
    bands: np.ndarray = np.maximum(0.0, np.minimum(rising, falling)) * height[:, None]
    return bands
