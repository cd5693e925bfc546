"""A piece of music, or a video's sound, taken apart for listening: mono, at one rate, a bounded part."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from vgan.errors import MediaError
from vgan.media.raw.beat import beat
from vgan.media.raw.clip import SAFE, sound_of

log = logging.getLogger(__name__)

RATE = 22_050  # Hz; nothing that moves a picture lies above half of it
LONGEST = 600.0  # seconds that are listened to
LOUDEST = 8.0  # samples beyond this are a damaged file's, not music


@dataclass(frozen=True)
class Part:
    """samples: float32 (n,), full scale is 1. cut: whether more than `LONGEST` seconds were asked for."""

    samples: np.ndarray
    cut: bool


def part_of(path: Path, start: float, end: float | None) -> Part:
    """See `vgan.music.samples.part_of`."""
    limit = round(LONGEST * RATE)
    wanted = limit if end is None else min(limit, max(1, round((end - start) * RATE)))
    samples, filled, more = np.zeros(RATE, np.float32), 0, False
    with listening(path):
        for place, block in _blocks(path, start):
            if place >= wanted:
                more = True
                break
            kept = block[max(0, -place) : wanted - place]
            place = max(0, place)
            if place + len(kept) > len(samples):
                samples = np.concatenate([samples, np.zeros(max(len(samples), place + len(kept)), np.float32)])
            samples[place : place + len(kept)] = kept
            filled = max(filled, place + len(kept))
    if not filled:
        after = f" after {start:g} s" if start else ""
        raise MediaError(f"{path.name}: there is no sound in it{after}. Choose an earlier start, or another file.")
    heard = np.nan_to_num(samples[: min(filled, wanted)], nan=0.0, posinf=0.0, neginf=0.0)
    cut = wanted == limit and (more or (end is not None and end - start > LONGEST))
    return Part(heard.clip(-LOUDEST, LOUDEST), cut)


def _blocks(path: Path, start: float) -> Iterator[tuple[int, np.ndarray]]:
    """(place in samples from `start`, float32 (n,)), in order, until the end or the damage."""
    with av.open(str(path), options=SAFE) as file:
        stream = sound_of(file)
        if stream is None:
            raise MediaError(f"{path.name}: there is no sound in it that can be read. Choose another file.")
        base = stream.time_base or Fraction(1, RATE)
        begin = (stream.start_time or 0) * base
        if start > 1:
            with suppress(av.FFmpegError):  # some containers cannot: what comes before is passed over
                file.seek(int((Fraction(start) - 1 + begin) / base), stream=stream, backward=True)
        resampler = av.AudioResampler("flt", "mono", RATE)
        place: int | None = None
        try:
            for frame in file.decode(stream):
                beat()
                if frame.pts is not None:
                    should = round((frame.pts * base - begin - Fraction(start)) * RATE)
                    if place is None or abs(should - place) > RATE // 10:  # a gap, not the rounding of timestamps
                        place = should
                place = -round(start * RATE) if place is None else place
                for part in resampler.resample(frame):
                    samples = part.to_ndarray().reshape(-1)
                    yield place, samples
                    place += len(samples)
        except (av.FFmpegError, ValueError) as error:  # another layout in mid-stream is a ValueError
            log.warning("%s: its sound breaks off: %s", path.name, error)


@contextmanager
def listening(path: Path) -> Iterator[None]:
    """Whatever the libraries say about a file that is no music becomes one MediaError."""
    try:
        yield
    except (OSError, ValueError, IndexError, EOFError, av.FFmpegError) as error:
        if isinstance(error, MemoryError):
            raise
        reason = getattr(error, "strerror", None) or str(error)
        raise MediaError(
            f"{path.name}: this cannot be read as music ({reason[:160]}). Try another file, or save it anew as WAV, "
            "MP3 or M4A."
        ) from error
