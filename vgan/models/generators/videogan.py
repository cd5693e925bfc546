"""VideoGAN (Vondrick et al., "Generating Videos with Scene Dynamics", 2016): one stream of 3-D convolutions makes what
moves and where it covers the ground, another of 2-D ones the ground, which stands still.

The paper's prior on small masks is left out: it is a loss of its own, and training here knows adversarial ones alone.
"""

from dataclasses import dataclass
from itertools import pairwise
from math import ceil, log2

import torch
from torch import Tensor, nn

from vgan.models.generators.dcgan import decoder, initialise, widths
from vgan.models.generators.framegan import content_matrix
from vgan.models.generators.video import Given, VideoGenerator, VideoParams, there_and_back


@dataclass(frozen=True)
class VideoGanParams(VideoParams):
    """3-D convolutions hold four times the weights of 2-D ones: it is narrower by itself."""

    width: int = 20


class VideoGan(VideoGenerator):
    """The noise is one vector, of which content and movement are made alike: there is no part that moves."""

    def __init__(self, params: VideoParams):
        super().__init__(params)
        channels = widths(params.width, params.side)[::-1]
        # The last layers double time too, so that it costs least; frames beyond those wanted are cut off.
        doublings = min(len(channels), ceil(log2(params.frames)))
        self._first = ceil(params.frames / 2**doublings)
        layers: list[nn.Module] = [nn.ConvTranspose3d(params.latent, channels[0], (self._first, 4, 4), bias=False)]
        for index, (wide, narrow) in enumerate(pairwise([*channels, 4])):
            doubled = index >= len(channels) - doublings
            kernel, stride, pad = (4, 2, 1) if doubled else (1, 1, 0)
            layers += [nn.BatchNorm3d(wide), nn.ReLU(True)]
            layers.append(nn.ConvTranspose3d(wide, narrow, (kernel, 4, 4), (stride, 2, 2), (pad, 1, 1), bias=False))
        self.moving = nn.Sequential(*layers).apply(initialise)
        self.ground = decoder(params.latent, params.width // 2, params.side)

    @property
    def noise(self) -> int:
        """See `VideoGenerator`."""
        return self.params.latent

    def forward(self, noise: Tensor, given: Given) -> Tensor:
        """See `VideoGenerator`."""
        front, ground, mask = self.streams(noise)
        return torch.lerp(ground[:, None].to(front.dtype), front, mask)

    def loop(self, noise: Tensor, given: Given, phases: Tensor) -> Tensor:
        """See `VideoGenerator`. Frames of one clip draw it once."""
        if len(noise) > 1 and torch.equal(noise, noise[:1].expand_as(noise)):
            return there_and_back(self(noise[:1], given[:1]).expand(len(noise), -1, -1, -1, -1), phases)
        return super().loop(noise, given, phases)

    def streams(self, noise: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The two streams and how they are laid over each other: front (B, frames, 3, side, side) and ground
        (B, 3, side, side) in [-1, 1], mask (B, frames, 1, side, side) in [0, 1], 1 where the front is seen."""
        drawn = self.moving(noise[:, :, None, None, None]).transpose(1, 2)[:, : self.params.frames]
        return drawn[:, :, :3].tanh(), self.ground(noise[:, :, None, None]), drawn[:, :, 3:].sigmoid()

    def layers(self) -> list[Tensor]:
        """See `VideoGenerator`."""
        return [content_matrix(stream[0], self.params.latent) for stream in (self.moving, self.ground)]
