"""Single pictures with their transparent places, taken apart, and made small enough to be laid over a clip."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from vgan.errors import MediaError
from vgan.media.raw.clip import LARGEST_PICTURE, check_size
from vgan.media.raw.trouble import reading

FORMATS = ("PNG", "JPEG", "WEBP")
DRAWINGS = (b"<svg", b"<?xml", b"<!doctype svg")


def read_rgba(path: Path, longest: int) -> np.ndarray:
    """See `vgan.media.rgba.read_rgba`."""
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
