"""The loop around every training: minutes, log, checkpoints, sample sheets."""

import csv
import logging
import time
from pathlib import Path
from typing import Any

from vgan.training import checkpoint
from vgan.training.base import Trainer

log = logging.getLogger(__name__)

EVERY = 50  # steps between rows of the log


def train(trainer: Trainer[Any], out: Path, minutes: float, every_minutes: float = 5.0) -> None:
    """Train for `minutes` more, writing to `out`: `log.csv`, `checkpoint.pt`, sample sheets and, where it is installed,
    TensorBoard events."""
    from torchvision.utils import save_image

    leader = trainer.team.rank == 0
    out.mkdir(parents=True, exist_ok=True)
    events = _events(out) if leader else None
    began, saved = time.monotonic(), time.monotonic()
    before = trainer.seconds
    rows: list[dict[str, float]] = []

    def keep() -> None:
        checkpoint.save(out / "checkpoint.pt", trainer.state())
        save_image(trainer.sheet(), out / f"sheet-{trainer.step_count:06d}.png")

    stop = 0.0
    while not stop:
        over = leader and time.monotonic() - began > minutes * 60
        facts = trainer.step(float(over))
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
        keep()
    if events:
        events.close()


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
