"""Adversarial losses by name. Scores are logits (B,); each loss is a mean over clips.

Sources: saturating and non-saturating cross-entropy, Goodfellow et al. 2014; least squares, Mao et al. 2017; hinge, Lim
and Ye 2017; Wasserstein with gradient penalty, Gulrajani et al. 2017; relativistic pairing with R1 and R2, Huang et al.
2024 (R3GAN).
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from vgan.training.losses import gradient_penalty, relativistic

Judge = Callable[[Tensor], Tensor]
Penalty = Callable[[Judge, Tensor, Tensor, Tensor], Tensor]


@dataclass(frozen=True)
class Loss:
    """One way to set critic and generator against each other.

    critic: its loss from scores of (real, made) clips; generator: its loss from scores of (made, real) ones.
    penalty: of the critic, from how it judges frames, real frames, made frames (B, n, 3, H, W), and (B,) shares
    in [0, 1) that were drawn for each clip; None where there is none. weight: of the penalty; lazy: steps between
    penalties, each then counting as many times more; critic_steps: updates of the critic for one of the generator;
    beta: Adam's first, as the paper has it; zero: whether a score above 0 means that the critic takes a clip for real.
    """

    critic: Callable[[Tensor, Tensor], Tensor]
    generator: Callable[[Tensor, Tensor], Tensor]
    penalty: Penalty | None = None
    weight: float = 0.0
    lazy: int = 1
    critic_steps: int = 1
    beta: float = 0.5
    zero: bool = True


def cross_entropy(real: Tensor, made: Tensor) -> Tensor:
    """Of telling real clips from made ones."""
    return F.softplus(-real).mean() + F.softplus(made).mean()


def saturating(made: Tensor, real: Tensor) -> Tensor:
    """The generator's share of the minimax game: mean log(1 - D)."""
    return -F.softplus(made).mean()


def non_saturating(made: Tensor, real: Tensor) -> Tensor:
    """Mean -log D, which teaches most where the critic is right."""
    return F.softplus(-made).mean()


def squares(real: Tensor, made: Tensor) -> Tensor:
    """Real clips towards 1, made ones towards 0."""
    return 0.5 * ((real - 1).square().mean() + made.square().mean())


def hinge(real: Tensor, made: Tensor) -> Tensor:
    """Only scores within the margin of 1 count."""
    return F.relu(1 - real).mean() + F.relu(1 + made).mean()


def lower_mean(real: Tensor, made: Tensor) -> Tensor:
    """The critic's estimate of the Wasserstein distance, negative."""
    return made.mean() - real.mean()


def towards_one(judge: Judge, real: Tensor, made: Tensor, shares: Tensor) -> Tensor:
    """Gradients of length 1 between real and made clips (Gulrajani et al. 2017)."""
    between = torch.lerp(real, made, shares.view(-1, *[1] * (real.dim() - 1))).detach().requires_grad_(True)
    (gradient,) = torch.autograd.grad(judge(between).sum(), between, create_graph=True)
    # Not norm(): where a gradient is zero, its own gradient is not a number.
    length = gradient.float().square().flatten(1).sum(1).add(1e-12).sqrt()
    return (length - 1).square().mean()


def r1_and_r2(judge: Judge, real: Tensor, made: Tensor, shares: Tensor) -> Tensor:
    """Short gradients at real clips and at made ones, half of each."""
    return 0.5 * (gradient_penalty(judge, real) + gradient_penalty(judge, made))


LOSSES: dict[str, Loss] = {
    "saturating": Loss(cross_entropy, saturating),
    "non-saturating": Loss(cross_entropy, non_saturating),
    "least-squares": Loss(squares, lambda made, real: 0.5 * (made - 1).square().mean(), zero=False),
    "hinge": Loss(hinge, lambda made, real: -made.mean(), beta=0.0),
    "wgan-gp": Loss(
        lower_mean, lambda made, real: -made.mean(), towards_one, 10.0, critic_steps=5, beta=0.0, zero=False
    ),
    "relativistic": Loss(relativistic, relativistic, r1_and_r2, 2.0, lazy=4, beta=0.0, zero=False),
}
