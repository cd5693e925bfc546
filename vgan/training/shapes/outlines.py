"""Outlines of shapes as signed distances: how far a place is from the edge, negative inside.

Each takes places (T, h, w) in units of the shape's own size, so that it reaches about 1 from its middle, y downwards.
None looks the same after a small turn, so that a spin is always seen. Distances are exact where it matters, at the
edge; those of polygons after Quilez, "2D distance functions".
"""

from collections.abc import Callable
from math import cos, pi, sin

import torch
from torch import Tensor

ROUND = 0.12  # radius of corners


def square(x: Tensor, y: Tensor) -> Tensor:
    half = 0.75 - ROUND
    return _box(x, y, half, half) - ROUND


def cross(x: Tensor, y: Tensor) -> Tensor:
    long, narrow = 0.95 - ROUND, 0.32 - ROUND
    return torch.minimum(_box(x, y, long, narrow), _box(x, y, narrow, long)) - ROUND


def triangle(x: Tensor, y: Tensor) -> Tensor:
    corners = [(sin(2 * pi * i / 3) * 0.95, -cos(2 * pi * i / 3) * 0.95) for i in range(3)]
    return _polygon(x, y, corners) - ROUND


def star(x: Tensor, y: Tensor) -> Tensor:
    corners = [
        (radius * sin(pi * i / 5), -radius * cos(pi * i / 5))
        for i, radius in ((i, (1.0, 0.5)[i % 2]) for i in range(10))
    ]
    return _polygon(x, y, corners) - ROUND / 2


def moon(x: Tensor, y: Tensor) -> Tensor:
    whole = torch.hypot(x, y) - 0.95
    bite = torch.hypot(x - 0.6, y + 0.15) - 0.75
    return torch.maximum(whole, -bite)


def drop(x: Tensor, y: Tensor) -> Tensor:
    """A disc, and the cone between it and a tip above."""
    middle, radius, tip = 0.3, 0.65, -1.0
    # The tangent from the tip touches the disc where the cone ends.
    slope = radius / (middle - tip)
    flank = x.abs() * (1 - slope**2) ** 0.5 - (y - tip) * slope
    touch = middle - radius * slope
    return torch.where(y < touch, flank, torch.hypot(x, y - middle) - radius)


def leaf(x: Tensor, y: Tensor) -> Tensor:
    """What two discs share."""
    away, radius = 0.65, 1.2
    return torch.maximum(torch.hypot(x - away, y), torch.hypot(x + away, y)) - radius


def heart(x: Tensor, y: Tensor) -> Tensor:
    """A square that stands on its corner, and a disc on the middle of each of its upper sides."""
    half, across = 0.6, 2**-0.5
    u, v = (x.abs() + y) * across, (x.abs() - y) * across
    return torch.minimum(_box(u, v, half, half), torch.hypot(u, v - half) - half)


def _box(x: Tensor, y: Tensor, half_wide: float, half_tall: float) -> Tensor:
    dx, dy = x.abs() - half_wide, y.abs() - half_tall
    outside = torch.hypot(dx.clamp_min(0), dy.clamp_min(0))
    return outside + torch.maximum(dx, dy).clamp_max(0)


def _polygon(x: Tensor, y: Tensor, corners: list[tuple[float, float]]) -> Tensor:
    nearest = torch.full_like(x, torch.inf)
    inside = torch.zeros_like(x, dtype=torch.bool)
    for (ax, ay), (bx, by) in zip(corners, corners[1:] + corners[:1], strict=True):
        ex, ey, wx, wy = bx - ax, by - ay, x - ax, y - ay
        along = ((wx * ex + wy * ey) / (ex * ex + ey * ey)).clamp(0, 1)
        nearest = torch.minimum(nearest, torch.hypot(wx - ex * along, wy - ey * along))
        if ay != by:  # a ray to the right crosses this edge or not
            inside ^= ((ay > y) != (by > y)) & (x < ex * (y - ay) / ey + ax)
    return torch.where(inside, -nearest, nearest)


OUTLINES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "square": square,
    "cross": cross,
    "triangle": triangle,
    "star": star,
    "moon": moon,
    "drop": drop,
    "leaf": leaf,
    "heart": heart,
}
