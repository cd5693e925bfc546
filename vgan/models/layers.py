"""Building blocks that more than one network uses."""

from math import sqrt

import torch
import torch.nn.functional as F
from torch import Tensor, nn

SLOPE = 0.2  # of leaky ReLUs, for negative values


class ModulatedConv(nn.Module):
    """Convolution whose input channels are scaled by a style, with unit variance restored afterwards.

    The same operation as modulated and demodulated weights (Karras et al. 2020, StyleGAN2), done on activations, so
    that every frame of a batch can have its own style in one plain convolution. Reflect padding: a border looks like
    the middle, which lets one latent be drawn at any aspect.
    """

    def __init__(self, channels_in: int, channels_out: int, kernel: int, style: int, demodulate: bool = True):
        super().__init__()
        self.weight = nn.Parameter(
            torch.randn(channels_out, channels_in, kernel, kernel) / sqrt(channels_in * kernel**2)
        )
        self.bias = nn.Parameter(torch.zeros(channels_out))
        self.affine = nn.Linear(style, channels_in)
        nn.init.normal_(self.affine.weight, std=0.5 / sqrt(style))
        nn.init.ones_(self.affine.bias)
        self.demodulate = demodulate

    def forward(self, x: Tensor, style: Tensor, active: bool = True) -> Tensor:
        """x: (N, C_in, H, W); style: (N, style). Returns (N, C_out, H, W), after a leaky ReLU unless not `active`."""
        scale = self.affine(style)
        pad = self.weight.shape[-1] // 2
        gain = sqrt(2) if active else 1.0
        energy = scale.float().square() @ self.weight.square().sum((2, 3)).t() if self.demodulate else None
        volume = torch.ones_like(self.bias)[None] if energy is None else torch.rsqrt(energy + 1e-6)
        if x.device.type == "cpu" and not torch.is_grad_enabled():
            x = self._one_by_one(_padded(x, pad), scale.float(), volume * gain, self.bias * gain)
        else:
            x = F.conv2d(_padded(x * scale.to(x.dtype)[:, :, None, None], pad), self.weight.to(x.dtype))
            x = x * (volume * gain).to(x.dtype)[:, :, None, None] + (self.bias * gain).to(x.dtype)[None, :, None, None]
        return F.leaky_relu_(x, SLOPE) if active else x

    def _one_by_one(self, x: Tensor, scale: Tensor, volume: Tensor, bias: Tensor) -> Tensor:
        """The same by a convolution for each sample with weights of its own: on a processor that walks over the picture
        once in place of five times. scale: (N, C_in); volume: (N or 1, C_out); bias: (C_out,)."""
        weights = self.weight * scale[:, None, :, None, None] * volume[:, :, None, None, None]
        weights, bias = weights.to(x.dtype), bias.to(x.dtype)
        drawn = [F.conv2d(one, weight, bias) for one, weight in zip(x.split(1), weights, strict=True)]
        return torch.cat(drawn) if len(drawn) > 1 else drawn[0]


class BatchVariance(nn.Module):
    """How much the members of a batch differ. A module, so that processes which share a batch can share it too."""

    def forward(self, x: Tensor) -> Tensor:
        """(N, ...) to the variance (...) over N, not corrected for N; float32."""
        return x.float().var(0, unbiased=False)


def _padded(x: Tensor, pad: int) -> Tensor:
    if not pad:
        return x
    with torch.autocast(x.device.type, enabled=False):  # it would pad in float32, at a third of the speed
        return F.pad(x, (pad,) * 4, mode="reflect")


def activate(x: Tensor) -> Tensor:
    """Leaky ReLU, scaled to keep variance."""
    return F.leaky_relu(x, SLOPE) * sqrt(2)


def double(x: Tensor) -> Tensor:
    """(N, C, H, W) to (N, C, 2H, 2W), bilinear: no checkerboards to learn away."""
    # A processor does it twice as fast in float32.
    wide = x.float() if x.device.type == "cpu" else x
    return F.interpolate(wide, scale_factor=2, mode="bilinear", align_corners=False).to(x.dtype)
