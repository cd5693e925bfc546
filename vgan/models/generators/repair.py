"""Fills in what a damaged frame has lost, from its neighbours as moved to its moment and from what it still shows.

Motion is carried into the hole from around it, as in flow-guided inpainting (Xu et al. 2019): a prediction from the
neighbours alone cannot know that something sped up, but what is kept of the frame shows it.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from vgan.models.interpolator import warp
from vgan.models.layers import SLOPE, double

STEP = 16  # sides are padded to multiples of this inside
CELL = 4  # pixels of a cell in which kept places are compared
REACH = 2  # steps in each direction by which they are compared
STRIDES = (1, 2)  # pixels of those steps
NEAR = 5  # cells over which a comparison is taken
FAR = 17  # cells over which it is asked whether anything is wrong at all
DOUBT = 0.03  # difference, in [-1, 1], at which half of the correction is let through: what agrees is right
SHARE = 1e-3  # of a window that has to be kept to count


@dataclass(frozen=True)
class RepairParams:
    """channels: at a half, a quarter and an eighth of the picture."""

    channels: tuple[int, ...] = (32, 64, 96)


def _block(channels_in: int, channels_out: int, stride: int = 1, dilation: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(channels_in, channels_out, 3, stride, dilation, dilation), nn.LeakyReLU(SLOPE, inplace=True)
    )


class RepairGenerator(nn.Module):
    """An encoder and decoder with skips (U-Net, Ronneberger et al. 2015) that moves and corrects a prediction.

    It begins at the prediction itself: what it changes is nothing before it has learned.
    """

    def __init__(self, params: RepairParams):
        super().__init__()
        self.params = params
        half, quarter, eighth = params.channels
        self.enter = nn.Sequential(_block(4 * 13, half), _block(half, half))
        self.down = _block(half, quarter, 2)
        self.compare = _block(len(STRIDES) * (2 * REACH + 1) ** 2 + 2, half)
        self.join = _block(quarter + half, quarter)
        self.deep = nn.Sequential(
            _block(quarter, eighth, 2), *(_block(eighth, eighth, 1, wide) for wide in (2, 4, 8, 1))
        )
        self.rise = nn.Sequential(nn.Conv2d(eighth + quarter, quarter, 1), _block(quarter, quarter))
        self.leave = nn.Sequential(nn.Conv2d(quarter + half, half, 1), _block(half, half))
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d):
                nn.init.kaiming_normal_(layer.weight, SLOPE)
                assert layer.bias is not None
                nn.init.zeros_(layer.bias)
        self.motion = nn.Conv2d(quarter, 2, 3, padding=1)
        self.last = nn.Conv2d(half, 4 * 3, 3, padding=1)
        for layer in (self.motion, self.last):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)  # type: ignore[arg-type]

    def forward(self, damaged: Tensor, mask: Tensor, predicted: Tensor, sides: tuple[Tensor, Tensor]) -> Tensor:
        """damaged, predicted and both sides: (B, 3, H, W) in [-1, 1]; mask (B, 1, H, W): 1 where the damaged picture is
        lost, 0 where it is kept. Returns the picture (B, 3, H, W) float32, about in [-1, 1]: predicted and corrected
        everywhere, what is kept as well; whoever calls joins the two."""
        height, width = damaged.shape[-2:]
        gap = (damaged - predicted) * (1 - mask)
        known = torch.cat([gap, mask, predicted, *(side - predicted for side in sides)], 1)
        extra = (0, -width % STEP, 0, -height % STEP)
        if any(extra):
            known = F.pad(known, extra, mode="replicate")
        with torch.autocast(known.device.type, enabled=False):
            compared, unsure = _compared(known.float())
        half = self.enter(F.pixel_unshuffle(known, 2))
        quarter = self.join(torch.cat([self.down(half), self.compare(compared.to(half.dtype))], 1))
        x = self.rise(torch.cat([double(self.deep(quarter)), quarter], 1))
        flow = self.motion(x).float()
        x = self.leave(torch.cat([double(x), half], 1))
        change = F.pixel_shuffle(self.last(x), 2).float() * _large(unsure)
        moved = warp(known[:, 4:7].float(), _large(CELL * unsure * flow))
        return (moved + change)[..., :height, :width]


def _compared(known: Tensor) -> tuple[Tensor, Tensor]:
    """How much better each small move of the prediction explains what is kept around a cell (B, C, h, w), and how
    unsure the prediction is there (B, 1, h, w), 0 to 1. known: as `forward` puts it together, float32."""
    gap, lost, predicted, apart = known[:, :3], known[:, 3:4], known[:, 4:7], known[:, 7:10] - known[:, 10:]
    kept = 1 - lost
    truth = (gap + predicted) * kept
    height, width = kept.shape[-2:]
    share, missed, doubt = (F.avg_pool2d(part.abs().mean(1, keepdim=True), CELL) for part in (kept, gap, apart))
    mass = _blurred(share, NEAR)
    found = []
    for stride in STRIDES:
        wide = F.pad(predicted, (stride * REACH,) * 4, mode="replicate")
        for y in range(0, 2 * stride * REACH + 1, stride):
            for x in range(0, 2 * stride * REACH + 1, stride):
                error = (wide[..., y : y + height, x : x + width] * kept - truth).abs().mean(1, keepdim=True)
                found.append(F.avg_pool2d(error, CELL))
    errors = _blurred(torch.cat(found, 1), NEAR) / (mass + SHARE)
    still = _blurred(missed, NEAR) / (mass + SHARE)
    wrong = _blurred(missed, FAR) / (_blurred(share, FAR) + SHARE) + _blurred(doubt, FAR)
    return torch.cat([10 * (errors - still), mass, 10 * still], 1), wrong / (wrong + DOUBT)


def _blurred(values: Tensor, side: int) -> Tensor:
    return F.avg_pool2d(values, side, 1, side // 2, count_include_pad=False)


def _large(cells: Tensor) -> Tensor:
    return F.interpolate(cells, scale_factor=CELL, mode="bilinear", align_corners=False)
