"""DCGAN (Radford et al. 2016): the yardstick that every other generator here has to beat, and its layers, from which
the families that draw frame by frame are built.

Its critic stands beside it, because the two only ever work as a pair.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from torch import Tensor, nn


@dataclass(frozen=True)
class DcganParams:
    """latent: size of z; width: channels of the finest layer."""

    latent: int = 100
    width: int = 64


def initialise(module: nn.Module) -> None:
    """The paper's random weights, for `nn.Module.apply`."""
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d, nn.Conv3d, nn.ConvTranspose3d)):
        nn.init.normal_(module.weight, 0.0, 0.02)
    elif isinstance(module, (nn.BatchNorm2d, nn.BatchNorm3d)) and module.affine:
        nn.init.normal_(module.weight, 1.0, 0.02)


def widths(width: int, side: int) -> list[int]:
    """Channels of pictures of half of `side` down to 4 pixels: `width`, then twice as many each, at most eight times.

    side: a power of two from 16.
    """
    return [width * min(2**index, 8) for index in range(side.bit_length() - 3)]


def decoder(code: int, width: int, side: int = 64) -> nn.Sequential:
    """The paper's generator: codes (B, code, 1, 1) to pictures (B, 3, side, side) in [-1, 1]."""
    channels = widths(width, side)[::-1]
    layers: list[nn.Module] = [nn.ConvTranspose2d(code, channels[0], 4, 1, 0, bias=False)]
    for wide, narrow in pairwise(channels):
        layers += [nn.BatchNorm2d(wide), nn.ReLU(True), nn.ConvTranspose2d(wide, narrow, 4, 2, 1, bias=False)]
    layers += [nn.BatchNorm2d(width), nn.ReLU(True), nn.ConvTranspose2d(width, 3, 4, 2, 1, bias=False), nn.Tanh()]
    return nn.Sequential(*layers).apply(initialise)


def encoder(width: int, side: int = 64, norm: Callable[[int], nn.Module] = nn.BatchNorm2d) -> nn.Sequential:
    """The paper's critic without its last layer: pictures (B, 3, side, side) to features (B, C, 4, 4), C the last of
    `widths`. norm: by channels, after every convolution but the first."""
    channels = widths(width, side)
    layers: list[nn.Module] = [nn.Conv2d(3, width, 4, 2, 1, bias=False), nn.LeakyReLU(0.2, True)]
    for narrow, wide in pairwise(channels):
        layers += [nn.Conv2d(narrow, wide, 4, 2, 1, bias=False), norm(wide), nn.LeakyReLU(0.2, True)]
    return nn.Sequential(*layers).apply(initialise)


class Dcgan(nn.Module):
    """z (B, latent) to one picture each, (B, 3, 64, 64) in [-1, 1]."""

    def __init__(self, params: DcganParams):
        super().__init__()
        self.params = params
        self.body = decoder(params.latent, params.width)

    def forward(self, z: Tensor) -> Tensor:
        return self.body(z[:, :, None, None])


class DcganCritic(nn.Module):
    """Pictures (B, 3, 64, 64) in [-1, 1] to logits (B,)."""

    def __init__(self, params: DcganParams):
        super().__init__()
        last = nn.Conv2d(8 * params.width, 1, 4, 1, 0, bias=False)
        self.body = nn.Sequential(*encoder(params.width), last.apply(initialise))

    def forward(self, pictures: Tensor) -> Tensor:
        return self.body(pictures).flatten()
