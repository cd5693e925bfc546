"""A training of a video family that is killed goes on where its last checkpoint was, and ends as one never killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from resumes import assert_same
from video_folders import write_clips

from vgan.training import checkpoint

ROOT = Path(__file__).resolve().parent.parent
CODE = """
import sys
sys.path.insert(0, "tests")
from tiny_family import TINY
from vgan.models.video_families import VIDEO_FAMILIES
from vgan.training import run
VIDEO_FAMILIES["tiny"] = TINY
run.EVERY = 5
from vgan.training.cli import program
program(sys.argv[1:])
"""
STEPS = 60
OPTIONS = ["--steps", str(STEPS), "--augment", "ada", "--loss", "hinge", "--schedule", "cosine", "--warm-up", "10"]
OPTIONS += ["--clip", "1", "--watch", "10", "--batch", "4", "--width", "4", "--latent", "4", "--motion", "2"]


def start(data: Path, out: Path, *more: str) -> subprocess.Popen[str]:
    """A child that trains; with a checkpoint after every step, so that it is often killed while it writes one."""
    asked = ["family", "tiny", "--data", str(data), "--out", str(out), "--device", "cpu", "--keep-minutes", "0"]
    return subprocess.Popen(
        [sys.executable, "-c", CODE, *asked, *OPTIONS, *more],
        cwd=ROOT,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        stderr=subprocess.PIPE,
        text=True,
    )


def end(child: subprocess.Popen[str]) -> None:
    _, told = child.communicate(timeout=120)
    assert child.returncode == 0, told[-3000:]


def test_killed_and_resumed_is_never_killed(tmp_path: Path) -> None:
    write_clips(tmp_path / "data")
    whole, killed = start(tmp_path / "data", tmp_path / "whole"), 0
    end(whole)
    for wanted in (2, 25):
        child = start(tmp_path / "data", tmp_path / "killed", "--resume")
        try:
            killed += kill_after(child, tmp_path / "killed", wanted)
        finally:
            child.kill()
            child.communicate()
    assert killed == 2
    end(start(tmp_path / "data", tmp_path / "killed", "--resume"))
    one, two = (checkpoint.load(tmp_path / name / "checkpoint.pt") for name in ("whole", "killed"))
    assert one["step"] == two["step"] == STEPS
    assert_same({**one, "seconds": 0}, {**two, "seconds": 0}, "state")
    assert "probability" in one  # what ADA has come to is part of the run
    weights = [(tmp_path / name / "export" / "model.safetensors").read_bytes() for name in ("whole", "killed")]
    assert weights[0] == weights[1]
    rows = [(tmp_path / name / "log.csv").read_text().splitlines() for name in ("whole", "killed")]
    steps = [row.split(",")[0] for row in rows[1][1:]]
    assert steps == sorted(set(steps), key=int)
    assert rows[0][0] == rows[1][0]


def kill_after(child: subprocess.Popen[str], out: Path, step: int) -> bool:
    """Whether the child was killed, by SIGKILL, at some moment after that step's sample sheet was there."""
    began = time.monotonic()
    while time.monotonic() - began < 120 and child.poll() is None:
        if any(int(sheet.stem.split("-")[1]) >= step for sheet in out.glob("sheet-*.png")):
            child.send_signal(signal.SIGKILL)
            return child.wait() == -signal.SIGKILL
        time.sleep(0.005)
    return False


def test_a_checkpoint_of_another_network_is_refused(tmp_path: Path) -> None:
    write_clips(tmp_path / "data")
    end(start(tmp_path / "data", tmp_path / "out", "--steps", "1"))
    again = start(tmp_path / "data", tmp_path / "out", "--resume", "--width", "8")
    _, told = again.communicate(timeout=100)
    assert again.returncode == 2
    assert "resume: the checkpoint is of Tiny" in told
    assert "Traceback" not in told
