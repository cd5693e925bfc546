"""The command line: files made, exit codes, and that a person never sees a traceback for what a person can mend."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from clips import recipe, waves
from typer.testing import CliRunner, Result

from vgan.cli import app
from vgan.media.probe import probe, recipe_of
from vgan.recipe import Recipe

__all__ = ["waves"]  # a fixture

SMALL = {"source": {"kind": "generate", "seconds": 0.5}, "share": {"short_side": 144, "fps": 24}}


def vgan(*arguments: object, stdin: str | None = None) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=stdin)


def write(path: Path, data: object) -> Path:
    path.write_text(json.dumps(data))
    return path


def test_recipe_prints_a_whole_one() -> None:
    assert Recipe.parse(vgan("recipe").stdout) == Recipe()
    assert Recipe.parse(vgan("recipe", "--look", "silk").stdout).source.look == "silk"  # type: ignore[union-attr]


def test_render_from_a_file_and_from_standard_input(tmp_path: Path, waves: None) -> None:
    made = vgan("render", write(tmp_path / "r.json", SMALL), "-o", tmp_path / "a.mp4", "--set", "source.seed=5")
    assert made.exit_code == 0, made.output
    assert "144x256" in made.stdout
    again = vgan(
        "render", "-", "-o", tmp_path / "b.mp4", "--set", "source.seed=5", "--device", "cpu", stdin=json.dumps(SMALL)
    )
    assert again.exit_code == 0, again.output
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()
    assert recipe_of(tmp_path / "a.mp4").source.seed == 5  # type: ignore[union-attr]


def test_a_clip_gives_its_recipe_back(tmp_path: Path, waves: None) -> None:
    vgan("render", write(tmp_path / "r.json", SMALL), "-o", tmp_path / "a.webm")
    printed = vgan("recipe", tmp_path / "a.webm")
    assert Recipe.parse(printed.stdout) == Recipe.parse({**SMALL, "share": {**SMALL["share"], "format": "webm"}})


def test_the_ending_chooses_the_format(tmp_path: Path, waves: None) -> None:
    path = write(tmp_path / "r.json", SMALL)
    assert vgan("render", path, "-o", tmp_path / "a.gif").exit_code == 0
    assert probe(tmp_path / "a.gif").codec == "gif"
    chosen = vgan("render", path, "-o", tmp_path / "b.webp", "--set", "share.format=mp4")
    assert chosen.exit_code == 2
    assert "share.format" in chosen.stderr
    assert not (tmp_path / "b.webp").exists()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"sauce": 1}, ["sauce", "Allowed here"]),
        ({"source": {"kind": "generate", "seconds": 1e6}}, ["source.seconds", "60", "1000000"]),
        ({"source": {"kind": "generate", "look": "../aurora"}}, ["../aurora", "Allowed"]),
        ({"source": {"kind": "generate", "look": "nonesuch"}}, ["nonesuch", "Known"]),
        ({"source": {"kind": "generate", "hue": float("nan")}}, ["source.hue", "nan"]),
        ({"share": {"short_side": 100_000}}, ["share.short_side", "2160", "100000"]),
        ({"source": {"kind": "upload", "path": "none.mp4"}}, ["source.path", "none.mp4"]),
        ([1], ["recipe"]),
    ],
)
def test_bad_recipes_are_refused(tmp_path: Path, data: object, words: list[str]) -> None:
    refused = vgan("render", write(tmp_path / "r.json", data), "-o", tmp_path / "a.mp4")
    assert refused.exit_code == 2
    for word in words:
        assert word in refused.stderr, refused.stderr
    assert "Traceback" not in refused.output
    assert [path.name for path in tmp_path.iterdir()] == ["r.json"]


def test_other_bad_usage(tmp_path: Path, waves: None) -> None:
    path = write(tmp_path / "r.json", SMALL)
    (tmp_path / "long.json").write_text(" " * (2 << 20))
    (tmp_path / "bytes.json").write_bytes(os.urandom(100) + b"\xff")
    for code, arguments in {
        (2, ("render", tmp_path / "none.json", "-o", tmp_path / "a.mp4")): "none.json",
        (2, ("render", tmp_path, "-o", tmp_path / "a.mp4")): "cannot be read",
        (2, ("render", tmp_path / "long.json", "-o", tmp_path / "a.mp4")): "too long",
        (2, ("render", tmp_path / "bytes.json", "-o", tmp_path / "a.mp4")): "not JSON",
        (2, ("render", path)): "--out",
        (2, ("render", path, "-o", tmp_path / "a.mp4", "--set", "share.fbs=3")): "share.fbs",
        (2, ("render", path, "-o", tmp_path / "a.mp4", "--device", "abacus")): "abacus",
        (2, ("nonsense",)): "nonsense",
        (1, ("render", path, "-o", tmp_path / "missing" / "a.mp4")): "there is no folder",
        (1, ("recipe", tmp_path / "none.mp4")): "none.mp4",
    }:
        ended = vgan(*arguments)
        assert ended.exit_code == code, ended.output
        assert "Traceback" not in ended.output


def test_no_traceback_from_the_real_program(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "vgan", "render", "-", "-o", str(tmp_path / "a.mp4")]
    ended = subprocess.run(command, input='{"share": {"fps": NaN}}', capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert ended.stderr.startswith("share.fps: ")
    assert "Traceback" not in ended.stderr
    assert not list(tmp_path.iterdir())


STOPPED = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs begin with it ignored
sys.path.insert(0, "tests")
from clips import Waves
from vgan import sources
from vgan.cli import app
sources.SOURCES["generate"] = Waves
app(["render", "-", "-o", sys.argv[1]])
"""


def test_ctrl_c_leaves_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-c", STOPPED, str(tmp_path / "clip.mp4")]
    long = recipe(seconds=60, short_side=480, fps=60).to_json()
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as running:
        assert running.stdin
        running.stdin.write(long)
        running.stdin.close()
        running.stdin = None
        while not any(path.stat().st_size for path in tmp_path.iterdir()):
            assert running.poll() is None
            time.sleep(0.05)
        os.killpg(running.pid, signal.SIGINT)  # as a terminal does: to ffmpeg as well
        _, said = running.communicate(timeout=60)
    assert running.returncode == 130, said
    assert "Traceback" not in said
    assert not list(tmp_path.iterdir())
