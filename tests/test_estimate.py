"""What the page says beside its button before anything was rendered, against files that the shipped weights make."""

from pathlib import Path
from typing import Any

import pytest

from vgan.plan import plan
from vgan.recipe import Recipe
from vgan.registry import Models
from vgan.render import render
from vgan.settings import Settings
from vgan.share.formats import FORMATS
from vgan.share.pace import Pace, Spent

FAR = 2.0  # times too much, or too little


@pytest.fixture(scope="module")
def models() -> Models:
    return Models(Settings(offline=True, device="cpu"))


def asked(look: str = "aurora", style: str = "", **share: Any) -> Recipe:
    source = {"kind": "generate", "look": look, "seconds": 2}
    steps = [{"kind": "stylize", "style": style}] if style else []
    return Recipe.parse({"source": source, "steps": steps, "share": {"short_side": 360, "fps": 24} | share})


def guessed(recipe: Recipe, pace: Pace | None = None) -> int:
    return (pace or Pace()).estimate(recipe, plan(recipe), "cpu").bytes


@pytest.mark.parametrize(
    "recipe",
    [
        asked("aurora"),
        asked("caustics", fps=60),
        asked("marble", short_side=720),
        asked("neon"),
        asked("silk", "great-wave"),
        asked("liquid", "starry-night"),
        asked("marble", "udnie"),
        *(asked("silk", format=name) for name in FORMATS if name != "mp4"),
    ],
    ids=lambda recipe: f"{recipe.source.keys[0].look} {len(recipe.steps)} {recipe.share.format}",
)
def test_first_guess_is_near(recipe: Recipe, models: Models, tmp_path: Path) -> None:
    clip = render(recipe, models, tmp_path / f"clip{FORMATS[recipe.share.format].extension}")
    assert clip.bytes / FAR < guessed(recipe) < clip.bytes * FAR


def test_it_grows_with_frames_rate_and_detail_but_not_in_proportion() -> None:
    small = guessed(asked())
    assert small < guessed(asked(short_side=720)) < 4 * small
    assert small < guessed(asked(fps=48)) < 2 * small
    assert small < guessed(asked("marble"))
    assert guessed(asked(style="mist")) == guessed(asked("marble", "mist")), "paint hides what is under it"


def test_a_style_teaches_nothing_about_the_look_without_it() -> None:
    pace, plain, painted = Pace(), asked("silk"), asked("silk", "mist")
    pace.note(plain, plan(plain), "cpu", Spent(1.0, 1.0, guessed(plain)))
    pace.note(painted, plan(painted), "cpu", Spent(1.0, 1.0, 3 * guessed(painted)))
    assert guessed(plain, pace) == pytest.approx(guessed(plain), rel=0.01)
    assert guessed(painted, pace) == pytest.approx(3 * guessed(painted), rel=0.01)
