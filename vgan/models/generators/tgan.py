"""TGAN (Saito et al., "Temporal Generative Adversarial Nets with Singular Value Clipping", 2017): a temporal generator
unrolls one vector into a code for each frame, a generator of pictures draws each from the vector and its code."""

from itertools import pairwise
from math import ceil, log2

import torch
from torch import Tensor, nn

from vgan.models.generators.coded import CodedGenerator
from vgan.models.generators.dcgan import decoder, initialise, widths
from vgan.models.generators.framegan import content_matrix
from vgan.models.generators.video import Given, VideoParams


class Tgan(CodedGenerator):
    """The noise is the one vector: content and movement are not apart, so no part of it moves alone.

    The paper clips its critic's singular values every few steps; the spectral norm of the critic here (Miyato et al.
    2018), which grew out of that, divides by the largest and needs no step of its own.
    """

    def __init__(self, params: VideoParams):
        super().__init__(params)
        doublings = ceil(log2(params.frames))
        channels = [params.width * min(2**index, 8) for index in range(doublings)][::-1]
        layers: list[nn.Module] = [nn.Conv1d(params.latent, channels[0], 1, bias=False)]
        for wide, narrow in pairwise([*channels, params.motion]):
            layers += [nn.BatchNorm1d(wide), nn.ReLU(True), nn.ConvTranspose1d(wide, narrow, 4, 2, 1, bias=False)]
        self.temporal = nn.Sequential(*layers, nn.BatchNorm1d(params.motion), nn.Tanh())
        wide = widths(params.width, params.side)[-1]
        self.still = nn.ConvTranspose2d(params.latent, wide // 2, 4, bias=False).apply(initialise)
        self.moving = nn.ConvTranspose2d(params.motion, wide // 2, 4, bias=False).apply(initialise)
        self.main = decoder(1, params.width, params.side)[1:]

    @property
    def noise(self) -> int:
        """See `VideoGenerator`."""
        return self.params.latent

    def codes(self, noise: Tensor, given: Given) -> Tensor:
        """See `CodedGenerator`."""
        motion = self.temporal(noise[:, :, None]).transpose(1, 2)[:, : self.params.frames]
        return torch.cat([noise[:, None].expand(-1, self.params.frames, -1), motion.to(noise)], dim=2)

    def picture(self, codes: Tensor, given: Given) -> Tensor:
        """See `CodedGenerator`."""
        still, moving = codes[:, :, None, None].split([self.params.latent, self.params.motion], dim=1)
        frames: Tensor = self.main(torch.cat([self.still(still), self.moving(moving)], dim=1))
        return frames

    def layers(self) -> list[Tensor]:
        """See `VideoGenerator`."""
        first: nn.Conv1d = self.temporal[0]  # type: ignore[assignment]
        return [content_matrix(self.still, self.params.latent), first.weight.flatten(1)]
