"""Looks: endless clips made by formulas, free of licence questions, that the loop generator learns from."""

from collections.abc import Callable

import torch
from torch import Tensor

from vgan.errors import UnknownName
from vgan.training.looks.fields import Draw, Plane
from vgan.training.looks.flows import caustics, clouds, ink, liquid, marble, silk
from vgan.training.looks.lights import aurora, neon, waves
from vgan.training.looks.particles import bokeh, confetti, embers

LOOKS: dict[str, Callable[[Draw, Plane], Tensor]] = {
    "aurora": aurora,
    "silk": silk,
    "ink": ink,
    "liquid": liquid,
    "caustics": caustics,
    "bokeh": bokeh,
    "marble": marble,
    "embers": embers,
    "clouds": clouds,
    "waves": waves,
    "confetti": confetti,
    "neon": neon,
}
_LUMA = torch.tensor([0.299, 0.587, 0.114]).view(3, 1, 1)


def make_clip(look: str, seed: int, times: Tensor, height: int, width: int) -> Tensor:
    """Frames of one clip of `look`, drawn at any aspect.

    times: (T,) in loops; 0 and 1 give the same frame. height, width: pixels.
    Returns (T, 3, height, width) float32 in [-1, 1]. Raises UnknownName for a look that no row has.
    """
    if look not in LOOKS:
        raise UnknownName("look", look, LOOKS)
    short = min(height, width)
    y = ((torch.arange(height) + 0.5) / short).view(1, height, 1)
    x = ((torch.arange(width) + 0.5) / short).view(1, 1, width)
    y, x = torch.broadcast_tensors(y, x)
    draw = Draw(seed * len(LOOKS) + list(LOOKS).index(look))
    # Drawn before the look takes its own numbers: how the finished clip is graded.
    vivid, gain, lift = draw.uniform(0.6, 1.25), draw.uniform(0.75, 1.15), draw.uniform(-0.04, 0.08)
    plane = Plane(x, y, times.float().remainder(1.0).view(-1, 1, 1), width / short, height / short)
    picture = LOOKS[look](draw, plane).expand(len(times), 3, height, width)
    luma = (picture * _LUMA).sum(-3, keepdim=True)
    picture = (luma + (picture - luma) * vivid - 0.5) * gain + 0.5 + lift
    return picture.clamp(0, 1) * 2 - 1
