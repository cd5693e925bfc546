"""One network for all styles: conditional instance normalisation (Dumoulin et al. 2017), made steady for video.

A style is a vector: one scale and one shift for every normalised channel. Styles blend by blending vectors, and a new
one trains its vector alone. The statistics that normalise can be given from outside, the same for a whole clip: then
nothing pulses, and normalising costs nothing, because scale and shift go into the convolution.
"""

from dataclasses import dataclass
from math import sqrt

import torch
import torch.nn.functional as F
from torch import Tensor, nn

STEP = 4  # the network works on pictures whose sides are multiples of this, and makes others so
EPSILON = 1e-3
LARGE = 512  # shorter side, pixels, beyond which every other pixel of every other row says enough


@dataclass(frozen=True)
class StyleParams:
    """styles: names of the rows of `codes`; outer, inner: channels at half and quarter size; blocks: residual ones."""

    styles: tuple[str, ...]
    outer: int = 32
    inner: int = 64
    blocks: int = 5


@dataclass
class Normaliser:
    """What one pass through the network does about statistics.

    code: (B, 2, channels), scales around 0 and shifts. given: (2, channels), means and variances to use, or None to
    measure them over `share` neighbours of the batch together. mix: share of `given` where it is not all. every: of how
    many pixels one is measured, along each side.
    """

    code: Tensor
    given: Tensor | None
    share: int
    mix: float
    every: int = 1

    def __post_init__(self) -> None:
        self.place = 0
        self.measured: list[Tensor] = []

    def conv(self, layer: nn.Module, x: Tensor, active: bool = True) -> Tensor:
        """Reflect-pad, convolve, normalise, scale and shift by the style, and a ReLU if `active`."""
        assert isinstance(layer, nn.Conv2d)
        part = slice(self.place, self.place + layer.out_channels)
        self.place += layer.out_channels
        scale, shift = 1 + self.code[:, 0, part].float(), self.code[:, 1, part].float()
        x = padded(x, layer.kernel_size[0] // 2)
        if self.given is not None and self.mix == 1 and len(scale) == 1:
            mean, variance = self.given[:, part]
            scale = scale[0] * torch.rsqrt(variance + EPSILON)
            weight = layer.weight * scale[:, None, None, None]
            y = F.conv2d(x, weight.to(x.dtype), (shift[0] - mean * scale).to(x.dtype), layer.stride)
        else:
            y = F.conv2d(x, layer.weight.to(x.dtype), None, layer.stride)
            mean, variance = self._statistics(y, part)
            scale = scale * torch.rsqrt(variance + EPSILON)
            shift = shift - mean * scale
            y = y * scale.to(y.dtype)[:, :, None, None] + shift.to(y.dtype)[:, :, None, None]
        return F.relu_(y) if active else y

    def _statistics(self, y: Tensor, part: slice) -> tuple[Tensor, Tensor]:
        """Means and variances (B or 1, C) for y (B, C, H, W)."""
        if self.given is not None and self.mix == 1:
            mean, variance = self.given[:, part]
            return mean[None], variance[None]
        groups = y[..., :: self.every, :: self.every].float().unflatten(0, (-1, self.share))
        variance, mean = torch.var_mean(groups, (1, 3, 4), correction=0)
        self.measured.append(torch.stack([mean, variance], 1).detach())
        if self.given is not None:
            given = self.given[:, None, part]
            mean, variance = mean.lerp(given[0], self.mix), variance.lerp(given[1], self.mix)
        return mean.repeat_interleave(self.share, 0), variance.repeat_interleave(self.share, 0)


def padded(x: Tensor, pad: int) -> Tensor:
    """x with `pad` reflected pixels on every side."""
    if not pad:
        return x
    with torch.autocast(x.device.type, enabled=False):  # it would pad in float32, at a third of the speed
        return F.pad(x, (pad,) * 4, mode="reflect")


class StyleNetwork(nn.Module):
    """Redraws pictures in a style. `codes` (styles, 2, channels) are the styles that ship with the weights."""

    def __init__(self, params: StyleParams):
        super().__init__()
        self.params = params
        outer, inner = params.outer, params.inner

        def conv(channels_in: int, channels_out: int, stride: int = 1) -> nn.Conv2d:
            layer = nn.Conv2d(channels_in, channels_out, 3, stride, bias=False)
            nn.init.normal_(layer.weight, std=sqrt(2 / (channels_in * 9)))
            return layer

        self.enter = conv(12, outer)
        self.down = conv(outer, inner, 2)
        self.blocks = nn.ModuleList(
            nn.ModuleList([conv(inner, inner), conv(inner, inner)]) for _ in range(params.blocks)
        )
        self.up = conv(inner, outer)
        self.leave = nn.Conv2d(outer, 12, 3)
        nn.init.normal_(self.leave.weight, std=sqrt(0.1 / (outer * 9)))
        nn.init.zeros_(self.leave.bias)  # type: ignore[arg-type]
        self.codes = nn.Parameter(torch.zeros(len(params.styles), 2, self.channels))

    @property
    def channels(self) -> int:
        """Normalised channels in all: half of a style's numbers."""
        p = self.params
        return 2 * p.outer + p.inner * (1 + 2 * p.blocks)

    def forward(self, pictures: Tensor, code: Tensor, statistics: Tensor | None = None, mix: float = 1.0) -> Tensor:
        """pictures: (B, 3, H, W) in [-1, 1], at least 16 px a side; code: (1 or B, 2, channels).

        statistics: (2, channels) as `measure` gives them, shared by all pictures; None: each picture's own. mix in
        [0, 1]: how much of them, against each picture's own. Returns (B, 3, H, W) in [-1, 1].
        """
        return self._draw(pictures, Normaliser(code, statistics, 1, mix))

    def draw_clips(self, pictures: Tensor, code: Tensor, share: int) -> Tensor:
        """As `forward`, for training: every `share` neighbours in the batch are one clip, normalised together."""
        return self._draw(pictures, Normaliser(code, None, share, 1.0))

    def measure(self, pictures: Tensor, code: Tensor) -> Tensor:
        """The statistics of pictures (B, 3, H, W) as one clip: (2, channels) float32, means and variances."""
        every = 2 if min(pictures.shape[-2:]) > LARGE else 1
        at = Normaliser(code, None, len(pictures), 1.0, every)
        self._draw(pictures, at)
        return torch.cat(at.measured, 2)[0]

    def _draw(self, pictures: Tensor, at: Normaliser) -> Tensor:
        height, width = pictures.shape[-2:]
        bottom, right = -height % STEP, -width % STEP
        if bottom or right:
            pictures = F.pad(pictures, (0, right, 0, bottom), mode="replicate")
        x = F.pixel_unshuffle(pictures, 2).contiguous(memory_format=torch.channels_last)
        x = at.conv(self.enter, x)
        x = at.conv(self.down, x)
        for block in self.blocks:
            first, second = block.children()
            x = x + at.conv(second, at.conv(first, x), active=False)
        x = at.conv(self.up, F.interpolate(x, scale_factor=2, mode="nearest"))
        weight, bias = self.leave.weight.to(x.dtype), self.leave.bias.to(x.dtype)  # type: ignore[union-attr]
        y = torch.tanh(F.conv2d(padded(x, 1), weight, bias))
        return F.pixel_shuffle(y, 2)[..., :height, :width]


class StyleVector(nn.Module):
    """A style of somebody's own for the network that it was fitted to. network: sha256 of that network's weights."""

    code: Tensor
    network: Tensor

    def __init__(self, channels: int):
        super().__init__()
        self.register_buffer("code", torch.empty(1, 2, channels))
        self.register_buffer("network", torch.empty(32, dtype=torch.uint8))
