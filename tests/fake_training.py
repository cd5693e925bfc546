"""A stand-in for `python -m vgan train look`: it tells the same files and learns nothing, in a second or so.

Run as `fake_training.py FOLDER LOOKS NAME STEPS [resume]`; `fails` as the name fails with a message.
"""

import json
import shutil
import sys
import time
from dataclasses import replace
from pathlib import Path

from PIL import Image

from vgan.settings import PROJECT
from vgan.training.own.progress import CHECKPOINT, SHEET, Progress, asked_to_pause, read, tell

EVERY = 0.05


def main(folder: Path, looks: Path, name: str, steps: int, resume: bool) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "asked.json").write_text("{}")
    told = read(folder) if resume else None
    first = told.step if told else 0
    now = Progress(phase="reading")
    tell(folder, now)
    time.sleep(EVERY)
    tell(folder, replace(now, phase="measuring"))
    time.sleep(EVERY)
    if name == "fails":
        tell(folder, replace(now, phase="failed", error="G: the loss is not a number. The last checkpoint is kept."))
        sys.exit(1)
    losses = told.losses if told else ()
    for step in range(first + 1, steps + 1):
        losses = (*losses, {"step": step, "seconds": step * EVERY, "loss_G": 3 / step, "loss_D": 1.0 - 0.5 / step})
        if step % 10 == 1:
            Image.new("RGB", (96, 64), (step * 7 % 256, 80, 120)).save(folder / "sheet.part.png")
            (folder / "sheet.part.png").replace(folder / SHEET)
        (folder / CHECKPOINT).write_text(str(step))
        now = Progress("training", step / steps, step, step * EVERY, (steps - step) * EVERY, losses)
        tell(folder, now)
        if asked_to_pause(folder):
            tell(folder, replace(now, phase="paused"))
            return
        time.sleep(EVERY)
    out = looks / name
    shutil.copytree(PROJECT / "weights" / "looks", out, dirs_exist_ok=True)
    config = json.loads((out / "config.json").read_text())
    config["training"] = {"minutes": round(steps * EVERY / 60, 2), "steps": steps}
    (out / "config.json").write_text(json.dumps(config))
    shutil.copy(folder / SHEET, out / SHEET)
    tell(folder, replace(now, phase="done", result=out))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]), sys.argv[5:] == ["resume"])
