"""Statistics of a batch over the whole team's batch: several processes then train as one with the larger batch does.

Torch's own SyncBatchNorm works on GPUs alone.
"""

from typing import Any

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from vgan.models.layers import BatchVariance
from vgan.training.parallel import Team


class _TeamMean(torch.autograd.Function):
    """The mean of what all members have, whose gradient is the mean of all members' gradients; so again for its own."""

    @staticmethod
    def forward(context: Any, value: Tensor) -> Tensor:
        mean = value.contiguous().clone()
        dist.all_reduce(mean)
        return mean / dist.get_world_size()

    @staticmethod
    def backward(context: Any, *gradients: Tensor) -> Tensor:
        mean: Tensor = _TeamMean.apply(gradients[0])
        return mean


def team_mean(value: Tensor) -> Tensor:
    """The mean of all members' `value`, which are of one shape. Differentiable, again and again. Every member calls it
    as often as every other, and in the same order."""
    mean: Tensor = _TeamMean.apply(value)
    return mean


def team_moments(x: Tensor, axes: list[int]) -> tuple[Tensor, Tensor]:
    """Mean and variance (biased) of all members' `x` along axes, which stay with a length of 1."""
    # The mean first: the difference of two large sums would lose what the variance is made of.
    mean = team_mean(x.mean(axes, keepdim=True))
    return mean, team_mean((x - mean).square().mean(axes, keepdim=True))


class TeamBatchNorm(_BatchNorm):
    """As `nn.BatchNorm1d`, 2d and 3d, with means and variances of all members' batches. Its names in a state dict are
    theirs."""

    def _check_input_dim(self, input: Tensor) -> None:
        """All are taken whose second dimension is the channels."""

    def forward(self, input: Tensor) -> Tensor:
        """input: (B, C, ...)."""
        if not self.training:
            return F.batch_norm(input, self.running_mean, self.running_var, self.weight, self.bias, eps=self.eps)
        x = input.float()
        shape, count = (1, -1, *[1] * (x.dim() - 2)), x.numel() // x.shape[1] * dist.get_world_size()
        mean, variance = team_moments(x, [0, *range(2, x.dim())])
        self._follow(mean.detach().flatten(), variance.detach().flatten() * count / max(1, count - 1))
        x = (x - mean) * (variance + self.eps).rsqrt()
        x = x if self.weight is None else x * self.weight.view(shape) + self.bias.view(shape)
        return x.to(input.dtype)

    @torch.no_grad()
    def _follow(self, mean: Tensor, variance: Tensor) -> None:
        if self.running_mean is None or self.running_var is None or self.num_batches_tracked is None:
            return
        self.num_batches_tracked += 1
        share = 1 / float(self.num_batches_tracked) if self.momentum is None else self.momentum
        self.running_mean.lerp_(mean, share)
        self.running_var.lerp_(variance, share)


class TeamVariance(BatchVariance):
    """As `BatchVariance`, of all members' batches."""

    def forward(self, x: Tensor) -> Tensor:
        """See `BatchVariance`."""
        return team_moments(x.float(), [0])[1][0]


def share_statistics(network: nn.Module, team: Team) -> None:
    """What `network` takes from its batch, it takes from the team's, with the weights that it has; alone, nothing
    changes."""
    if team.size == 1:
        return
    for name, layer in list(network.named_children()):
        if isinstance(layer, _BatchNorm):
            kept, tracks = layer.state_dict(), layer.track_running_stats
            kind = TeamBatchNorm(layer.num_features, layer.eps, layer.momentum, layer.affine, tracks)
            kind.load_state_dict(kept)
            setattr(network, name, kind.to(next(iter(kept.values())).device) if kept else kind)
        elif isinstance(layer, BatchVariance):
            setattr(network, name, TeamVariance())
        else:
            share_statistics(layer, team)
