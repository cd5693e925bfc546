"""Several processes train as one with the larger batch: every family in a team of two, and one with the real launcher;
and what is launched wrongly is told."""

import functools
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch import Tensor
from video_folders import write_clips

from vgan.errors import RecipeError
from vgan.models.video_families import VIDEO_FAMILIES
from vgan.training import checkpoint, parallel
from vgan.training.video.clips import read_clips
from vgan.training.video.params import FamilyTraining
from vgan.training.video.trainer import FamilyTrainer

ROOT = Path(__file__).resolve().parent.parent
STEPS, BATCH = 12, 8
SMALL = {"width": 8, "latent": 8, "motion": 4}
# Steps. At full rates the difference of one rounding becomes ten times as large with every step, in `loop` soonest.
WARM_UP = 100
SLOWER = {"loop": 1000, "videogan": 400, "mocogan": 400}


def train_all(team: parallel.Team, folder: Path) -> None:
    """Every family, a dozen steps of `BATCH` clips between all members, in float32."""
    torch.set_num_threads(1)
    clips = read_clips(folder)
    for name, family in VIDEO_FAMILIES.items():
        asked = {"batch": BATCH // team.size, "precision": "float32", "watch": 0, "warm_up": SLOWER.get(name, WARM_UP)}
        model = family.params(clips.names, side=clips.side, frames=clips.length, **SMALL)
        trainer = FamilyTrainer(FamilyTraining.of(family, **asked), model, family, clips, torch.device("cpu"), team)
        for step in range(STEPS):
            trainer.progress = step / STEPS
            trainer.step()
        if team.rank == 0:
            checkpoint.save(folder / f"{name}-{team.size}.pt", trainer.state())


def weights(path: Path) -> dict[str, Tensor]:
    state = checkpoint.load(path)
    return {f"{part}.{name}": value.float() for part in ("G", "D", "G_ema") for name, value in state[part].items()}


def assert_near(one: Path, two: Path) -> None:
    alone, team = weights(one), weights(two)
    assert alone.keys() == team.keys()
    off = {name: (value - team[name]).abs().max().item() for name, value in alone.items()}
    assert max(off.values()) <= 1e-5, {name: gap for name, gap in off.items() if gap > 1e-5}


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clips")
    write_clips(folder)
    for size in (1, 2):
        parallel.run(size, functools.partial(train_all, folder=folder))
    return folder


@pytest.mark.parametrize("family", VIDEO_FAMILIES)
def test_a_team_of_two_is_one_with_the_doubled_batch(trained: Path, family: str) -> None:
    assert_near(trained / f"{family}-1.pt", trained / f"{family}-2.pt")


def test_two_processes_of_the_launcher_are_one_with_the_doubled_batch(tmp_path: Path) -> None:
    """Image and video critics, batch normalisation in all of them, and the command line."""
    write_clips(tmp_path / "data")
    launch = ["accelerate.commands.launch", "--multi_gpu", "--num_processes", "2", "--num_machines", "1"]
    launch += ["--mixed_precision", "no", "--dynamo_backend", "no", "--main_process_port", "0", "-m"]
    asked = ["vgan", "train", "family", "mocogan", "--data", str(tmp_path / "data"), "--steps", str(STEPS)]
    asked += ["--precision", "float32", "--device", "cpu", "--watch", "0", "--warm-up", str(SLOWER["mocogan"])]
    asked += [part for name, size in SMALL.items() for part in (f"--{name}", str(size))]
    for out, program, batch in (("one", [], BATCH), ("two", launch, BATCH // 2)):
        done = subprocess.run(
            [sys.executable, "-m", *program, *asked, "--batch", str(batch), "--out", str(tmp_path / out)],
            cwd=ROOT,
            env=os.environ | {"OMP_NUM_THREADS": "1"},
            capture_output=True,
            text=True,
            timeout=220,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
    assert_near(tmp_path / "one" / "checkpoint.pt", tmp_path / "two" / "checkpoint.pt")
    assert (tmp_path / "two" / "export" / "model.safetensors").is_file()


def test_one_process_that_should_be_two_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """What `accelerate launch --cpu --num_processes 2` leaves in the environment of the one process that it starts."""
    monkeypatch.setenv("ACCELERATE_USE_CPU", "True")
    monkeypatch.setenv("MASTER_ADDR", "127.0.0.1")
    with pytest.raises(RecipeError, match="--multi_gpu --num_processes 2"):
        parallel.launched(on_cpu=True)


def test_alone_there_is_no_team(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("WORLD_SIZE", "MASTER_ADDR", "ACCELERATE_USE_CPU"):
        monkeypatch.delenv(name, raising=False)
    assert parallel.launched(on_cpu=True) is None
