"""The sound of a clip, cut or padded to exactly the length of its picture."""

import logging
import wave
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from vgan.errors import MediaError
from vgan.media import guard
from vgan.media.extent import Sound
from vgan.media.raw.sound import CHANNELS, RATE

log = logging.getLogger(__name__)

BLOCK = RATE  # samples of silence written at once
SLOWEST = Fraction(1, 2)  # that a sound is played in one go
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
    """(place in samples from the start, float32 (n, CHANNELS)), in order; places before the start are negative. A file
    that cannot be read any more is silent from there on."""
    try:
        with closing(guard.stream(tuple[int, np.ndarray], "samples", sound.path, Fraction(sound.start))) as parts:
            yield from parts
    except (MediaError, OSError, ValueError) as error:
        log.warning("%s: its sound breaks off: %s", sound.path.name, error)
