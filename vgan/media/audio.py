"""The sound of a clip, cut or padded to exactly the length of its picture."""

import logging
import wave
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from vgan.media.extent import Sound
from vgan.media.reader import SAFE, sound_of

log = logging.getLogger(__name__)

RATE, CHANNELS = 48_000, 2
BLOCK = RATE  # samples of silence written at once
SLOWEST = Fraction(1, 2)  # that a sound is played in one go


def write_wav(sound: Sound, path: Path) -> None:
    """Write `sound` to `path`: 48 kHz, stereo, 16 bit, exactly as long as it should be; silence where there is none.

    Its speed changes how long it is, not how high. Decoding ends where the sound is damaged, with a warning in the log.
    Raises OSError where `path` cannot be written.
    """
    whole = replace(sound, seconds=sound.seconds * sound.speed, speed=Fraction(1))  # in the file's own time
    samples = _filled(whole)
    if sound.speed != 1:
        samples = _exactly(_stretched(samples, sound.speed), round(sound.seconds * RATE))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(CHANNELS)
        file.setsampwidth(2)
        file.setframerate(RATE)
        for part in samples:
            file.writeframesraw(part.tobytes())


def _filled(sound: Sound) -> Iterator[np.ndarray]:
    """int16 (n, CHANNELS), as many in all as the sound should have; silence in its gaps, before and after it."""
    total, written = round(sound.seconds * RATE), 0
    for place, samples in _samples(sound):
        gap = min(max(0, place - written), total - written)
        yield from _silence(gap)
        written += gap
        part = samples[max(0, written - place) : max(0, total - place)]
        yield part
        written += len(part)
        if written >= total:
            break
    yield from _silence(total - written)


def _exactly(parts: Iterator[np.ndarray], total: int) -> Iterator[np.ndarray]:
    """`total` samples of `parts`; silence where they have fewer."""
    written = 0
    for samples in parts:
        part = samples[: total - written]
        yield part
        written += len(part)
    yield from _silence(total - written)


def _silence(count: int) -> Iterator[np.ndarray]:
    while count > 0:
        part = min(count, BLOCK)
        yield np.zeros((part, CHANNELS), np.int16)
        count -= part


def _stretched(parts: Iterator[np.ndarray], speed: Fraction) -> Iterator[np.ndarray]:
    """`parts` played `speed` times as fast, at their own pitch: waveform similarity overlap-add, by ffmpeg's atempo."""
    graph = av.filter.Graph()
    source = graph.add_abuffer(format="s16", sample_rate=RATE, layout="stereo", time_base=Fraction(1, RATE))
    chain = [source, *(graph.add("atempo", str(float(tempo))) for tempo in _tempos(speed)), graph.add("abuffersink")]
    graph.link_nodes(*chain).configure()
    place = 0
    for samples in parts:
        if len(samples):
            frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="stereo")
            frame.sample_rate, frame.time_base, frame.pts = RATE, Fraction(1, RATE), place
            place += len(samples)
            graph.push(frame)
            yield from _pulled(graph)
    graph.push(None)
    yield from _pulled(graph)


def _pulled(graph: av.filter.Graph) -> Iterator[np.ndarray]:
    """What has come out of a filter so far."""
    with suppress(av.BlockingIOError, av.EOFError):
        while True:
            yield graph.pull().to_ndarray().reshape(-1, CHANNELS)


def _tempos(speed: Fraction) -> list[Fraction]:
    """Factors that come to `speed`, each in the range in which overlap-add sounds well."""
    tempos = []
    while not SLOWEST <= speed <= 1 / SLOWEST:
        tempos.append(SLOWEST if speed < 1 else 1 / SLOWEST)
        speed /= tempos[-1]
    return [*tempos, speed]


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
