"""The encoder dies, hangs, is not there or writes nonsense: one more try where that may help, then a plain word."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from clips import CHUNK, models, recipe, waves
from faults import encoders, handles, hurt, until

from vgan.errors import Cancelled, EncoderDied, MediaError
from vgan.media import pipe
from vgan.media.probe import probe
from vgan.registry import Models
from vgan.render import render
from vgan.runtime import Runtime
from vgan.settings import PROJECT
from vgan.share import formats

__all__ = ["models", "waves"]  # fixtures

PIPED = ["mp4", "webm", "webp"]


def hurting(number: int, times: int) -> Callable[[int, int], None]:
    """A progress that sends a signal to the encoder, `times` in all, once it has begun."""
    left = times

    def progress(done: int, total: int) -> None:
        nonlocal left
        if left and done == CHUNK:
            assert hurt(number), "no encoder runs"
            left -= 1

    return progress


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
@pytest.mark.parametrize("file_format", PIPED)
def test_a_dead_encoder_is_replaced_once(
    tmp_path: Path, models: Models, waves: None, caplog: pytest.LogCaptureFixture, file_format: str, number: int
) -> None:
    asked, out = recipe(seconds=3, format=file_format), tmp_path / "clip"
    with caplog.at_level(logging.WARNING):
        clip = render(asked, models, out, hurting(number, 1))
    assert f"ffmpeg was ended by {signal.Signals(number).name} in the middle" in caplog.text
    assert clip.frames == probe(out).frames == 72
    assert [path.name for path in tmp_path.iterdir()] == ["clip"]


def test_one_that_dies_twice_is_given_up(tmp_path: Path, models: Models, waves: None) -> None:
    (tmp_path / "clip").write_text("an older clip")
    before = handles()
    with pytest.raises(EncoderDied, match=r"^clip: ffmpeg was ended by SIGKILL in the middle\. Try again"):
        render(recipe(seconds=3), models, tmp_path / "clip", hurting(signal.SIGKILL, 2))
    assert [path.name for path in tmp_path.iterdir()] == ["clip"]
    assert (tmp_path / "clip").read_text() == "an older clip"
    assert handles() <= before
    assert render(recipe(), models, tmp_path / "clip").frames == 24


def test_one_that_hangs_is_not_waited_for(
    tmp_path: Path, models: Models, waves: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipe, "PATIENCE", 0.3)
    with pytest.raises(EncoderDied, match="clip: ffmpeg did not get on any more, and was ended"):
        render(recipe(seconds=20, short_side=480), models, tmp_path / "clip", hurting(signal.SIGSTOP, 2))
    assert encoders() == []
    assert list(tmp_path.iterdir()) == []


def test_one_that_hangs_at_the_end_too(
    tmp_path: Path, models: Models, waves: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipe, "PATIENCE", 0.3)

    def progress(done: int, total: int) -> None:
        if done == total:
            hurt(signal.SIGSTOP)

    with pytest.raises(EncoderDied, match="did not get on"):
        render(recipe(), models, tmp_path / "clip", progress)
    assert encoders() == []
    assert list(tmp_path.iterdir()) == []


def test_a_render_is_cancelled_while_its_encoder_hangs(tmp_path: Path, models: Models, waves: None) -> None:
    stopped, asked, ended = threading.Event(), threading.Event(), []

    def progress(done: int, total: int) -> None:
        if not stopped.is_set() and hurt(signal.SIGSTOP):
            stopped.set()

    def work() -> None:
        try:
            render(recipe(seconds=20, short_side=480), models, tmp_path / "clip", progress, asked.is_set)
        except Cancelled as error:
            ended.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    until(stopped.is_set, "the encoder")
    time.sleep(0.3)
    assert thread.is_alive()
    asked.set()
    thread.join(timeout=5)
    assert ended, "it waits for an encoder that stands still"
    assert list(tmp_path.iterdir()) == []


def test_no_encoder(tmp_path: Path, models: Models, waves: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipe, "FFMPEG_BINARY", "/nowhere/ffmpeg")
    with pytest.raises(MediaError, match=r"clip: the encoder, ffmpeg, cannot be run: /nowhere/ffmpeg .*pip install"):
        render(recipe(), models, tmp_path / "clip")
    assert list(tmp_path.iterdir()) == []
    assert render(recipe(format="gif"), models, tmp_path / "clip.gif").frames == 24, "this one needs none"


def test_a_named_encoder_that_is_not_there(tmp_path: Path) -> None:
    asked = tmp_path / "recipe.json"
    asked.write_text('{"source": {"kind": "generate", "seconds": 0.5}, "share": {"short_side": 144}}')
    command = [sys.executable, "-m", "vgan", "render", str(asked), "-o", str(tmp_path / "clip.mp4")]
    environment = os.environ | {"FFMPEG_BINARY": "/nowhere/ffmpeg"}
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "the encoder, ffmpeg, was not found" in done.stderr
    assert "FFMPEG_BINARY" in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["recipe.json"]


def fake(folder: Path, script: str) -> str:
    """An ffmpeg that does as `script` says. `$out` is the file that it is to write."""
    program = folder / "ffmpeg"
    program.write_text(f'#!/bin/sh\nfor out; do :; done\nout="${{out#file:}}"\n{script}\n')
    program.chmod(0o755)
    return str(program)


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ('cat > /dev/null; echo nonsense > "$out"', r"clip: "),
        ('cat > /dev/null; : > "$out"', r"clip: "),
        ("cat > /dev/null", r"clip: "),
        ("echo one >&2; echo two >&2; cat > /dev/null; exit 3", r"could not write the file: one / two$"),
        ("exit 7", r"status 7 and no word"),
        ("exit 0", r"status 0 and no word"),
        ("yes moan | head -c 300000 >&2; cat > /dev/null; exit 1", r"could not write the file: moan / moan / moan$"),
    ],
    ids=["garbage", "empty", "nothing", "words", "no-word", "gone-happily", "much-to-say"],
)
def test_an_encoder_that_writes_nonsense_is_not_believed(
    tmp_path: Path, models: Models, waves: None, monkeypatch: pytest.MonkeyPatch, script: str, said: str
) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "clips").mkdir()
    monkeypatch.setattr(pipe, "FFMPEG_BINARY", fake(tmp_path / "bin", script))
    monkeypatch.setattr(pipe, "PATIENCE", 5)
    with pytest.raises(MediaError, match=said) as raised:
        render(recipe(seconds=2), models, tmp_path / "clips" / "clip")
    assert str(raised.value).startswith("clip: ")
    assert list((tmp_path / "clips").iterdir()) == []


def test_hardware_that_fails_gives_way_to_software(
    tmp_path: Path, models: Models, waves: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    true = pipe.FFMPEG_BINARY
    busy = 'case "$*" in *nvenc*) echo "OpenEncodeSessionEx failed: incompatible client key (21)" >&2; exit 1;; esac'
    monkeypatch.setattr(pipe, "FFMPEG_BINARY", fake(tmp_path, f'{busy}\nexec {true} "$@"'))
    monkeypatch.setattr(formats, "nvenc_works", lambda: True)
    models.runtime = Runtime(torch.device("cuda"), torch.float32)  # `Waves` draws without it
    with caplog.at_level(logging.WARNING):
        clip = render(recipe(), models, tmp_path / "clip.mp4")
    assert probe(clip.path).codec == "h264"
    assert "OpenEncodeSessionEx failed" in caplog.text
