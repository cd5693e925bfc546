"""The critic of styles: looks at patches through a classifier's eyes and says how much each is like the painting's."""

from math import sqrt

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm


class PatchHead(nn.Module):
    """Scores every place of a feature map, given a style by projection."""

    def __init__(self, channels: int, styles: int, width: int = 64):
        super().__init__()
        self.mix = spectral_norm(nn.Conv2d(channels, width, 1))
        self.look = spectral_norm(nn.Conv2d(width, width, 3, padding=1))
        self.score = spectral_norm(nn.Conv2d(width, 1, 1))
        self.style = nn.Embedding(styles, width)

    def forward(self, features: Tensor, style: Tensor) -> Tensor:
        """features: (B, C, h, w); style: (B,) indices. Returns (B, 1, h, w)."""
        features = features * torch.rsqrt(features.square().mean((1, 2, 3), keepdim=True) + 1e-6)
        x = F.leaky_relu(self.mix(features), 0.2)
        x = F.leaky_relu(self.look(x), 0.2)
        projected = (self.style(style)[:, :, None, None] * x).sum(1, keepdim=True) / sqrt(x.shape[1])
        return (self.score(x) + projected).float()


class PatchCritic(nn.Module):
    """One head for each of a few taps; nothing is pooled, so that patches are judged and not compositions
    (PatchGAN, Isola et al. 2017, on projected features, Sauer et al. 2021)."""

    def __init__(self, channels: tuple[int, ...], styles: int):
        super().__init__()
        self.heads = nn.ModuleList(PatchHead(count, styles) for count in channels)

    def forward(self, taps: list[Tensor], style: Tensor) -> list[Tensor]:
        """taps: one (B, C, h, w) for each head; style: (B,) indices. Returns score maps (B, 1, h, w)."""
        return [head(tap, style) for head, tap in zip(self.heads, taps, strict=True)]


def hinge(real: list[Tensor] | None, made: list[Tensor]) -> Tensor:
    """Hinge loss (Lim and Ye 2017) over score maps: the critic's with real ones, the generator's without."""
    if real is None:
        return -torch.stack([part.mean() for part in made]).mean()
    parts = [F.relu(1 - one).mean() + F.relu(1 + other).mean() for one, other in zip(real, made, strict=True)]
    return torch.stack(parts).mean()
