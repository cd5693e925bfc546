"""The picture that is searched for, from any file that pictures and clips are read from."""

from pathlib import Path

import torch.nn.functional as F
from torch import Tensor

from vgan.errors import RecipeError
from vgan.media.reader import frames
from vgan.recipe_steps import ASPECTS
from vgan.tensors import to_pictures

SHORT_SIDE = 256  # that of the looks' own pictures
LEAST = 16  # pixels of the shorter side of what is cut out


def load(path: Path, aspect: str) -> Tensor:
    """The first frame at `path`, upright, cut centrally to `aspect`: (1, 3, H, W) in [-1, 1], the shorter side 256.

    Raises MediaError for a file without a picture, RecipeError for one below 16 pixels a side.
    """
    _, pixels = next(iter(frames(path)))
    wide, tall = ASPECTS[aspect]
    unit = min(pixels.shape[1] / wide, pixels.shape[0] / tall)
    width, height = round(unit * wide), round(unit * tall)
    if min(width, height) < LEAST:
        raise RecipeError(
            f"picture: {path.name[:80]} is {pixels.shape[1]}x{pixels.shape[0]} px. Allowed: {LEAST} or more a side. "
            "Choose a larger one."
        )
    top, left = (pixels.shape[0] - height) // 2, (pixels.shape[1] - width) // 2
    window = to_pictures(pixels[top : top + height, left : left + width].copy())[None]
    return fitted(
        window, (round(SHORT_SIDE * height / min(width, height)), round(SHORT_SIDE * width / min(width, height)))
    )


def fitted(picture: Tensor, size: tuple[int, int]) -> Tensor:
    """(N, 3, H, W) at another size (h, w), without the noise of details that it is too small for."""
    if tuple(picture.shape[-2:]) == size:
        return picture
    return F.interpolate(picture, size, mode="bilinear", align_corners=False, antialias=True).clamp(-1, 1)
