"""Logos and product pictures: single pictures with their transparent places, small enough to be laid over a clip."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from vgan.errors import MediaError
from vgan.media.reader import LARGEST_PICTURE, check_size, reading

FORMATS = ("PNG", "JPEG", "WEBP")
LONGEST = 2160  # pixels: nothing that is laid over a clip needs more
DRAWINGS = (b"<svg", b"<?xml", b"<!doctype svg")


def read_rgba(path: Path, longest: int = LONGEST) -> np.ndarray:
    """The picture at `path`, upright, uint8 RGBA (h, w, 4) with straight alpha, reduced to `longest` pixels a side.

    PNG, JPEG and WebP (the first frame of one that moves). Sizes are read before anything is decoded: what has more
    than LARGEST_PICTURE pixels is refused, but for a JPEG, whose decoder makes it smaller on the way. Raises
    MediaError, naming the file, for that, for a drawing (SVG), and for what cannot be read.
    """
    with reading(path):
        with path.open("rb") as file:
            head = file.read(1024)
        if any(start in head.lower() for start in DRAWINGS):
            raise MediaError(
                f"{path.name}: this is a drawing (SVG), which is not read. Export it as PNG, {longest} pixels wide."
            )
        with Image.open(path, formats=FORMATS) as picture:
            picture.draft("RGB", (longest, longest))  # a JPEG is decoded at an eighth, a quarter or half of its size
            check_size(path, picture.size, LARGEST_PICTURE)
            return _reduced(_rgba(ImageOps.exif_transpose(picture)), longest)


def _rgba(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I"):  # 16 bit
        deep = np.asarray(picture.convert("I"), np.float32) / 257
        picture = Image.fromarray(deep.clip(0, 255).astype(np.uint8))
    return picture.convert("RGBA")


def _reduced(picture: Image.Image, longest: int) -> np.ndarray:
    """No longer than `longest`."""
    scale = longest / max(picture.size)
    if scale >= 1:
        return np.asarray(picture)
    width, height = (max(1, round(side * scale)) for side in picture.size)
    return resized(np.asarray(picture), (width, height))


def resized(rgba: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """uint8 RGBA (h, w, 4) at `size` (width, height). Colours count by their alpha: what is unseen leaves no seam."""
    premultiplied = Image.fromarray(rgba).convert("RGBa")
    return np.asarray(premultiplied.resize(size, Image.Resampling.LANCZOS).convert("RGBA"))
