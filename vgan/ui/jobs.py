"""Long work beside the page: it reports how far it is, and stops or pauses when told."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from vgan.errors import Cancelled

T = TypeVar("T")
Report = Callable[[int, int], None]
Asked = Callable[[], bool]


@dataclass(frozen=True)
class Progress:
    """How far a job is. left: seconds still to go, None while that cannot be told."""

    done: int
    total: int
    left: float | None


class Paused(Cancelled):
    """The work waits where it is. done, total: how far it came."""

    def __init__(self, done: int, total: int):
        super().__init__("Paused. It goes on where it stopped.")
        self.done, self.total = done, total


class Job(Generic[T]):
    """`work(report, cancelled)` in a thread of its own, begun at once.

    `report(done, total)` may be called from the work; it waits there while the job is paused, and raises Cancelled once
    it was stopped, so that work without a look at `cancelled` stops as well. keep: a reader that goes away pauses the
    job; else it stops it.
    """

    def __init__(self, work: Callable[[Report, Asked], T], keep: bool = False):
        self._keep, self._going = keep, threading.Event()
        self._going.set()
        self._changed = threading.Condition()
        self._stop = threading.Event()
        self._done, self._total = 0, 0
        self._finished = False
        self._result: T | None = None
        self._error: BaseException | None = None
        self._started: float | None = None
        self._first = 0
        self._thread = threading.Thread(target=self._run, args=(work,), name="vgan-job", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ask the work to end. `updates` ends at once; the thread follows at its next report."""
        self._stop.set()
        self._going.set()
        with self._changed:
            self._changed.notify_all()

    def pause(self) -> None:
        """Let the work wait at its next report. `updates` ends at once; `resume`, and read it again."""
        self._going.clear()
        with self._changed:
            self._changed.notify_all()

    def resume(self) -> None:
        """Go on where the work waits."""
        self._started = None  # the time of waiting says nothing about the time that is left
        self._going.set()

    def leave(self) -> None:
        """Nobody reads on: pause a job that is kept, stop any other."""
        if self._keep:
            self.pause()
        else:
            self.stop()

    @property
    def paused(self) -> bool:
        """Whether it waits, and can go on."""
        return not self._going.is_set() and not self._stop.is_set() and not self._finished

    def updates(self, every: float = 0.25) -> Iterator[Progress]:
        """Progress whenever it changed, at most once in `every` seconds, until the work is done.

        Raises Cancelled once stopped, Paused once paused, else what the work raised.
        """
        try:
            seen = -1
            while True:
                with self._changed:
                    while not (self._finished or self._halted() or self._done != seen):
                        self._changed.wait()
                    finished, done, total = self._finished, self._done, self._total
                if self._stop.is_set():
                    raise Cancelled("Stopped. Nothing was kept.")
                if finished:
                    break
                if not self._going.is_set():
                    raise Paused(done, total)
                seen = done
                yield Progress(done, total, self._left(done, total))
                self._stop.wait(every)
            if self._error:
                raise self._error
        except GeneratorExit:
            self.leave()
            raise
        finally:
            if not self.paused:
                self.stop()

    def _halted(self) -> bool:
        return self._stop.is_set() or not self._going.is_set()

    @property
    def result(self) -> T:
        """What the work returned, once `updates` has come to its end."""
        if self._error or not self._finished:
            raise RuntimeError("the job has no result")
        return self._result  # type: ignore[return-value]

    def _left(self, done: int, total: int) -> float | None:
        if self._started is None or done <= self._first or total <= 0:
            return None
        return (time.monotonic() - self._started) / (done - self._first) * max(0, total - done)

    def _run(self, work: Callable[[Report, Asked], T]) -> None:
        try:
            self._result = work(self._report, self._stop.is_set)
        except BaseException as error:  # handed to the reader, whatever it is
            self._error = error
        with self._changed:
            self._finished = True
            self._changed.notify_all()

    def _report(self, done: int, total: int) -> None:
        if self._stop.is_set():
            raise Cancelled("Stopped. Nothing was kept.")
        with self._changed:
            if self._started is None:
                self._started, self._first = time.monotonic(), done
            self._done, self._total = done, total
            self._changed.notify_all()
        self._going.wait()
