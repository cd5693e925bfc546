"""How far a training is, told in files: what the process that trains and the page that shows it have in common.

In the folder of a training: `progress.json` (replaced whole, so that it can be read at any time), `log.csv` (all
losses), `sheet.png` (the newest samples), `checkpoint.pt`; a file called `stop` asks it to pause.
"""

import json
import os
import time
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

PHASES = ("reading", "measuring", "training", "finishing", "done", "failed", "paused")
WORKING = ("reading", "measuring", "training", "finishing")
FILE, LOG, SHEET, CHECKPOINT, STOP = "progress.json", "log.csv", "sheet.png", "checkpoint.pt", "stop"
KEPT = 200  # rows of losses that are told; all of them are in the log
ENDED = "It was ended from outside, or the machine went down. Resume goes on from its last checkpoint."


@dataclass(frozen=True)
class Progress:
    """One look at a training.

    phase: one of PHASES; share: of this phase in [0, 1] where its length is known, else 0; step: updates so far;
    trained, left: seconds; losses: the last rows of the log, oldest first, each with `step` and `seconds`; error: what
    went wrong, in words for the person in front of it; resumable: whether there is a checkpoint to go on from; sheet:
    the newest picture of samples, or None; result: the finished look's folder; distance: on held-out footage, where it
    was measured; pid: of the process that wrote it; told: when, seconds since 1970.
    """

    phase: str = "reading"
    share: float = 0.0
    step: int = 0
    trained: float = 0.0
    left: float = 0.0
    losses: tuple[dict[str, float], ...] = field(default=())
    error: str = ""
    resumable: bool = False
    sheet: Path | None = None
    result: Path | None = None
    distance: float | None = None
    pid: int = 0
    told: float = 0.0

    @property
    def working(self) -> bool:
        """Whether a process is at it."""
        return self.phase in WORKING


def tell(folder: Path, progress: Progress) -> None:
    """Replace `progress.json` of `folder`, whole or not at all."""
    facts = asdict(replace(progress, losses=progress.losses[-KEPT:], pid=os.getpid(), told=time.time()))
    facts |= {"result": str(progress.result) if progress.result else None}
    del facts["sheet"], facts["resumable"]  # seen by looking
    part = folder / f".{FILE}.part"
    part.write_text(json.dumps(facts))
    part.replace(folder / FILE)


def read(folder: Path) -> Progress | None:
    """The training in `folder` as it stands, None where none was begun. One whose process is no more has failed."""
    try:
        facts: dict[str, Any] = json.loads((folder / FILE).read_text())
        found = Progress(
            **facts
            | {"losses": tuple(facts["losses"]), "result": Path(facts["result"]) if facts["result"] else None}
            | {"sheet": folder / SHEET if (folder / SHEET).is_file() else None}
            | {"resumable": (folder / CHECKPOINT).is_file()}
        )
    except (OSError, ValueError, TypeError, KeyError):
        return None
    if found.working and not _alive(found.pid):
        return replace(found, phase="failed", error=ENDED)
    return found


def _alive(pid: int) -> bool:
    if pid == os.getpid():
        return True
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        return state != "Z"  # one that ended and that its parent has not asked about yet
    except (OSError, IndexError):
        return _answers(pid) if not Path("/proc/self/stat").is_file() else False


def _answers(pid: int) -> bool:
    """The same where there is no /proc."""
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return True


def ask_to_pause(folder: Path) -> None:
    """Ask the training in `folder` to keep a checkpoint and end. It takes a step or two."""
    (folder / STOP).touch()


def asked_to_pause(folder: Path) -> bool:
    """Whether somebody did; forgotten by this answer."""
    try:
        (folder / STOP).unlink()
    except FileNotFoundError:
        return False
    return True
