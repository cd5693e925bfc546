"""Fills in what a damaged frame has lost, from its neighbours as moved to its moment and from what it still shows."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from vgan.models.layers import SLOPE, double

STEP = 8  # sides are padded to multiples of this inside


@dataclass(frozen=True)
class RepairParams:
    """channels: at a half, a quarter and an eighth of the picture."""

    channels: tuple[int, ...] = (32, 64, 96)


def _block(channels_in: int, channels_out: int, stride: int = 1, dilation: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(channels_in, channels_out, 3, stride, dilation, dilation), nn.LeakyReLU(SLOPE, inplace=True)
    )


class RepairGenerator(nn.Module):
    """An encoder and decoder with skips (U-Net, Ronneberger et al. 2015) that corrects a prediction.

    It begins at the prediction itself: what it adds is nothing before it has learned.
    """

    def __init__(self, params: RepairParams):
        super().__init__()
        self.params = params
        half, quarter, eighth = params.channels
        self.enter = nn.Sequential(nn.Conv2d(4 * 13, half, 1), nn.LeakyReLU(SLOPE, inplace=True), _block(half, half))
        self.down = _block(half, quarter, 2)
        self.deep = nn.Sequential(
            _block(quarter, eighth, 2), _block(eighth, eighth, 1, 2), _block(eighth, eighth, 1, 4)
        )
        self.rise = nn.Sequential(nn.Conv2d(eighth + quarter, quarter, 1), _block(quarter, quarter))
        self.leave = nn.Sequential(nn.Conv2d(quarter + half, half, 1), _block(half, half))
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d):
                nn.init.kaiming_normal_(layer.weight, SLOPE)
                assert layer.bias is not None
                nn.init.zeros_(layer.bias)
        self.last = nn.Conv2d(half, 4 * 3, 3, padding=1)
        nn.init.zeros_(self.last.weight)
        nn.init.zeros_(self.last.bias)  # type: ignore[arg-type]

    def forward(self, damaged: Tensor, mask: Tensor, predicted: Tensor, sides: tuple[Tensor, Tensor]) -> Tensor:
        """damaged, predicted and both sides: (B, 3, H, W) in [-1, 1]; mask (B, 1, H, W): 1 where the damaged picture is
        lost, 0 where it is kept. Returns the picture (B, 3, H, W) float32, about in [-1, 1]: predicted and corrected
        everywhere, what is kept as well; whoever calls joins the two."""
        height, width = damaged.shape[-2:]
        known = torch.cat([damaged * (1 - mask), mask, predicted, *(side - predicted for side in sides)], 1)
        extra = (-width % STEP, -height % STEP)
        if any(extra):
            known = F.pad(known, (0, extra[0], 0, extra[1]), mode="replicate")
        half = self.enter(F.pixel_unshuffle(known, 2))
        quarter = self.down(half)
        x = self.rise(torch.cat([double(self.deep(quarter)), quarter], 1))
        x = self.leave(torch.cat([double(x), half], 1))
        change = F.pixel_shuffle(self.last(x), 2)[..., :height, :width]
        return predicted.float() + change.float()
