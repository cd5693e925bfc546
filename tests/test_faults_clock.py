"""The clock jumps, by hours and days, either way: nothing of an open page is deleted, nothing counts wrongly."""

import os
import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from clips import models, recipe, waves

from vgan import unfinished
from vgan.ages import age
from vgan.registry import Models
from vgan.settings import Settings
from vgan.ui.arrivals import sweep_uploads
from vgan.ui.folders import new_folder, sweep
from vgan.ui.jobs import Job, Progress
from vgan.ui.parked import Parked
from vgan.ui.services import Studio
from vgan.ui.visits import Made

__all__ = ["models", "waves"]  # fixtures
DAY = 86_400.0
JUMPS = [3 * 3600.0, 30 * DAY, -3 * 3600.0, -30 * DAY]
TRUE = time.time


@pytest.fixture
def jump(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Set the clock of this process ahead or back, by seconds."""
    return lambda seconds: monkeypatch.setattr(time, "time", lambda: TRUE() + seconds)


def written(path: Path) -> Path:
    """A file that is written now, by the clock as it is set."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("mine")
    for each in (path, path.parent):
        os.utime(each, (time.time(), time.time()))
    return path


@pytest.mark.parametrize("seconds", JUMPS)
def test_nothing_is_older_than_it_is(jump: Callable[[float], None], seconds: float) -> None:
    before = time.time()
    jump(seconds)
    assert age(before) < 60
    assert age(time.time()) < 60
    assert age(before - 2 * DAY) < 2 * DAY + 60


@pytest.mark.parametrize("seconds", JUMPS)
def test_clips_and_uploads_of_today_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jump: Callable[[float], None], seconds: float
) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "uploads"))
    outputs = tmp_path / "outputs"
    files = [written(new_folder(outputs) / "clip.mp4"), written(tmp_path / "uploads" / "one" / "in.mp4")]
    jump(seconds)
    files += [written(new_folder(outputs) / "clip.mp4"), written(tmp_path / "uploads" / "two" / "in.mp4")]
    assert (sweep(outputs, DAY), sweep_uploads(DAY)) == (0, 0)
    assert all(file.is_file() for file in files)


def test_what_is_really_old_goes_once_the_clock_is_right(tmp_path: Path) -> None:
    folder = new_folder(tmp_path)
    for path in (written(folder / "clip.mp4"), folder):
        os.utime(path, (time.time() - 2 * DAY, time.time() - 2 * DAY))
    assert sweep(tmp_path, DAY, alive=[folder]) == 0, "its page is open"
    assert sweep(tmp_path, DAY) == 1
    assert not folder.exists()


def test_what_is_being_made_is_not_swept(tmp_path: Path, jump: Callable[[float], None]) -> None:
    with unfinished.unfinished(tmp_path / "clip.mp4") as part:
        part.path.write_text("half")
        for seconds in JUMPS:
            jump(seconds)
            assert unfinished.sweep(tmp_path) == []
        part.finish()
    assert [path.name for path in tmp_path.iterdir()] == ["clip.mp4"]


def test_a_render_counts_on(models: Models, waves: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(1)
    monkeypatch.setattr(time, "time", lambda: TRUE() + rng.uniform(-30 * DAY, 30 * DAY))
    studio = Studio(models, Settings(offline=True, device="cpu", outputs=tmp_path))
    first = None
    for _ in range(2):
        for step in studio.render("visit", recipe(seconds=4)):
            if isinstance(step, Progress):
                assert 0 <= step.done <= step.total
                assert step.left is None or 0 <= step.left < 600
            else:
                assert isinstance(step, Made)
                first = first or step
    assert first
    assert first.clip.path.is_file(), "the second render sweeps, and the page is open"
    assert 0 < studio.estimate(recipe(seconds=4)).seconds < 600


@pytest.mark.parametrize("seconds", JUMPS)
def test_what_waits_goes_on_waiting(jump: Callable[[float], None], seconds: float) -> None:
    def work(report: Callable[[int, int], None], stopped: Callable[[], bool]) -> str:
        for done in range(1, 100):
            report(done, 100)
            time.sleep(0.005)
        return "done"

    job, parked = Job(work, keep=True), Parked()
    job.pause()
    parked.put("key", job)
    jump(seconds)
    time.sleep(0.05)
    assert "key" in parked
    again = parked.take("key")
    assert again is job
    for step in again.updates(0.01):
        assert step.left is None or 0 <= step.left < 60
    assert again.result == "done"
