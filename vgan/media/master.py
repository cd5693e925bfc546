"""The finished sound of a clip: at the loudness that the platforms play at, and no peak above what decoders bear.

The gain is worked out from what a `Survey` found in each millisecond, so that the sound itself goes by only twice,
however often the gain is tried: once to be surveyed, once to be written.
"""

import logging
import math
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from vgan.media.audio import CHANNELS, RATE, write_samples, write_wav
from vgan.media.extent import Mix, Sound
from vgan.media.loudness import BLOCK, Survey, integrated
from vgan.media.mix import mixed

log = logging.getLogger(__name__)

CEILING = (
    -2.0
)  # dBTP: AAC and Opus at our rates raise peaks by up to 0.5 dB, and the finished file has to stay below -1
ATTACK = 1.0  # dB a millisecond by which the limiter goes down ahead of a peak
RELEASES = (0.04, 0.1, 0.2, 0.4)  # by which it comes back: slowly, as far as the loudness can be reached so
SMOOTH = 3  # milliseconds to either side over which its corners are rounded
CLOSE = 0.02  # LU from the loudness that is asked for
OFF = 0.2  # LU from it that would be worth another release, and a word
TRIES = 40
BOOST, DRIVE = 40.0, 12.0  # dB: the most gain of what is quiet, and the most of it that the limiter may take back


def write_sound(sound: Sound | Mix, path: Path) -> None:
    """Write `sound` to `path`: 48 kHz, stereo, 16 bit WAV, exactly as long as it should be. A `Mix` is brought to its
    loudness and kept below `CEILING`; a clip's own sound alone stays as it is.

    Raises MediaError for music that cannot be read, OSError where `path` cannot be written.
    """
    if isinstance(sound, Sound):
        write_wav(sound, path)
        return
    survey = Survey()
    with TemporaryFile(dir=path.parent) as held:
        for part in mixed(sound):
            survey.add(part)
            held.write(part.tobytes())
        survey.close()
        levels = gains(survey.energies, survey.peaks, sound.loudness)
        held.seek(0)
        write_samples(_levelled(held, levels), path)


def gains(energies: np.ndarray, peaks: np.ndarray, loudness: float | None) -> np.ndarray:
    """Factors (blocks,), one for each millisecond of a `Survey`, that bring a sound to `loudness`, LUFS, and its true
    peaks to `CEILING` at most. None: as loud as it comes. So stays, with a line in the log, what is silent or shorter
    than the 0.4 s for which loudness is defined; another line says where it cannot be reached.
    """
    heights = 20 * np.log10(np.maximum(peaks, 1e-9))
    before = integrated(energies)
    if loudness is None or not math.isfinite(before):
        if loudness is not None:
            log.warning("The sound is silent, or shorter than 0.4 s: its loudness stays as it is.")
        return _limited(heights, 0.0)
    for release in RELEASES:
        factors = _levels(energies, heights, loudness, release)
        reached = integrated(energies * factors**2)
        if abs(reached - loudness) < OFF:
            return factors
    log.warning("The sound comes to %.1f LUFS instead of %g: more would distort it.", reached, loudness)
    return factors


def _levels(energies: np.ndarray, heights: np.ndarray, loudness: float, release: float) -> np.ndarray:
    """The factors that come closest to `loudness`, found by trial: the limiter takes some of it back."""
    gain = min(BOOST, loudness - integrated(energies))
    most = min(BOOST, gain + DRIVE)
    for _ in range(TRIES):
        factors = _limited(heights, gain, release)
        missing = loudness - integrated(energies * factors**2)
        if abs(missing) < CLOSE or (missing > 0 and gain == most):
            break
        gain = min(most, gain + missing)
    return factors


def _limited(heights: np.ndarray, gain: float, release: float = RELEASES[0]) -> np.ndarray:
    """Factors (blocks,) for `gain`, dB, and as much less around the true peaks, `heights` in dBTP, as brings these down
    to `CEILING`: a limiter that looks ahead, whose gain in dB falls and rises in straight lines with round corners."""
    over = np.maximum(0, heights + gain - CEILING)
    if not over.any():
        return np.full(len(over), 10 ** (gain / 20))
    time = np.arange(len(over))
    after = np.maximum.accumulate(over + release * time) - release * time
    ahead = (np.maximum.accumulate(over[::-1] + ATTACK * time) - ATTACK * time)[::-1]
    down = np.pad(np.maximum(after, ahead), 2 * SMOOTH, mode="edge")
    width = 2 * SMOOTH + 1
    window = np.hanning(width + 2)[1:-1]
    # The most within reach first: what is then averaged is nowhere less than the peak needs.
    down = np.convolve(sliding_window_view(down, width).max(1), window / window.sum(), "valid")
    return np.asarray(10 ** ((gain - down) / 20))


def _levelled(held: IO[bytes], factors: np.ndarray) -> Iterator[np.ndarray]:
    """The float32 samples in `held`, times `factors`, which are those of the middles of their milliseconds."""
    middles = np.arange(len(factors)) * BLOCK + BLOCK / 2
    place = 0
    while data := held.read(RATE * CHANNELS * 4):
        samples = np.frombuffer(data, np.float32).reshape(-1, CHANNELS)
        near = slice(max(0, place // BLOCK - 1), (place + len(samples)) // BLOCK + 2)
        level = np.interp(np.arange(place, place + len(samples)), middles[near], factors[near])
        place += len(samples)
        yield samples * level.astype(np.float32)[:, None]
