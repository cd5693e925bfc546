"""Another size, without a network."""

from collections.abc import Iterator
from dataclasses import replace

import torch
import torch.nn.functional as F
from torch import Tensor

from vgan.media.extent import Extent
from vgan.recipe import Recipe
from vgan.recipe_steps import Scale
from vgan.runtime import in_parallel
from vgan.steps.around import Around

SECONDS = {"cpu": 0.003, "cuda": 0.0003}  # see `vgan.steps.Kind`


def scale(chunks: Iterator[Tensor], step: Scale, around: Around) -> Iterator[Tensor]:
    """The pictures of `chunks` by bicubic interpolation, over all pixels that fall together where they become smaller:
    (1, 3, H, W) float32, one by one; those that are of that size already as they come."""

    @torch.inference_mode()
    def resize(picture: Tensor) -> Tensor:
        width, height = size_of((picture.shape[-1], picture.shape[-2]), step)
        if picture.shape[-2:] == (height, width):
            return picture
        return F.interpolate(picture.float(), (height, width), mode="bicubic", antialias=True).clamp_(-1, 1)

    yield from in_parallel(resize, (one for chunk in chunks for one in chunk.split(1)), around.models.runtime.device)


def scaled(extent: Extent, step: Scale, recipe: Recipe) -> Extent:
    """As large as it becomes."""
    return replace(extent, size=size_of(extent.size, step))


def size_of(size: tuple[int, int], step: Scale) -> tuple[int, int]:
    """(width, height) of pictures of `size` after the step: even, and in their shape. strength: at the half, a factor
    of four becomes one of two."""
    ratio: float = (step.short_side / min(size)) ** step.strength
    if ratio == 1:
        return size
    width, height = (max(2, 2 * round(side * ratio / 2)) for side in size)
    return width, height
