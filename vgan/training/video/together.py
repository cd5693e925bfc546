"""Batch normalisation over the whole team's batch: several processes then train as one with the larger batch does.

Torch's own SyncBatchNorm works on GPUs alone.
"""

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import Tensor, nn
from torch.distributed.nn.functional import all_reduce
from torch.nn.modules.batchnorm import _BatchNorm

from vgan.training.parallel import Team


class TeamBatchNorm(_BatchNorm):
    """As `nn.BatchNorm1d`, 2d and 3d, with means and variances of all members' batches, which are of one size.

    Its names in a state dict are theirs. Differentiable twice, as penalties of gradients need.
    """

    def _check_input_dim(self, input: Tensor) -> None:
        """All are taken whose second dimension is the channels."""

    def forward(self, input: Tensor) -> Tensor:
        """input: (B, C, ...)."""
        if not self.training:
            return F.batch_norm(input, self.running_mean, self.running_var, self.weight, self.bias, eps=self.eps)
        x = input.float()
        axes, shape = [0, *range(2, x.dim())], (1, -1, *[1] * (x.dim() - 2))
        members, count = dist.get_world_size(), x.numel() // x.shape[1] * dist.get_world_size()
        # The mean first: the difference of two large sums would lose what the variance is made of.
        mean = all_reduce(x.mean(axes)) / members
        centred = x - mean.view(shape)
        variance = all_reduce(centred.square().mean(axes)) / members
        scale = (variance + self.eps).rsqrt() * self.weight
        self._follow(mean.detach(), variance.detach() * count / max(1, count - 1))
        return (centred * scale.view(shape) + self.bias.view(shape)).to(input.dtype)

    @torch.no_grad()
    def _follow(self, mean: Tensor, variance: Tensor) -> None:
        if self.running_mean is None or self.running_var is None or self.num_batches_tracked is None:
            return
        self.num_batches_tracked += 1
        share = 1 / float(self.num_batches_tracked) if self.momentum is None else self.momentum
        self.running_mean.lerp_(mean, share)
        self.running_var.lerp_(variance, share)


def share_statistics(network: nn.Module, team: Team) -> None:
    """Every batch normalisation in `network` becomes the team's, with the weights that it has; alone, nothing changes.
    Raises TypeError for one without weights."""
    if team.size == 1:
        return
    for name, layer in list(network.named_children()):
        if isinstance(layer, _BatchNorm):
            if not layer.affine:
                raise TypeError(f"{name}: a batch normalisation without weights is not shared")
            kind = TeamBatchNorm(
                layer.num_features, layer.eps, layer.momentum, track_running_stats=layer.track_running_stats
            )
            kind.to(layer.weight.device).load_state_dict(layer.state_dict())
            setattr(network, name, kind)
        else:
            share_statistics(layer, team)
