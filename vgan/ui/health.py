"""How the app is, for whoever watches over it: asked often, answered at once, and it tells nothing about visitors."""

import os
import re
import shutil
import time
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from gradio.utils import get_upload_folder

import vgan
from vgan import hub
from vgan.settings import PROJECT
from vgan.ui.counters import Now
from vgan.ui.services import Studio
from vgan.zoo import find_model

LEAST_DISK = 200_000_000  # bytes free where clips go, below which none can be promised
NEEDED = ("looks", "styles", "upscale-x2")  # the page begins with these
_COMMIT = re.compile(r"[0-9a-f]{40}")


class Health:
    """The state of one app, from its start on."""

    def __init__(self, studio: Studio):
        self._studio, self._started = studio, time.monotonic()
        self.now = Now(self._line, lambda: float(resident()), self._disk, self._uptime)

    def report(self) -> dict[str, Any]:
        """What `/health` answers. status: `ok`, or `degraded` where a render would fail: `faults` says why."""
        settings, faults = self._studio.settings, []
        missing = [name for name in NEEDED if hub.find_local(find_model(name), settings) is None]
        disk = int(self._disk())
        if missing:
            faults.append(f"weights missing: {', '.join(missing)}")
        if disk < LEAST_DISK:
            faults.append("the disk is full")
        if not _writable(settings.outputs):
            faults.append("finished clips cannot be written")
        if not _writable(Path(get_upload_folder())):
            faults.append("uploads cannot be written")
        return {
            "status": "degraded" if faults else "ok",
            "faults": faults,
            "version": vgan.__version__,
            "commit": commit(PROJECT) or None,
            "uptime_seconds": round(self._uptime()),
            "device": self._studio.models.runtime.device.type,
            "dtype": str(self._studio.models.runtime.dtype).removeprefix("torch."),
            "line": int(self._line()),
            "memory_bytes": resident(),
            "disk_free_bytes": disk,
            "weights": not missing,
        }

    def _line(self) -> float:
        line = getattr(self._studio, "line", None)
        return float(len(line)) if line is not None else 0.0

    def _disk(self) -> float:
        """Bytes free where finished clips go, 0 where that cannot be read."""
        with suppress(OSError):
            return float(shutil.disk_usage(self._studio.settings.outputs).free)
        return 0.0

    def _uptime(self) -> float:
        return time.monotonic() - self._started


def _writable(folder: Path) -> bool:
    """Whether files can be put into `folder`, or it can be made."""
    there = next((path for path in (folder, *folder.parents) if path.exists()), folder)
    return there.is_dir() and os.access(there, os.W_OK | os.X_OK)


def resident() -> int:
    """Bytes of memory that this process holds, 0 where the system does not say."""
    with suppress(OSError, ValueError, IndexError):
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0


@lru_cache(maxsize=1)
def commit(project: Path) -> str:
    """The first 12 digits of the commit that `project` is checked out at, read without git; empty where none is."""
    git = project / ".git"
    with suppress(OSError, UnicodeDecodeError):
        said = (git / "HEAD").read_text(encoding="utf-8").strip()
        if said.startswith("ref: "):
            ref = said.removeprefix("ref: ")
            lines = (git / "packed-refs").read_text(encoding="utf-8") if not (git / ref).is_file() else ""
            packed = {name: number for number, _, name in (line.partition(" ") for line in lines.splitlines())}
            said = packed[ref] if ref in packed else (git / ref).read_text(encoding="utf-8").strip()
        return said[:12] if _COMMIT.fullmatch(said) else ""
    return ""
