"""Trainings told by a stand-in, for tests of the Train tab without a browser."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import untrained

from vgan import own_looks
from vgan.own_looks import Job
from vgan.settings import PROJECT, Settings
from vgan.ui.trainings import Trainings

FAKE = f"import runpy; runpy.run_path({str(PROJECT / 'tests' / 'fake_training.py')!r}, run_name='__main__')"
STEPS = 30
PATIENCE = 30.0


def begin(steps: int = STEPS) -> Callable[..., Job]:
    """As `own_looks.start`, with the stand-in."""

    def start(clips: Any, name: str, options: Any, settings: Settings) -> Job:
        job = own_looks.start(clips, name, options, settings)
        return Job(name, _command(job.folder, settings, name, steps), job.folder)

    return start


def again(steps: int = STEPS) -> Callable[..., Job]:
    """As `own_looks.resume`, with the stand-in."""

    def resume(name: str, settings: Settings, minutes: float | None = None) -> Job:
        job = own_looks.resume(name, settings, minutes)
        return Job(name, (*_command(job.folder, settings, name, steps), "resume"), job.folder)

    return resume


def _command(folder: Path, settings: Settings, name: str, steps: int) -> tuple[str, ...]:
    return (sys.executable, "-c", FAKE, str(folder), str(settings.looks), name, str(steps))


def until(wanted: Callable[[], Any], what: str = "it") -> Any:
    """Wait until `wanted` gives something, and return that."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := wanted():
            return found
        time.sleep(0.05)
    pytest.fail(f"{what} did not come within {PATIENCE:g} s")


def alone(folder: Path) -> Settings:
    """Settings of an app that has all of its places in `folder`, and small looks that were never trained."""
    untrained.write(folder / "weights" / "looks")
    (folder / "clips").mkdir()
    places: dict[str, Any] = {"weights": folder / "weights", "looks": folder / "looks"}
    return Settings(offline=True, device="cpu", outputs=folder / "clips", **places)


def state(trainings: Trainings) -> str:
    now = trainings.now()
    return now.state if now else ""
