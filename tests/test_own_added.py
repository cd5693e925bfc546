"""An export becomes a look of one's own: checked first, played afterwards, nothing left of what was refused."""

import json
import shutil
from dataclasses import asdict
from pathlib import Path

import pytest
import torch
from typer.testing import CliRunner

from vgan.cli import app
from vgan.errors import RecipeError, WeightsError
from vgan.models.video_families import VIDEO_FAMILIES
from vgan.own_looks.added import add
from vgan.recipe import Generate, Recipe, Share
from vgan.registry import Models
from vgan.render import render
from vgan.settings import Settings
from vgan.training.checkpoint import export


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("VGAN_LOOKS", str(tmp_path / "looks"))
    return Settings(device="cpu")


def exported(folder: Path, family: str) -> Path:
    """An export of a small network of `family` that was never trained."""
    torch.manual_seed(0)
    row = VIDEO_FAMILIES[family]
    params = row.params(labels=("a", "b"), side=16, frames=4, latent=12, motion=4, width=8)
    export(folder, row.generator(params).state_dict(), {"family": family, "params": asdict(params)})
    return folder


@pytest.mark.parametrize("family", VIDEO_FAMILIES)
def test_every_family_is_taken_and_plays(family: str, settings: Settings, tmp_path: Path) -> None:
    look = add(exported(tmp_path / "export", family), "garden", settings)
    assert look.name == "my:garden"
    recipe = Recipe(
        source=Generate(look="my:garden", seconds=0.5), share=Share(aspect="1:1", short_side=144, fps=8, format="gif")
    )
    assert render(recipe, Models(settings), tmp_path / "clip.gif").path.stat().st_size > 0


def spoil_weights(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(b"no")


def spoil_family(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"family": "tgan"}))


def spoil_config(folder: Path) -> None:
    (folder / "config.json").unlink()


@pytest.mark.parametrize("spoil", [spoil_weights, spoil_family, spoil_config])
def test_what_is_no_look_is_refused(spoil, settings: Settings, tmp_path: Path) -> None:
    folder = exported(tmp_path / "export", "framegan")
    spoil(folder)
    with pytest.raises(WeightsError):
        add(folder, "garden", settings)
    assert not settings.looks.exists() or not list(settings.looks.iterdir())


@pytest.mark.parametrize("name", ["../away", "Big", "aurora", "", "a" * 50])
def test_names_that_none_may_have(name: str, settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match=r"^name: "):
        add(exported(tmp_path / "export", "framegan"), name, settings)


def test_the_commands(settings: Settings, tmp_path: Path) -> None:
    folder, run = exported(tmp_path / "export", "framegan"), CliRunner().invoke
    assert run(app, ["own", "add", str(folder), "garden"]).exit_code == 0
    again = run(app, ["own", "add", str(folder), "garden"])
    assert (again.exit_code, "taken" in again.output) == (2, True)
    shutil.rmtree(folder)
    assert "my:garden" in run(app, ["own", "list"]).output
    assert run(app, ["own", "remove", "garden"]).exit_code == 0
    assert run(app, ["own", "list"]).output == ""
    assert run(app, ["own", "remove", "garden"]).exit_code == 2
