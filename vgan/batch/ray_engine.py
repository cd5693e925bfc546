"""Workers as actors of a Ray cluster.

Plain actors, each with one clip at a time, and not Ray Data: that replays whole blocks, and an actor's task for as long
as it fails. Here the batch itself counts how often a clip was tried and knows which one a lost node had.
"""

import logging
import os
import time
from collections.abc import Sequence
from typing import Any

from vgan.batch.engine import Gone, Ready, Said, Worker
from vgan.batch.manifest import host
from vgan.batch.order import Task
from vgan.batch.work import Make, Outcome
from vgan.errors import RecipeError

os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is told to anybody
PATIENCE = 5.0  # seconds in which actors may tidy up


class _Actor:
    """What runs on a node."""

    def __init__(self, make: Make, threads: int):
        import torch

        torch.set_num_threads(threads)
        self._maker = make()

    def ready(self) -> str:
        return f"{host()}:{os.getpid()}"

    def make(self, task: Task) -> Outcome:
        return self._maker.make(task)

    def close(self) -> None:
        self._maker.close()


class Actor:
    """A worker: an actor and what it was last asked."""

    def __init__(self, handle: Any):
        self.handle, self.ended = handle, False
        self.asked: Any = handle.ready.remote()  # None: it has answered

    def give(self, task: Task) -> None:
        """See `Worker`."""
        self.asked = self.handle.make.remote(task)

    def said(self) -> Said:
        """What came of what it was asked, once that is there."""
        import ray

        asked, self.asked = self.asked, None
        try:
            made = ray.get(asked)
        except ray.exceptions.RayTaskError as error:  # it runs on, and what it was asked went wrong in it
            return Gone(f"the worker could not start or answer: {str(error.cause)[:300]}")
        except ray.exceptions.RayError as error:
            said = str(error).strip().splitlines() or [""]
            return Gone(f"the worker or its node ended ({type(error).__name__}: {said[-1].strip()[:200]})")
        return made if isinstance(made, Outcome) else Ready(made)

    def kill(self) -> None:
        """See `Worker`."""
        import ray

        self.ended = True
        ray.kill(self.handle)


class RayEngine:
    """Actors of the cluster at `address`: an address, "auto" for the one that this machine belongs to, "local" for one
    that is started here and ends with the batch, or empty: auto if there is one, else local. Each has `cpus` CPUs, as
    many threads, and `gpus` GPUs; `workers`: how many at most, None for as many as the cluster has room for, also while
    it grows and shrinks.

    Raises RecipeError where Ray is not installed or there is no such cluster.
    """

    def __init__(self, make: Make, address: str, workers: int | None, cpus: int = 1, gpus: float = 0):
        try:
            import ray
        except ImportError as error:
            raise RecipeError("--engine ray: Ray is not installed. Install requirements-batch.txt.") from error
        self._ray, self._workers, self._cpus, self._gpus = ray, workers, cpus, gpus
        self._ours = not ray.is_initialized()
        if self._ours:
            _connect(ray, address)
        settings = {name: value for name, value in os.environ.items() if name.startswith("VGAN_")}
        environment = {"env_vars": {**settings, "OMP_NUM_THREADS": str(cpus)}}
        self._actor = ray.remote(_Actor).options(
            num_cpus=cpus, num_gpus=gpus, max_restarts=0, max_task_retries=0, runtime_env=environment
        )
        self._make = make
        self._all: list[Actor] = []

    def start(self) -> Actor:
        """See `Engine`."""
        self._all = [actor for actor in self._all if not actor.ended]
        self._all.append(Actor(self._actor.remote(self._make, self._cpus)))
        return self._all[-1]

    def wait(self, workers: Sequence[Worker], seconds: float) -> list[tuple[Worker, Said]]:
        """See `Engine`."""
        asked = {worker.asked: worker for worker in workers if isinstance(worker, Actor) and worker.asked is not None}
        if not asked:
            time.sleep(seconds)
            return []
        done, _ = self._ray.wait(list(asked), num_returns=1, timeout=seconds)
        if done:
            done, _ = self._ray.wait(list(asked), num_returns=len(asked), timeout=0)
        return [(asked[one], asked[one].said()) for one in done]

    def room(self) -> int:
        """See `Engine`."""
        if self._workers is not None:
            return self._workers
        there = self._ray.cluster_resources()
        room = there.get("CPU", 0) / self._cpus
        if self._gpus:
            room = min(room, there.get("GPU", 0) / self._gpus)
        return max(1, int(room))

    def close(self) -> None:
        """See `Engine`."""
        left = [actor for actor in self._all if not actor.ended]
        closing = [actor.handle.close.remote() for actor in left]
        if closing:
            self._ray.wait(closing, num_returns=len(closing), timeout=PATIENCE)
        for actor in left:
            actor.kill()
        if self._ours:
            self._ray.shutdown()


def _connect(ray: Any, address: str) -> None:
    try:
        ray.init(
            address=address or None,
            include_dashboard=False,
            log_to_driver=False,
            logging_level=logging.ERROR,
            namespace="vgan",
        )
    except (ConnectionError, ValueError, RuntimeError, OSError) as error:
        raise RecipeError(
            f"--address {address[:80]!r}: there is no such Ray cluster ({str(error)[:160]}). Start one with `ray start "
            "--head`, or leave the option out."
        ) from error
