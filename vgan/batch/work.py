"""What a worker does: it loads networks once, and makes clips one after another."""

import hashlib
import os
import secrets
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from vgan.batch.manifest import Batch, host, record_name, write_record
from vgan.batch.order import Task, readable
from vgan.batch.place import place_at
from vgan.errors import RecipeError, VganError
from vgan.registry import Models
from vgan.render import render
from vgan.settings import Settings
from vgan.unfinished import scratch, sweep

LONGEST_MESSAGE = 600


@dataclass(frozen=True)
class Outcome:
    """What became of a task. kind: made; found (another batch made it meanwhile); busy (another is at it; wait: for how
    many seconds, at most); refused (the row cannot be made); failed (it may go well another time).

    seconds: of rendering; cpu: of all cores in these; storing: of everything else that the worker did for it; memory:
    bytes of the worker now.
    """

    kind: Literal["made", "found", "busy", "refused", "failed"]
    message: str = ""
    bytes: int = 0
    sha256: str = ""
    seconds: float = 0.0
    cpu: float = 0.0
    storing: float = 0.0
    memory: int = 0
    wait: float = 0.0


@dataclass(frozen=True)
class Work:
    """What every worker of a batch knows; can be sent to another machine. hold: seconds for which a clip is claimed."""

    out: str
    batch: Batch
    settings: Settings
    hold: float = 900.0

    def __call__(self) -> "Maker":
        return Maker(self)


class Maker:
    """Makes the clips of tasks in this process. Networks are loaded when a clip first needs them, and stay."""

    def __init__(self, work: Work):
        self._work, self._place = work, place_at(work.out)
        self._models = Models(work.settings)
        sweep()  # what killed workers left
        self._open = ExitStack()
        self._folder = self._open.enter_context(scratch())

    def make(self, task: Task) -> Outcome:
        """Make one clip: claim it, render it here, put it in its place, note that it is done. Never raises."""
        began = time.perf_counter()
        file = self._folder / f"{secrets.token_hex(6)}{Path(task.file).suffix}"
        claimed = False
        try:
            left = self._work.batch.claim(self._place, task.key, self._work.hold)
            if left:
                return Outcome("busy", wait=left)
            claimed = True
            if self._place.has(record_name(task.key, task.digest)) and self._place.has(task.file):
                return Outcome("found")  # another batch came first
            start, cpu = time.perf_counter(), sum(os.times()[:4])
            render(task.recipe, self._models, file)
            seconds, cpu = time.perf_counter() - start, sum(os.times()[:4]) - cpu
            return self._keep(task, file, (seconds, cpu), began)
        except RecipeError as error:
            return Outcome("refused", str(error)[:LONGEST_MESSAGE])
        except VganError as error:
            return _judged(task, error)
        except Exception as error:  # a bug, or the machine: the batch goes on, and tells it
            return Outcome("failed", f"{type(error).__name__}: {str(error)[:LONGEST_MESSAGE]}")
        finally:
            file.unlink(missing_ok=True)
            if claimed:
                self._let_go(task)

    def close(self) -> None:
        """Remove what is temporary."""
        self._open.close()

    def _keep(self, task: Task, file: Path, spent: tuple[float, float], began: float) -> Outcome:
        with file.open("rb") as data:
            sha256 = hashlib.file_digest(data, "sha256").hexdigest()
        size, (seconds, cpu) = file.stat().st_size, spent
        self._place.put(file, task.file)
        said: dict[str, Any] = {
            "id": task.id,
            "row": task.row,
            "file": task.file,
            "digest": task.digest,
            "bytes": size,
            "sha256": sha256,
            "seconds": round(seconds, 3),
            "cpu": round(cpu, 2),
            "worker": f"{host()}:{os.getpid()}",
            "attempt": task.attempt,
            "made": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        }
        write_record(self._place, task.key, task.digest, said)
        storing = time.perf_counter() - began - seconds
        return Outcome("made", "", size, sha256, seconds, cpu, storing, resident())

    def _let_go(self, task: Task) -> None:
        try:
            self._work.batch.release(self._place, task.key)
        except VganError:  # it runs out by itself
            return


def _judged(task: Task, error: VganError) -> Outcome:
    """Whether a failure is the row's: one of its files cannot be read."""
    try:
        readable(task.inputs)
    except VganError as fault:
        return Outcome("refused", str(fault)[:LONGEST_MESSAGE])
    return Outcome("failed", str(error)[:LONGEST_MESSAGE])


def resident() -> int:
    """Bytes of memory that this process has now; 0 where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * 4096


Make = Callable[[], Maker]
