"""Pictures and clips that claim to be, or unfold to, far more than they are. Each is made anew, from a few lines."""

import functools
import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import av
import numpy as np
from PIL import Image

SIDE = 50_000  # pixels
MANY = 10**9
ZEROS = 1 << 30  # bytes that a few hundred kilobytes unfold to


def png(*chunks: tuple[bytes, bytes], size: tuple[int, int] = (16, 16), depth: int = 8, kind: int = 2) -> bytes:
    """A PNG of these chunks behind its head. depth, kind: bits of a sample, colours as PNG numbers them."""
    head = struct.pack(">IIBBBBB", *size, depth, kind, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in ((b"IHDR", head), *chunks, (b"IEND", b""))
    )


@functools.cache
def zeros(count: int) -> bytes:
    """`count` zero bytes as zlib packs them: a thousandth of it."""
    packer, part = zlib.compressobj(9), bytes(1 << 20)
    return b"".join(packer.compress(part) for _ in range(count >> 20)) + packer.flush()


def box(name: bytes, *parts: bytes) -> bytes:
    """A box of an MP4."""
    data = b"".join(parts)
    return struct.pack(">I4s", 8 + len(data), name) + data


def mp4(count: int, size: tuple[int, int] = (64, 64), extra: bytes = b"", reference: bytes = b"") -> bytes:
    """An MP4 of motion JPEG whose tables claim `count` frames, and which holds one. reference: the box that says where
    its data is, instead of in itself."""
    frame = jpeg((64, 64))
    entry = box(
        b"jpeg", bytes(6), struct.pack(">H", 1), bytes(16), struct.pack(">HHII", *size, 0x480000, 0x480000),
        struct.pack(">IH", 0, 1), bytes(32), struct.pack(">Hh", 24, -1),
    )  # fmt: skip
    tables = (
        box(b"stsd", struct.pack(">II", 0, 1), entry),
        box(b"stts", struct.pack(">IIII", 0, 1, count, 1)),
        box(b"stsc", struct.pack(">IIIII", 0, 1, 1, count, 1)),
        box(b"stsz", struct.pack(">III", 0, len(frame), count)),
        box(b"stco", struct.pack(">III", 0, 1, 32)),
    )
    where = reference or box(b"url ", struct.pack(">I", 1))
    media = box(
        b"mdia",
        box(b"mdhd", struct.pack(">IIIIIHH", 0, 0, 0, 25, min(count, 0xFFFFFFFF), 0, 0)),
        box(b"hdlr", bytes(8), b"vide", bytes(13)),
        box(
            b"minf",
            box(b"vmhd", bytes(12)),
            box(b"dinf", box(b"dref", struct.pack(">II", 0, 1), where)),
            box(b"stbl", *tables),
        ),
    )
    matrix = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
    track = box(
        b"tkhd", struct.pack(">IIIIII", 3, 0, 0, 1, 0, min(count, 0xFFFFFFFF)), bytes(16), matrix,
        struct.pack(">II", size[0] << 16, size[1] << 16),
    )  # fmt: skip
    head = box(b"mvhd", struct.pack(">IIIII", 0, 0, 0, 25, min(count, 0xFFFFFFFF)), bytes(80))
    return (
        box(b"ftyp", b"isom", bytes(4), b"isommp41")
        + box(b"mdat", frame)
        + box(b"moov", head, box(b"trak", track, media), *([extra] if extra else []))
    )


def jpeg(size: tuple[int, int], claimed: tuple[int, int] | None = None) -> bytes:
    """A grey JPEG, which may claim another size."""
    file = BytesIO()
    Image.new("L", size, 128).save(file, "JPEG")
    data = bytearray(file.getvalue())
    if claimed:
        place = data.index(b"\xff\xc0") + 5
        data[place : place + 4] = struct.pack(">HH", claimed[1] & 0xFFFF, claimed[0] & 0xFFFF)
    return bytes(data)


def gif(frames: int, size: tuple[int, int] = (1, 1)) -> bytes:
    """A GIF of `frames` pictures of one pixel, on a screen of `size`."""
    head = b"GIF89a" + struct.pack("<HH", *size) + b"\x80\x00\x00" + bytes(6)
    one = b"\x21\xf9\x04\x00\x02\x00\x00\x00" + b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02D\x01\x00"
    return head + one * frames + b"\x3b"


