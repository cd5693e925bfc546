"""The sound of a clip, cut or padded to exactly the length of its picture."""

import logging
import wave
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from vgan.media.extent import Sound
from vgan.media.reader import SAFE, sound_of

log = logging.getLogger(__name__)

RATE, CHANNELS = 48_000, 2
BLOCK = RATE  # samples of silence written at once


def write_wav(sound: Sound, path: Path) -> None:
    """Write `sound` to `path`: 48 kHz, stereo, 16 bit, exactly as long as it should be; silence where there is none.

    Decoding ends where the sound is damaged, with a warning in the log. Raises OSError where `path` cannot be written.
    """
    total = round(sound.seconds * RATE)
    written = 0
    with wave.open(str(path), "wb") as file:
        file.setnchannels(CHANNELS)
        file.setsampwidth(2)
        file.setframerate(RATE)
        for place, samples in _samples(sound):
            gap = min(max(0, place - written), total - written)
            _silence(file, gap)
            written += gap
            samples = samples[max(0, written - place) : max(0, total - place)]
            file.writeframesraw(samples.tobytes())
            written += len(samples)
            if written >= total:
                break
        _silence(file, total - written)


def _silence(file: wave.Wave_write, count: int) -> None:
    while count > 0:
        part = min(count, BLOCK)
        file.writeframesraw(bytes(part * CHANNELS * 2))
        count -= part


def _samples(sound: Sound) -> Iterator[tuple[int, np.ndarray]]:
    """(place in samples from the start, int16 (n, CHANNELS)), in order; places before the start are negative."""
    try:
        with av.open(str(sound.path), options=SAFE) as file:
            stream = sound_of(file)
            base = stream.time_base or Fraction(1, RATE)
            if sound.start > 1:
                file.seek(int((sound.start - 1) / base), stream=stream, backward=True)
            resampler = av.AudioResampler("s16", "stereo", RATE)
            place: int | None = None
            for frame in file.decode(stream):
                if frame.pts is not None:
                    should = round((frame.pts * base - sound.start) * RATE)
                    if place is None or abs(should - place) > RATE // 10:  # a gap, not the rounding of timestamps
                        place = should
                for part in resampler.resample(frame):
                    samples = part.to_ndarray().reshape(-1, CHANNELS)
                    yield place or 0, samples
                    place = (place or 0) + len(samples)
    except (av.FFmpegError, IndexError, ValueError) as error:
        log.warning("%s: its sound breaks off: %s", sound.path.name, error)
