"""How one seed's picture moves where a network knows no movement: a small circle around its latent."""

import math

import torch.nn.functional as F
from torch import Tensor

# The half angle of the cone that the latent circles on at full motion, radians. The way round is then 2 pi sin(0.6), as
# far as walking over two to three unrelated pictures.
WIDEST_CONE = 0.6


def circle(draws: Tensor, motion: float, phases: Tensor, begins: bool = False) -> Tensor:
    """Latents (n, dim) at `phases` (n,) of the loop, on their sphere: every frame is as typical as the first.

    draws: (3, dim), the latent in the middle and two more that span the plane, N(0, 1). motion: how wide the circle is,
    0 to 1. begins: the circle begins at the latent, in place of going around it.
    """
    centre, one, other = draws
    radius = centre.norm()
    axis = centre / radius
    right = F.normalize(one - one.dot(axis) * axis, dim=0)
    up = F.normalize(other - other.dot(axis) * axis - other.dot(right) * right, dim=0)
    cone, turn = WIDEST_CONE * motion, 2 * math.pi * phases[:, None]
    if begins:
        axis, right = (
            math.cos(cone) * axis - math.sin(cone) * right,
            math.sin(cone) * axis + math.cos(cone) * right,
        )
    return radius * (math.cos(cone) * axis + math.sin(cone) * (turn.cos() * right + turn.sin() * up))
