"""The recipe and the XMP inside files whose encoders write no such thing: GIF, WebP, and the XMP of an MP4."""

import io
import os
import struct
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from PIL import Image

from vgan.errors import MediaError

LONGEST_COMMENT = 1 << 20  # bytes of a recipe as ASCII JSON; most have a few thousand
GIF_COMMENT = b"\x21\xfe"
GIF_XMP = b"\x21\xff\x0bXMP DataXMP"
GIF_BLOCK = 250  # bytes of a comment's parts
GIF_TRAILER = bytes([1, *range(255, -1, -1), 0])  # ends the XMP for those who take it for parts with their lengths
MOST_EXTENSIONS = 1000  # of a GIF, before its first frame
IMAGE_DESCRIPTION = 0x010E  # the EXIF field for a sentence about the picture
EXIF_ROOM = 1 << 16  # bytes of EXIF beside a description
EXIF_FLAG, XMP_FLAG = 0x08, 0x04  # in the VP8X chunk of a WebP
MOST_CHUNKS = 1_000_000  # of a WebP, or boxes of an MP4
RECIPE_MEMBER = "recipe.json"
PNG_XMP = "XML:com.adobe.xmp"  # the keyword, by the XMP specification, part 3
XMP_TAG = "XMP"  # of a WebM: Matroska has no place for XMP of its own, and takes tags of any name
XMP_BOX = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")  # the MP4's uuid, by the XMP specification, part 3


class CommentedGif:
    """A file for a GIF encoder to write to, which puts ASCII `text` as a comment, and `xmp`, between its head and its
    first frame.

    At the end would be easier, but ffmpeg takes a comment there for one more frame. It cannot seek: no GIF has to.
    """

    def __init__(self, path: Path, text: str, xmp: bytes = b""):
        self._file = path.open("wb")
        self._text, self._xmp = text.encode("ascii"), xmp
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
            packet = GIF_XMP + self._xmp + GIF_TRAILER if self._xmp else b""
            self._file.write(self._head[:end] + comment + packet + self._head[end:])
            self._head = None
        return len(data)

    def close(self) -> None:
        self._file.close()


def read_gif_comment(path: Path) -> str:
    """The first comment before the first frame, else an empty string."""
    with path.open("rb") as file:
        for start in _gif_extensions(file):
            if start == GIF_COMMENT:
                parts = _gif_parts(file, LONGEST_COMMENT)
                return b"".join(part[1:] for part in parts).decode("ascii", "replace")
    return ""


def read_gif_xmp(path: Path, longest: int) -> bytes:
    """The XMP before the first frame, `longest` bytes of it at most, else nothing."""
    with path.open("rb") as file:
        for start in _gif_extensions(file):
            if start == GIF_XMP:
                raw = b"".join(_gif_parts(file, longest + len(GIF_TRAILER)))
                return raw.removesuffix(GIF_TRAILER[:-1])[:longest]
    return b""


def _gif_extensions(file: BinaryIO) -> Iterator[bytes]:
    """The starts of the extensions before the first frame: of applications with their name. The file is behind it."""
    at = _gif_head_size(file.read(13))
    for _ in range(MOST_EXTENSIONS):
        file.seek(at)
        start = file.read(2)
        if start[:1] != b"\x21":
            return
        if start == GIF_XMP[:2]:
            start += file.read(12)
        at = file.tell()
        yield start
        file.seek(at)
        for _ in _gif_parts(file, os.fstat(file.fileno()).st_size):
            pass
        at = file.tell()


def _gif_parts(file: BinaryIO, longest: int) -> Iterator[bytes]:
    """The parts of an extension, each with its length in front, until it ends, or has more than `longest` bytes."""
    count = 0
    while (size := file.read(1)) and size != b"\x00" and count <= longest:
        part = size + file.read(size[0])
        count += len(part)
        yield part


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
    for _ in range(MOST_CHUNKS):
        if len(head := file.read(8)) < 8:
            return
        size = struct.unpack("<I", head[4:])[0]
        yield head[:4], at + 8, size
        at += 8 + size + size % 2
        file.seek(at)


def append_webp_metadata(path: Path, text: str, xmp: bytes = b"") -> None:
    """Add `text` to the WebP at `path` as an EXIF description, and `xmp`; what is empty is left out.

    Raises MediaError for another kind of file.
    """
    exif = Image.Exif()
    exif[IMAGE_DESCRIPTION] = text
    plain = exif.tobytes().removeprefix(b"Exif\x00\x00")  # which only JPEG puts before it
    parts = [(b"EXIF", EXIF_FLAG, plain)] if text else []
    parts += [(b"XMP ", XMP_FLAG, xmp)] if xmp else []
    if not parts:
        return
    with path.open("r+b") as file:
        if not any(name == b"VP8X" for name, _, _ in webp_chunks(file)):
            _extend_webp(path, file)
        places = {name: place for name, place, _ in webp_chunks(file)}
        file.seek(places[b"VP8X"])
        flags = file.read(1)[0]
        file.seek(places[b"VP8X"])
        file.write(bytes([flags | sum(flag for _, flag, _ in parts)]))
        file.seek(0, io.SEEK_END)
        for name, _, data in parts:
            file.write(name + struct.pack("<I", len(data)) + data + b"\x00" * (len(data) % 2))
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


def read_webp_description(path: Path) -> str:
    """The EXIF description of the WebP at `path`, else an empty string. Raises MediaError for another kind of file."""
    exif = Image.Exif()
    exif.load(_webp_chunk(path, b"EXIF", LONGEST_COMMENT + EXIF_ROOM))
    return str(exif.get(IMAGE_DESCRIPTION, ""))


def read_webp_xmp(path: Path, longest: int) -> bytes:
    """The XMP of the WebP at `path`, `longest` bytes of it at most, else nothing. Raises as `read_webp_description`."""
    return _webp_chunk(path, b"XMP ", longest)


def _webp_chunk(path: Path, wanted: bytes, longest: int) -> bytes:
    """Found without the pictures: Pillow would read all of them into memory."""
    with path.open("rb") as file:
        for name, place, size in webp_chunks(file):
            if name == wanted:
                file.seek(place)
                return file.read(min(size, longest))
    return b""


def append_xmp_box(path: Path, xmp: bytes) -> None:
    """Add `xmp` to the finished MP4 at `path`. At its end: nothing in it moves, and players pass over the box."""
    with path.open("ab") as file:
        file.write(struct.pack(">I", 24 + len(xmp)) + b"uuid" + XMP_BOX + xmp)


def read_xmp_box(path: Path, longest: int) -> bytes:
    """The XMP of the MP4 at `path`, `longest` bytes of it at most, else nothing."""
    with path.open("rb") as file, suppress(struct.error):  # it ends within the head of a box
        at, end = 0, os.fstat(file.fileno()).st_size
        for _ in range(MOST_CHUNKS):
            file.seek(at)
            size, name = struct.unpack(">I4s", file.read(8))
            head = 8
            if size == 1:
                size, head = struct.unpack(">Q", file.read(8))[0], 16
            size = size or end - at
            if name == b"uuid" and file.read(16) == XMP_BOX:
                return file.read(max(0, min(size - head - 16, longest)))
            if size < head or at + size >= end:
                break
            at += size
    return b""
