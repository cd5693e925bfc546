"""Edges stand out more, without halos: an unsharp mask on the luma that stays within what is around it."""

import math
from collections.abc import Callable, Iterator

import torch
import torch.nn.functional as F
from torch import Tensor

from vgan.recipe_steps import Sharpen
from vgan.runtime import in_parallel
from vgan.steps.around import Around
from vgan.steps.steady import LUMA

AMOUNT = 2.5  # of the difference from its surroundings that is added to a place, in full
OVERSHOOT = 0.1  # of the range of its surroundings that a place may go beyond them: more would be seen as a halo
SECONDS = {"cpu": 0.006, "cuda": 0.0006}  # see `vgan.steps.Kind`


def sharpen(chunks: Iterator[Tensor], step: Sharpen, around: Around) -> Iterator[Tensor]:
    """The pictures of `chunks` one by one, sharper: (1, 3, H, W) float32. Their colours stay."""
    if not step.strength:
        yield from chunks
        return
    pictures = (one for chunk in chunks for one in chunk.split(1))

    @torch.inference_mode()
    def draw(picture: Tensor) -> Tensor:
        return sharpened(picture.float(), AMOUNT * step.strength, step.radius)

    yield from in_parallel(draw, pictures, around.models.runtime.device)


def sharpened(pictures: Tensor, amount: float, radius: float) -> Tensor:
    """Float pictures (n, 3, H, W) in [-1, 1], float32, as large and as they were beyond their edges.

    amount: of the difference between the luma and its Gaussian blur that is added. radius: standard deviation of that
    blur, pixels. What comes out lies within the darkest and the lightest place nearby, give or take `OVERSHOOT`.
    """
    luma = sum(plane * weight for plane, weight in zip(pictures.split(1, 1), LUMA, strict=True))
    assert isinstance(luma, Tensor)
    reach = math.ceil(radius)
    low, high = _nearby(luma, reach, torch.minimum), _nearby(luma, reach, torch.maximum)
    slack = (high - low).mul_(OVERSHOOT)
    blurred = _blurred(luma, radius)
    target = torch.add(luma, luma - blurred, alpha=amount)
    torch.maximum(target, low.sub_(slack), out=target)
    torch.minimum(target, high.add_(slack), out=target)
    return (pictures + target.sub_(luma)).clamp_(-1, 1)


def _blurred(planes: Tensor, sigma: float) -> Tensor:
    """Planes (n, 1, H, W) under a Gaussian; what lies beyond an edge is as the edge is."""
    reach = math.ceil(2.5 * sigma)
    weights = [math.exp(-0.5 * (place / sigma) ** 2) for place in range(reach + 1)]
    whole = weights[0] + 2 * sum(weights[1:])
    for axis in (-1, -2):
        wide, size = _padded(planes, reach, axis), planes.shape[axis]
        planes = wide.narrow(axis, reach, size) * (weights[0] / whole)
        for place, weight in enumerate(weights[1:], 1):
            pair = wide.narrow(axis, reach - place, size) + wide.narrow(axis, reach + place, size)
            planes.add_(pair, alpha=weight / whole)
    return planes


def _nearby(planes: Tensor, reach: int, pick: Callable[[Tensor, Tensor], Tensor]) -> Tensor:
    """What `pick` chooses of all places at most `reach` away along either axis: (n, 1, H, W)."""
    for axis in (-1, -2):
        found, covered = _padded(planes, reach, axis), 1
        while covered < 2 * reach + 1:  # windows of two, four, eight ... places
            shift = min(covered, 2 * reach + 1 - covered)
            length = found.shape[axis] - shift
            found, covered = pick(found.narrow(axis, 0, length), found.narrow(axis, shift, length)), covered + shift
        planes = found
    return planes


def _padded(planes: Tensor, reach: int, axis: int) -> Tensor:
    return F.pad(planes, (reach, reach, 0, 0) if axis == -1 else (0, 0, reach, reach), mode="replicate")
