"""Ways from key look to key look that close into a loop."""

import math

import torch
from torch import Tensor


def between(count: int, phases: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """For each phase the two neighbours among `count` stations on a ring, and the share of the way between them.

    The share starts and ends with speed and acceleration zero, so that the path has no corner at a station.
    """
    place = phases * count
    start = place.floor().long() % count
    rest = place - place.floor()
    return start, (start + 1) % count, rest - (2 * math.pi * rest).sin() / (2 * math.pi)


def slerp(start: Tensor, end: Tensor, share: Tensor) -> Tensor:
    """Along the great circle from `start` to `end` (n, dim), lengths blended linearly; share (n, 1) in [0, 1]."""
    long, short = start.norm(dim=1, keepdim=True), end.norm(dim=1, keepdim=True)
    a, b = start / long, end / short
    angle = (a * b).sum(dim=1, keepdim=True).clamp(-1, 1).acos()
    near = angle < 1e-6  # the same key twice: nothing to turn
    sine = torch.where(near, 1.0, angle.sin())
    turned = torch.where(near, a, (((1 - share) * angle).sin() * a + (share * angle).sin() * b) / sine)
    return turned * torch.lerp(long, short, share)
