"""The one road: what comes out, that it is the same twice, and that failures leave nothing behind."""

import os
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from clips import Bars, Failing, Waves, models, recipe, waves
from PIL import Image, ImageSequence

from vgan import sources
from vgan.errors import Cancelled, MediaError, RecipeError
from vgan.media.probe import probe, recipe_of
from vgan.media.writer import resize
from vgan.recipe import Recipe
from vgan.registry import Models
from vgan.render import encode_only, estimate, generate_only, render
from vgan.share.formats import FORMATS, Weight
from vgan.share.pace import Pace
from vgan.tensors import to_frames

__all__ = ["models", "waves"]  # fixtures

CODECS = {"mp4": "h264", "webm": "vp9", "gif": "gif", "webp": "webp", "png": "png"}


def frames_of(path: Path, file_format: str) -> np.ndarray:
    """All frames of a finished file, uint8 (n, H, W, 3), YUV read by the matrix of HD."""
    if file_format == "png":
        with zipfile.ZipFile(path) as file:
            names = sorted(name for name in file.namelist() if name.endswith(".png"))
            return np.stack([np.asarray(Image.open(file.open(name))) for name in names])
    if file_format in ("gif", "webp"):
        with Image.open(path) as picture:
            return np.stack([np.asarray(frame.convert("RGB")) for frame in ImageSequence.Iterator(picture)])
    with av.open(str(path)) as file:
        hd = {"src_colorspace": "itu709", "dst_colorspace": "itu709"}
        return np.stack([frame.to_ndarray(format="rgb24", **hd) for frame in file.decode(video=0)])


@pytest.mark.parametrize("aspect", ["9:16", "16:9"])
@pytest.mark.parametrize("file_format", FORMATS)
def test_every_format_is_what_was_asked(
    tmp_path: Path, models: Models, waves: None, file_format: str, aspect: str
) -> None:
    asked = recipe(format=file_format, aspect=aspect)
    out = tmp_path / f"clip{FORMATS[file_format].extension}"
    seen: list[tuple[int, int]] = []
    clip = render(asked, models, out, on_progress=lambda done, total: seen.append((done, total)))

    info = probe(out)
    assert (info.width, info.height) == asked.share.size() == (clip.width, clip.height)
    assert info.frames == clip.frames == asked.frame_count == 24
    assert info.codec == CODECS[file_format]
    assert not info.has_audio
    assert info.bytes == clip.bytes == out.stat().st_size
    if file_format != "png":
        assert info.seconds == pytest.approx(1.0, abs=0.03)
        assert info.fps == pytest.approx(24, rel=0.05)
    assert seen[-1] == (24, 24)
    assert seen == sorted(seen)
    assert recipe_of(out) == asked
    assert [path.name for path in tmp_path.iterdir()] == [out.name]


@pytest.mark.parametrize("file_format", FORMATS)
def test_frames_are_those_of_the_source(tmp_path: Path, models: Models, waves: None, file_format: str) -> None:
    asked = recipe(format=file_format)
    clip = render(asked, models, tmp_path / "clip")
    drawn = np.concatenate([to_frames(chunk) for chunk in Waves(asked, models).chunks()])
    wanted = resize(drawn, asked.share.size())
    error = frames_of(clip.path, file_format).astype(float) - wanted
    if file_format == "png":
        assert not error.any()
        return
    seen = error.reshape(24, 64, 4, 36, 4, 3).mean((2, 4))  # from a step back, where dithering is no error
    assert 10 * np.log10(255**2 / np.square(seen).mean()) > 32


def test_mp4_plays_everywhere(tmp_path: Path, models: Models, waves: None) -> None:
    clip = render(recipe(seconds=5), models, tmp_path / "clip.mp4")
    info = probe(clip.path)
    assert (info.profile, info.pixel_format) == ("High", "yuv420p")
    data = clip.path.read_bytes()
    assert 0 < data.index(b"moov") < data.index(b"mdat"), "the index comes first: faststart"
    with av.open(str(clip.path)) as file:
        codec = file.streams.video[0].codec_context
        tags = (codec.colorspace, codec.color_primaries, codec.color_trc, codec.color_range)
        keys = [packet.pts for packet in file.demux(video=0) if packet.is_keyframe]
        step = 1 / file.streams.video[0].time_base
    assert [int(tag) for tag in tags] == [1, 1, 1, 1], "BT.709 by name, limited range"
    assert np.diff([float(key / step) for key in keys]).max() <= 2.01


