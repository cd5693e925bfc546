"""DCGAN (Radford et al. 2016), 64 px: the yardstick that every other generator here has to beat.

Its critic stands beside it, because the two only ever work as a pair.
"""

from dataclasses import dataclass

from torch import Tensor, nn


@dataclass(frozen=True)
class DcganParams:
    """latent: size of z; width: channels of the finest layer."""

    latent: int = 100
    width: int = 64


def _initialise(module: nn.Module) -> None:
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(module.weight, 0.0, 0.02)
    elif isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1.0, 0.02)


class Dcgan(nn.Module):
    """z (B, latent) to one picture each, (B, 3, 64, 64) in [-1, 1]."""

    def __init__(self, params: DcganParams):
        super().__init__()
        self.params = params
        w = params.width
        layers: list[nn.Module] = [
            nn.ConvTranspose2d(params.latent, 8 * w, 4, 1, 0, bias=False),
            nn.BatchNorm2d(8 * w),
            nn.ReLU(True),
        ]
        for wide, narrow in ((8 * w, 4 * w), (4 * w, 2 * w), (2 * w, w)):
            layers += [nn.ConvTranspose2d(wide, narrow, 4, 2, 1, bias=False), nn.BatchNorm2d(narrow), nn.ReLU(True)]
        layers += [nn.ConvTranspose2d(w, 3, 4, 2, 1, bias=False), nn.Tanh()]
        self.body = nn.Sequential(*layers)
        self.apply(_initialise)

    def forward(self, z: Tensor) -> Tensor:
        return self.body(z[:, :, None, None])


class DcganCritic(nn.Module):
    """Pictures (B, 3, 64, 64) in [-1, 1] to logits (B,)."""

    def __init__(self, params: DcganParams):
        super().__init__()
        w = params.width
        layers: list[nn.Module] = [nn.Conv2d(3, w, 4, 2, 1, bias=False), nn.LeakyReLU(0.2, True)]
        for narrow, wide in ((w, 2 * w), (2 * w, 4 * w), (4 * w, 8 * w)):
            layers += [nn.Conv2d(narrow, wide, 4, 2, 1, bias=False), nn.BatchNorm2d(wide), nn.LeakyReLU(0.2, True)]
        layers += [nn.Conv2d(8 * w, 1, 4, 1, 0, bias=False)]
        self.body = nn.Sequential(*layers)
        self.apply(_initialise)

    def forward(self, pictures: Tensor) -> Tensor:
        return self.body(pictures).flatten()
