"""A finished file, taken apart: what it is, and what is written in it."""

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import av
from PIL import Image

from vgan.errors import MediaError
from vgan.media import xmp
from vgan.media.embed import (
    LONGEST_COMMENT,
    PNG_XMP,
    RECIPE_MEMBER,
    XMP_TAG,
    read_gif_comment,
    read_gif_xmp,
    read_webp_description,
    read_webp_xmp,
    read_xmp_box,
    webp_chunks,
)
from vgan.media.raw.clip import LARGEST_PICTURE, SAFE, check_size
from vgan.media.raw.trouble import reading

PICTURES = ("png", "jpeg")  # what Pillow reads the XMP of


@dataclass(frozen=True)
class MediaInfo:
    """What a media file is.

    frames: as stored; a WebP holds equal neighbours as one frame, shown for longer. fps and seconds: None where the
    file does not say, as pictures and zips of them.
    """

    container: str
    codec: str
    profile: str | None
    width: int
    height: int
    fps: float | None
    frames: int
    seconds: float | None
    pixel_format: str
    bytes: int
    has_audio: bool


def probe(path: Path) -> MediaInfo:
    """What the file at `path` is, by its content, whatever its name. Frames are counted, not believed.

    Raises MediaError, naming the file, for one that cannot be read.
    """
    with reading(path):
        return _LOOKS.get(kind_of(path), _look_at_video)(path)


def comment(path: Path) -> str:
    """The text in which our clips carry their recipe, LONGEST_COMMENT characters of it and one more at most."""
    with reading(path):
        return _COMMENTS.get(kind_of(path), _video_comment)(path)[: LONGEST_COMMENT + 1]


def said_in(path: Path) -> dict[str, xmp.Value]:
    """See `vgan.media.probe.said_in`."""
    with reading(path):
        kind = kind_of(path)
        data = _picture_xmp(path) if kind in PICTURES else _PACKETS.get(kind, _video_xmp)(path)
    try:
        return xmp.read(data) if data else {}
    except MediaError as error:
        raise MediaError(f"{path.name}: {error}") from error


def kind_of(path: Path) -> str:
    """What the file at `path` is, by its first bytes: mp4, webp, png, gif, jpeg, zip, or else `video`.

    Raises OSError and ValueError.
    """
    if not path.is_file():  # a pipe would never end
        raise ValueError("there is no such file")
    with path.open("rb") as file:
        head = file.read(12)
    if head[:4] == b"RIFF" and head[8:] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp":
        return "mp4"
    if head[:3] == b"\xff\xd8\xff":
        return "jpeg"
    return {b"PK\x03\x04": "zip", b"\x89PNG": "png", b"GIF8": "gif"}.get(head[:4], "video")


def _look_at_video(path: Path) -> MediaInfo:
    with av.open(str(path), options=SAFE) as file:
        stream = next((stream for stream in file.streams.video if stream.codec_context), None)
        if stream is None:
            raise ValueError("there is no picture in it")
        frames, end = 0, 0
        for packet in file.demux(stream):
            if packet.size and packet.pts is not None:
                frames, end = frames + 1, max(end, packet.pts + (packet.duration or 0))
        codec = stream.codec_context
        seconds = float((end - (stream.start_time or 0)) * stream.time_base) if stream.time_base else None
        return MediaInfo(
            container=file.format.name,
            codec=codec.name,
            profile=codec.profile,
            width=codec.width,
            height=codec.height,
            fps=round(frames / seconds, 3) if seconds else None,
            frames=frames,
            seconds=seconds,
            pixel_format=codec.format.name if codec.format else "",  # `pix_fmt` ends the process where there is none
            bytes=path.stat().st_size,
            has_audio=bool(file.streams.audio),
        )


def _look_at_webp(path: Path) -> MediaInfo:
    """PyAV cannot read animated WebP: the sizes and times are in the chunks' heads."""
    durations = []
    with path.open("rb") as file:
        for name, place, _ in webp_chunks(file):
            if name == b"ANMF":
                file.seek(place + 12)
                durations.append(int.from_bytes(file.read(3), "little"))
    with Image.open(path, formats=("WEBP",)) as picture:
        width, height = picture.size
        mode = picture.mode.lower()
    seconds = sum(durations) / 1000 or None
    fps = round(len(durations) / seconds, 3) if seconds else None
    frames = max(1, len(durations))
    return MediaInfo("webp", "webp", None, width, height, fps, frames, seconds, mode, path.stat().st_size, False)


def _look_at_png(path: Path) -> MediaInfo:
    with Image.open(path, formats=("PNG",)) as picture:
        check_size(path, picture.size, LARGEST_PICTURE)
        picture.load()
        (width, height), mode = picture.size, picture.mode.lower()
    return MediaInfo("png", "png", None, width, height, None, 1, None, mode, path.stat().st_size, False)


def zip_pictures(file: zipfile.ZipFile) -> list[str]:
    """Names of the pictures in a zip, in their order."""
    return sorted(name for name in file.namelist() if name.endswith(".png"))


def _look_at_zip(path: Path) -> MediaInfo:
    """All the pictures are counted, the first one's size is read."""
    with zipfile.ZipFile(path) as file:
        names = zip_pictures(file)
        if not names:
            raise ValueError("there are no PNG pictures in it")
        with file.open(names[0]) as member, Image.open(member, formats=("PNG",)) as picture:
            (width, height), mode = picture.size, picture.mode.lower()
    return MediaInfo("zip", "png", None, width, height, None, len(names), None, mode, path.stat().st_size, False)


def _video_tag(path: Path, name: str) -> str:
    with av.open(str(path), options=SAFE) as file:
        tags = {key.lower(): text for key, text in file.metadata.items()}
    return tags.get(name.lower(), "")


def _video_comment(path: Path) -> str:
    return _video_tag(path, "comment")


def _video_xmp(path: Path) -> bytes:
    return _video_tag(path, XMP_TAG).encode()


def _picture_xmp(path: Path | BinaryIO) -> bytes:
    with Image.open(path, formats=("PNG", "JPEG")) as picture:
        found = picture.info.get("xmp") or picture.info.get(PNG_XMP) or b""
    return found.encode() if isinstance(found, str) else bytes(found)


def _zip_xmp(path: Path) -> bytes:
    """The first picture's."""
    with zipfile.ZipFile(path) as file:
        names = zip_pictures(file)
        if not names:
            return b""
        with file.open(names[0]) as member:
            return _picture_xmp(member)  # type: ignore[arg-type]


def _png_comment(path: Path) -> str:
    with Image.open(path, formats=("PNG",)) as picture:
        return str(picture.info.get("comment", ""))


def _zip_comment(path: Path) -> str:
    with zipfile.ZipFile(path) as file:
        if RECIPE_MEMBER not in file.namelist():
            return ""
        with file.open(RECIPE_MEMBER) as member:
            return member.read(LONGEST_COMMENT + 1).decode("utf-8", "replace")


_LOOKS = {"webp": _look_at_webp, "png": _look_at_png, "zip": _look_at_zip}
_COMMENTS = {
    "jpeg": lambda path: "",  # none is made here
    "webp": read_webp_description,
    "png": _png_comment,
    "zip": _zip_comment,
    "gif": read_gif_comment,
}
_PACKETS = {
    "mp4": lambda path: read_xmp_box(path, xmp.LONGEST + 1),
    "gif": lambda path: read_gif_xmp(path, xmp.LONGEST + 1),
    "webp": lambda path: read_webp_xmp(path, xmp.LONGEST + 1),
    "zip": _zip_xmp,
}
