"""What a batch needs of whatever runs its workers: start one, give it a clip, hear what became of it, end it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from vgan.batch.order import Task
from vgan.batch.work import Outcome


@dataclass(frozen=True)
class Ready:
    """A worker has started. where: the machine and process."""

    where: str


@dataclass(frozen=True)
class Gone:
    """A worker has ended, and what it was doing is lost. why: as far as that is known."""

    why: str


Said = Ready | Outcome | Gone


class Worker(Protocol):
    """Does one thing at a time: it starts, then takes tasks."""

    def give(self, task: Task) -> None:
        """Let it make a clip. Only for one that said that it is ready, or what became of the clip before."""

    def kill(self) -> None:
        """End it at once, whatever it does."""


class Engine(Protocol):
    """Runs workers somewhere."""

    def start(self) -> Worker:
        """A new worker, which says when it is ready; where there is no room now, once there is."""

    def wait(self, workers: Sequence[Worker], seconds: float) -> list[tuple[Worker, Said]]:
        """What `workers` said since, after at most `seconds`: nothing of those that are still at it."""

    def room(self) -> int:
        """How many workers fit now."""

    def close(self) -> None:
        """End everything that was started here."""
