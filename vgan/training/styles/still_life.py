"""Made pictures that are like photographs where it counts: things that cover each other, with edges, shade and texture.

Dead leaves (Lee, Mumford and Huang 2001): statistics of natural images without a single photograph, so that a style can
be fitted where none are at hand.
"""

import torch
from torch import Tensor

from vgan.training.looks import LOOKS, make_clip

LEAVES = 50
LARGEST, SMALLEST = 0.5, 0.04  # radii, shares of the side


def textures(side: int) -> Tensor:
    """One frame of every look, (looks, 3, side, side) in [-1, 1]."""
    return torch.cat([make_clip(look, 11, torch.zeros(1), side, side) for look in LOOKS]).clamp(-1, 1)


def dead_leaves(fills: Tensor, count: int, generator: torch.Generator) -> Tensor:
    """`count` pictures of leaves cut from `fills` (N, 3, side, side), each in a light of its own.

    Returns (count, 3, side, side) in [-1, 1].
    """
    side = fills.shape[-1]
    axis = torch.linspace(0, 1, side)
    y, x = torch.meshgrid(axis, axis, indexing="ij")
    made = []
    for _ in range(count):
        picture = fills[int(torch.randint(len(fills), (), generator=generator))].clone()
        for _ in range(LEAVES):
            u = torch.rand(9, generator=generator)
            radius = float(SMALLEST * (LARGEST / SMALLEST) ** (1 - u[0]))
            cosine, sine, stretch = torch.cos(torch.pi * u[1]), torch.sin(torch.pi * u[1]), 0.4 + 0.6 * u[2]
            dx, dy = x - u[3], y - u[4]
            along, across = (dx * cosine + dy * sine) / radius, (dy * cosine - dx * sine) / (radius * stretch)
            inside = (along.square() + across.square() < 1)[None]
            fill = fills[int(u[5] * len(fills))]
            light = (fill * (0.2 + 0.8 * u[6]) + (u[7] - 0.5) * 1.2 + 0.5 * along * u[8]).clamp(-1, 1)
            picture = torch.where(inside, light, picture)
        made.append(picture)
    return torch.stack(made)
