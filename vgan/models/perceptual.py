"""What a classifier sees in pictures: taps of SqueezeNet 1.1 (Iandola et al. 2016), trained on ImageNet, frozen."""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


class SqueezeTaps(nn.Module):
    """Feature maps after chosen layers of `features`.

    classifier: weights in torchvision's layout; taps: indices into `squeezenet1_1().features`.
    """

    mean: Tensor
    std: Tensor

    def __init__(self, classifier: dict[str, Tensor], taps: Sequence[int]):
        super().__init__()
        from torchvision.models import squeezenet1_1  # a second and a half: when needed

        net = squeezenet1_1(weights=None)
        net.load_state_dict({name: value.float() for name, value in classifier.items()})
        self.taps = tuple(taps)
        self.body = net.features[: max(taps) + 1].eval().requires_grad_(False)
        for layer in self.body.modules():
            if isinstance(layer, nn.ReLU):
                layer.inplace = False  # a tap would be overwritten
        self.register_buffer("mean", torch.tensor(MEAN).view(3, 1, 1))
        self.register_buffer("std", torch.tensor(STD).view(3, 1, 1))

    def forward(self, pictures: Tensor) -> list[Tensor]:
        """pictures: (B, 3, H, W) in [-1, 1], at least 32 px a side. Returns one (B, C, h, w) for each tap."""
        x = ((pictures * 0.5 + 0.5 - self.mean) / self.std).contiguous(memory_format=torch.channels_last)
        found = []
        for index, layer in enumerate(self.body):
            x = layer(x)
            if index in self.taps:
                found.append(x)
        return found


def gram(features: Tensor) -> Tensor:
    """(B, C, H, W) to (B, C, C) float32: how often features occur together, wherever they are (Gatys et al. 2016)."""
    flat = features.flatten(2)
    return (flat @ flat.transpose(1, 2)).float() / flat.shape[2]


def gram_distance(found: Sequence[Tensor], wanted: Sequence[Tensor]) -> Tensor:
    """Squared distance of Gram matrices, (B,): each tap relative to the energy of what is wanted, then their mean.

    found, wanted: one (B or 1, C, C) for each tap.
    """
    parts = [
        (one - other).square().sum((1, 2)) / other.square().sum((1, 2))
        for one, other in zip(found, wanted, strict=True)
    ]
    return torch.stack(parts).mean(0)


def content_distance(found: Tensor, wanted: Tensor) -> Tensor:
    """Squared distance of feature maps (B, C, H, W), relative to the energy of what is wanted: (B,)."""
    return F.mse_loss(found.float(), wanted.float(), reduction="none").mean((1, 2, 3)) / wanted.float().square().mean(
        (1, 2, 3)
    )
