"""Files from outside, damaged and hostile ones included; recipes that travel in files; sizes and pictures."""

import json
import os
import struct
import zipfile
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from clips import models, recipe, waves
from films import write_film
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from vgan.errors import MediaError, RecipeError, VganError
from vgan.media.embed import CommentedGif, append_webp_metadata, read_gif_comment, read_webp_description
from vgan.media.probe import probe, recipe_of
from vgan.media.writer import Job, PngWriter, nvenc_works, resize
from vgan.registry import Models
from vgan.render import render
from vgan.share.formats import FORMATS

__all__ = ["models", "waves"]  # fixtures


@pytest.mark.parametrize("file_format", FORMATS)
def test_damaged_files_are_refused_or_read(tmp_path: Path, models: Models, waves: None, file_format: str) -> None:
    whole = render(recipe(format=file_format, seconds=0.5), models, tmp_path / "clip").path.read_bytes()
    damaged = tmp_path / "damaged"
    rng = np.random.default_rng(0)
    for share in (0.0, 0.001, 0.01, 0.3, 0.9, 0.999):
        noisy = bytearray(whole[: int(len(whole) * share)] or b"x")
        for place in rng.integers(0, len(noisy), 5):
            noisy[place] ^= 0xFF
        damaged.write_bytes(noisy)
        for look in (probe, recipe_of):
            said = ""
            try:
                look(damaged)
            except VganError as error:
                said = str(error)
            assert not said or said.startswith("damaged: ") or look is recipe_of, said


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"\x00" * 5000, b"GIF89a", b"RIFF\xff\xff\xff\xffWEBP", b"PK\x03\x04"]
)
def test_what_is_no_clip_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "thing.mp4"
    path.write_bytes(content)
    with pytest.raises(MediaError, match=r"^thing\.mp4: "):
        probe(path)


def test_a_clip_whose_frames_are_of_no_track(tmp_path: Path) -> None:
    """Nothing tells how its pixels are stored: to ask PyAV for that would end the process."""
    whole = write_film(tmp_path / "a.mkv", [np.zeros((48, 64, 3), np.uint8)] * 3).read_bytes()
    assert whole.count(b"\xd7\x81\x01") >= 1  # the number of its track
    (tmp_path / "b.mkv").write_bytes(whole.replace(b"\xd7\x81\x01", b"\xd7\x81\x6a", 1))
    info = probe(tmp_path / "b.mkv")
    assert (info.frames, info.pixel_format) == (0, "")


def test_missing_file_and_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "none.mp4", tmp_path):
        for look in (probe, recipe_of):
            with pytest.raises(MediaError, match=path.name):
                look(path)


def test_a_bomb_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    Image.new("1", (4, 4)).save(path)
    data = bytearray(path.read_bytes())
    data[16:24] = struct.pack(">II", 60_000, 60_000)
    path.write_bytes(data)
    with pytest.raises(MediaError, match=r"bomb\.png"):
        probe(path)


def test_other_peoples_comments_are_no_recipe(tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    for text in ("", "made by hand", "[1, 2]", "{}", "[" * 5000, json.dumps({"source": "x" * 100_000})):
        info = PngInfo()
        info.add_text("comment", text)
        Image.new("RGB", (8, 8)).save(path, pnginfo=info)
        assert recipe_of(path) is None


def test_a_recipe_of_another_version_says_so(tmp_path: Path) -> None:
    path = tmp_path / "clip.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("recipe.json", json.dumps({"version": 2, "source": {"kind": "generate"}}))
    with pytest.raises(RecipeError, match=r"version: .*got 2"):
        recipe_of(path)


@pytest.mark.parametrize("length", [0, 1, 249, 250, 251, 5000])
def test_gif_comment_of_any_length(tmp_path: Path, length: int) -> None:
    path, text = tmp_path / "a.gif", ("abc" * length)[:length]
    Image.new("P", (8, 8)).save(tmp_path / "plain.gif")
    file = CommentedGif(path, text)
    for byte in (tmp_path / "plain.gif").read_bytes():
        file.write(bytes([byte]))
    file.close()
    assert read_gif_comment(path) == text
    assert probe(path).frames == 1
    assert read_gif_comment(tmp_path / "plain.gif") == ""


@pytest.mark.parametrize("count", [1, 3])
def test_webp_description(tmp_path: Path, count: int) -> None:
    path = tmp_path / "a.webp"
    pictures = [Image.new("RGB", (9, 7), (80 * index, 0, 0)) for index in range(count)]
    pictures[0].save(path, save_all=True, append_images=pictures[1:], duration=40)
    append_webp_metadata(path, "words")
    assert read_webp_description(path) == "words"
    info = probe(path)
    assert (info.width, info.height, info.frames) == (9, 7, count)
    with Image.open(path) as picture:
        picture.load()
    assert path.stat().st_size == struct.unpack("<I", path.read_bytes()[4:8])[0] + 8


def test_one_frame_is_a_picture(tmp_path: Path) -> None:
    frame = np.arange(32 * 16 * 3, dtype=np.uint8).reshape(1, 32, 16, 3)
    path = tmp_path / "still.png"
    writer = PngWriter(Job(path, (16, 32), (16, 32), Fraction(30), 1, recipe(format="png").to_json()))
    writer.write(frame)
    writer.close()
    info = probe(path)
    assert (info.container, info.frames, info.width, info.height) == ("png", 1, 16, 32)
    assert np.array_equal(np.asarray(Image.open(path)), frame[0])
    assert recipe_of(path) == recipe(format="png")
    assert FORMATS["png"].suffix(1) == ".png"
    assert FORMATS["png"].suffix(2) == ".zip"


def test_resize_keeps_flat_colours_and_grows_smoothly() -> None:
    frames = np.zeros((3, 16, 8, 3), np.uint8)
    frames[1] = 255
    frames[2] = (np.linspace(40, 200, 16).round()[:, None, None]).astype(np.uint8)
    large = resize(frames, (40, 80))
    assert large.shape == (3, 80, 40, 3)
    assert not large[0].any()
    assert large[1].min() == 255
    steps = np.diff(large[2, :, 20, 0].astype(int))
    assert steps.min() >= 0, "a ramp stays a ramp"
    assert steps.max() <= 4
    small = resize(large, (8, 16))
    assert np.abs(small.astype(int) - frames).max() <= 8


def test_asking_for_nvenc_is_an_answer_not_an_error() -> None:
    assert nvenc_works() in (True, False)


def test_a_playlist_makes_nobody_read_other_files(tmp_path: Path, models: Models, waves: None) -> None:
    """A file may be dropped on the page to read its recipe: it must not make the server open what it names."""
    render(recipe(seconds=0.5), models, tmp_path / "private.mp4")
    assert recipe_of(tmp_path / "private.mp4") is not None
    for name, text in (
        ("list.txt", "ffconcat version 1.0\nfile private.mp4\n"),
        ("list.mp4", "ffconcat version 1.0\nfile private.mp4\n"),
        ("list.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nprivate.mp4\n#EXT-X-ENDLIST\n"),
    ):
        (tmp_path / name).write_text(text)
        for look in (probe, recipe_of):
            with pytest.raises(MediaError, match=f"{name}.*cannot be read.*(Invalid|argument)"):
                look(tmp_path / name)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.mp4")
    with pytest.raises(MediaError, match=r"a\.mp4"):
        recipe_of(tmp_path / "a.mp4")
