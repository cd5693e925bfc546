"""Adversarial losses and penalties."""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from vgan.models import attributes


def relativistic(better: Tensor, worse: Tensor) -> Tensor:
    """Relativistic pairing loss (Jolicoeur-Martineau 2018; R3GAN, Huang et al. 2024): `better` should outscore `worse`.

    The critic calls it with (real, fake), the generator with (fake, real). Scores (B,); returns a scalar.
    """
    return F.softplus(worse - better).mean()


def gradient_penalty(critic: Callable[[Tensor], Tensor], frames: Tensor) -> Tensor:
    """Squared gradient of the critic's score at `frames` (B, ...), meaned over clips: R1 on real ones (Mescheder et al.
    2018), R2 on made ones."""
    frames = frames.detach().requires_grad_(True)
    (gradient,) = torch.autograd.grad(critic(frames).sum(), frames, create_graph=True)
    return gradient.float().square().flatten(1).sum(1).mean()


def attribute_loss(first: Tensor, second: Tensor, asked: Tensor, table: Tensor) -> tuple[Tensor, Tensor]:
    """How far made clips are from what their sliders asked.

    first, second: (B, 3, H, W), `attributes.STEP` apart; asked: (B, 7) shares; table: (B, KNOTS, 7).
    Returns (scalar loss, mean error of each attribute (7,), detached).
    """
    got = attributes.to_shares(attributes.measure(first, second), table)
    turn = torch.cos(2 * torch.pi * (got[:, 0] - asked[:, 0]))
    error = F.smooth_l1_loss(got[:, 1:], asked[:, 1:], beta=0.1, reduction="none")
    # Far outside the range the error is bounded, or one odd clip would drown the batch.
    error = error.clamp_max(2.0)
    absolute = torch.cat(
        [(got[:, :1] - asked[:, :1] + 0.5).remainder(1.0).sub(0.5).abs(), (got - asked)[:, 1:].abs()], dim=1
    )
    return (1 - turn).mean() * 0.5 + error.mean(0).sum(), absolute.detach().mean(0)
