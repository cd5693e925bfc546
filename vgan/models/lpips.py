"""LPIPS (Zhang et al. 2018) through SqueezeNet 1.1: how different two pictures look."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from vgan.errors import WeightsError
from vgan.models.perceptual import SqueezeTaps

TAPS = {1: 64, 4: 128, 7: 256, 9: 384, 10: 384, 11: 512, 12: 512}  # layers of `features`, and their channels


class Lpips(nn.Module):
    """Squared differences of features of unit length, weighed by learned heads, meaned over places, summed over layers.

    classifier: SqueezeNet 1.1 in torchvision's layout; heads: `lin0.model.1.weight` to `lin6.model.1.weight`, (1, C, 1,
    1) each, of version 0.1. Without heads all channels count the same. Raises WeightsError for heads that do not fit.
    """

    def __init__(self, classifier: dict[str, Tensor], heads: Mapping[str, Tensor] | None = None):
        super().__init__()
        self.eyes = SqueezeTaps(classifier, tuple(TAPS))
        for index, channels in enumerate(TAPS.values()):
            head = torch.full((1, channels, 1, 1), 1 / len(TAPS)) if heads is None else _head(heads, index, channels)
            self.register_buffer(f"head{index}", head)

    def forward(self, one: Tensor, other: Tensor) -> Tensor:
        """Two batches of pictures (B, 3, H, W) in [-1, 1], at least 32 px a side. Returns (B,) float32, 0 for equal."""
        parts = []
        for index, (first, second) in enumerate(zip(self.eyes(one), self.eyes(other), strict=True)):
            head = self.get_buffer(f"head{index}")
            parts.append(((_unit(first) - _unit(second)).square() * head).sum(1).mean((1, 2)))
        return torch.stack(parts).sum(0)


def _unit(tap: Tensor) -> Tensor:
    tap = tap.float()
    return tap * torch.rsqrt(tap.square().sum(1, keepdim=True) + 1e-8)


def _head(heads: Mapping[str, Tensor], index: int, channels: int) -> Tensor:
    name = f"lin{index}.model.1.weight"
    found = heads.get(name)
    if found is None or tuple(found.shape) != (1, channels, 1, 1) or not bool((found >= 0).all()):
        raise WeightsError(
            f"heads: {name!r} is missing, of another shape than (1, {channels}, 1, 1), or negative. Allowed: the heads "
            "of LPIPS 0.1 for SqueezeNet."
        )
    return found.float()
