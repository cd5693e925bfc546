"""How loud each band of a sound is at every frame: what a drawn wave follows."""

import functools
from collections.abc import Iterable, Iterator
from fractions import Fraction

import numpy as np

from vgan.media.audio import RATE, samples_of
from vgan.media.extent import Mix, Sound
from vgan.media.mix import mixed

WINDOW = 4096  # samples of a spectrum at 48 kHz: 85 ms
LOWEST, HIGHEST = 70.0, 9000.0  # Hz
TILT = 3.0  # dB an octave by which music and speech fall, and which is given back
RANGE, LEAST_RANGE = 34.0, 14.0  # dB from the loudest to nothing: less where a band hums or hisses all the time
OWN = 0.6  # share to which each band is measured by its own loudest moments, not by those of the loudest band
QUIET = -58.0  # dB of full scale: a sound whose loudest bands lie below this stays small
ATTACK, RELEASE = 0.018, 0.16  # seconds in which a bar rises and falls by most of its way
BATCH = 256  # spectra at once


def levels(sound: Sound | Mix | None, frames: int, fps: Fraction, bands: int) -> np.ndarray:
    """float32 (frames, bands) in 0 to 1, from the lowest band to the highest, as heard at the middle of each frame.

    Short-time spectra (Hann window), summed over bands of equal width on a logarithmic scale, in dB, less the usual
    fall of sounds towards the treble; near 1 are the loudest moments of the clip and of the band. They rise at once
    and fall slowly. Silence, or no sound at all, is 0. Memory holds one batch of spectra, however long the sound.
    """
    if sound is None:
        return np.zeros((frames, bands), np.float32)
    paths = [path for path in _paths(sound) if path is not None]
    stamp = tuple((path.stat().st_mtime_ns, path.stat().st_size) for path in paths if path.is_file())
    return _levels(sound, frames, fps, bands, stamp)


def _paths(sound: Sound | Mix) -> tuple:
    return (sound.path,) if isinstance(sound, Sound) else (sound.music, sound.own and sound.own.path)


@functools.lru_cache(maxsize=4)
def _levels(sound: Sound | Mix, frames: int, fps: Fraction, bands: int, stamp: tuple) -> np.ndarray:
    parts = samples_of(sound) if isinstance(sound, Sound) else mixed(sound)
    places = [round((index + Fraction(1, 2)) / fps * RATE) for index in range(frames)]
    bank, window = _bank(bands), np.hanning(WINDOW).astype(np.float32)
    sine = (WINDOW / 4) ** 2
    found = [np.zeros((0, bands), np.float32)]
    for windows in _windows(parts, places):
        power = np.abs(np.fft.rfft(windows * window)).astype(np.float32) ** 2 / sine
        found.append((10 * np.log10(power @ bank.T + 1e-12)).astype(np.float32))
    decibels = np.concatenate(found)
    decibels += TILT * np.arange(bands, dtype=np.float32)[None] * np.log2(HIGHEST / LOWEST) / max(1, bands - 1)
    loudest = np.quantile(decibels, 0.97, axis=0, keepdims=True)
    top = np.maximum((1 - OWN) * loudest.max() + OWN * loudest, QUIET + RANGE / 2).astype(np.float32)
    hum = np.quantile(decibels, 0.1, axis=0, keepdims=True).astype(np.float32)  # of a band, that is always there
    floor = np.minimum(np.maximum(top - RANGE, hum), top - LEAST_RANGE)
    return _smooth(((decibels - floor) / (top - floor)).clip(0, 1), float(fps))


def _windows(parts: Iterable[np.ndarray], places: list[int]) -> Iterator[np.ndarray]:
    """Mono windows around `places`, rising; silence beyond both ends: float32 (at most BATCH, WINDOW) each."""
    half = WINDOW // 2
    held, begin = np.zeros(half, np.float32), -half  # begin: place of its first sample
    parts, waiting = iter(parts), []
    for place in places:
        while begin + len(held) < place + half:
            part = next(parts, None)
            mono = np.zeros(WINDOW, np.float32) if part is None else part.mean(axis=1, dtype=np.float32)
            spent = max(0, min(place - half - begin, len(held)))
            held, begin = np.concatenate([held[spent:], mono]), begin + spent
        waiting.append(held[place - half - begin : place + half - begin])
        if len(waiting) == BATCH:
            yield np.stack(waiting)
            waiting = []
    if waiting:
        yield np.stack(waiting)


def _bank(bands: int) -> np.ndarray:
    """Weights (bands, WINDOW // 2 + 1): triangles around frequencies at equal steps of a logarithmic scale."""
    frequencies = np.fft.rfftfreq(WINDOW, 1 / RATE)
    step = (HIGHEST / LOWEST) ** (1 / max(1, bands - 1))
    middles = LOWEST * step ** np.arange(bands)
    wide = np.maximum(middles * (step - 1), RATE / WINDOW)
    return np.maximum(0, 1 - np.abs(frequencies[None] - middles[:, None]) / wide[:, None]).astype(np.float32)


def _smooth(heard: np.ndarray, fps: float) -> np.ndarray:
    rise, fall = (1 - np.exp(-1 / (fps * seconds)) for seconds in (ATTACK, RELEASE))
    now, made = np.zeros(heard.shape[1], np.float32), np.empty_like(heard)
    for index, target in enumerate(heard):
        now = now + (target - now) * np.where(target > now, rise, fall).astype(np.float32)
        made[index] = now
    return made
