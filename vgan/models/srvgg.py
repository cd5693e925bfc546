"""The compact enhancer of Real-ESRGAN (Wang et al. 2021), in the layout that its community publishes and loads."""

from dataclasses import dataclass

import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class CompactParams:
    """scale: 1, 2 or 4; features: channels of every convolution; layers: of them, between the first and the last."""

    scale: int = 2
    features: int = 32
    layers: int = 8


class SRVGGNetCompact(nn.Module):
    """3x3 convolutions with PReLU at the size of what comes in, and pixels shuffled apart at the end.

    What it adds is over the nearest pixel, so that it begins at a picture and not at nothing.
    """

    def __init__(self, params: CompactParams):
        super().__init__()
        self.params = params
        width = params.features
        layers: list[nn.Module] = [nn.Conv2d(3, width, 3, padding=1), nn.PReLU(width)]
        for _ in range(params.layers):
            layers += [nn.Conv2d(width, width, 3, padding=1), nn.PReLU(width)]
        self.body = nn.Sequential(*layers, nn.Conv2d(width, 3 * params.scale**2, 3, padding=1))

    def forward(self, pictures: Tensor) -> Tensor:
        """Pictures (B, 3, H, W) in [0, 1] to (B, 3, scale * H, scale * W), about in [0, 1]."""
        added = F.pixel_shuffle(self.body(pictures), self.params.scale)
        return added + F.interpolate(pictures, scale_factor=self.params.scale, mode="nearest")
