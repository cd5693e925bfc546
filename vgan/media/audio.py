"""The sound of a clip, cut or padded to exactly the length of its picture."""

import logging
import wave
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Any

import av
import numpy as np

from vgan.media.extent import Sound
from vgan.media.reader import SAFE, sound_of

log = logging.getLogger(__name__)

RATE, CHANNELS = 48_000, 2
BLOCK = RATE  # samples of silence written at once
SLOWEST = Fraction(1, 2)  # that a sound is played in one go
LOUDEST = 16.0  # times full scale: a file of floats may claim anything
FULL = 32_768  # full scale in 16 bit


def write_wav(sound: Sound, path: Path) -> None:
    """Write `sound` to `path`: 48 kHz, stereo, 16 bit, exactly as long as it should be; silence where there is none.

    Its speed changes how long it is, not how high. Damaged parts are silent, with a warning in the log. Raises OSError
    where `path` cannot be written.
    """
    write_samples(samples_of(sound), path)


def write_samples(parts: Iterable[np.ndarray], path: Path) -> None:
    """Write float32 `parts` (n, CHANNELS), full scale at 1, as 16 bit WAV. Raises OSError."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(CHANNELS)
        file.setsampwidth(2)
        file.setframerate(RATE)
        for part in parts:
            file.writeframesraw(np.rint(part * FULL).clip(-FULL, FULL - 1).astype("<i2").tobytes())


def samples_of(sound: Sound) -> Iterator[np.ndarray]:
    """`sound` in parts: float32 (n, CHANNELS), full scale at 1; as many samples in all as it should have."""
    total = round(sound.seconds * RATE)
    if sound.speed == 1:
        return exactly(filled(sound, total), total)
    whole = replace(sound, seconds=sound.seconds * sound.speed, speed=Fraction(1))  # in the file's own time
    return exactly(_stretched(samples_of(whole), sound.speed), total)


def filled(sound: Sound, total: int) -> Iterator[np.ndarray]:
    """The first `total` samples of the file from `sound.start` on, or fewer, where it ends before; float32
    (n, CHANNELS), silence in its gaps. Speed and length of `sound` are not asked for."""
    written = 0
    for place, samples in _samples(sound):
        gap = min(max(0, place - written), total - written)
        yield from _silence(gap)
        written += gap
        part = samples[max(0, written - place) : max(0, total - place)]
        yield part
        written += len(part)
        if written >= total:
            return


def exactly(parts: Iterable[np.ndarray], total: int) -> Iterator[np.ndarray]:
    """`total` samples of `parts`; silence where they have fewer."""
    written = 0
    for samples in parts:
        part = samples[: total - written]
        yield part
        written += len(part)
        if written == total:
            return
    yield from _silence(total - written)


def _silence(count: int) -> Iterator[np.ndarray]:
    while count > 0:
        part = min(count, BLOCK)
        yield np.zeros((part, CHANNELS), np.float32)
        count -= part


def _stretched(parts: Iterator[np.ndarray], speed: Fraction) -> Iterator[np.ndarray]:
    """`parts` played `speed` times as fast, at their own pitch: waveform similarity overlap-add, by ffmpeg's atempo."""
    tempos = Chain(*(("atempo", str(float(tempo))) for tempo in _tempos(speed)))
    for samples in parts:
        yield from tempos(samples)
    yield from tempos.rest()


class Chain:
    """Filters of ffmpeg, one after the other, on samples that go by in parts. filters: (name, options) of each."""

    def __init__(self, *filters: tuple[str, str]):
        self._graph, self._place = av.filter.Graph(), 0
        source = self._graph.add_abuffer(format="flt", sample_rate=RATE, layout="stereo", time_base=Fraction(1, RATE))
        last = [("aformat", "sample_fmts=flt|dbl"), ("abuffersink", "")]  # not planar: samples of a moment together
        self._graph.link_nodes(source, *(self._graph.add(*one) for one in (*filters, *last))).configure()

    def __call__(self, samples: np.ndarray) -> Iterator[np.ndarray]:
        """What comes out, parts (m, CHANNELS), after float32 `samples` (n, CHANNELS) went in."""
        if len(samples):
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples).reshape(1, -1), "flt", "stereo")
            frame.sample_rate, frame.time_base, frame.pts = RATE, Fraction(1, RATE), self._place
            self._place += len(samples)
            self._graph.push(frame)
        return self._out()

    def rest(self) -> Iterator[np.ndarray]:
        """What was still inside. Nothing more may go in."""
        self._graph.push(None)
        return self._out()

    def _out(self) -> Iterator[np.ndarray]:
        with suppress(av.BlockingIOError, av.EOFError):
            while True:
                yield self._graph.pull().to_ndarray().reshape(-1, CHANNELS)


def _tempos(speed: Fraction) -> list[Fraction]:
    """Factors that come to `speed`, each in the range in which overlap-add sounds well."""
    tempos = []
    while not SLOWEST <= speed <= 1 / SLOWEST:
        tempos.append(SLOWEST if speed < 1 else 1 / SLOWEST)
        speed /= tempos[-1]
    return [*tempos, speed]


def _samples(sound: Sound) -> Iterator[tuple[int, np.ndarray]]:
    """(place in samples from the start, float32 (n, CHANNELS)), in order; places before the start are negative."""
    try:
        with av.open(str(sound.path), options=SAFE) as file:
            stream = sound_of(file)
            base = stream.time_base or Fraction(1, RATE)
            if sound.start > 1:
                file.seek(int((sound.start - 1) / base), stream=stream, backward=True)
            mono = stream.codec_context.channels == 1
            resampler = av.AudioResampler("flt", "mono" if mono else "stereo", RATE)
            place: int | None = None
            for frame in chain(decoded(file, stream, sound.path.name), [None]):  # at last, what the resampler holds
                if frame is not None and frame.pts is not None:
                    should = round((frame.pts * base - sound.start) * RATE)
                    if place is None or abs(should - place) > RATE // 10:  # a gap, not the rounding of timestamps
                        place = should
                for part in resampler.resample(frame):
                    samples = part.to_ndarray().reshape(-1, 1 if mono else CHANNELS)
                    if mono:  # as loud in both as it is in one, which is how players do it
                        samples = samples.repeat(CHANNELS, 1)
                    np.nan_to_num(samples, copy=False, posinf=0, neginf=0).clip(-LOUDEST, LOUDEST, out=samples)
                    yield place or 0, samples
                    place = (place or 0) + len(samples)
    except (av.FFmpegError, IndexError, ValueError) as error:
        log.warning("%s: its sound breaks off: %s", sound.path.name, error)


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
        yield from frames
