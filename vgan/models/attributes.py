"""Seven attributes measured on a clip. They train the sliders and prove them: what is asked is what is measured.

All are differentiable, so that the same measurement teaches the generator.
"""

from math import pi

import torch
import torch.nn.functional as F
from torch import Tensor

ATTRIBUTES = ("hue", "saturation", "brightness", "contrast", "scale", "complexity", "motion")
SHORT_SIDE = 64  # everything is measured at this size, so that a picture measures the same at any resolution
STEP = 1 / 16  # loops between the two frames that motion is measured on
KNOTS = 17


def measure(first: Tensor, second: Tensor) -> Tensor:
    """Attributes of clips from two frames, one sixteenth of a loop apart.

    first, second: (B, 3, H, W) in [-1, 1], any size. Returns (B, 7) float32 in the order of `ATTRIBUTES`:
    hue in turns [0, 1), chroma-weighted mean; saturation = chroma over the largest channel; brightness = mean luma in
    [0, 1]; contrast = standard deviation of luma; scale = log of the typical feature size in short sides;
    complexity = how evenly detail covers the picture, in (0, 1]; motion = log of change over contrast.
    """
    first, second = (_small(frame) * 0.5 + 0.5 for frame in (first, second))
    red, green, blue = first.unbind(1)
    alpha, beta = red - 0.5 * (green + blue), (green - blue) * (3**0.5 / 2)
    hue = torch.atan2(beta.mean((1, 2)), alpha.mean((1, 2))) / (2 * pi)
    chroma = (alpha.square() + beta.square() + 1e-6).sqrt()
    saturation = chroma.mean((1, 2)) / (first.amax(1).mean((1, 2)) + 0.05)
    luma, later = _luma(first), _luma(second)
    contrast = (luma.var((1, 2)) + 1e-6).sqrt()
    dx, dy = luma.diff(dim=2)[:, :-1], luma.diff(dim=1)[:, :, :-1]
    slope = (dx.square() + dy.square() + 1e-7).sqrt()
    scale = torch.log(contrast / (slope.mean((1, 2)) * SHORT_SIDE) + 1e-3)
    busy = F.avg_pool2d(slope.unsqueeze(1), 7, stride=4).flatten(1)
    complexity = busy.mean(1).square() / (busy.square().mean(1) + 1e-9)
    change = (luma - later).abs().mean((1, 2))
    motion = torch.log(change / contrast + 0.02)
    return torch.stack([hue.remainder(1.0), saturation, luma.mean((1, 2)), contrast, scale, complexity, motion], dim=1)


def _small(frame: Tensor) -> Tensor:
    height, width = frame.shape[-2:]
    ratio = SHORT_SIDE / min(height, width)
    return F.interpolate(frame.float(), (round(height * ratio), round(width * ratio)), mode="area")


def _luma(frame: Tensor) -> Tensor:
    red, green, blue = frame.unbind(1)
    return 0.299 * red + 0.587 * green + 0.114 * blue


def knots(measured: Tensor, least: Tensor | None = None) -> Tensor:
    """Evenly spaced quantiles of `measured` (N, 7) attributes of one look: (KNOTS, 7), strictly rising.

    least: (7,) how far the first and the last are apart at least; around their middle, for what hardly varies.
    """
    quantiles = torch.quantile(measured, torch.linspace(0.01, 0.99, KNOTS), dim=0)
    if least is not None:
        lacking = (least - (quantiles[-1] - quantiles[0])).clamp_min(0)
        quantiles = quantiles + torch.linspace(-0.5, 0.5, KNOTS).unsqueeze(1) * lacking
    return quantiles + torch.linspace(0, 1e-3, KNOTS).unsqueeze(1)


def to_shares(measured: Tensor, table: Tensor) -> Tensor:
    """Measured attributes (B, 7) as shares of their look's own range: 0 is the least seen in training, 1 the most.

    table: (B, KNOTS, 7), each clip's own look's knots. Linear between knots and, so that a gradient leads back in,
    beyond them. Hue passes through in turns. Differentiable in `measured`.
    """
    inner = (measured.unsqueeze(1) >= table[:, 1:-1]).sum(1, keepdim=True)
    low, high = table.gather(1, inner).squeeze(1), table.gather(1, inner + 1).squeeze(1)
    shares = (inner.squeeze(1) + (measured - low) / (high - low)) / (KNOTS - 1)
    return torch.cat([measured[:, :1], shares[:, 1:]], dim=1)
