"""Progressive growing (Karras et al., "Progressive Growing of GANs", 2018): coarse pictures are learned first, finer
layers fade in one after another. Pixel norm, equalised learning rate; walked through in a circle."""

from dataclasses import dataclass
from itertools import pairwise
from math import ceil, prod, sqrt

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from vgan.models.generators.coded import CirclingGenerator
from vgan.models.generators.video import Given, VideoParams
from vgan.models.layers import SLOPE

FAINT = 0.2  # of the colours of each level
GROWING = 0.6  # share of the training after which all levels are there


@dataclass(frozen=True)
class ProgressiveParams(VideoParams):
    """Two convolutions at every size cost more than one transposed: it is half as wide by itself."""

    width: int = 16


class EqualConv(nn.Module):
    """Convolution with weights N(0, 1), scaled when they are used: each learns at the same pace, however wide it is."""

    def __init__(self, channels_in: int, channels_out: int, kernel: int, gain: float = sqrt(2), pad: int | None = None):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(channels_out, channels_in, kernel, kernel))
        self.bias = nn.Parameter(torch.zeros(channels_out))
        self.scale = gain / sqrt(prod(self.weight.shape[1:]))
        self.pad = kernel // 2 if pad is None else pad

    def forward(self, x: Tensor) -> Tensor:
        """(N, C_in, H, W) to (N, C_out, H', W')."""
        return F.conv2d(x, self.weight * self.scale, self.bias, padding=self.pad)


class Growth(nn.Module):
    """How far a network has grown, a number that its weights carry: the finest level that is drawn, and while that one
    fades in a fraction."""

    level: Tensor

    def __init__(self, levels: int):
        super().__init__()
        self.last = levels - 1
        self.register_buffer("level", torch.tensor(float(self.last)))

    def set(self, share: float) -> None:
        """share: of the training, 0 to 1. It begins with 4 pixels."""
        self.level.fill_(min(1.0, share / GROWING) * self.last)

    def now(self) -> tuple[int, float]:
        """The finest level that is drawn, and how much of it: it fades in for half of its time, up to 1."""
        level = min(max(float(self.level), 0.0), float(self.last))
        top = ceil(level)
        return top, min(1.0, 2 * (level + 1 - top))


def level_channels(params: VideoParams) -> list[int]:
    """Channels at 4, 8, 16 ... `side` pixels."""
    levels = params.side.bit_length() - 2
    return [params.width * min(2**index, 8) for index in range(levels)][::-1]


def pixel_norm(x: Tensor) -> Tensor:
    """(N, C, ...) with the mean square of the channels of every pixel made 1."""
    return x * torch.rsqrt(x.float().square().mean(1, keepdim=True) + 1e-8).to(x.dtype)


class ProgressiveGan(CirclingGenerator):
    """As it grows, what it draws is enlarged to `side`: clips have one size from the first step to the last."""

    def __init__(self, params: VideoParams):
        super().__init__(params)
        channels = level_channels(params)
        self.growth = Growth(len(channels))
        # Over one pixel, padded by 3, a convolution is the paper's dense first layer, and its scale the paper's.
        first = EqualConv(params.latent + params.motion, channels[0], 4, pad=3)
        self.convs = nn.ModuleList([nn.ModuleList([first, EqualConv(channels[0], channels[0], 3)])])
        for coarse, fine in pairwise(channels):
            self.convs.append(nn.ModuleList([EqualConv(coarse, fine, 3), EqualConv(fine, fine, 3)]))
        # Faint at first: a level that fades in adds noise until it has learned what to draw.
        self.colours = nn.ModuleList(EqualConv(count, 3, 1, gain=FAINT) for count in channels)

    def set_progress(self, share: float) -> None:
        """See `VideoGenerator`."""
        self.growth.set(share)

    def picture(self, codes: Tensor, given: Given) -> Tensor:
        """See `CodedGenerator`."""
        top, shown = self.growth.now()
        x = pixel_norm(codes)[:, :, None, None]
        picture: Tensor = x
        for level in range(top + 1):
            if level:
                x = F.interpolate(x, scale_factor=2.0, mode="nearest")
            for conv in self.convs[level].children():
                x = pixel_norm(F.leaky_relu(conv(x), SLOPE, inplace=True))
            if level == top - 1 and shown < 1:
                picture = F.interpolate(self.colours[level](x), scale_factor=2.0, mode="nearest")
        last = self.colours[top](x)
        last = torch.lerp(picture, last, shown) if shown < 1 else last
        return F.interpolate(last, size=(self.params.side,) * 2, mode="nearest")

    def layers(self) -> list[Tensor]:
        """See `VideoGenerator`."""
        first: EqualConv = self.convs[0][0]  # type: ignore[index]
        return [first.weight.transpose(0, 1).flatten(1).T[:, : self.params.latent]]
