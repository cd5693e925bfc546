"""A GIF or WebP under a size limit: the best picture that stays below it, found with few encodings.

The frames are drawn once and kept, as they came, in a file beside the output. What they would become is predicted from
a few of them, and the whole is written only where that promises to fit; what comes out is below the limit, or nothing
is. What is given up first is what is missed least. Measured on our looks and on film, at equal bytes and seen from a
step back: fewer frames before smaller ones, smaller ones before fewer colours, which cost more than they save.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from vgan.errors import MediaError, RecipeError
from vgan.media.writer import Job, Writer

CHUNK = 8  # frames that are encoded at once
RUNS, RUN = 3, 4  # parts of the clip, and frames of each, from which its size is predicted
SHRINK = 0.92  # from one size to the next smaller
SMALLEST = 96  # pixels of the shorter side
MOST_WHOLE = 5  # times that the whole is written
NEAR = 0.97  # of the limit: nothing better is looked for
SPARE = 0.01  # of the limit that a prediction leaves

Field = Literal["rate", "side", "grade"]

# What is given up, in order, and how far: frames a second, pixels of the shorter side, colours or quality.
ORDER: dict[str, tuple[tuple[Field, int], ...]] = {
    "gif": (
        ("rate", 12),
        ("side", 320),
        ("rate", 10),
        ("side", 200),
        ("grade", 64),
        ("side", 120),
        ("rate", 8),
        ("grade", 32),
        ("side", SMALLEST),
    ),
    "webp": (
        ("rate", 12),
        ("side", 480),
        ("grade", 65),
        ("side", 320),
        ("grade", 50),
        ("rate", 10),
        ("side", 200),
        ("grade", 30),
        ("side", 120),
        ("rate", 8),
        ("grade", 15),
        ("side", SMALLEST),
    ),
}
BEST = {"gif": 256, "webp": 80}  # colours, quality


@dataclass(frozen=True)
class Rung:
    """One way to write the clip. every: one frame in so many is kept; grade: colours of a GIF, quality of a WebP."""

    size: tuple[int, int]
    every: int
    grade: int


Open = Callable[[Job, int], Writer]


def ladder(kind: str, job: Job) -> list[Rung]:
    """The ways to write the clip of `job` as `kind`, from the best, which is as asked, to the smallest."""
    rungs = [Rung(job.size, 1, BEST[kind])]
    for field, least in ORDER[kind]:
        while (lower := _lower(rungs[-1], field, least, job)) is not None:
            rungs.append(lower)
    return rungs


def _lower(rung: Rung, field: Field, least: int, job: Job) -> Rung | None:
    """The next rung that gives up some of `field`; None where it is down to `least`, or below."""
    if field == "grade":
        return replace(rung, grade=least) if rung.grade > least else None
    if field == "rate":
        slower = replace(rung, every=rung.every + 1)
        return slower if job.fps / slower.every >= least and job.frames > slower.every else None
    shorter = min(rung.size)
    if shorter <= least:
        return None
    factor = max(least, shorter * SHRINK) / min(job.size)
    smaller = replace(rung, size=(max(2, round(job.size[0] * factor)), max(2, round(job.size[1] * factor))))
    return smaller if min(smaller.size) < shorter else None


class FitWriter(Writer):
    """Keeps the frames, and writes the best file below `job.most_bytes` when it is closed.

    kind: "gif" or "webp"; open_writer: makes its writer, given a job and a grade. After `close`, `fitted` is the job
    that was carried out. Raises MediaError where the disk has no room for the frames, RecipeError where even the
    smallest file is too large.
    """

    def __init__(self, job: Job, kind: str, open_writer: Open):
        if job.most_bytes is None:
            raise ValueError("a limit is needed")
        self._job, self._kind, self._open, self._most = job, kind, open_writer, job.most_bytes
        self._kept = job.path.with_name(f"{job.path.name}.frames")
        self._trial = job.path.with_name(f"{job.path.name}.trial")
        self._shape = (job.drawn[1], job.drawn[0], 3)
        self._bytes = int(np.prod(self._shape))
        self._check_room()
        self._count = 0
        self._file = self._kept.open("xb")
        self._writer: Writer | None = None

    def _check_room(self) -> None:
        needed = self._bytes * self._job.frames + self._most
        free = shutil.disk_usage(self._job.path.absolute().parent).free
        if free < needed:
            raise MediaError(
                f"the disk is too full: about {needed / 1e6:.1f} MB are needed to look for a file below the limit, "
                f"{free / 1e6:.1f} MB are free. Free some space, or make the clip shorter or smaller."
            )

    def write(self, frames: np.ndarray) -> None:
        self._count += len(frames)
        self._file.write(np.ascontiguousarray(frames).data)

    def close(self) -> None:
        self._file.close()
        job = replace(self._job, frames=self._count)
        rungs = ladder(self._kind, job)
        best = self._search(rungs)
        if best is None:
            smallest, size = rungs[-1], self._job.path.stat().st_size
            raise RecipeError(
                f"share.max_mb: {self._most / 1e6:g} MB is too little: the smallest that this clip becomes has "
                f"{size / 1e6:.2f} MB, at {smallest.size[0]}x{smallest.size[1]} pixels and "
                f"{float(job.fps / smallest.every):.3g} frames a second. Allow {size / 1e6 + 0.01:.2f} MB, or make the "
                "clip shorter."
            )
        self.fitted = self._as(best)
        self._forget()

    def _search(self, rungs: list[Rung]) -> Rung | None:
        """Write the file of the highest of `rungs` that fits, else of the lowest. Returns which fits; None: not one."""
        guesses: dict[int, float] = {}

        def guess(index: int) -> float:
            if index not in guesses:
                guesses[index] = self._predicted(rungs[index])
            return guesses[index] * correction

        correction, bad, good = 1.0, -1, None  # the lowest that does not fit, the highest that does
        for _ in range(MOST_WHOLE):
            last = len(rungs) if good is None else good
            index = _first(bad + 1, last, lambda at: guess(at) <= self._most * (1 - SPARE))
            if index >= len(rungs):
                break
            if good is not None and index >= good:
                break
            size = self._whole(rungs[index])
            correction *= size / guess(index)
            if size > self._most:
                bad = index
                continue
            good = index
            os.replace(self._trial, self._job.path)
            if size > NEAR * self._most or index == 0:
                break
        if good is not None:
            return rungs[good]
        fits = self._whole(rungs[-1]) <= self._most
        os.replace(self._trial, self._job.path)
        return rungs[-1] if fits else None

    def _as(self, rung: Rung) -> Job:
        frames = -(-self._count // rung.every)
        return replace(self._job, size=rung.size, fps=self._job.fps / rung.every, frames=frames)

    def _whole(self, rung: Rung) -> int:
        """Write the clip as `rung` says to the place of trials. Returns its bytes."""
        return self._encode(rung, range(0, self._count, rung.every), replace(self._as(rung), path=self._trial))

    def _predicted(self, rung: Rung) -> float:
        """Bytes of the clip as `rung` says, from a few runs of its frames: the first of each, and those that follow it,
        which need not say what stands still."""
        kept = range(0, self._count, rung.every)
        runs = RUNS if len(kept) > RUNS * RUN else 1
        length = RUN if runs > 1 else len(kept)
        first, later = 0.0, 0.0
        for run in range(runs):
            start = (len(kept) - length) * run // max(1, runs - 1)
            alone, together = (self._sample(rung, kept[start : start + count]) for count in (1, length))
            first, later = first + alone / runs, later + max(0, together - alone)
        tail = len(self._job.comment) + len(self._job.xmp)
        return tail + first + later / max(1, runs * (length - 1)) * (len(kept) - 1)

    def _sample(self, rung: Rung, places: range) -> int:
        """Bytes of the frames at `places` alone."""
        job = replace(self._as(rung), path=self._trial, frames=len(places), comment="", xmp=b"")
        return self._encode(rung, places, job)

    def _encode(self, rung: Rung, places: range, job: Job) -> int:
        self._writer = self._open(replace(job, most_bytes=None), rung.grade)
        try:
            for frames in self._read(places):
                self._job.tick()
                self._writer.write(frames)
            self._writer.close()
        finally:
            self._writer.abort()
        return job.path.stat().st_size

    def _read(self, places: range) -> Iterator[np.ndarray]:
        """The kept frames at `places`, uint8 (n, H, W, 3), a few at a time."""
        with self._kept.open("rb") as file:
            for start in range(0, len(places), CHUNK):
                frames = []
                for place in places[start : start + CHUNK]:
                    file.seek(place * self._bytes)
                    frames.append(np.frombuffer(file.read(self._bytes), np.uint8).reshape(self._shape))
                yield np.stack(frames)

    def _forget(self) -> None:
        for path in (self._kept, self._trial):
            path.unlink(missing_ok=True)

    def abort(self) -> None:
        with suppress(OSError):
            self._file.close()
        if self._writer is not None:
            self._writer.abort()
        with suppress(OSError):
            self._forget()


def _first(low: int, high: int, fits: Callable[[int], bool]) -> int:
    """The first index in [low, high) that fits, where all behind it do too; `high` where none does."""
    while low < high:
        middle = (low + high) // 2
        if fits(middle):
            high = middle
        else:
            low = middle + 1
    return low
