"""StyleGAN2 (Karras et al., "Analyzing and Improving the Image Quality of StyleGAN", 2020), the generator as it runs.

Written from the paper. What a checkpoint keeps apart for training, the scales of equalised learning rates, is folded
into the weights when it is read (`stylegan2_checkpoint.py`), so plain linear and convolution layers remain.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log2, sqrt
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from vgan.models.layers import SLOPE, activate

SMALLEST = 4  # px, of the learned constant
PREVIEW = 128  # px, of the level up to which a preview is drawn
FINE = 64  # px, from which on scaling the weights is cheaper than scaling the picture
BLUR = (1.0, 3.0, 3.0, 1.0)


@dataclass(frozen=True)
class StyleGAN2Params:
    """Shape of a StyleGAN2 generator, read from a checkpoint's tensors.

    style: numbers in z and in w. depth: layers of the mapping network. widths: channels at 4, 8, 16 ... pixels.
    """

    style: int
    depth: int
    widths: tuple[int, ...]

    @property
    def size(self) -> int:
        """Side of the pictures, pixels."""
        return SMALLEST * 2 ** (len(self.widths) - 1)

    @property
    def layers(self) -> int:
        """How many places of the synthesis read a w of their own, from the coarsest to the finest."""
        return 2 * len(self.widths)

    @property
    def noise_sides(self) -> tuple[int, ...]:
        """Side of the noise of each convolution."""
        return (SMALLEST, *(SMALLEST * 2**level for level in range(1, len(self.widths)) for _ in range(2)))


def blurred(x: Tensor, before: int, after: int) -> Tensor:
    """(B, C, H, W) convolved with BLUR in both directions, its sum 4: `before` and `after` zeros are added around."""
    with torch.autocast(x.device.type, enabled=False):  # it would pad in float32, at a third of the speed
        x = F.pad(x, (before, after, before, after))
        taps = [tap / sum(BLUR) * 2 for tap in BLUR]
        for dim in (2, 3):
            length = x.shape[dim] - len(taps) + 1
            parts = [x.narrow(dim, start, length) for start in range(len(taps))]
            x = (parts[0] + parts[3]).mul_(taps[0]).add_(parts[1] + parts[2], alpha=taps[1])
    return x


def enlarged(picture: Tensor) -> Tensor:
    """(B, C, H, W) to (B, C, 2H, 2W): zeros in between, then blurred."""
    wide = picture.new_zeros(*picture.shape[:2], 2 * picture.shape[2], 2 * picture.shape[3])
    wide[:, :, ::2, ::2] = picture
    return blurred(wide, 2, 1)


class StyledConv(nn.Module):
    """A convolution whose input channels a style scales, unit variance restored, then noise, bias and a leaky ReLU."""

    def __init__(self, width_in: int, width_out: int, style: int, doubles: bool):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(width_out, width_in, 3, 3))
        self.bias = nn.Parameter(torch.zeros(width_out))
        self.strength = nn.Parameter(torch.zeros(1))
        self.affine = nn.Linear(style, width_in)
        self.doubles = doubles

    def forward(self, x: Tensor, w: Tensor, noise: Tensor) -> Tensor:
        """x: (B, C, H, W); w: (B, style); noise: (B or 1, 1, H', W'). Returns (B, C', H', W'), twice as large where it
        doubles."""
        gain = sqrt(2)
        with torch.autocast(x.device.type, enabled=False):
            scale = self.affine(w.float())
            energy = scale.square() @ self.weight.square().sum((2, 3)).t()
            volume = torch.rsqrt(energy + 1e-8) * gain
        if x.shape[2] < FINE or x.device.type != "cpu" or torch.is_grad_enabled():
            x = self._convolved(x * scale.to(x.dtype)[:, :, None, None], self.weight.to(x.dtype))
            x = x * volume.to(x.dtype)[:, :, None, None]
        else:
            weights = (self.weight * scale[:, None, :, None, None] * volume[:, :, None, None, None]).to(x.dtype)
            drawn = [self._convolved(one, weight) for one, weight in zip(x.split(1), weights, strict=True)]
            x = torch.cat(drawn) if len(drawn) > 1 else drawn[0]
        if self.doubles:
            x = blurred(x, 1, 1)
        # In place and with both factors spread out: many times as fast as adding the product.
        strength = (self.strength * gain).expand(len(self.bias)).to(x.dtype)[:, None, None].contiguous()
        x = x.addcmul_(strength, noise.to(x.dtype)).add_((self.bias * gain).to(x.dtype)[:, None, None])
        return F.leaky_relu_(x, SLOPE)

    def _convolved(self, x: Tensor, weight: Tensor) -> Tensor:
        if self.doubles:
            return F.conv_transpose2d(x, weight.transpose(0, 1), stride=2)
        return F.conv2d(x, weight, padding=1)


class ToRgb(nn.Module):
    """Features to a picture, with a style and without restoring variance."""

    def __init__(self, width: int, style: int):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(3, width, 1, 1))
        self.bias = nn.Parameter(torch.zeros(3))
        self.affine = nn.Linear(style, width)

    def forward(self, x: Tensor, w: Tensor) -> Tensor:
        """x: (B, C, H, W); w: (B, style). Returns (B, 3, H, W) float32."""
        with torch.autocast(x.device.type, enabled=False):
            weights = (self.weight * self.affine(w.float())[:, None, :, None, None]).to(x.dtype)
            pairs = zip(x.split(1), weights, strict=True)
            flat = [F.conv2d(one, weight, self.bias.to(x.dtype)) for one, weight in pairs]
            return torch.cat(flat).float()


class StyleGAN2(nn.Module):
    """mapping(z) -> w, then synthesis(w or one w for each layer, noise) -> pictures.

    mean: (style,) of all w, towards which they are truncated.
    """

    mean: Tensor

    def __init__(self, params: StyleGAN2Params):
        super().__init__()
        self.params = params
        style, widths = params.style, params.widths
        self.mapper = nn.ModuleList(nn.Linear(style, style) for _ in range(params.depth))
        self.constant = nn.Parameter(torch.zeros(1, widths[0], SMALLEST, SMALLEST))
        pairs = [(widths[0], widths[0], False)]
        for coarse, fine in pairwise(widths):
            pairs += [(coarse, fine, True), (fine, fine, False)]
        self.convs = nn.ModuleList(StyledConv(before, after, style, doubles) for before, after, doubles in pairs)
        self.rgbs = nn.ModuleList(ToRgb(width, style) for width in widths)
        self.noises = nn.ParameterList(torch.zeros(1, 1, side, side) for side in params.noise_sides)
        self.register_buffer("mean", torch.zeros(style))

    def mapping(self, z: Tensor) -> Tensor:
        """z: (B, style) ~ N(0, 1), of which only the direction counts. Returns w, (B, style)."""
        layers: Any = self.mapper
        return mapped(z, [(layer.weight, layer.bias) for layer in layers])

    def truncated(self, w: Tensor, psi: float) -> Tensor:
        """w (..., style), moved towards the mean: 0 is the mean itself, 1 leaves it as it is."""
        return torch.lerp(self.mean, w, psi)

    def synthesis(self, w: Tensor, noise: Sequence[Tensor] | None = None, side: int | None = None) -> Tensor:
        """Pictures (B, 3, S, S), in [-1, 1] up to overshoot, float32.

        w: (B, style), or (B, params.layers, style) with one for each layer. noise: one (B or 1, 1, s, s) for each of
        `params.noise_sides`, by default the checkpoint's own. side: S, by default `params.size`; at a smaller one
        drawing stops at that level, and the picture is the same without its finest details.
        """
        if w.dim() == 2:
            w = w[:, None].expand(-1, self.params.layers, -1)
        noise = tuple(self.noises) if noise is None else noise
        x = self.constant.expand(len(w), -1, -1, -1)
        if torch.is_autocast_enabled(w.device.type):
            x = x.to(torch.get_autocast_dtype(w.device.type))
        x = self.convs[0](x.contiguous(memory_format=torch.channels_last), w[:, 0], noise[0])
        picture = self.rgbs[0](x, w[:, 1])
        levels = int(log2((side or self.params.size) // SMALLEST))
        for level in range(1, levels + 1):
            last = 2 * level
            x = self.convs[last - 1](x, w[:, last - 1], noise[last - 1])
            x = self.convs[last](x, w[:, last], noise[last])
            picture = enlarged(picture) + self.rgbs[level](x, w[:, last + 1])
        return picture

    def draw_noise(self, generator: torch.Generator, most: int | None = None) -> tuple[Tensor, ...]:
        """Noise for all frames of a clip, N(0, 1), one (1, 1, s, s) for each of `params.noise_sides`, on the CPU; up to
        `most` pixels a side."""
        sides = [side for side in self.params.noise_sides if most is None or side <= most]
        return tuple(torch.randn(1, 1, side, side, generator=generator) for side in sides)

    def affines(self, first: int = 0, last: int | None = None) -> list[Tensor]:
        """The matrices (out, style) by which the layers `first` to `last` read their w: what `closed_form` reads."""
        reading: Any = [*self.convs, self.rgbs[-1]]
        return [layer.affine.weight for layer in reading][first : None if last is None else last + 1]


def mapped(z: Tensor, layers: Sequence[tuple[Tensor, Tensor]]) -> Tensor:
    """z (B, style) through the mapping network of (weight, bias): w (B, style)."""
    with torch.autocast(z.device.type, enabled=False):
        w = z.float() * torch.rsqrt(z.float().square().mean(1, keepdim=True) + 1e-8)
        for weight, bias in layers:
            w = activate(F.linear(w, weight, bias))
        return w
