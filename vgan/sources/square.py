"""Square pictures in another shape: their middle."""

from torch import Tensor

from vgan.recipe_steps import ASPECTS


def cropped(side: int, aspect: str) -> tuple[int, int]:
    """(width, height) of the largest window of `aspect` in a square of `side` pixels, both even."""
    wide, tall = ASPECTS[aspect]
    width, height = (2 * round(side * part / max(wide, tall) / 2) for part in (wide, tall))
    return width, height


def crop(pictures: Tensor, aspect: str) -> Tensor:
    """The middle of square pictures (n, 3, S, S) in the given aspect, both sides even."""
    side = pictures.shape[-1]
    width, height = cropped(side, aspect)
    top, left = (side - height) // 2, (side - width) // 2
    return pictures[:, :, top : top + height, left : left + width]
