"""The recipe inside a GIF or an animated WebP, whose encoders write no comments."""

import io
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from PIL import Image

from vgan.errors import MediaError

GIF_COMMENT = b"\x21\xfe"
GIF_BLOCK = 250  # bytes of a comment's parts
IMAGE_DESCRIPTION = 0x010E  # the EXIF field for a sentence about the picture
EXIF_FLAG = 0x08  # in the VP8X chunk of a WebP
LONGEST_COMMENT = 1 << 17  # bytes; a recipe has a few thousand


class CommentedGif:
    """A file for a GIF encoder to write to, which puts ASCII `text` as a comment between its head and its first frame.

    At the end would be easier, but ffmpeg takes a comment there for one more frame. It cannot seek: no GIF has to.
    """

    def __init__(self, path: Path, text: str):
        self._file = path.open("wb")
        self._text = text.encode("ascii")
        self._head: bytes | None = b""

    def write(self, data: bytes) -> int:
        """Pass on `data`, with the comment where it belongs. Raises OSError as files do."""
        if self._head is None:
            return self._file.write(data)
        self._head += bytes(data)
        end = _gif_head_size(self._head)
        if end and len(self._head) >= end:
            parts = (self._text[i : i + GIF_BLOCK] for i in range(0, len(self._text), GIF_BLOCK))
            comment = GIF_COMMENT + b"".join(bytes([len(part)]) + part for part in parts) + b"\x00"
            self._file.write(self._head[:end] + comment + self._head[end:])
            self._head = None
        return len(data)

    def close(self) -> None:
        self._file.close()


def read_gif_comment(path: Path) -> str:
    """The comment that a `CommentedGif` put there, else an empty string."""
    with path.open("rb") as file:
        file.seek(_gif_head_size(file.read(13)))
        if file.read(2) != GIF_COMMENT:
            return ""
        text = b""
        while (size := file.read(1)) and size != b"\x00" and len(text) < LONGEST_COMMENT:
            text += file.read(size[0])
    return text.decode("ascii", "replace")


def _gif_head_size(head: bytes) -> int:
    """Bytes before the first block: the header and its palette. 0 while `head` is too short to tell."""
    if len(head) < 13:
        return 0
    return 13 + (3 << ((head[10] & 7) + 1) if head[10] & 0x80 else 0)


def webp_chunks(file: BinaryIO) -> Iterator[tuple[bytes, int, int]]:
    """(name, offset of the content, its bytes) of every chunk of a WebP. Raises MediaError for another file."""
    file.seek(0)
    head = file.read(12)
    if head[:4] != b"RIFF" or head[8:] != b"WEBP":
        raise MediaError("this is not a WebP file.")
    at = 12
    while len(head := file.read(8)) == 8:
        size = struct.unpack("<I", head[4:])[0]
        yield head[:4], at + 8, size
        at += 8 + size + size % 2
        file.seek(at)


def append_webp_description(path: Path, text: str) -> None:
    """Add `text` to the WebP at `path` as an EXIF description. Raises MediaError for another kind of file."""
    exif = Image.Exif()
    exif[IMAGE_DESCRIPTION] = text
    data = exif.tobytes()
    with path.open("r+b") as file:
        if not any(name == b"VP8X" for name, _, _ in webp_chunks(file)):
            _extend_webp(path, file)
        places = {name: place for name, place, _ in webp_chunks(file)}
        file.seek(places[b"VP8X"])
        flags = file.read(1)[0]
        file.seek(places[b"VP8X"])
        file.write(bytes([flags | EXIF_FLAG]))
        file.seek(0, io.SEEK_END)
        file.write(b"EXIF" + struct.pack("<I", len(data)) + data + b"\x00" * (len(data) % 2))
        size = file.tell() - 8
        file.seek(4)
        file.write(struct.pack("<I", size))


def _extend_webp(path: Path, file: BinaryIO) -> None:
    """Give a plain WebP, of one picture, the chunk that says what else is in it. The size in its head is left."""
    with Image.open(path) as picture:
        width, height = picture.size
    file.seek(12)
    pixels = file.read()
    canvas = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    file.seek(12)
    file.write(b"VP8X" + struct.pack("<I", 10) + bytes(4) + canvas + pixels)


def read_exif_description(path: Path) -> str:
    """The EXIF description of the picture at `path`, else an empty string."""
    with Image.open(path) as picture:
        return str(picture.getexif().get(IMAGE_DESCRIPTION, ""))
