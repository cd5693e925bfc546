"""Renders that wait: stopped on the way, they go on where they were when somebody asks for the same clip again."""

import threading
from collections import OrderedDict
from typing import Any

from vgan.ui.jobs import Job, Join

MOST = 3  # each holds its encoder and the networks it draws with
SECONDS = 900.0  # after which nobody comes back


class Parked:
    """Paused jobs by what they make. Those too many, and too old, are stopped: nothing of them remains."""

    def __init__(self, most: int = MOST, seconds: float = SECONDS):
        self._most, self._seconds = most, seconds
        self._jobs: OrderedDict[str, tuple[Job[Any], threading.Timer]] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, key: str, job: Job[Any]) -> None:
        """Keep a paused job, in place of an earlier one that makes the same."""
        self.drop(key)
        timer = threading.Timer(self._seconds, self.drop, (key, job))
        timer.daemon = True
        with self._lock:
            self._jobs[key] = (job, timer)
            oldest = next(iter(self._jobs)) if len(self._jobs) > self._most else None
        timer.start()
        if oldest:
            self.drop(oldest)

    def take(self, key: str, join: Join | None = None) -> Job[Any] | None:
        """The job that makes `key`, going again once its turn in the line has come; None where there is none. Raises
        what `join` raises, see `Job`: then it waits on."""
        with self._lock:
            job, timer = self._jobs.get(key, (None, None))
            if job is None or timer is None:
                return None
            job.resume(join)
            del self._jobs[key]
        timer.cancel()
        return job

    def let_go(self) -> bool:
        """Stop the one that has waited longest: its memory is needed. Returns whether there was one."""
        with self._lock:
            oldest = next(iter(self._jobs), None)
        if oldest is not None:
            self.drop(oldest)
        return oldest is not None

    def clear(self) -> None:
        """Stop all of them."""
        while self.let_go():
            continue

    def drop(self, key: str, only: Job[Any] | None = None) -> None:
        """Stop the job that makes `key`, if there is one. only: if it is this one."""
        with self._lock:
            job, timer = self._jobs.get(key, (None, None))
            if job is None or (only is not None and job is not only):
                return
            del self._jobs[key]
        if timer:
            timer.cancel()
        job.stop()

    def __contains__(self, key: str) -> bool:
        with self._lock:
            return key in self._jobs
