"""Files that are not finished yet: each in a folder of its own, which its process holds for as long as it lives.

However a process ends, the system lets go of what it held: the next one that looks there knows by that what nobody
works at any more, says how far it was, and removes it. Neither numbers of processes, which come again, nor the clock,
which can be set, are asked.
"""

import json
import logging
import os
import re
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from vgan.ages import age

try:
    import fcntl
except ImportError:  # Windows has no such locks: there, age alone tells
    fcntl = None  # type: ignore[assignment]

log = logging.getLogger(__name__)

ASIDE = ".unfinished"  # a folder of this name takes what is not finished of all that lies beside and below it
KINDS = ("clip", "file", "work")
EVERY = 1.0  # seconds between two notes of how far a piece of work is
OLD = 7 * 24 * 3600.0  # seconds after which nobody works at what cannot be held
_ABOUT = ".about"
_MOST = 1000  # bytes of such a note
_NAME = re.compile(r"\.vgan-[0-9a-f]{16}\.part")


@dataclass(frozen=True)
class Left:
    """What is known of a piece of work whose process was ended. kind: one of KINDS; began: seconds since 1970; done,
    total: how far it came, 0 of 0 where it never said."""

    kind: str = "work"
    began: float = 0.0
    done: int = 0
    total: int = 0

    def __str__(self) -> str:
        begun = datetime.fromtimestamp(self.began, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        far = f", {self.done} of {self.total} frames" if self.total else ""
        return f"a {self.kind} that was begun {begun}{far}"


class Part:
    """A file that is not finished. path: to write to, in a folder of its own; out: where it goes."""

    def __init__(self, folder: Path, out: Path, kind: str):
        self.out, self.path = out, folder / out.name
        self._about, self._known, self._noted = folder / _ABOUT, Left(kind, time.time()), 0.0
        self._write()

    def note(self, done: int, total: int) -> None:
        """Remember how far it is, for whoever finds it: kind, begin and these numbers, nothing of what it shows."""
        self._known = Left(self._known.kind, self._known.began, done, total)
        if time.monotonic() - self._noted >= EVERY:
            self._write()

    def finish(self) -> None:
        """Give the file its name, in place of what had it. Raises OSError."""
        with suppress(FileExistsError):  # or a file, of which the next line says so
            self.out.parent.mkdir(mode=0o700)  # removed, by hand or for its age, while the work went on
        os.replace(self.path, self.out)

    def _write(self) -> None:
        self._noted = time.monotonic()
        with suppress(OSError):  # no room for a note is no reason to stop
            self._about.write_text(json.dumps(asdict(self._known)))


@contextmanager
def unfinished(out: Path, kind: str = "file") -> Iterator[Part]:
    """A place to write `out` in, on the disk where it belongs, whose file has to be `finish`ed. Nothing is left of it.

    It lies in the folder ASIDE where that is beside or just above `out`, else beside it, under a name that begins with
    a dot. Raises OSError where it cannot be made.
    """
    out = out.absolute()
    aside = (folder / ASIDE for folder in (out.parent, out.parent.parent))
    with scratch(next((folder for folder in aside if folder.is_dir()), out.parent)) as folder:
        yield Part(folder, out, kind)


@contextmanager
def scratch(place: Path | None = None) -> Iterator[Path]:
    """An empty folder in `place`, or where the system has its temporary ones, which is gone afterwards. Raises OSError
    where it cannot be made."""
    place = Path(tempfile.gettempdir()) if place is None else place
    while True:
        folder = place / f".vgan-{secrets.token_hex(8)}.part"
        folder.mkdir(mode=0o700)
        held = _hold(folder)
        if held is not None:
            break  # else somebody swept in this very moment
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(held)


def keep_aside(folder: Path) -> Path:
    """Let everything below `folder` be written in a folder of its own there, until it is finished. Returns that one.
    Raises OSError."""
    aside = folder / ASIDE
    aside.mkdir(mode=0o700, exist_ok=True)
    return aside


def sweep(place: Path | None = None, old: float = OLD) -> list[Left]:
    """Remove from `place`, and its ASIDE, what processes that are gone have left there, and say so in the log. Returns
    what it was. place: by default where the system has its temporary folders."""
    place = Path(tempfile.gettempdir()) if place is None else place
    found = []
    for folder in [*place.glob(".vgan-*.part"), *place.glob(f"{ASIDE}/.vgan-*.part")]:
        if not _NAME.fullmatch(folder.name) or folder.is_symlink() or not folder.is_dir():
            continue
        held = _hold(folder, old)
        if held is None:
            continue
        try:
            left = _left(folder)
            shutil.rmtree(folder)
            found.append(left)
            log.warning("Not finished, because its process was ended: %s. What there was of it is gone.", left)
        except OSError as error:
            log.warning("could not clean up %s: %s", folder, error)
        finally:
            os.close(held)
    return found


def _hold(folder: Path, old: float | None = None) -> int | None:
    """Take `folder` until what this returns is closed, or this process ends, however it ends. None: it is another's, or
    gone. old: seconds after which it is nobody's, on a file system that cannot tell; None for a new one."""
    if fcntl is None:
        return _unlocked(folder, old)
    try:
        held = os.open(folder, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(held).st_nlink:  # else whoever had it has just removed it
            return held
    except BlockingIOError:
        pass
    except OSError:  # a file system without locks
        os.close(held)
        return _unlocked(folder, old)
    os.close(held)
    return None


def _unlocked(folder: Path, old: float | None) -> int | None:
    """As `_hold`, where nothing can be held: by age alone."""
    try:
        young = old is not None and age(folder.stat().st_mtime) < old
    except OSError:
        return None
    return None if young else os.open(os.devnull, os.O_RDONLY)


def _left(folder: Path) -> Left:
    """The note in `folder`, as far as there is one that can be read: the disk was full, or somebody else wrote it."""
    try:
        with (folder / _ABOUT).open("rb") as file:
            found = json.loads(file.read(_MOST))
        kind = found["kind"] if found["kind"] in KINDS else Left.kind
        left = Left(kind, float(found["began"]), int(found["done"]), int(found["total"]))
        str(left)
        return left
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        with suppress(OSError):
            return Left(began=folder.stat().st_mtime)
        return Left()
