"""The three-frame critic: it sees three frames of a clip and the time between them, and no 3-D convolution.

Three frames and their distances are StyleGAN-V's (Skorokhodov et al. 2022); conditions enter by projection (Miyato and
Koyama 2018).
"""

from itertools import pairwise
from math import sqrt

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from vgan.models.layers import activate


class Down(nn.Module):
    """Residual block at one size, then half the size."""

    def __init__(self, channels_in: int, channels_out: int):
        super().__init__()
        self.first = nn.Conv2d(channels_in, channels_in, 3, padding=1)
        self.second = nn.Conv2d(channels_in, channels_out, 3, padding=1)
        self.skip = nn.Conv2d(channels_in, channels_out, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        y = F.avg_pool2d(activate(self.first(x)), 2)
        return (activate(self.second(y)) + self.skip(F.avg_pool2d(x, 2))) * sqrt(0.5)


class ThreeFrameCritic(nn.Module):
    """Says how real three frames of a look are, given look, attributes, scale of view and times."""

    def __init__(
        self, looks: int, attributes: int = 8, views: int = 3, channels: tuple[int, ...] = (32, 64, 96, 128, 128)
    ):
        super().__init__()
        last = channels[-1]
        self.stem = nn.Conv2d(9, channels[0], 3, padding=1)
        self.blocks = nn.ModuleList(Down(a, b) for a, b in pairwise(channels))
        self.final = nn.Conv2d(last + 1, last, 3, padding=1)
        self.features = nn.Linear(2 * last, last)
        self.look, self.view = nn.Embedding(looks, 32), nn.Embedding(views, 16)
        self.condition = nn.Sequential(
            nn.Linear(32 + 16 + attributes + 4, last), nn.LeakyReLU(0.2), nn.Linear(last, last)
        )
        self.score = nn.Linear(last, 1)
        self.classify = nn.Linear(last, looks)

    def forward(
        self, frames: Tensor, look: Tensor, attributes: Tensor, view: Tensor, gaps: Tensor
    ) -> tuple[Tensor, Tensor]:
        """frames: (B, 9, H, W), three RGB frames in [-1, 1]; look, view: (B,); attributes: (B, 8); gaps: (B, 2), loops.

        Returns (realness (B,), look logits (B, looks)), float32.
        """
        x = activate(self.stem(frames))
        for block in self.blocks:
            x = block(x)
        down = torch.linspace(-1, 1, x.shape[2], device=x.device, dtype=x.dtype)[None, None, :, None]
        x = activate(self.final(torch.cat([x, down.expand(len(x), 1, -1, x.shape[3])], dim=1)))
        pooled = torch.cat([x.mean((2, 3)), x.amax((2, 3))], dim=1)
        features = activate(self.features(pooled))
        turns = 2 * torch.pi * gaps
        given = torch.cat([self.look(look), self.view(view), attributes, turns.sin(), turns.cos()], dim=1)
        projected = (self.condition(given) * features).sum(1) / sqrt(features.shape[1])
        return (self.score(features).squeeze(1) + projected).float(), self.classify(features).float()