def webp(size: tuple[int, int], frames: int = 0) -> bytes:
    """A WebP that claims `size`, with `frames` pictures that are not there."""
    canvas = b"".join((side - 1).to_bytes(3, "little") for side in size)
    body = b"VP8X" + struct.pack("<I", 10) + b"\x02\0\0\0" + canvas
    body += b"ANIM" + struct.pack("<I", 6) + bytes(6)
    one = b"ANMF" + struct.pack("<I", 16) + bytes(6) + canvas + b"\x01\0\0\0"
    body += one * frames
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


def apng(frames: int) -> bytes:
    """A PNG that moves, in `frames` pictures of one row."""
    row = zlib.compress(bytes(1 + 16 * 3) * 16)
    parts = [(b"acTL", struct.pack(">II", frames, 0))]
    for index in range(frames):
        parts.append((b"fcTL", struct.pack(">IIIIIHHBB", max(0, 2 * index - 1), 16, 16, 0, 0, 1, 100, 0, 0)))
        parts.append((b"IDAT", row) if index == 0 else (b"fdAT", struct.pack(">I", 2 * index) + row))
    return png(*parts)


def ebml(name: bytes, data: bytes, size: bytes | None = None) -> bytes:
    """An element of a Matroska file. size: instead of its own."""
    return name + (size or (0x0800000000000000 | len(data)).to_bytes(8, "big").replace(b"\x08", b"\x01", 1)) + data


def matroska(clusters: int, size: tuple[int, int] = (64, 64), attached: bytes = b"") -> bytes:
    """A Matroska of motion JPEG whose clusters say nothing of their size, one frame each."""
    unknown = b"\x01" + b"\xff" * 7
    head = ebml(b"\x1a\x45\xdf\xa3", ebml(b"\x42\x82", b"matroska"))
    info = ebml(b"\x15\x49\xa9\x66", ebml(b"\x2a\xd7\xb1", (1_000_000).to_bytes(3, "big")))
    video = ebml(b"\xe0", ebml(b"\xb0", size[0].to_bytes(4, "big")) + ebml(b"\xba", size[1].to_bytes(4, "big")))
    track = ebml(
        b"\xae",
        ebml(b"\xd7", b"\x01")
        + ebml(b"\x73\xc5", b"\x01")
        + ebml(b"\x83", b"\x01")
        + ebml(b"\x86", b"V_MJPEG")
        + video,
    )
    tracks = ebml(b"\x16\x54\xae\x6b", track)
    block = ebml(b"\xa3", b"\x81\x00\x00\x80" + jpeg((16, 16)))
    parts = b"".join(
        ebml(b"\x1f\x43\xb6\x75", ebml(b"\xe7", (index % 65536).to_bytes(2, "big")) + block, unknown)
        for index in range(clusters)
    )
    fonts = b""
    if attached:
        file = ebml(b"\x46\x6e", b"a.ttf") + ebml(b"\x46\x60", b"font/ttf") + ebml(b"\x46\x5c", attached)
        fonts = ebml(b"\x19\x41\xa4\x69", ebml(b"\x61\xa7", file + ebml(b"\x46\xae", b"\x01")))
    return head + ebml(b"\x18\x53\x80\x67", info + tracks + fonts + parts, unknown)


def wav(rate: int, channels: int, claimed: int, data: bytes = bytes(4096)) -> bytes:
    """A WAV of 16 bit that claims `claimed` bytes of sound."""
    block = min(65535, 2 * channels)
    form = struct.pack("<HHIIHH", 1, channels, rate, min(0xFFFFFFFF, rate * block), block, 16)
    chunks = b"fmt " + struct.pack("<I", 16) + form + b"data" + struct.pack("<I", min(0xFFFFFFFF, claimed)) + data
    return b"RIFF" + struct.pack("<I", 0xFFFFFFFF) + b"WAVE" + chunks


def tiff(size: tuple[int, int]) -> bytes:
    """A TIFF that claims `size`."""
    tags = ((256, 4, size[0]), (257, 4, size[1]), (258, 3, 8), (259, 3, 1), (262, 3, 1), (273, 4, 8), (279, 4, 1))
    entries = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    return b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", len(tags)) + entries + bytes(4)


def avif(size: tuple[int, int]) -> bytes:
    """An AVIF whose property claims `size`."""
    extents = box(b"ispe", struct.pack(">III", 0, *size))
    properties = box(b"iprp", box(b"ipco", extents), box(b"ipma", struct.pack(">IIHBB", 0, 1, 1, 1, 1)))
    item = box(b"iinf", struct.pack(">IH", 0, 1), box(b"infe", struct.pack(">IHH4s", 2 << 24, 1, 0, b"av01"), b"\0"))
    place = box(b"iloc", struct.pack(">IHHHHHII", 0, 0x4400, 1, 1, 0, 1, 0, 64))
    meta = box(
        b"meta", bytes(4), box(b"hdlr", bytes(8), b"pict", bytes(13)), box(b"pitm", struct.pack(">IH", 0, 1)),
        place, item, properties,
    )  # fmt: skip
    return box(b"ftyp", b"avif", bytes(4), b"avifmif1") + meta + box(b"mdat", bytes(64))


