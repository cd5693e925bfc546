"""Motions: where a shape is, how large, how turned and how squashed, at any moment of one seamless loop."""

from collections.abc import Callable
from dataclasses import dataclass
from math import pi

import torch
from torch import Tensor

REACH = 0.23  # of the frame's side, that a shape travels to either side of its middle


@dataclass(frozen=True)
class Pose:
    """Of a shape at T moments, each (T, 1, 1). x, y: from the middle of the frame, in sides, y downwards; size: factor
    on the shape's own; turn: in turns; squash: how much wider than tall, 1 is not at all; height: above the ground that
    its shadow lies on, in sides."""

    x: Tensor
    y: Tensor
    size: Tensor
    turn: Tensor
    squash: Tensor
    height: Tensor


def _rest(t: Tensor) -> dict[str, Tensor]:
    none, one = torch.zeros_like(t), torch.ones_like(t)
    return {"x": none, "y": none, "size": one, "turn": none, "squash": one, "height": one * 0.05}


def left_right(t: Tensor, way: float) -> Pose:
    return Pose(**_rest(t) | {"x": way * REACH * torch.cos(2 * pi * t)})


def up_down(t: Tensor, way: float) -> Pose:
    return Pose(**_rest(t) | {"y": way * REACH * torch.cos(2 * pi * t)})


def circle(t: Tensor, way: float) -> Pose:
    return Pose(**_rest(t) | {"x": REACH * torch.cos(2 * pi * t), "y": way * REACH * torch.sin(2 * pi * t)})


def zoom(t: Tensor, way: float) -> Pose:
    return Pose(**_rest(t) | {"size": torch.exp2(0.75 * way * torch.cos(2 * pi * t))})


def spin(t: Tensor, way: float) -> Pose:
    return Pose(**_rest(t) | {"turn": way * t})


def bounce(t: Tensor, way: float) -> Pose:
    """Falls freely onto the ground in the lower part of the frame and is flattened there for a moment."""
    u = t.remainder(1.0)
    height = 4 * u * (1 - u)
    flat = torch.exp2(0.55 * (1 - height / 0.3).clamp_min(0))
    # Flattened, it is lower: its underside stays on the ground.
    return Pose(**_rest(t) | {"y": 0.22 - 0.46 * height, "squash": flat, "height": 0.02 + 0.3 * height})


# Each at moments in loops: 0 and 1 are the same. way: 1 or -1, the one or the other way round.
MOTIONS: dict[str, Callable[[Tensor, float], Pose]] = {
    "left-right": left_right,
    "up-down": up_down,
    "circle": circle,
    "zoom": zoom,
    "spin": spin,
    "bounce": bounce,
}
