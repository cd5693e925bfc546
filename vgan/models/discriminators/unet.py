"""The U-Net critic with spectral norm of Real-ESRGAN (Wang et al. 2021; Schönfeld et al. 2020), made small."""

from itertools import pairwise

import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

FOLD = 2  # pixels a side that make one place: a quarter of the work, nothing lost


def _conv(channels_in: int, channels_out: int, side: int = 3, stride: int = 1) -> nn.Module:
    return spectral_norm(nn.Conv2d(channels_in, channels_out, side, stride, padding=1, bias=False))


class UNetCritic(nn.Module):
    """Says of every 2x2 pixels whether they are a photograph's, seeing them closely and in their surroundings.

    width: channels at the finest level; each of `halvings` levels below has twice as many.
    """

    def __init__(self, width: int = 24, halvings: int = 3):
        super().__init__()
        widths = [width * 2**level for level in range(halvings + 1)]
        self.multiple = FOLD * 2**halvings
        self.first = nn.Conv2d(3 * FOLD**2, width, 3, padding=1)
        self.down = nn.ModuleList(_conv(a, b, side=4, stride=2) for a, b in pairwise(widths))
        self.up = nn.ModuleList(_conv(b, a) for a, b in reversed(list(pairwise(widths))))
        self.last = _conv(width, width)
        self.score = nn.Conv2d(width, 1, 3, padding=1)

    def forward(self, pictures: Tensor) -> Tensor:
        """pictures: (B, 3, H, W) in [0, 1], sides multiples of `multiple`. Returns float32 scores (B, 1, H/2, W/2)."""
        x = F.leaky_relu(self.first(F.pixel_unshuffle(pictures * 2 - 1, FOLD)), 0.2)
        levels = [x]
        for down in self.down:
            x = F.leaky_relu(down(x), 0.2)
            levels.append(x)
        levels.pop()
        for up in self.up:
            x = F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)
            x = F.leaky_relu(up(x), 0.2) + levels.pop()
        x = F.leaky_relu(self.last(x), 0.2)
        scores: Tensor = self.score(x)
        return scores.float()


def says_real(scores: Tensor) -> Tensor:
    """The cross entropy of calling all of it real (the non-saturating loss of Goodfellow et al. 2014): a scalar."""
    return F.softplus(-scores).mean()


def says_made(scores: Tensor) -> Tensor:
    """The cross entropy of calling all of it made: a scalar."""
    return F.softplus(scores).mean()
