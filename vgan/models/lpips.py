"""LPIPS (Zhang et al. 2018) through SqueezeNet 1.1: how different two pictures look."""

from collections.abc import Mapping, Sequence

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
        return self.between(self.eyes(one), self.eyes(other))

    def between(self, taps: Sequence[Tensor], others: Sequence[Tensor]) -> Tensor:
        """The same of what `eyes` made of them: of one picture that many are compared with, once."""
        pairs = zip(taps, others, strict=True)
        with torch.autocast(taps[0].device.type, enabled=False):  # differences of nearly equal numbers
            parts = [
                _apart(first, second, self.get_buffer(f"head{index}")) for index, (first, second) in enumerate(pairs)
            ]
        return torch.stack(parts).sum(0)


def _apart(first: Tensor, second: Tensor, head: Tensor) -> Tensor:
    """Mean over places of what `head` (1, C, 1, 1) makes of the squared differences of unit vectors, (B,).

    (a - b)^2 is taken apart, so that each map is walked over three times and not a dozen: it is two thirds of the work.
    """
    a, b = (tap.float().movedim(1, -1) for tap in (first, second))
    weights = head.flatten()
    both = torch.stack([weights, torch.ones_like(weights)], 1)
    aa, bb, ab = (a * a) @ both, (b * b) @ both, (a * b) @ weights
    length_a, length_b = (torch.rsqrt(squares[..., 1] + 1e-8) for squares in (aa, bb))
    apart = aa[..., 0] * length_a.square() + bb[..., 0] * length_b.square() - 2 * ab * length_a * length_b
    return apart.mean((1, 2))


def _head(heads: Mapping[str, Tensor], index: int, channels: int) -> Tensor:
    name = f"lin{index}.model.1.weight"
    found = heads.get(name)
    if found is None or tuple(found.shape) != (1, channels, 1, 1) or not bool((found >= 0).all()):
        raise WeightsError(
            f"heads: {name!r} is missing, of another shape than (1, {channels}, 1, 1), or negative. Allowed: the heads "
            "of LPIPS 0.1 for SqueezeNet."
        )
    return found.float()
