"""Sounds, taken apart: facts, and samples with their places."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Any

import av
import numpy as np

from vgan.errors import MediaError
from vgan.media.raw.beat import beat
from vgan.media.raw.clip import SAFE, sound_of

log = logging.getLogger(__name__)

RATE, CHANNELS = 48_000, 2
LOUDEST = 16.0  # times full scale: a file of floats may claim anything
LEAST = 0.1  # seconds of a sound that can be used: a shorter one is a click, and again and again a buzz
PEEK = 1  # seconds that are decoded in any case
LISTENED = 120  # seconds in which something must be heard, or the file counts as silent
SILENT = 1e-4  # of full scale: -80 dBFS
LONGEST_TITLE = 80  # characters


@dataclass(frozen=True)
class SoundFacts:
    """What a sound is. seconds: from its first sample to its last; rate: samples a second; channels; title: as the
    file says, or ""; silent: nothing is heard in the first two minutes; begin: time of the first sample in the file's
    own clock."""

    seconds: float
    rate: int
    channels: int
    title: str
    silent: bool
    begin: Fraction


def samples(path: Path, start: Fraction) -> Iterator[tuple[int, np.ndarray]]:
    """(place in samples from `start`, float32 (n, CHANNELS)), in order; places before the start are negative. About a
    second at once. Damaged parts are left out, with a warning in the log."""
    held: list[np.ndarray] = []
    begin = count = 0
    for place, part in _samples(path, start):
        if held and (place != begin + count or count >= RATE):
            yield begin, np.concatenate(held)
            held, count = [], 0
        if not held:
            begin = place
        held.append(part)
        count += len(part)
    if held:
        yield begin, np.concatenate(held)


def _samples(path: Path, start: Fraction) -> Iterator[tuple[int, np.ndarray]]:
    try:
        with av.open(str(path), options=SAFE) as file:
            stream = sound_of(file)
            if stream is None:
                return
            base = stream.time_base or Fraction(1, RATE)
            if start > 1:
                file.seek(int((start - 1) / base), stream=stream, backward=True)
            mono = stream.codec_context.channels == 1
            resampler = av.AudioResampler("flt", "mono" if mono else "stereo", RATE)
            place: int | None = None
            for frame in chain(decoded(file, stream, path.name), [None]):  # at last, what the resampler holds
                if frame is not None and frame.pts is not None:
                    should = round((frame.pts * base - start) * RATE)
                    if place is None or abs(should - place) > RATE // 10:  # a gap, not the rounding of timestamps
                        place = should
                for part in resampler.resample(frame):
                    found = part.to_ndarray().reshape(-1, 1 if mono else CHANNELS)
                    if mono:  # as loud in both as it is in one, which is how players do it
                        found = found.repeat(CHANNELS, 1)
                    np.nan_to_num(found, copy=False, posinf=0, neginf=0).clip(-LOUDEST, LOUDEST, out=found)
                    yield place or 0, found
                    place = (place or 0) + len(found)
    except (av.FFmpegError, IndexError, ValueError) as error:
        log.warning("%s: its sound breaks off: %s", path.name, error)


def decoded(file: Any, stream: Any, name: str) -> Iterator[Any]:
    """The frames of an open sound. Damaged packets are left out, with one warning in the log."""
    said = False
    for packet in file.demux(stream):
        try:
            frames = packet.decode()
        except av.FFmpegError as error:
            if not said:
                log.warning("%s: parts of its sound are damaged, and left out: %s", name, error)
            said = True
            continue
        for frame in frames:
            beat()
            yield frame


def sound_facts(path: Path) -> SoundFacts:
    """What the sound at `path` is. See `vgan.media.music.sound_facts`."""
    with hearing(path):
        return _facts(path)


@contextmanager
def hearing(path: Path) -> Iterator[None]:
    """Whatever the libraries say about a file that is no sound becomes one MediaError."""
    try:
        yield
    except (OSError, ValueError, IndexError, av.FFmpegError) as error:
        if isinstance(error, MemoryError):
            raise
        reason = getattr(error, "strerror", None) or str(error)
        raise MediaError(
            f"{path.name[:80]}: no sound can be read from it ({reason[:160]}). Choose a WAV, MP3, OGG, FLAC or M4A "
            "file, or a video with sound."
        ) from error


def _facts(path: Path) -> SoundFacts:
    with av.open(str(path), options=SAFE) as file:
        stream = sound_of(file)
        if stream is None:
            raise ValueError("there is no sound in it, or none that is known here")
        context = stream.codec_context
        base = stream.time_base or Fraction(1, RATE)
        end = 0
        try:
            for packet in file.demux(stream):
                if packet.size and packet.pts is not None:
                    end = max(end, packet.pts + (packet.duration or 0))
        except av.FFmpegError as error:
            log.warning("%s: it breaks off: %s", path.name, error)
        title = "".join(letter for letter in file.metadata.get("title", "") if letter.isprintable())[:LONGEST_TITLE]
        rate, channels = context.sample_rate, context.channels
    begin, heard, silent = _listened(path)
    if not heard:
        raise ValueError("nothing of it can be decoded")
    if heard < LEAST:
        raise MediaError(
            f"{path.name[:80]}: only {heard:.3g} s of sound; at least {LEAST:g} s are needed. Choose a longer one."
        )
    seconds = heard if heard < PEEK else max(heard, float(end * base - begin))
    if silent:
        log.warning("%s: nothing is heard in it", path.name)
    return SoundFacts(seconds, rate, channels, title.strip(), silent, begin)


def _listened(path: Path) -> tuple[Fraction, float, bool]:
    """(time of the first sample in the file's clock, seconds that were decoded, whether nothing was heard in them): as
    many as it takes to hear something, and to know that there are enough."""
    begin: Fraction | None = None
    count, silent = 0, True
    with av.open(str(path), options=SAFE) as file:
        stream = sound_of(file)
        resampler = av.AudioResampler("flt", "stereo", RATE)
        for frame in decoded(file, stream, path.name):
            if begin is None:
                begin = (frame.pts or 0) * (stream.time_base or Fraction(1, RATE))
            for part in resampler.resample(frame):
                found = part.to_ndarray()
                count += found.size // CHANNELS
                silent = silent and not (np.abs(found) > SILENT).any()
            if count >= (LISTENED if silent else PEEK) * RATE:
                break
    return begin or Fraction(0), count / RATE, silent