def long_comment(megabytes: int) -> bytes:
    """An MP4 whose comment has so many megabytes."""
    text = box(b"data", struct.pack(">II", 1, 0), b"A" * (megabytes << 20))
    tags = box(b"ilst", box(b"\xa9cmt", text))
    meta = box(b"udta", box(b"meta", bytes(4), box(b"hdlr", bytes(8), b"mdir", bytes(13)), tags))
    return mp4(1, extra=meta)


def keyless(frames: int) -> bytes:
    """An MP4 of black frames, the first of which alone can be jumped to."""
    file = BytesIO()
    with av.open(file, "w", format="mp4") as out:
        stream = out.add_stream("libx264", rate=30, options={"preset": "ultrafast", "g": "1000000"})
        stream.width, stream.height, stream.pix_fmt = 640, 360, "yuv420p"
        frame = av.VideoFrame.from_ndarray(np.zeros((540, 640), np.uint8), "yuv420p")
        for index in range(frames):
            frame.pts = index
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
    return file.getvalue()


Make = Callable[[], bytes]
BOMBS: dict[str, Make] = {
    "huge.png": lambda: png((b"IDAT", zlib.compress(b"")), size=(SIDE, SIDE)),
    "zeros.png": lambda: png((b"IDAT", zeros(ZEROS)), size=(18_000, 18_000)),
    "square.png": lambda: png((b"IDAT", zeros(192 << 20)), size=(7_990, 7_990)),
    "deep.png": lambda: png((b"IDAT", zeros(400 << 20)), size=(7_000, 7_000), depth=16, kind=6),
    "profile.png": lambda: png((b"iCCP", b"a\0\0" + zeros(ZEROS)), (b"IDAT", zlib.compress(bytes(49 * 16)))),
    "text.png": lambda: png((b"zTXt", b"comment\0\0" + zeros(ZEROS)), (b"IDAT", zlib.compress(bytes(49 * 16)))),
    "itxt.png": lambda: png(
        (b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zeros(ZEROS)), (b"IDAT", zlib.compress(bytes(49 * 16)))
    ),
    "texts.png": lambda: png(*[(b"zTXt", b"comment\0\0" + zeros(1 << 20))] * 300),
    "frames.png": lambda: apng(2_000),
    "claims.png": lambda: png((b"acTL", struct.pack(">II", MANY, 0)), (b"IDAT", zlib.compress(bytes(49 * 16)))),
    "huge.jpg": lambda: jpeg((16, 16), (SIDE, SIDE)),
    "large.jpg": lambda: jpeg((16, 16), (8_000, 8_000)),
    "huge.gif": lambda: gif(2, (SIDE, SIDE)),
    "frames.gif": lambda: gif(1_000_000),
    "huge.webp": lambda: webp((16_384, 16_384), 3),
    "frames.webp": lambda: webp((16, 16), 100_000),
    "huge.tiff": lambda: tiff((SIDE, SIDE)),
    "huge.avif": lambda: avif((SIDE, SIDE)),
    "huge.mp4": lambda: mp4(3, (SIDE, SIDE)),
    "billion.mp4": lambda: mp4(MANY),
    "million.mp4": lambda: mp4(3_000_000),
    "comment.mp4": lambda: long_comment(100),
    "keyless.mp4": lambda: keyless(3_000),
    "huge.mkv": lambda: matroska(3, (SIDE, SIDE)),
    "unknown.mkv": lambda: matroska(20_000),
    "font.mkv": lambda: matroska(3, attached=bytes(1 << 20)),
    "billion.wav": lambda: wav(48_000, 2, 4 * MANY),
    "slow.wav": lambda: wav(1, 1, 4096),
    "fast.wav": lambda: wav(10_000_000, 2, 4096),
    "wide.wav": lambda: wav(48_000, 255, 1 << 20, bytes(510 * 1000)),
    "none.wav": lambda: wav(0, 0, 4096),
}


def write(name: str, folder: Path) -> Path:
    """The bomb of that name as a file in `folder`."""
    path = folder / name
    path.write_bytes(BOMBS[name]())
    return path
