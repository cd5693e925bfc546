"""Music: what an uploaded sound is, and the part of it that is used, once or again and again."""

import functools
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np

from vgan.media import guard
from vgan.media.audio import CHANNELS, RATE, filled
from vgan.media.extent import Sound
from vgan.media.raw.sound import LEAST, SoundFacts, hearing

__all__ = ["LEAST", "SoundFacts", "looped", "music", "sound_facts"]

JOINT = RATE // 50  # samples in which the end of a loop passes into its beginning
KEPT = 60 * RATE  # samples of a loop that are kept in memory: a longer one is decoded anew each time


def sound_facts(path: Path) -> SoundFacts:
    """What the sound at `path` is, or the sound of the video there. Its packets are counted, what it says of its length
    is not believed; only as much is decoded as it takes to hear something.

    Raises MediaError, naming the file, for one that cannot be read, has no sound, or less than `LEAST` seconds of it.
    """
    with hearing(path):
        stat = path.stat()
        return _facts(path, stat.st_mtime_ns, stat.st_size)


@functools.lru_cache(maxsize=64)
def _facts(path: Path, changed: int, size: int) -> SoundFacts:
    return guard.one(SoundFacts, "sound_facts", path)


def music(path: Path, start: float = 0.0, end: float | None = None) -> Iterator[np.ndarray]:
    """The sound at `path` from `start` to `end`, seconds from its first sample, or to its last one where `end` is None:
    float32 (n, 2) at 48 kHz, full scale at 1, in parts. Nothing but these is kept in memory.

    Raises MediaError as `sound_facts`.
    """
    known = sound_facts(path)
    first = known.begin + Fraction(start).limit_denominator(1_000_000)
    last = known.seconds + 1 if end is None else end
    yield from filled(Sound(path, first, Fraction(0)), max(0, round((last - start) * RATE)))


def looped(path: Path, start: float = 0.0, end: float | None = None) -> Iterator[np.ndarray]:
    """What `music` gives, again and again without end, each time as long as the first, to the sample.

    Where the end meets the beginning, what follows the end in the file goes while the beginning comes, at equal power;
    where nothing follows, its last moments played backwards, which join on without a click.
    """
    run = _Run(path, start, end)
    after = np.zeros((0, CHANNELS), np.float32)
    while True:
        yield from _crossed(after, run)
        if run.count < LEAST * RATE:  # it broke off at once
            return
        after = run.after


class _Run:
    """One time through a loop, as often as it is asked for. count: samples of the last time; after: what follows them,
    (JOINT, CHANNELS)."""

    def __init__(self, path: Path, start: float, end: float | None):
        self._path, self._start, self._end = path, start, end
        self._period = None if end is None else round((end - start) * RATE)
        self._kept: list[np.ndarray] | None = None
        self.count, self.after = 0, np.zeros((0, CHANNELS), np.float32)

    def __iter__(self) -> Iterator[np.ndarray]:
        if self._kept is not None:
            yield from self._kept
            return
        self.count, last = 0, self.after[:0]
        kept: list[np.ndarray] = []
        after = [last]
        further = None if self._end is None else self._end + JOINT / RATE
        for part in music(self._path, self._start, further):
            body = part if self._period is None else part[: self._period - self.count]
            after.append(part[len(body) :])
            self.count += len(body)
            last = np.concatenate([last, body])[-JOINT:]
            kept.append(body)
            if self.count > KEPT:
                kept.clear()
            yield body
        following = np.concatenate(after)
        self.after = np.concatenate([following, last[::-1]])[:JOINT]
        if self.count <= KEPT:
            self._kept = kept


def _crossed(before: np.ndarray, parts: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
    """`parts`, which come while `before` (n, CHANNELS) goes, at equal power."""
    angle = (np.arange(len(before), dtype=np.float32)[:, None] + 0.5) / max(1, len(before)) * np.pi / 2
    come, go = np.sin(angle), before * np.cos(angle)
    for part in parts:
        if not len(come):
            yield part
            continue
        meeting = part[: len(come)] * come[: len(part)] + go[: len(part)]
        yield np.concatenate([meeting, part[len(come) :]])
        come, go = come[len(part) :], go[len(part) :]
