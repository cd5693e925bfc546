"""A looping preview as one small picture: all frames in a grid, which the stage plays without asking again."""

import base64
import io
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from PIL import Image

COLUMNS = 4
QUALITY = 85
POSTER_SIDE = 128


@dataclass(frozen=True)
class Strip:
    """A grid of frames.

    data, poster: JPEG data URIs of the grid and of its first frame. width, height: of one frame, pixels. seconds: of
    one loop.
    """

    data: str
    poster: str
    columns: int
    rows: int
    width: int
    height: int
    frames: int
    seconds: float


def make_strip(frames: np.ndarray, seconds: float) -> Strip:
    """A strip of uint8 frames (T, H, W, 3), row by row; a last row that is not full stays black."""
    count, height, width, _ = frames.shape
    rows = -(-count // COLUMNS)
    whole = np.zeros((rows * COLUMNS, height, width, 3), np.uint8)
    whole[:count] = frames
    sheet = whole.reshape(rows, COLUMNS, height, width, 3).swapaxes(1, 2).reshape(rows * height, COLUMNS * width, 3)
    return Strip(jpeg(Image.fromarray(sheet)), poster_of(frames[0]), COLUMNS, rows, width, height, count, seconds)


def animated(
    frames: np.ndarray, seconds: float, kind: Literal["webp", "gif"], quality: int = 75, method: int = 0
) -> bytes:
    """uint8 frames (T, H, W, 3) as an endlessly looping WebP or GIF of `seconds` length.

    quality (0 to 100) and method (0 fast, 6 small) are WebP's own.
    """
    first, *rest = [Image.fromarray(frame) for frame in frames]
    options: dict[str, Any] = {"webp": {"quality": quality, "method": method}, "gif": {}}[kind]
    buffer = io.BytesIO()
    duration = max(20, round(seconds * 1000 / len(frames)))
    first.save(buffer, kind.upper(), save_all=True, append_images=rest, duration=duration, loop=0, **options)
    return buffer.getvalue()


def data_uri(data: bytes, mime: str) -> str:
    """`data` as an address that holds it."""
    return f"data:{mime};base64,{base64.b64encode(data).decode('ascii')}"


def poster_of(frame: np.ndarray) -> str:
    """A small JPEG data URI of a uint8 frame (H, W, 3)."""
    poster = Image.fromarray(frame)
    poster.thumbnail((POSTER_SIDE, POSTER_SIDE))
    return jpeg(poster)


def jpeg(picture: Image.Image, quality: int = QUALITY) -> str:
    """`picture` as a JPEG data URI."""
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=quality)
    return data_uri(buffer.getvalue(), "image/jpeg")
