"""What uploads say about their people and places is not in what is made of them."""

import io
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import pytest
import untrained
from imageio_ffmpeg import get_ffmpeg_exe  # type: ignore[import-untyped]
from PIL import Image, PngImagePlugin

from vgan.recipe import Recipe
from vgan.registry import Models
from vgan.render import render
from vgan.settings import Settings

MARK = "LEAKMARK"
ENCODED = [MARK.encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be")]
GPS = {0: b"\2\3\0\0", 1: "N", 2: (52.0, 31.0, 12.5), 3: "E", 4: (13.0, 24.0, 17.0), 29: f"{MARK}-date"}
NAMES = ("title", "artist", "author", "album", "comment", "copyright", "description", "location", "make", "model")
HARMLESS = {"comment", "encoder", "handler_name", "major_brand", "minor_version", "compatible_brands", "vendor_id"}
HARMLESS |= {"language", "duration", "creation_time", "xmp", "loop", "background", "timestamp", "dpi", "gamma"}


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Models:
    folder = tmp_path_factory.mktemp("weights")
    untrained.write(folder / "looks")
    return Models(Settings(offline=True, device="cpu", weights=folder))


def picture() -> Image.Image:
    return Image.linear_gradient("L").convert("RGB").resize((192, 160))


def exif() -> Image.Exif:
    made = Image.Exif()
    for tag in (0x010F, 0x0110, 0x013B, 0x8298, 0x010E, 0x0131, 0x9C9B, 0x9C9D):  # make, model, artist, ... XPAuthor
        made[tag] = MARK
    made.get_ifd(0x8825).update(GPS)
    made.get_ifd(0x8769).update({0xA430: MARK, 0xA431: MARK, 0x9286: MARK.encode(), 0x9003: "2024:05:06 07:08:09"})
    return made


def xmp() -> bytes:
    return f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><who>{MARK}</who></x:xmpmeta>'.encode()


def jpeg(path: Path) -> None:
    thumb = io.BytesIO()
    picture().resize((32, 24)).save(thumb, "JPEG", comment=MARK.encode())
    picture().save(path, "JPEG", exif=exif(), xmp=xmp(), comment=MARK.encode(), icc_profile=f"{MARK} profile".encode())
    path.write_bytes(path.read_bytes() + thumb.getvalue())  # as cameras append their previews


def png(path: Path) -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", MARK)
    info.add_itxt("XML:com.adobe.xmp", xmp().decode(), zip=True)
    info.add_text("Comment", MARK, zip=True)
    picture().save(path, "PNG", pnginfo=info, exif=exif())


def webp(path: Path) -> None:
    picture().save(path, "WEBP", exif=exif(), xmp=xmp())


def gif(path: Path) -> None:
    frames = [picture().rotate(turn) for turn in (0, 90, 180)]
    frames[0].save(path, "GIF", save_all=True, append_images=frames[1:], duration=200, comment=MARK.encode())


def film(path: Path) -> None:
    """Title, place, device, chapters, subtitles and a cover."""
    folder = path.parent
    tags = "\n".join(f"{name}={MARK}" for name in NAMES)
    chapter = f"[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=500\ntitle={MARK}"
    (folder / "tags").write_text(f";FFMETADATA1\n{tags}\ncom.apple.quicktime.location.ISO6709={MARK}\n{chapter}\n")
    (folder / "words.srt").write_text(f"1\n00:00:00,000 --> 00:00:00,900\n{MARK}\n")
    sources = ["-f", "lavfi", "-i", "testsrc2=size=192x160:rate=8:duration=1", "-f", "lavfi", "-i", "sine=duration=1"]
    more = ["-i", str(folder / "tags"), "-i", str(folder / "words.srt")]
    words = "mov_text" if path.suffix != ".mkv" else "srt"
    how = ["-map_metadata", "2", "-map", "0", "-map", "1", "-map", "3", "-c:s", words, "-movflags", "use_metadata_tags"]
    streams = [f"-metadata:s:{at}" for at in range(3)]
    said = [part for at in streams for part in (at, f"title={MARK}", at, f"handler_name={MARK}")]
    made = [get_ffmpeg_exe(), "-v", "error", "-y", *sources, *more, *how, *said, str(path)]
    subprocess.run(made, check=True)


def song(path: Path) -> None:
    tags = [part for name in NAMES for part in ("-metadata", f"{name}={MARK}")]
    sine = ["-f", "lavfi", "-i", "sine=duration=1"]
    subprocess.run([get_ffmpeg_exe(), "-v", "error", "-y", *sine, *tags, str(path)], check=True)


FILES: dict[str, Callable[[Path], None]] = {
    "a.jpg": jpeg,
    "a.png": png,
    "a.webp": webp,
    "a.gif": gif,
    "a.mp4": film,
    "a.mov": film,
    "a.mkv": film,
}
SONGS = ("a.mp3", "a.wav", "a.flac", "a.m4a", "a.ogg")


def made(models: Models, raw: dict[str, Any], out: Path) -> Path:
    return render(Recipe.parse(raw), models, out).path


def check(path: Path) -> None:
    """No mark in any byte or tag of a finished file, and no stream that nobody asked for."""
    content = path.read_bytes()
    assert not [mark for mark in ENCODED if mark in content]
    if path.suffix == ".png":
        with Image.open(path) as image:
            image.load()
            assert MARK not in repr(image.info)
            assert not image.getexif().get_ifd(0x8825), "no place"
        return
    with av.open(str(path)) as file:
        assert {stream.type for stream in file.streams} <= {"video", "audio"}
        tags = [file.metadata, *(stream.metadata for stream in file.streams)]
        assert MARK not in repr(tags)
        strange = {name.lower() for part in tags for name in part} - HARMLESS
        assert not [name for name in strange if name in NAMES or "location" in name or "gps" in name], strange
        assert not file.chapters()


@pytest.mark.parametrize("name", FILES)
def test_upload_is_made_anonymous(models: Models, tmp_path: Path, name: str) -> None:
    source = tmp_path / name
    FILES[name](source)
    assert MARK.encode() in source.read_bytes() or name == "a.png", "the test would find it"
    still = name in {"a.jpg", "a.png", "a.webp"}
    for ending in ("png", "mp4") if still else ("mp4", "webm", "gif", "webp"):
        share = {"format": ending, "short_side": 144, "fps": 8}
        out = tmp_path / f"out.{ending}"
        raw = {"source": {"kind": "upload", "path": str(source), "end": None if still else 0.5}, "share": share}
        check(made(models, raw, out))


@pytest.mark.parametrize("name", SONGS)
def test_music_is_made_anonymous(models: Models, tmp_path: Path, name: str) -> None:
    song(tmp_path / name)
    assert MARK.encode() in (tmp_path / name).read_bytes()
    share = {"short_side": 144, "fps": 8, "aspect": "1:1", "format": "mp4"}
    raw = {"source": {"kind": "generate", "seconds": 0.5}, "sound": {"music": str(tmp_path / name)}, "share": share}
    check(made(models, raw, tmp_path / "out.mp4"))


def test_pictures_that_are_laid_over_are_made_anonymous(models: Models, tmp_path: Path) -> None:
    jpeg(tmp_path / "logo.jpg")
    share = {"short_side": 144, "fps": 8, "aspect": "1:1", "format": "mp4"}
    raw = {
        "source": {"kind": "generate", "seconds": 0.5},
        "overlays": [{"kind": "picture", "path": str(tmp_path / "logo.jpg")}],
    }
    check(made(models, raw | {"share": share}, tmp_path / "out.mp4"))


def test_where_a_file_lay_is_not_told(models: Models, tmp_path: Path) -> None:
    """The recipe inside a clip names its files by their last names alone."""
    folder = tmp_path / "visitor-of-somebody"
    folder.mkdir()
    film(folder / "walk.mp4")
    share = {"format": "mp4", "short_side": 144, "fps": 8}
    out = made(
        models,
        {"source": {"kind": "upload", "path": str(folder / "walk.mp4"), "end": 0.5}, "share": share},
        tmp_path / "out.mp4",
    )
    content = out.read_bytes()
    assert b"walk.mp4" in content
    assert b"visitor-of-somebody" not in content
    assert str(tmp_path).encode() not in content
