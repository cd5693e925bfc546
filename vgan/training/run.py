"""The loop around every training: how long, log, checkpoints, sample sheets."""

import csv
import logging
import math
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vgan.training import checkpoint
from vgan.training.base import Trainer

log = logging.getLogger(__name__)

EVERY = 50  # steps between rows of the log


@dataclass(frozen=True)
class Budget:
    """How long a training goes on; what is used up first ends it.

    minutes: by the clock, this time; cpu_minutes: of processors' time in this process, this time, which means the same
    on a busy machine; steps: counted from the training's beginning, so that a resumed run ends where the whole does.
    """

    minutes: float = math.inf
    cpu_minutes: float = math.inf
    steps: float = math.inf

    def used(self, minutes: float, cpu_minutes: float, steps: int) -> float:
        """The share that is used up, from 0."""
        pairs = ((minutes, self.minutes), (cpu_minutes, self.cpu_minutes), (steps, self.steps))
        return max(spent / whole if whole > 0 else math.inf for spent, whole in pairs)


def train(trainer: Trainer[Any], out: Path, budget: Budget | float, every_minutes: float = 5.0) -> None:
    """Train until the budget (a number is of minutes) is used up, writing to `out`: `log.csv`, `checkpoint.pt` every
    `every_minutes` and at the end, sample sheets and, where it is installed, TensorBoard events.

    Raises TrainingFailed where numbers run away; the last checkpoint is then as it was.
    """
    from torchvision.utils import save_image

    budget = budget if isinstance(budget, Budget) else Budget(minutes=budget)
    if trainer.step_count >= budget.steps:
        return
    leader = trainer.team.rank == 0
    out.mkdir(parents=True, exist_ok=True)
    events = _events(out) if leader else None
    began, saved = time.monotonic(), time.monotonic()
    cpu_began, before, done = time.process_time(), trainer.seconds, trainer.progress
    rows: list[dict[str, float]] = []
    if leader:
        _forget_after(out / "log.csv", trainer.step_count)

    def used(steps: int) -> float:
        return budget.used((time.monotonic() - began) / 60, (time.process_time() - cpu_began) / 60, steps)

    def keep() -> None:
        checkpoint.save(out / "checkpoint.pt", trainer.state())
        save_image(trainer.sheet(), out / f"sheet-{trainer.step_count:06d}.png")

    stop = 0.0
    while not stop:
        # By steps, a resumed run is where the whole one was; by time, it goes on from where it stopped.
        by_steps = trainer.step_count / budget.steps
        by_time = done + (1 - done) * used(0)
        trainer.progress = min(1.0, max(done, by_steps, by_time))
        over = trainer.step_count + 1 >= budget.steps or used(0) >= 1
        facts = trainer.step(float(leader and over))
        stop = facts.pop("stop")
        trainer.seconds = before + time.monotonic() - began
        if not leader:
            continue
        rows.append(facts)
        if trainer.step_count % EVERY == 0:
            means = {name: sum(row[name] for row in rows) / len(rows) for name in facts}
            rows.clear()
            _write_row(out / "log.csv", {"step": trainer.step_count, "seconds": trainer.seconds, **means})
            for name, value in means.items():
                if events:
                    events.add_scalar(name, value, trainer.step_count)
        if time.monotonic() - saved > every_minutes * 60:
            saved = time.monotonic()
            keep()
    if leader:
        trainer.progress = min(1.0, max(trainer.progress, used(trainer.step_count)))
        keep()
    if events:
        events.close()


def _forget_after(path: Path, step: int) -> None:
    """Rows of steps that a run made after its last checkpoint, and that will be made again, leave the log."""
    if not path.is_file():
        return
    with path.open(newline="") as file:
        names, *rows = list(csv.reader(file)) or [[]]
    kept = [row for row in rows if len(row) == len(names) and float(row[0]) <= step]
    if len(kept) < len(rows):
        part = path.with_suffix(".part")
        with part.open("w", newline="") as file:
            csv.writer(file).writerows([names, *kept])
        part.replace(path)


def _write_row(path: Path, row: dict[str, float]) -> None:
    new = not path.is_file()
    with path.open("a", newline="") as file:
        writer = csv.writer(file)
        if new:
            writer.writerow(row)
        writer.writerow([round(value, 4) for value in row.values()])


def _events(out: Path) -> Any:
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        log.info("tensorboard is not installed: losses go to log.csv alone")
        return None
    return SummaryWriter(out)
