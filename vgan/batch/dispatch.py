"""Clips to workers: each to one at a time, again if that may help, and never one clip in the way of the others."""

import heapq
import itertools
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from vgan.batch.engine import Engine, Gone, Ready, Said, Worker
from vgan.batch.order import Task
from vgan.batch.work import Outcome
from vgan.errors import VganError

log = logging.getLogger(__name__)

TURN = 0.5  # seconds after which times and the size of the cluster are looked at again
FAILED_STARTS = 5  # of workers, one after another, after which nothing more is tried
ASK_AGAIN = 5.0  # seconds until a clip that another batch has is asked for again


class BatchFailed(VganError):
    """No worker starts: the batch as a whole cannot go on."""


@dataclass(frozen=True)
class Patience:
    """retries: of a clip whose worker ended or that failed in a way that may pass; seconds: that one clip may take."""

    retries: int = 2
    seconds: float = 900.0


@dataclass(frozen=True)
class Told:
    """What became of a clip. kind: made; found: another batch had made it; retried: it will be tried again; failed; or
    refused: its row cannot be made."""

    kind: str
    task: Task
    outcome: Outcome
    worker: str


class _Line:
    """Tasks in their order, and those that come again at their time."""

    def __init__(self, tasks: Iterator[Task]):
        self._tasks, self._number = tasks, itertools.count()
        self._later: list[tuple[float, int, Task]] = []
        self._next: Task | None = next(tasks, None)

    @property
    def over(self) -> bool:
        return self._next is None and not self._later

    def take(self, now: float) -> Task | None:
        """The next task whose time has come."""
        if self._later and self._later[0][0] <= now:
            return heapq.heappop(self._later)[2]
        task = self._next
        if task is not None:
            self._next = next(self._tasks, None)
        return task

    def put_back(self, task: Task, when: float) -> None:
        heapq.heappush(self._later, (when, next(self._number), task))


@dataclass
class _Doing:
    task: Task
    until: float


class Dispatch:
    """Runs tasks on an engine's workers. tell: called with what became of each; `expected`: at most so many tasks."""

    def __init__(self, engine: Engine, patience: Patience, tell: Callable[[Told], None], expected: int):
        self._engine, self._patience, self._tell, self._expected = engine, patience, tell, expected
        self._starting: set[Worker] = set()
        self._idle: list[Worker] = []
        self._busy: dict[Worker, _Doing] = {}
        self._names: dict[Worker, str] = {}
        self._failed_starts, self._start_after = 0, 0.0

    def run(self, tasks: Iterator[Task]) -> None:
        """Have all of `tasks` made. Raises BatchFailed where no worker starts."""
        line = _Line(tasks)
        try:
            while not (line.over and not self._busy):
                self._start()
                self._hand_out(line)
                if line.over and not self._busy:
                    return
                for worker, said in self._engine.wait([*self._starting, *self._idle, *self._busy], TURN):
                    self._hear(worker, said, line)
                self._end_overdue(line)
        finally:
            for worker in (*self._starting, *self._busy):
                worker.kill()
            self._starting.clear()

    @property
    def unfinished(self) -> list[Task]:
        """What was being made when `run` ended early."""
        return [doing.task for doing in self._busy.values()]

    def _start(self) -> None:
        there = len(self._starting) + len(self._idle) + len(self._busy)
        if time.monotonic() < self._start_after:
            return
        for _ in range(min(self._engine.room(), self._expected) - there):
            self._starting.add(self._engine.start())

    def _hand_out(self, line: _Line) -> None:
        while self._idle:
            now = time.monotonic()
            task = line.take(now)
            if task is None:
                return
            worker = self._idle.pop()
            self._busy[worker] = _Doing(task, now + self._patience.seconds)
            worker.give(task)

    def _hear(self, worker: Worker, said: Said, line: _Line) -> None:
        if isinstance(said, Ready):
            self._starting.discard(worker)
            self._names[worker] = said.where
            self._idle.append(worker)
            self._failed_starts = 0
        elif isinstance(said, Gone):
            self._lost(worker, said.why, line)
        else:
            task = self._busy.pop(worker).task
            self._idle.append(worker)
            self._judge(task, said, line, worker)

    def _judge(self, task: Task, outcome: Outcome, line: _Line, worker: Worker) -> None:
        if outcome.kind == "busy":
            line.put_back(task, time.monotonic() + min(outcome.wait, ASK_AGAIN))
        elif outcome.kind == "failed" and task.attempt <= self._patience.retries:
            line.put_back(replace(task, attempt=task.attempt + 1), time.monotonic() + 2.0 ** (task.attempt - 1))
            self._tell(Told("retried", task, outcome, self._names.get(worker, "")))
        else:
            self._tell(Told(outcome.kind, task, outcome, self._names.get(worker, "")))

    def _lost(self, worker: Worker, why: str, line: _Line) -> None:
        """A worker has ended: what it did is done again by another, the next one starts in its place."""
        if worker in self._starting:
            self._starting.discard(worker)
            self._failed_starts += 1
            self._start_after = time.monotonic() + min(0.5 * 2.0**self._failed_starts, 30)
            log.warning("a worker did not start: %s", why)
            if self._failed_starts >= FAILED_STARTS and not self._busy:
                worker.kill()
                raise BatchFailed(f"{self._failed_starts} workers one after another did not start: {why}.")
        elif worker in self._idle:
            self._idle.remove(worker)
        else:
            doing = self._busy.pop(worker)
            again = doing.task.attempt <= self._patience.retries
            if again:
                line.put_back(replace(doing.task, attempt=doing.task.attempt + 1), 0.0)
            outcome = Outcome("failed", why)
            self._tell(Told("retried" if again else "failed", doing.task, outcome, self._names.get(worker, "")))
        worker.kill()

    def _end_overdue(self, line: _Line) -> None:
        now = time.monotonic()
        for worker in [worker for worker, doing in self._busy.items() if doing.until < now]:
            self._lost(worker, f"it took over {self._patience.seconds:g} s (--timeout)", line)