@pytest.mark.parametrize(("file_format", "tolerance"), [("mp4", 5), ("webm", 8), ("webp", 8), ("png", 0), ("gif", 6)])
def test_colours_do_not_shift(
    tmp_path: Path, models: Models, monkeypatch: pytest.MonkeyPatch, file_format: str, tolerance: int
) -> None:
    monkeypatch.setitem(sources.SOURCES, "generate", Bars)
    clip = render(recipe(aspect="1:1", short_side=256, format=file_format), models, tmp_path / "clip")
    frame = frames_of(clip.path, file_format)[-1]
    for index, colour in enumerate(Bars.COLOURS):
        middle = frame[100:156, index * 32 + 12 : index * 32 + 20].reshape(-1, 3).mean(0)
        assert np.abs(middle - colour).max() <= tolerance, (colour, middle)


@pytest.mark.parametrize("file_format", ["gif", "webp"])
def test_pictures_loop_forever(tmp_path: Path, models: Models, waves: None, file_format: str) -> None:
    clip = render(recipe(format=file_format), models, tmp_path / "clip")
    with Image.open(clip.path) as picture:
        assert picture.info["loop"] == 0


def test_zip_holds_pictures_and_recipe(tmp_path: Path, models: Models, waves: None) -> None:
    clip = render(recipe(format="png"), models, tmp_path / "clip.zip")
    with zipfile.ZipFile(clip.path) as file:
        assert file.testzip() is None
        assert {info.compress_type for info in file.infolist()} == {zipfile.ZIP_STORED}
        assert len(file.namelist()) == 25
        assert Recipe.parse(file.read("recipe.json")) == recipe(format="png")


def test_same_recipe_same_frames(tmp_path: Path, models: Models, waves: None) -> None:
    one = frames_of(render(recipe(), models, tmp_path / "one.mp4").path, "mp4")
    two = frames_of(render(recipe(), models, tmp_path / "two.mp4").path, "mp4")
    other = frames_of(render(recipe(seed=2), models, tmp_path / "other.mp4").path, "mp4")
    assert np.array_equal(one, two)
    assert not np.array_equal(one, other)


def test_the_two_halves_make_the_whole(tmp_path: Path, models: Models, waves: None) -> None:
    whole = render(recipe(), models, tmp_path / "whole.mp4")
    halves = encode_only(recipe(), models, generate_only(recipe(), models), tmp_path / "halves.mp4")
    assert halves.frames == whole.frames
    assert halves.path.read_bytes() == whole.path.read_bytes()


@pytest.mark.parametrize("file_format", FORMATS)
def test_cancel_in_the_middle_leaves_nothing(tmp_path: Path, models: Models, waves: None, file_format: str) -> None:
    done = 0

    def progress(written: int, total: int) -> None:
        nonlocal done
        done = written

    with pytest.raises(Cancelled):
        render(recipe(seconds=4, format=file_format), models, tmp_path / "clip", progress, cancelled=lambda: done >= 30)
    assert 30 <= done < 96
    assert not list(tmp_path.iterdir())
    assert not [thread for thread in threading.enumerate() if thread.name == "ahead"]


@pytest.mark.parametrize("file_format", FORMATS)
def test_failing_source_leaves_what_was_there(
    tmp_path: Path, models: Models, monkeypatch: pytest.MonkeyPatch, file_format: str
) -> None:
    monkeypatch.setitem(sources.SOURCES, "generate", Failing)
    out = tmp_path / "clip"
    out.write_text("an older clip")
    with pytest.raises(RuntimeError, match="the third chunk broke"):
        render(recipe(seconds=4, format=file_format), models, out)
    assert [path.name for path in tmp_path.iterdir()] == ["clip"]
    assert out.read_text() == "an older clip"


def test_missing_folder_and_folder_in_the_place_of_a_file(tmp_path: Path, models: Models, waves: None) -> None:
    with pytest.raises(MediaError, match=r"there is no folder .*missing"):
        render(recipe(), models, tmp_path / "missing" / "clip.mp4")
    with pytest.raises(MediaError, match="this is a folder"):
        render(recipe(), models, tmp_path)


