"""Processes that are to be hurt, for tests that cause faults for real."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from vgan.settings import PROJECT

SECONDS = 60.0


@contextmanager
def process(code: str, *arguments: object, **environment: str) -> Iterator["subprocess.Popen[str]"]:
    """`python -c code arguments`, from the project's folder, whose tests can be imported; gone at the end."""
    head = f"import sys; sys.path.insert(0, {str(PROJECT / 'tests')!r})\n"
    command = [sys.executable, "-c", head + code, *map(str, arguments)]
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "cwd": PROJECT}
    child = subprocess.Popen(command, env=os.environ | {"OMP_NUM_THREADS": "1"} | environment, **options)  # type: ignore[call-overload]
    try:
        yield child
    finally:
        child.kill()
        child.communicate()


def until(done: Callable[[], object], what: str, seconds: float = SECONDS) -> None:
    """Wait until `done()`; fail, saying `what` did not come, after `seconds`."""
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, f"{what} did not come within {seconds} s"
        time.sleep(0.02)


def encoders(of: int | None = None) -> list[psutil.Process]:
    """The ffmpegs that run below a process, by default this one."""
    found = []
    with suppress(psutil.NoSuchProcess):
        for child in psutil.Process(of).children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                if "ffmpeg" in child.name() and child.status() != psutil.STATUS_ZOMBIE:
                    found.append(child)
    return found


def hurt(number: int = signal.SIGKILL) -> int:
    """Send a signal to every encoder below this process. Returns how many there were."""
    found = encoders()
    for one in found:
        one.send_signal(number)
    return len(found)


def handles() -> int:
    """How many files this process has open."""
    return psutil.Process().num_fds()


@contextmanager
def small_disk(place: Path, size: str) -> Iterator[Path]:
    """A file system of that size at `place`; skips where none may be mounted."""
    place.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("only root may mount a small disk")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def fill(disk: Path, leave: int = 0) -> Path:
    """Write a file until a disk is full, but for `leave` bytes. Returns it."""
    file = disk / "filler"
    with file.open("wb", buffering=0) as filler, suppress(OSError):
        while filler.write(bytes(16384)):
            continue
    if leave:
        os.truncate(file, max(0, file.stat().st_size - leave))
    return file
