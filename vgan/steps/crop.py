"""A window of the picture."""

from collections.abc import Iterator
from dataclasses import replace

from torch import Tensor

from vgan.errors import RecipeError
from vgan.media.extent import Extent
from vgan.recipe import Recipe
from vgan.recipe_steps import ASPECTS, Crop
from vgan.steps.around import Around

LEAST_SIDE = 16  # pixels, as of a clip that comes in


def crop(chunks: Iterator[Tensor], step: Crop, around: Around) -> Iterator[Tensor]:
    """The window of every picture of `chunks`."""
    for chunk in chunks:
        left, top, width, height = window((chunk.shape[-1], chunk.shape[-2]), step)
        yield chunk[..., top : top + height, left : left + width].contiguous()


def cropped(extent: Extent, step: Crop, recipe: Recipe) -> Extent:
    """As large as the window. Raises RecipeError for one that is too small to be seen."""
    _, _, width, height = window(extent.size, step)
    if min(width, height) < min(LEAST_SIDE, *extent.size):
        raise RecipeError(
            f"crop: {width}x{height} pixels of {extent.size[0]}x{extent.size[1]} would be left; both sides must keep "
            f"{LEAST_SIDE} at least. Cut less."
        )
    return replace(extent, size=(width, height))


def window(size: tuple[int, int], step: Crop) -> tuple[int, int, int, int]:
    """(left, top, width, height) of what stays of pictures of `size` (width, height), in pixels.

    A side that is cut becomes even, as video codecs want it; one that is not cut stays as it is.
    """
    width, height = size
    left, top = step.left * width, step.top * height
    wide, tall = width * (1 - step.left - step.right), height * (1 - step.top - step.bottom)
    if step.aspect is not None:
        across, down = ASPECTS[step.aspect]
        unit = min(wide / across, tall / down)
        left += (wide - across * unit) * step.x
        top += (tall - down * unit) * step.y
        wide, tall = across * unit, down * unit
    x, w = _side(width, left * step.strength, (width - wide) * step.strength)
    y, h = _side(height, top * step.strength, (height - tall) * step.strength)
    return x, y, w, h


def _side(whole: int, before: float, cut: float) -> tuple[int, int]:
    """Place and length of what stays of `whole` pixels. before: cut in front of it; cut: in all."""
    if cut < 0.5:
        return 0, whole
    length = max(2, min(whole // 2 * 2, 2 * round((whole - cut) / 2)))
    return min(round(before), whole - length), length
