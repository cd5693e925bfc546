"""The critic of progressive growing (Karras et al. 2018): the generator's mirror image, which grows with it."""

from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from vgan.models.discriminators.clip_critic import ClipCritic
from vgan.models.generators.progressive import EqualConv, Growth, level_channels
from vgan.models.generators.video import Given, VideoParams
from vgan.models.layers import SLOPE, BatchVariance


class ProgressiveCritic(ClipCritic):
    """Judges each frame by itself, as small as the generator draws it by now; a clip's score is its frames' mean."""

    sees = 2

    def __init__(self, params: VideoParams):
        super().__init__(params)
        channels = level_channels(params)
        self.growth = Growth(len(channels))
        self.colours = nn.ModuleList(EqualConv(3, count, 1) for count in channels)
        last = channels[0]
        self.convs = nn.ModuleList([nn.ModuleList([EqualConv(last + 1, last, 3), EqualConv(last, last, 4, pad=0)])])
        for coarse, fine in pairwise(channels):
            self.convs.append(nn.ModuleList([EqualConv(fine, fine, 3), EqualConv(fine, coarse, 3)]))
        self.score = EqualConv(last, 1, 1, gain=1)
        self.variance = BatchVariance()

    def set_progress(self, share: float) -> None:
        """See `ClipCritic`."""
        self.growth.set(share)

    def forward(self, frames: Tensor, times: Tensor, given: Given) -> Tensor:
        """See `ClipCritic`."""
        top, shown = self.growth.now()
        pictures = frames.flatten(0, 1)
        factor = pictures.shape[-1] // (4 * 2**top)
        pictures = F.avg_pool2d(pictures, factor) if factor > 1 else pictures
        x = _active(self.colours[top](pictures))
        for level in range(top, 0, -1):
            for conv in self.convs[level].children():
                x = _active(conv(x))
            x = F.avg_pool2d(x, 2)
            if level == top and shown < 1:
                x = torch.lerp(_active(self.colours[top - 1](F.avg_pool2d(pictures, 2))).to(x.dtype), x, shown)
        x = torch.cat([x, self._spread(x)], dim=1)
        for conv in self.convs[0].children():
            x = _active(conv(x))
        scores: Tensor = self.score(x)
        return scores.float().view(frames.shape[:2]).mean(1)

    def _spread(self, x: Tensor) -> Tensor:
        """How much the pictures of a batch (N, C, H, W) differ, as one more channel (N, 1, H, W): a generator that
        draws always the same is found out."""
        spread = (self.variance(x) + 1e-8).sqrt().mean()
        return spread.to(x.dtype).expand(len(x), 1, *x.shape[2:])


def _active(x: Tensor) -> Tensor:
    return F.leaky_relu(x, SLOPE)
