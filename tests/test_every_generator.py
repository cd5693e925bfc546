"""Every generator goes through every kind of step, moved by music, and comes out as a file."""

from pathlib import Path
from typing import Any

import pytest
import untrained
from generators import FAMILIES, looks, models
from sounds import click_track, write_sound_file

from vgan.media.probe import probe
from vgan.plan import plan
from vgan.recipe import ATTRIBUTES, Recipe
from vgan.registry import Models
from vgan.render import render
from vgan.sources.generate import GenerateSource
from vgan.sources.known import known

__all__ = ["looks", "models"]  # fixtures
STEPS = [
    {"kind": "stylize", "style": "udnie", "strength": 0.5, "canvas": 144},
    {"kind": "upscale", "factor": 2, "strength": 0.0},
    {"kind": "grade", "brightness": 0.1},
]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Weights of all steps, looks of all families, and music."""
    folder = tmp_path_factory.mktemp("place")
    untrained.write_styles(folder / "weights" / "styles")
    untrained.write_enhancers(folder / "weights", ("upscale-x2",))
    write_sound_file(folder / "clicks.wav", click_track(2.0, (0.25, 0.5, 0.75)))
    return folder


def asked(look: str, place: Path, **share: Any) -> Recipe:
    field = "brightness" if known(look).attributes else "speed"
    drives = [{"field": field, "amount": 0.8}, {"field": "cut", "amount": 1.0}]
    return Recipe.parse(
        {
            "source": {"kind": "generate", "look": look, "seconds": 0.5, "variation": [1, 0, 0, 0, 0, 0]},
            "steps": STEPS,
            "sound": {"music": str(place / "clicks.wav"), "drives": drives},
            "share": {"short_side": 144, "fps": 8, **share},
        }
    )


@pytest.mark.parametrize("family", FAMILIES)
def test_through_every_step_to_a_file(family: str, looks: dict[str, str], place: Path, models: Models) -> None:
    recipe = asked(looks[family], place)
    out = place / f"{family.replace(' ', '-')}.mp4"
    clip = render(recipe, models, out)
    found = probe(out)
    assert (found.width, found.height, found.frames) == (clip.width, clip.height, 4) == (144, 256, 4)
    assert found.has_audio


@pytest.mark.parametrize("family", FAMILIES)
def test_it_is_drawn_as_large_as_was_planned(family: str, looks: dict[str, str], place: Path, models: Models) -> None:
    recipe = asked(looks[family], place, aspect="16:9")
    drawn = next(GenerateSource(recipe, models).chunks())
    width, height = plan(recipe).stages[0].size
    assert drawn.shape[-2:] == (height, width)
    assert set(known(looks[family]).attributes) <= set(ATTRIBUTES)
