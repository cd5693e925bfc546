"""Trainings beside the app, without its page: what they are told, what they refuse, what becomes of a name."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from films import drifting, write_film
from train_app import again, alone, begin, state, until

from vgan import own_looks
from vgan.errors import MediaError, RecipeError
from vgan.own_looks import Options
from vgan.settings import Settings
from vgan.ui.trainings import FOOTAGE, MOST_CLIPS, Given, Trainings, slug_of

EVERYTHING = Options(minutes=5)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return alone(tmp_path)


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """A second of 192 x 144 at 20 frames."""
    return write_film(tmp_path / "My river.mp4", drifting(20))


def test_a_process_that_says_nothing_has_failed_too(settings: Settings, clip: Path) -> None:
    def broken(clips: Any, name: str, options: Options, settings: Settings) -> Any:
        job = begin()(clips, name, options, settings)
        return own_looks.Job(name, (job.command[0], "-c", "raise SystemExit('no room on the disk')"), job.folder)

    trainings = Trainings(settings, broken, again())
    trainings.start([Given(clip)], "river", EVERYTHING)
    until(lambda: state(trainings) == "failed", "the failure")
    now = trainings.now()
    assert now
    assert "no room" in now.progress.error
    assert not now.resumable
    trainings.discard("river")
    assert trainings.now() is None
    assert not list((settings.looks / FOOTAGE).iterdir())


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Camp Fire!", "camp-fire"),
        ("../../etc", "etc"),
        ("Ärger im Wald", "arger-im-wald"),
        ("河流", ""),
        ("--", ""),
        ("a" * 90, "a" * 40),
        ("\x00<script>", "script"),
    ],
)
def test_any_text_becomes_a_name(text: str, name: str) -> None:
    assert slug_of(text) == name


def test_a_public_app_trains_nothing(settings: Settings, clip: Path) -> None:
    public = replace(settings, public=True)
    trainings = Trainings(public, begin(), again())
    for act in (
        lambda: trainings.start([Given(clip)], "river", EVERYTHING),
        lambda: trainings.resume("river"),
        trainings.pause,
        lambda: trainings.discard("river"),
        lambda: trainings.rename("my:river", "x"),
        lambda: trainings.remove("my:river"),
    ):
        with pytest.raises(RecipeError, match="your own"):
            act()
    assert not settings.looks.exists()


def test_no_room_is_said(settings: Settings, clip: Path, tmp_path: Path) -> None:
    (tmp_path / "looks").write_text("a file where the folder should be")
    with pytest.raises(MediaError, match="VGAN_LOOKS"):
        Trainings(settings, begin(), again()).start([Given(clip)], "river", EVERYTHING)


def test_too_many_clips_are_refused(settings: Settings, clip: Path) -> None:
    with pytest.raises(RecipeError, match=str(MOST_CLIPS)):
        Trainings(settings, begin(), again()).start([Given(clip)] * (MOST_CLIPS + 1), "river", EVERYTHING)
