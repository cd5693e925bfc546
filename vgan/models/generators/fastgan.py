"""FastGAN (Liu et al., "Towards Faster and Stabilized GAN Training for High-fidelity Few-shot Image Synthesis", 2021).

The network as it runs: spectral norm and batch norm are constant at inference and folded into the convolutions when a
checkpoint is read (`fastgan_checkpoint.py`), so plain convolutions with a bias remain.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

SKIPS = {64: 4, 128: 8, 256: 16, 512: 32}  # skip-layer excitation: the level it scales, the level it reads
NOISY = (8, 32, 128, 512)  # levels with two convolutions and noise after each; the others have one and none
PREVIEW = 128

Noise = Mapping[int, tuple[Tensor, ...]]


@dataclass(frozen=True)
class FastGANParams:
    """Shape of a FastGAN generator, read from a checkpoint's tensors.

    z_dim: numbers in the latent.
    widths: channels at 4, 8, 16 ... pixels, up to the large head.
    squash: tanh on both heads (HugGAN always, the original only at 1024 px).
    out_channels: 3, or 4 where the fourth is a mask.
    """

    z_dim: int
    widths: tuple[int, ...]
    squash: bool
    out_channels: int = 3

    @property
    def size(self) -> int:
        """Side of the large head's picture, pixels."""
        return 2 ** (len(self.widths) + 1)


class Level(nn.Module):
    """Doubles the size, then one convolution with a gate, or two with noise before each gate."""

    def __init__(self, width_in: int, width_out: int, noisy: bool):
        super().__init__()
        inputs = (width_in, width_out) if noisy else (width_in,)
        self.convs = nn.ModuleList(nn.Conv2d(width, 2 * width_out, 3, padding=1) for width in inputs)
        self.strengths = nn.ParameterList(torch.zeros(2 * width_out, 1, 1) for _ in inputs if noisy)

    def forward(self, x: Tensor, noises: tuple[Tensor, ...] = ()) -> Tensor:
        """(B, C, H, W) to (B, C', 2H, 2W). noises: none, or one (B or 1, 1, 2H, 2W) for each convolution."""
        x = F.interpolate(x, scale_factor=2.0, mode="nearest")
        for index, conv in enumerate(self.convs):
            x = conv(x)
            if noises:
                # In place: ten times as fast as adding the product.
                x = x.addcmul_(self.strengths[index].to(x.dtype), noises[index].to(x.dtype))
            x = F.glu(x, dim=1)
        return x


class Skip(nn.Module):
    """Skip-layer excitation: a small level decides how strong each channel of a large one is."""

    def __init__(self, width_in: int, width_out: int):
        super().__init__()
        self.squeeze = nn.Conv2d(width_in, width_out, 4, bias=False)
        self.excite = nn.Conv2d(width_out, width_out, 1, bias=False)

    def forward(self, small: Tensor, large: Tensor) -> Tensor:
        """`large` (B, C', H, W), each channel times a number in [0, 1] read from `small` (B, C, h, w)."""
        return large * self.excite(F.silu(self.squeeze(F.adaptive_avg_pool2d(small, 4)))).sigmoid()


class FastGAN(nn.Module):
    """The generator: z in, a picture out, at full size or at 128 px (a head of its own, stopped early)."""

    def __init__(self, params: FastGANParams):
        super().__init__()
        self.params = params
        widths = {4 * 2**index: width for index, width in enumerate(params.widths)}
        self.first = nn.ConvTranspose2d(params.z_dim, 2 * widths[4], 4)
        self.levels = nn.ModuleDict(
            {str(size): Level(widths[below], widths[size], size in NOISY) for below, size in pairwise(widths)}
        )
        self.skips = nn.ModuleDict(
            {str(to): Skip(widths[source], widths[to]) for to, source in SKIPS.items() if to in widths}
        )
        self.small = nn.Conv2d(widths[PREVIEW], params.out_channels, 1, bias=False)
        self.large = nn.Conv2d(widths[params.size], params.out_channels, 3, padding=1, bias=False)

    def forward(self, z: Tensor, noise: Noise | None = None, size: Literal["small", "large"] = "large") -> Tensor:
        """Pictures (B, out_channels, S, S), S = 128 for `small`, `params.size` for `large`.

        z: float (B, z_dim), N(0, 1). noise: `{level: tensors}` as `draw_noise` makes it, or None for none at all.
        The range is [-1, 1] where `params.squash`; else values are raw and mostly inside it.
        """
        noise = noise or {}
        features = {4: F.glu(self.first(z[:, :, None, None]), dim=1)}
        x = features[4]
        for name, level in self.levels.items():
            side = int(name)
            x = level(x, noise.get(side, ()))
            if side in SKIPS:
                x = self.skips[name](features[SKIPS[side]], x)
            features[side] = x
            if size == "small" and side == PREVIEW:
                break
        picture = self.small(x) if size == "small" else self.large(x)
        return picture.tanh() if self.params.squash else picture

    def draw_noise(self, generator: torch.Generator) -> dict[int, tuple[Tensor, ...]]:
        """Noise for all frames of a clip: `{level: two float tensors (1, 1, level, level)}`, N(0, 1), on the CPU."""
        sides = [side for side in NOISY if str(side) in self.levels]
        return {side: tuple(torch.randn(1, 1, side, side, generator=generator) for _ in range(2)) for side in sides}

    def latent_matrix(self) -> Tensor:
        """The first layer as a matrix (out, z_dim): what `closed_form` reads."""
        return self.first.weight.flatten(1).T
