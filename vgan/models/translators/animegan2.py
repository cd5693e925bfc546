"""The generator of AnimeGANv2 (Chen et al. 2020) in the layout of its PyTorch checkpoints."""

import torch.nn.functional as F
from torch import Tensor, nn

from vgan.errors import WeightsError

State = dict[str, Tensor]
TELL_TALE = "block_c.1.layers.1.1.weight"
LARGEST_WIDTH = 128


def _layer(channels_in: int, channels_out: int, kernel: int = 3, stride: int = 1, groups: int = 1) -> nn.Sequential:
    """Reflect-pad, convolve, normalise over all channels together, leaky ReLU."""
    pad = (kernel - 1) // 2
    sides = (0, 1, 0, 1) if stride == 2 else (pad, pad, pad, pad)
    return nn.Sequential(
        nn.ReflectionPad2d(sides),
        nn.Conv2d(channels_in, channels_out, kernel, stride, groups=groups, bias=groups > 1),
        nn.GroupNorm(1, channels_out),
        nn.LeakyReLU(0.2),
    )


class InvertedResidual(nn.Module):
    """Widen, convolve channel by channel, narrow; added to the input where the widths are equal."""

    def __init__(self, channels_in: int, channels_out: int, expansion: int = 2):
        super().__init__()
        wide = channels_in * expansion
        self.layers = nn.Sequential(
            _layer(channels_in, wide, 1),
            _layer(wide, wide, groups=wide),
            nn.Conv2d(wide, channels_out, 1, bias=False),
            nn.GroupNorm(1, channels_out),
        )
        self._added = channels_in == channels_out

    def forward(self, x: Tensor) -> Tensor:
        """(B, C_in, H, W) to (B, C_out, H, W)."""
        made: Tensor = self.layers(x)
        return x + made if self._added else made


class AnimeGenerator(nn.Module):
    """Pictures (B, 3, H, W) in [-1, 1], at least 8 px a side, to the same. width: channels of the first layer."""

    def __init__(self, width: int = 32):
        super().__init__()
        one, two, four, eight = width, 2 * width, 4 * width, 8 * width
        self.block_a = nn.Sequential(_layer(3, one, 7), _layer(one, two, stride=2), _layer(two, two))
        self.block_b = nn.Sequential(_layer(two, four, stride=2), _layer(four, four))
        residuals = [InvertedResidual(four, eight), *(InvertedResidual(eight, eight) for _ in range(3))]
        self.block_c = nn.Sequential(_layer(four, four), *residuals, _layer(eight, four))
        self.block_d = nn.Sequential(_layer(four, four), _layer(four, four))
        self.block_e = nn.Sequential(_layer(four, two), _layer(two, two), _layer(two, one, 7))
        self.out_layer = nn.Sequential(nn.Conv2d(one, 3, 1, bias=False), nn.Tanh())

    def forward(self, pictures: Tensor, align_corners: bool = True) -> Tensor:
        """pictures: (B, 3, H, W) in [-1, 1]. align_corners: how it enlarges; publishers use both."""
        half = self.block_a(pictures)
        x = self.block_c(self.block_b(half))
        x = self.block_d(F.interpolate(x, half.shape[-2:], mode="bilinear", align_corners=align_corners))
        x = F.interpolate(x, pictures.shape[-2:], mode="bilinear", align_corners=align_corners)
        made: Tensor = self.out_layer(self.block_e(x))
        return made


def from_state(state: State) -> tuple[AnimeGenerator, State]:
    """The generator that a checkpoint's tensors are for, and its tensors."""
    width = state["block_a.0.1.weight"].shape[0]
    if not 1 <= width <= LARGEST_WIDTH:
        raise WeightsError(f"an AnimeGANv2 generator of {width} channels; allowed: up to {LARGEST_WIDTH}.")
    return AnimeGenerator(width), state


def draw(model: nn.Module, pictures: Tensor) -> Tensor:
    """Pictures (N, 3, H, W) in [-1, 1], of any size, to the same."""
    made: Tensor = model(pictures)
    return made
