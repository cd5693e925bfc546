"""How good pictures are spoiled, so that mending can be learned."""

import torch
import torch.nn.functional as F
from torch import Tensor
from torchvision.io import ImageReadMode, decode_jpeg, encode_jpeg

MOST_NOISE = 50 / 255  # standard deviation
MOST_COMPRESSED = 15 / 255  # of noise that is compressed as well, as cameras do
SHARES = {"noise": 0.5, "compression": 0.22, "both": 0.2}  # of windows; the others stay good
QUALITIES = (10, 70)  # of JPEG
GREY_NOISE = 0.25  # share of noise that is the same in all three channels, as film's and cheap sensors' is
GREY = 0.1  # share of windows without colour
LUMA = (0.299, 0.587, 0.114)


def shrunk(pictures: Tensor, scale: int) -> Tensor:
    """Pictures (B, 3, H, W) in [0, 1] `scale` times smaller, in 256 levels: bicubic, antialiased."""
    small = F.interpolate(pictures, scale_factor=1 / scale, mode="bicubic", antialias=True)
    return _levels(small)


def noisy(pictures: Tensor, generator: torch.Generator) -> Tensor:
    """Pictures (B, 3, H, W) in [0, 1], each with Gaussian noise of its own strength, in colour or grey, or from a JPEG,
    or both, or as it was."""
    return torch.stack([_spoiled(picture, generator) for picture in pictures])


def some_grey(pictures: Tensor, generator: torch.Generator) -> Tensor:
    """Pictures (B, 3, H, W), a few of them without colour."""
    grey = (pictures * torch.tensor(LUMA)[:, None, None]).sum(1, keepdim=True).expand_as(pictures)
    return torch.where(torch.rand(len(pictures), 1, 1, 1, generator=generator) < GREY, grey, pictures)


def compressed(picture: Tensor, quality: int) -> Tensor:
    """A picture (3, H, W) in [0, 1] as it comes back from a JPEG file of `quality` in 1..100."""
    return decode_jpeg(encode_jpeg(_levels(picture).mul(255).to(torch.uint8), quality), ImageReadMode.RGB).float() / 255


def _spoiled(picture: Tensor, generator: torch.Generator) -> Tensor:
    kind, strength, grey = torch.rand(3, generator=generator).tolist()
    noise, compression, both = SHARES.values()
    noise_alone, compressed_alone = kind < noise, noise <= kind < noise + compression
    if kind >= noise + compression + both:
        return picture
    if not compressed_alone:
        channels = 1 if grey < GREY_NOISE else 3
        most = MOST_NOISE if noise_alone else MOST_COMPRESSED
        picture = picture + strength * most * torch.randn(channels, *picture.shape[1:], generator=generator)
    if not noise_alone:
        picture = compressed(picture, int(torch.randint(*QUALITIES, (), generator=generator)))
    return picture


def _levels(pictures: Tensor) -> Tensor:
    return pictures.clamp(0, 1).mul(255).round().div(255)
