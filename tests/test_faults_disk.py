"""A disk that is full, for real: it is said, nothing is left, and the next try works once there is room."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from clips import CHUNK, models, recipe, waves
from faults import fill, handles, small_disk
from hub_home import WEIGHTS, Client, pinned
from hub_server import Repo, serving
from sounds import click_track, write_sound_file

from vgan import unfinished
from vgan.errors import MediaError, TrainingFailed
from vgan.media.probe import probe
from vgan.registry import Models
from vgan.render import render
from vgan.settings import PROJECT
from vgan.share.cover import write_cover
from vgan.style_files import save_style
from vgan.training import checkpoint
from vgan.ui.folders import new_folder

__all__ = ["models", "waves"]  # fixtures

SHARES: dict[str, dict[str, Any]] = {
    "mp4": {},
    "webm": {"format": "webm"},
    "gif": {"format": "gif"},
    "webp": {"format": "webp"},
    "png": {"format": "png"},
    "gif below a limit": {"format": "gif", "max_mb": 1},
}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk", "8m") as place:
        yield place


def below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.name != "filler"]


@pytest.mark.parametrize("kind", SHARES)
def test_full_in_the_middle_of_a_render(disk: Path, models: Models, waves: None, kind: str) -> None:
    unfinished.keep_aside(disk)
    visit = new_folder(disk)
    asked, out = recipe(seconds=3, short_side=240, **SHARES[kind]), visit / "clip"
    before = handles()

    def progress(done: int, total: int) -> None:
        if done == CHUNK:
            fill(disk)

    for _ in range(2):
        with pytest.raises(MediaError, match=r"^clip: the disk is (full|too full)"):
            render(asked, models, out, progress)
        assert below(disk) == []
        (disk / "filler").unlink()
    assert handles() <= before, "no file stays open"
    clip = render(asked, models, out)
    assert below(disk) == [out]
    assert probe(clip.path).frames > 0


def test_no_room_for_the_sound(disk: Path, models: Models, waves: None, tmp_path: Path) -> None:
    write_sound_file(tmp_path / "clicks.wav", click_track(8.0, (0.25,)))
    asked = recipe(seconds=8).model_copy(update={"sound": recipe_sound(tmp_path / "clicks.wav")})
    fill(disk, leave=900_000)
    with pytest.raises(MediaError, match=r"^clip: the disk is full"):
        render(asked, models, disk / "clip")
    assert below(disk) == []
    (disk / "filler").unlink()
    assert probe(render(asked, models, disk / "clip").path).has_audio


def recipe_sound(music: Path) -> Any:
    return recipe().model_validate({"sound": {"music": str(music)}}).sound


def test_a_limit_of_the_system_on_files(tmp_path: Path) -> None:
    """As `ulimit -f` sets it: the system ends the encoder, or refuses to write, and it is said."""
    asked = tmp_path / "recipe.json"
    asked.write_text('{"source": {"kind": "generate", "seconds": 2}, "share": {"format": "png", "short_side": 480}}')
    code = (
        "import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (300000, 300000));"
        f"sys.argv = ['vgan', 'render', {str(asked)!r}, '-o', {str(tmp_path / 'frames.zip')!r}];"
        "runpy.run_module('vgan', run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert "frames.zip: the file grew larger than this system allows" in done.stderr
    assert below(tmp_path) == [asked]


def test_no_room_for_a_cover_or_a_style(disk: Path, models: Models, waves: None, tmp_path: Path) -> None:
    clip = render(recipe(short_side=480), models, tmp_path / "clip.mp4")
    fill(disk)
    with pytest.raises(MediaError, match=r"^cover\.jpg: the disk is full"):
        write_cover(clip.path, disk / "cover.jpg")
    with pytest.raises(MediaError, match=r"^mine\.safetensors: the disk is full"):
        save_style(disk / "mine.safetensors", torch.zeros(1, 2, 9000), bytes(32))
    assert below(disk) == []
    (disk / "filler").unlink()
    assert write_cover(clip.path, disk / "cover.jpg") == (clip.width, clip.height)


def test_the_older_checkpoint_survives(disk: Path) -> None:
    path = disk / "checkpoint.pt"
    checkpoint.save(path, {"step": 1, "w": torch.ones(100_000)})
    fill(disk, leave=100_000)
    with pytest.raises(TrainingFailed, match=r"checkpoint\.pt: the disk is full\. The last one.*--resume"):
        checkpoint.save(path, {"step": 2, "w": torch.zeros(400_000)})
    assert below(disk) == [path]
    assert checkpoint.load(path)["step"] == 1
    checkpoint.write_weights(disk / "small.safetensors", {"w": torch.ones(10)})
    with pytest.raises(TrainingFailed, match=r"model\.safetensors: the disk is full"):
        checkpoint.write_weights(disk / "model.safetensors", {"w": torch.ones(400_000)})
    assert not (disk / "model.safetensors").exists()
    (disk / "filler").unlink()
    checkpoint.save(path, {"step": 2, "w": torch.zeros(400_000)})
    assert checkpoint.load(path)["step"] == 2


def test_no_room_for_weights_from_the_hub(disk: Path) -> None:
    with serving() as hub:
        hub.repos["a/thing"] = Repo({"model.bin": WEIGHTS})
        client = Client(hub, disk)
        try:
            fill(disk, leave=60_000)
            answer = client.ask(spec=pinned("a/thing"))
            assert answer["error"] == "WeightsError"
            assert "the disk is full. Free space for" in answer["message"]
            assert client.kept("a/thing") == []
            (disk / "filler").unlink()
            answer = client.ask(spec=pinned("a/thing"))
            assert Path(answer["weights"]).read_bytes() == WEIGHTS
        finally:
            client.close()
