"""Renders that wait and go on: in the job, in the shelf of those that wait, and whole, against one in one go."""

import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import untrained

from vgan.errors import Cancelled
from vgan.media import reader
from vgan.recipe import Recipe
from vgan.registry import Models
from vgan.settings import Settings
from vgan.ui import services
from vgan.ui.jobs import Job, Paused, Progress
from vgan.ui.line import Visitor
from vgan.ui.parked import Parked
from vgan.ui.services import Made, Studio

CLIP: dict[str, Any] = {
    "source": {"kind": "generate", "seconds": 12},  # longer than the time between two looks at how far it is
    "share": {"short_side": 144, "fps": 24, "aspect": "1:1"},
}


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    untrained.write(tmp_path / "weights" / "looks")
    settings = Settings(offline=True, device="cpu", weights=tmp_path / "weights", outputs=tmp_path / "clips")
    settings.outputs.mkdir()
    return Studio(Models(settings), settings)


def counting(report: Any, cancelled: Any) -> int:
    """Work that counts to a hundred, slowly enough to be paused on the way."""
    for done in range(1, 101):
        report(done, 100)
        time.sleep(0.005)
    return 100


def read_until(job: Job[Any], enough: int) -> None:
    """Follow a job until it has done so much, then pause it and read on to its end."""
    for step in job.updates(every=0.001):
        if step.done >= enough:
            job.pause()


def render_a_part(studio: Studio, visit: str, recipe: Recipe) -> None:
    """Render until the first frames are written, then pause."""
    for step in studio.render(visit, recipe, keep=True):
        if isinstance(step, Progress) and step.done:
            studio.pause(visit)


def test_paused_job_waits_and_goes_on() -> None:
    job = Job(counting)
    with pytest.raises(Paused) as caught:
        read_until(job, 10)
    assert job.paused
    assert 10 <= caught.value.done < 100
    job.resume()
    steps = list(job.updates(every=0.001))
    assert steps[-1].done <= 100
    assert job.result == 100


def test_reader_that_goes_away_pauses_a_job_that_is_kept() -> None:
    job = Job(counting, keep=True)
    updates = job.updates()
    next(updates)
    updates.close()  # type: ignore[attr-defined]
    assert job.paused
    job.stop()
    assert not job.paused


def test_only_so_many_wait_and_not_for_ever() -> None:
    shelf = Parked(most=1, seconds=0.2)
    gone, stays = threading.Event(), Job(counting, keep=True)

    def noticed(report: Any, cancelled: Any) -> None:
        try:
            counting(report, cancelled)
        except Cancelled:
            gone.set()
            raise

    first = Job(noticed, keep=True)
    for job, key in ((first, "one"), (stays, "other")):
        job.pause()
        shelf.put(key, job)
    assert gone.wait(10), "the older one must make room"
    assert "one" not in shelf
    deadline = time.monotonic() + 10
    while "other" in shelf and time.monotonic() < deadline:
        time.sleep(0.02)
    assert shelf.take("other") is None


def test_same_recipe_goes_on_where_it_was_and_gives_the_same_frames(studio: Studio) -> None:
    recipe = Recipe.parse(CLIP)
    with pytest.raises(Paused):
        render_a_part(studio, "first", recipe)
    assert studio.waits(recipe)
    *_, made = studio.render("second", recipe, keep=True)
    assert not studio.waits(recipe)
    assert isinstance(made, Made)
    assert made.clip.frames == 288
    assert made in studio.made("second")
    assert made.clip.path.parent == studio._visit("second").folder
    *_, whole = studio.render("third", recipe)
    assert isinstance(whole, Made)
    for one, other in zip(reader.frames(made.clip.path), reader.frames(whole.clip.path), strict=True):
        assert np.array_equal(one[1], other[1])


def test_discarded_render_leaves_nothing(studio: Studio) -> None:
    recipe = Recipe.parse(CLIP)
    with pytest.raises(Paused):
        render_a_part(studio, "visit", recipe)
    folder = studio._visit("visit").folder
    assert folder is not None
    studio.discard(recipe)
    assert not studio.waits(recipe)
    deadline = time.monotonic() + 10
    while any(folder.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not any(folder.iterdir())


def test_a_stranger_neither_gets_nor_ends_it(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    recipe, who = Recipe.parse(CLIP), "one"
    monkeypatch.setattr(services, "asking", lambda settings, page="": Visitor(who, page))
    with pytest.raises(Paused):
        render_a_part(studio, "mine", recipe)
    who = "another"
    assert not studio.waits(recipe)
    studio.discard(recipe)
    who = "one"
    assert studio.waits(recipe)
    studio.discard(recipe)
    assert not studio.waits(recipe)
