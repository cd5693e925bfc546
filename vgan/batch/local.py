"""Workers as processes of this machine."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Sequence
from multiprocessing.connection import Connection, wait
from pathlib import Path

import torch

from vgan.batch.engine import Gone, Ready, Said, Worker
from vgan.batch.manifest import host
from vgan.batch.order import Task
from vgan.batch.work import Make, Outcome

NEEDED = 1.5e9  # bytes of memory of a worker that makes a clip of 720x1280
PATIENCE = 5.0  # seconds in which a worker may end by itself


class Process:
    """A worker: a process that ends when this one does."""

    def __init__(self, make: Make, threads: int):
        context = multiprocessing.get_context("spawn")
        self.pipe, other = context.Pipe()
        self._process = context.Process(target=_serve, args=(make, other, threads), name="vgan-batch")
        self._process.start()
        other.close()

    def give(self, task: Task) -> None:
        """See `Worker`."""
        try:
            self.pipe.send(task)
        except OSError:  # it has just ended; `said` tells
            return

    def said(self) -> Said:
        """What it has to say, once there is something."""
        try:
            made: Said = self.pipe.recv()
            return made
        except (EOFError, OSError):
            self._process.join(PATIENCE)
            return Gone(_ending(self._process.exitcode))

    def ask_to_end(self) -> None:
        """Let it end by itself, if it does nothing."""
        try:
            self.pipe.send(None)
        except OSError:
            return

    def kill(self) -> None:
        """See `Worker`. Encoders that it has started end with it."""
        if self._process.is_alive() and self._process.pid is not None:
            try:
                os.killpg(self._process.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):  # it has no group of its own yet
                self._process.kill()
        self._process.join(PATIENCE)
        self.pipe.close()

    def join(self) -> bool:
        """Whether it has ended."""
        self._process.join(PATIENCE)
        return not self._process.is_alive()


class LocalEngine:
    """Processes of this machine. threads: of torch in each."""

    def __init__(self, make: Make, workers: int, threads: int):
        self._make, self._workers, self._threads = make, workers, threads
        self._all: list[Process] = []

    def start(self) -> Process:
        """See `Engine`."""
        self._all = [process for process in self._all if not process.pipe.closed]
        before = os.environ.get("OMP_NUM_THREADS")
        os.environ["OMP_NUM_THREADS"] = str(self._threads)  # is read when torch is loaded
        try:
            self._all.append(Process(self._make, self._threads))
        finally:
            if before is None:
                del os.environ["OMP_NUM_THREADS"]
            else:
                os.environ["OMP_NUM_THREADS"] = before
        return self._all[-1]

    def wait(self, workers: Sequence[Worker], seconds: float) -> list[tuple[Worker, Said]]:
        """See `Engine`."""
        pipes = {worker.pipe: worker for worker in workers if isinstance(worker, Process)}
        return [
            (pipes[pipe], pipes[pipe].said()) for pipe in wait(list(pipes), seconds) if isinstance(pipe, Connection)
        ]

    def room(self) -> int:
        """See `Engine`."""
        return self._workers

    def close(self) -> None:
        """See `Engine`."""
        for process in self._all:
            if not process.pipe.closed:
                process.ask_to_end()
        for process in self._all:
            if not process.pipe.closed and not process.join():
                process.kill()


def default_workers(device: str) -> int:
    """One for each GPU; without, one for each core, as far as the memory goes: a clip drawn in one thread waits for
    nobody."""
    if device == "cuda":
        return max(1, torch.cuda.device_count())
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(cores, int(_free_memory() / NEEDED)))


def threads_of(workers: int) -> int:
    """Of torch in each of so many workers."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, cores // workers)


def _free_memory() -> float:
    """Bytes; much where the system does not say."""
    try:
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return float(line.split()[1]) * 1024
    except (OSError, ValueError):
        pass
    return 1e12


def _serve(make: Make, pipe: Connection, threads: int) -> None:
    """A worker's whole life."""
    os.setsid()  # Ctrl-C in a terminal is for the batch, which then ends its workers
    threading.Thread(target=_end_with_parent, daemon=True).start()
    torch.set_num_threads(threads)
    maker = make()
    try:
        pipe.send(Ready(f"{host()}:{os.getpid()}"))
        while (task := pipe.recv()) is not None:
            outcome: Outcome = maker.make(task)
            pipe.send(outcome)
    except (EOFError, OSError):  # nobody listens any more
        return
    finally:
        maker.close()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os.killpg(0, signal.SIGKILL)  # with the encoders that were started


def _ending(code: int | None) -> str:
    """An exit code in words."""
    if code is None:
        return "the worker's pipe broke"
    if code < 0:
        name = signal.Signals(-code).name if -code in set(signal.Signals) else str(-code)
        return f"the worker was ended by {name}" + (" (out of memory?)" if name == "SIGKILL" else "")
    return f"the worker ended with exit code {code}"
