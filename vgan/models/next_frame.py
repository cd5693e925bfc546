"""Says what comes next in a clip; only training uses it."""

import torch
from torch import Tensor, nn

from vgan.models.translators.resnet import ResnetGenerator, ResnetParams


class NextFrame(nn.Module):
    """From two frames of a clip to the one after them, as a change to the later one, so that training begins at
    "nothing moves" (the temporal predictor of Recycle-GAN, Bansal et al. 2018)."""

    def __init__(self, width: int, blocks: int):
        super().__init__()
        self.change = ResnetGenerator(ResnetParams(width, blocks, inputs=6))
        for value in self.change.model[-2].parameters():  # the last convolution
            nn.init.zeros_(value)

    def forward(self, earlier: Tensor, later: Tensor) -> Tensor:
        """earlier, later: (B, 3, H, W) in [-1, 1], sides multiples of 4. Returns the same shape."""
        made: Tensor = later + self.change(torch.cat([earlier, later], 1))
        return made
