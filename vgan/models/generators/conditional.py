"""Conditional GAN: pictures of a label and of attributes that are asked for (Mirza and Osindero 2014), told to every
layer by batch norm whose scale and shift depend on them (de Vries et al. 2017), walked through in a circle."""

from itertools import pairwise

import torch
from torch import Tensor, nn

from vgan.models.generators.coded import CirclingGenerator
from vgan.models.generators.dcgan import initialise, widths
from vgan.models.generators.framegan import content_matrix
from vgan.models.generators.video import ATTRIBUTES, Given, VideoParams

LABEL = 24  # numbers of a label
MOTION = -1  # the place of motion among attributes


class GivenNorm(nn.Module):
    """Batch norm, then a scale and a shift of each channel that what is given decides."""

    def __init__(self, channels: int, given: int):
        super().__init__()
        self.norm = nn.BatchNorm2d(channels, affine=False)
        self.affine = nn.Linear(given, 2 * channels)
        nn.init.normal_(self.affine.weight, std=0.1 / given**0.5)
        nn.init.zeros_(self.affine.bias)

    def forward(self, x: Tensor, given: Tensor) -> Tensor:
        """x: (N, C, H, W); given: (N, given)."""
        scale, shift = self.affine(given).to(x.dtype)[:, :, None, None].chunk(2, dim=1)
        return torch.addcmul(shift, self.norm(x), 1 + scale)


class ConditionalGan(CirclingGenerator):
    """As FrameGAN, and what is asked for is heard. How much motion is asked is how large the circle of the walk is: a
    critic of single frames could not teach it."""

    conditional = True

    def __init__(self, params: VideoParams):
        super().__init__(params)
        channels = widths(params.width, params.side)[::-1]
        self.label = nn.Embedding(len(params.labels), LABEL)
        first = nn.ConvTranspose2d(params.latent + params.motion, channels[0], 4, bias=False)
        doublings = (nn.ConvTranspose2d(wide, narrow, 4, 2, 1, bias=False) for wide, narrow in pairwise([*channels, 3]))
        self.convs = nn.ModuleList([first, *doublings]).apply(initialise)
        self.norms = nn.ModuleList(GivenNorm(count, LABEL + ATTRIBUTES) for count in channels)

    def codes(self, noise: Tensor, given: Given) -> Tensor:
        """See `CodedGenerator`."""
        return super().codes(self._sized(noise, given), given)

    def loop(self, noise: Tensor, given: Given, phases: Tensor) -> Tensor:
        """See `VideoGenerator`."""
        return super().loop(self._sized(noise, given), given, phases)

    def _sized(self, noise: Tensor, given: Given) -> Tensor:
        size = 1 + given.attributes[:, MOTION, None].to(noise)
        return torch.cat([noise[:, : self.params.latent], size * noise[:, self.moves]], dim=1)

    def picture(self, codes: Tensor, given: Given) -> Tensor:
        """See `CodedGenerator`."""
        asked = torch.cat([self.label(given.labels), given.attributes.to(codes)], dim=1)
        x = self.convs[0](codes[:, :, None, None])
        for norm, conv in zip(self.norms, self.convs[1:], strict=True):
            x = conv(norm(x, asked).relu_())
        return x.tanh()

    def layers(self) -> list[Tensor]:
        """See `VideoGenerator`."""
        return [content_matrix(self.convs[0], self.params.latent)]
