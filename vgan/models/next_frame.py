"""Says what comes next in a clip; only training uses it."""

import torch
from torch import Tensor, nn

WIDENING = (1, 2, 4)  # dilations, which let it see motion of up to 18 pixels


class NextFrame(nn.Module):
    """From two frames of a clip to the one after them (the temporal predictor of Recycle-GAN, Bansal et al. 2018).

    It draws a change to the later frame, and begins at none. Nothing is normalised, so that brightness and colour stay.
    """

    def __init__(self, width: int = 32):
        super().__init__()
        layers: list[nn.Module] = [nn.PixelUnshuffle(2), nn.Conv2d(24, width, 3, padding=1), nn.LeakyReLU(0.2)]
        for dilation in WIDENING:
            layers += [nn.Conv2d(width, width, 3, padding=dilation, dilation=dilation), nn.LeakyReLU(0.2)]
        last = nn.Conv2d(width, 12, 3, padding=1)
        for value in last.parameters():
            nn.init.zeros_(value)
        self.change = nn.Sequential(*layers, last, nn.PixelShuffle(2))

    def forward(self, earlier: Tensor, later: Tensor) -> Tensor:
        """earlier, later: (B, 3, H, W) in [-1, 1], even sides. Returns the same shape."""
        made: Tensor = later + self.change(torch.cat([earlier, later], 1))
        return made
