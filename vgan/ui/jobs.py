"""Long work beside the page: it waits for its turn, reports how far it is, and stops or pauses when told."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from vgan.breaks import breakable
from vgan.errors import Cancelled
from vgan.ui.line import Called, Turn

T = TypeVar("T")
Report = Callable[[int, int], None]
Asked = Callable[[], bool]
Work = Callable[[Report, Asked], T]
Join = Callable[[Called], Turn]
POLL = 0.2  # seconds between two looks at whether anybody still reads


@dataclass(frozen=True)
class Progress:
    """How far a job is. left: seconds still to go, None while that cannot be told. ahead: works that go first while it
    waits for its turn, then `left` is until it begins."""

    done: int
    total: int
    left: float | None
    ahead: int = 0


class Paused(Cancelled):
    """The work waits where it is. done, total: how far it came."""

    def __init__(self, done: int, total: int):
        super().__init__("Paused. It goes on where it stopped.")
        self.done, self.total = done, total


class Job(Generic[T]):
    """`work(report, cancelled)` in a thread of its own, begun once its turn has come.

    `report(done, total)` may be called from the work, which is also asked at every break (`vgan.breaks`): there it
    waits while the job is paused, and Cancelled is raised once it was stopped. keep: a reader that goes away pauses the
    job; else it stops it. join: takes a place in a line, see `Line.join`, whose errors are raised here; without, the
    turn has come at once. The line goes on when the work has ended, whichever way, or is paused. between: called at
    every break, so that what is more urgent comes first.
    """

    def __init__(
        self,
        work: Work[T],
        keep: bool = False,
        join: Join | None = None,
        between: Callable[[], object] | None = None,
    ):
        self._keep, self._between = keep, between
        self._going = threading.Event()  # its turn has come, and it is not paused
        self._paused = False
        self._begun = False
        self._changed = threading.Condition()
        self._stop = threading.Event()
        self._done, self._total = 0, 0
        self._finished = False
        self._result: T | None = None
        self._error: BaseException | None = None
        self._started: float | None = None
        self._first = 0
        self._turn: Turn | None = None
        self._joined, self._waited = 0.0, 0.0
        self._take_turn(join)
        self._thread = threading.Thread(target=self._run, args=(work,), name="vgan-job", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ask the work to end. `updates` ends at once; the thread follows at its next break."""
        self._stop.set()
        self._going.set()
        with self._changed:
            self._changed.notify_all()

    def pause(self) -> None:
        """Let the work wait at its next break, and others go on in the line. `updates` ends at once; `resume`, and read
        it again. Work that has not begun has nothing to keep: it is stopped."""
        if not self._begun:
            return self.stop()
        self._paused = True
        if self._turn:
            self._turn.leave()  # first: it cannot be called after that
        self._going.clear()
        with self._changed:
            self._changed.notify_all()

    def resume(self, join: Join | None = None) -> None:
        """Go on where the work waits, when its turn has come again. Raises what `join` raises; then it waits on."""
        self._take_turn(join)
        self._started = None  # the time of waiting says nothing about the time that is left
        self._paused = False

    def leave(self) -> None:
        """Nobody reads on: pause a job that is kept, stop any other."""
        if self._keep:
            self.pause()
        else:
            self.stop()

    @property
    def paused(self) -> bool:
        """Whether it waits, and can go on."""
        return self._paused and not self._stop.is_set() and not self._finished

    def updates(self, every: float = 0.25, gone: Callable[[], bool] = lambda: False) -> Iterator[Progress]:
        """Progress whenever it changed, at most once in `every` seconds, until the work is done.

        gone: asked again and again; True is as if the reader had gone away. Raises Cancelled once stopped, Paused once
        paused, else what the work raised.
        """
        try:
            seen: Progress | None = None
            while True:
                with self._changed:
                    if not self._over() and (now := self._progress()) == seen:
                        self._changed.wait(POLL)
                        now = self._progress()
                    finished = self._finished
                if gone():
                    self.leave()
                if self._stop.is_set():
                    raise Cancelled("Stopped. Nothing was kept.")
                if finished:
                    break
                if self._paused:
                    raise Paused(self._done, self._total)
                if now != seen:
                    seen = now
                    yield now
                    with self._changed:
                        self._changed.wait_for(self._over, every)
            if self._error:
                raise self._error
        except GeneratorExit:
            self.leave()
            raise
        finally:
            if not self.paused:
                self.stop()

    def _over(self) -> bool:
        return self._finished or self._stop.is_set() or self._paused

    def _progress(self) -> Progress:
        if self._turn and not self._going.is_set():
            place = self._turn.place()
            return Progress(0, 0, _rounded(place.seconds), place.ahead)
        return Progress(self._done, self._total, self._left(self._done, self._total))

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

    @property
    def waited(self) -> float:
        """Seconds that it has waited for its turn so far, all times together."""
        return self._waited

    def _take_turn(self, join: Join | None) -> None:
        self._joined = time.monotonic()
        if join is None:
            self._go()
        else:
            self._turn = join(self._go)

    def _go(self) -> None:
        """Its turn has come."""
        self._begun = True
        self._waited += time.monotonic() - self._joined
        self._going.set()

    def _run(self, work: Work[T]) -> None:
        try:
            self._hold()
            with breakable(self._hold):
                self._result = work(self._report, self._stop.is_set)
        except BaseException as error:  # handed to the reader, whatever it is
            self._error = error
        if self._turn:
            self._turn.leave()
        with self._changed:
            self._finished = True
            self._changed.notify_all()

    def _hold(self, alone: bool = True) -> None:
        """Wait while something else comes first and, in a thread that nobody else needs, while it is paused. Raises
        Cancelled once it was stopped."""
        if alone and not self._going.is_set():
            self._going.wait()
        if self._stop.is_set():
            raise Cancelled("Stopped. Nothing was kept.")
        if self._between:
            self._between()

    def _report(self, done: int, total: int) -> None:
        if self._stop.is_set():
            raise Cancelled("Stopped. Nothing was kept.")
        with self._changed:
            if self._started is None:
                self._started, self._first = time.monotonic(), done
            self._done, self._total = done, total
            left = self._left(done, total)
            self._changed.notify_all()
        if self._turn and left is not None:
            self._turn.expect(left)
        self._hold()


def _rounded(seconds: float) -> float:
    """As it is told, so that a page is not told the same again and again."""
    return float(round(seconds)) if seconds < 10 else float(round(seconds / 5) * 5)