def test_no_permission_is_said(tmp_path: Path, models: Models, waves: None) -> None:
    tmp_path.chmod(0o555)
    was_root = os.geteuid() == 0
    if was_root:
        os.seteuid(65534)  # root may write anywhere
    try:
        with pytest.raises(MediaError, match=r"clip\.mp4: there is no permission to write here"):
            render(recipe(), models, tmp_path / "clip.mp4")
    finally:
        if was_root:
            os.seteuid(0)
        tmp_path.chmod(0o755)
    assert not list(tmp_path.iterdir())


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 32 KB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=32k", "tmpfs", str(place)]
    mounted = subprocess.run(mount, capture_output=True, check=False)
    if mounted.returncode != 0:
        pytest.skip("only root may mount a small disk")
    yield place
    subprocess.run(["umount", str(place)], check=True)


@pytest.mark.parametrize("file_format", FORMATS)
def test_full_disk_is_said(
    tiny_disk: Path, models: Models, waves: None, monkeypatch: pytest.MonkeyPatch, file_format: str
) -> None:
    asked = recipe(seconds=2, fps=30, short_side=480, format=file_format)
    with pytest.raises(MediaError, match="disk is too full: about"):
        render(asked, models, tiny_disk / "clip")
    monkeypatch.setattr("vgan.render._PACE", Pace())
    optimist = replace(FORMATS[file_format], weight=Weight(0))
    monkeypatch.setitem(FORMATS, file_format, optimist)
    with pytest.raises(MediaError, match=r"^clip: the disk is full"):
        render(asked, models, tiny_disk / "clip")
    assert not list(tiny_disk.iterdir())


def test_missing_uploads_and_too_fast_gifs_are_refused(tmp_path: Path, models: Models) -> None:
    upload = Recipe.parse({"source": {"kind": "upload", "path": "clip.mp4"}})
    with pytest.raises(RecipeError, match=r"source\.path: .*'clip\.mp4'"):
        render(upload, models, tmp_path / "clip.mp4")
    for ask in (lambda asked: render(asked, models, tmp_path / "clip.gif"), lambda asked: estimate(asked, models)):
        with pytest.raises(RecipeError, match=r"share\.fps: .*50.*got 60"):
            ask(recipe(format="gif", fps=60))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("file_format", FORMATS)
def test_estimate_learns(tmp_path: Path, models: Models, waves: None, file_format: str) -> None:
    asked = recipe(format=file_format, seconds=2)
    first = estimate(asked, models)
    assert first.seconds > 0
    assert first.bytes > 0
    size = render(asked, models, tmp_path / "clip").bytes
    render(asked, models, tmp_path / "clip")
    longer = recipe(format=file_format, seconds=4)
    assert size < estimate(longer, models).bytes < 4 * size


MEMORY = """
import sys, threading, time
from pathlib import Path
import psutil
sys.path.insert(0, "tests")
from clips import Waves, recipe
from vgan import sources
from vgan.registry import Models
from vgan.render import render
from vgan.settings import Settings
sources.SOURCES["generate"] = Waves
me, peak = psutil.Process(), 0
def watch():
    global peak
    while True:
        used = me.memory_info().rss
        for child in me.children():
            try:
                if child.name() != me.name():  # until it becomes ffmpeg, a child looks as large as its parent
                    used += child.memory_info().rss
            except psutil.Error:
                pass
        peak = max(peak, used)
        time.sleep(0.02)
threading.Thread(target=watch, daemon=True).start()
render(recipe(seconds=float(sys.argv[1])), Models(Settings(device="cpu")), Path(sys.argv[2]))
print(peak)
"""


def test_memory_does_not_grow_with_the_clip(tmp_path: Path) -> None:
    peaks = []
    for seconds in ("6", "60"):
        command = [sys.executable, "-c", MEMORY, seconds, str(tmp_path / "clip.mp4")]
        peaks.append(int(subprocess.run(command, capture_output=True, check=True, text=True).stdout))
    assert peaks[1] < 1.15 * peaks[0], peaks
