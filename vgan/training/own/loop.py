"""The loop around the training of one look: it can be watched, paused, ended by force, and goes on bit for bit."""

import csv
import logging
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from vgan.training import checkpoint
from vgan.training.own.progress import CHECKPOINT, LOG, SHEET, Progress, asked_to_pause, tell
from vgan.training.own.trainer import OwnTrainer

log = logging.getLogger(__name__)

ROW = 10  # steps between rows of the log
TOLD = 2.0  # seconds between two tellings
SHEETS = (20.0, 60.0)  # seconds between two sheets: at first, and after SOON
SOON = 180.0
KEPT = 60.0  # seconds between two checkpoints


def train_own(
    trainer: OwnTrainer,
    folder: Path,
    minutes: float,
    told: Progress,
    clock: Callable[[], float] = time.monotonic,
    steps: int | None = None,
) -> bool:
    """Train until `minutes` by `clock`, counted from the beginning of the first sitting, or `steps` are over.

    told: what is to be said beside that. Returns False if somebody asked for a pause; a checkpoint was then kept, as at
    the end. Raises TrainingFailed where numbers run away; the last checkpoint is then as it was.
    """
    began, before = clock(), trainer.seconds
    sitting = time.monotonic()
    due = {"tell": sitting, "sheet": sitting, "keep": sitting + KEPT}
    rows: list[dict[str, float]] = []
    history = _known(folder / LOG, trainer.step_count)

    def say() -> None:
        left = max(0.0, minutes * 60 - trainer.seconds)
        share = max(trainer.seconds / (minutes * 60), trainer.step_count / steps if steps else 0.0)
        now = replace(told, phase="training", step=trainer.step_count, trained=trainer.seconds, left=left)
        tell(folder, replace(now, share=min(1.0, share), losses=tuple(history)))

    def over() -> bool:
        return trainer.seconds >= minutes * 60 or (steps is not None and trainer.step_count >= steps)

    paused = False
    while not over() and not (paused := asked_to_pause(folder)):
        now = time.monotonic()
        if now >= due["sheet"]:
            _keep_sheet(trainer, folder)
            due["sheet"] = now + SHEETS[now - sitting > SOON]
        if now >= due["keep"]:
            checkpoint.save(folder / CHECKPOINT, trainer.state())
            due["keep"] = now + KEPT
        if now >= due["tell"]:
            say()
            due["tell"] = now + TOLD
        facts = trainer.step()
        del facts["stop"]
        trainer.seconds = before + clock() - began
        rows.append(facts)
        if trainer.step_count % ROW == 0:
            means = {name: sum(row[name] for row in rows) / len(rows) for name in facts}
            rows.clear()
            history.append(_row(folder / LOG, trainer, means))
    checkpoint.save(folder / CHECKPOINT, trainer.state())
    _keep_sheet(trainer, folder)
    say()
    return not paused


def _keep_sheet(trainer: OwnTrainer, folder: Path) -> None:
    from torchvision.utils import save_image

    part = folder / f".{SHEET}.part"
    save_image(trainer.sheet(), part, format="png")
    part.replace(folder / SHEET)


def _row(path: Path, trainer: OwnTrainer, means: dict[str, float]) -> dict[str, float]:
    row = {"step": float(trainer.step_count), "seconds": trainer.seconds} | means
    row = {name: round(value, 5) for name, value in row.items()}
    new = not path.is_file()
    with path.open("a", newline="") as file:
        writer = csv.writer(file)
        if new:
            writer.writerow(row)
        writer.writerow(row.values())
    return row


def _known(path: Path, step: int) -> list[dict[str, float]]:
    """The rows of the log up to `step`. Later ones are of steps that an end by force undid: they are cut off."""
    if not path.is_file():
        return []
    with path.open(newline="") as file:
        rows = [row for row in csv.reader(file) if row]
    known = [dict(zip(rows[0], map(float, row), strict=True)) for row in rows[1:] if len(row) == len(rows[0])]
    known = [row for row in known if row["step"] <= step]
    part = path.with_suffix(".part")
    with part.open("w", newline="") as file:
        csv.writer(file).writerows([rows[0], *(row.values() for row in known)] if known else [])
    if known:
        part.replace(path)
    else:
        part.unlink()
        path.unlink()
    return known
