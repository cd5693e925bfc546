"""The compact enhancer of Real-ESRGAN (Wang et al. 2021), in the layout that its community publishes and loads."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from vgan.errors import WeightsError

SCALES = (1, 2, 3, 4)
MOST_FEATURES = 256
MOST_LAYERS = 64


SLOPE = 0.25  # that PReLU begins with
LITTLE = 0.1  # of what the last layer would add at first


@dataclass(frozen=True)
class CompactParams:
    """scale: 1 to 4; features: channels of every convolution; layers: of them, between the first and the last."""

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
        self._begin()

    def _begin(self) -> None:
        """He et al. (2015): signals keep their size through the layers, and little is added at first. With torch's own
        first weights they fade, and a denoiser learns nothing for hundreds of steps."""
        convolutions = [layer for layer in self.body if isinstance(layer, nn.Conv2d)]
        for layer in convolutions:
            if layer.weight.is_meta:
                return
            nn.init.kaiming_normal_(layer.weight, a=SLOPE)
            nn.init.zeros_(layer.bias)  # type: ignore[arg-type]
        convolutions[-1].weight.data.mul_(LITTLE)

    def forward(self, pictures: Tensor) -> Tensor:
        """Pictures (B, 3, H, W) in [0, 1] to (B, 3, scale * H, scale * W), about in [0, 1]."""
        added = F.pixel_shuffle(self.body(pictures), self.params.scale)
        return added + F.interpolate(pictures, scale_factor=self.params.scale, mode="nearest")


def from_checkpoint(state: Mapping[str, Tensor]) -> tuple[SRVGGNetCompact, dict[str, Tensor]]:
    """A compact enhancer of the checkpoint's sizes, and its weights.

    The module is on the meta device: it takes no memory, whatever sizes a hostile file claims, until tensors that were
    found to fit are assigned to it (`vgan.weights.load_into`). Raises WeightsError where this is another network, or
    one with sizes out of bounds.
    """
    places = [int(match[1]) for key in state if (match := re.fullmatch(r"body\.(\d{1,4})\.weight", key))]
    last = max(places, default=0)
    first, final = (state.get(f"body.{place}.weight") for place in (0, last))
    if first is None or final is None or first.ndim != 4 or final.ndim != 4 or last % 2:
        raise WeightsError("compact enhancer: no body of convolutions and PReLU here. This is another network.")
    features, channels, layers = first.shape[0], final.shape[0], last // 2 - 1
    scale = next((scale for scale in SCALES if 3 * scale**2 == channels), None)
    if scale is None or not 1 <= features <= MOST_FEATURES or not 0 <= layers <= MOST_LAYERS:
        raise WeightsError(
            f"compact enhancer: {features} channels, {layers} layers, {channels} numbers for each pixel. Allowed: up "
            f"to {MOST_FEATURES} channels, up to {MOST_LAYERS} layers, and 3, 12, 27 or 48 numbers (x1 to x4)."
        )
    with torch.device("meta"):
        return SRVGGNetCompact(CompactParams(scale, features, layers)), dict(state)
