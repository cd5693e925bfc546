"""Is it the style that was asked for, and is the picture still there? By a classifier's features and by edges."""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor
from torchmetrics.functional.image import structural_similarity_index_measure

from vgan.models.perceptual import SqueezeTaps, gram, gram_distance

LUMA = (0.299, 0.587, 0.114)


@torch.inference_mode()
def style_distances(picture: Tensor, targets: Sequence[Sequence[Tensor]], eyes: SqueezeTaps) -> Tensor:
    """How far a picture (3, H, W) in [-1, 1] is from each style: (styles,), relative to each style's own energy.

    targets: for each style one Gram matrix (1, C, C) for each tap of `eyes`.
    """
    found = [gram(tap) for tap in eyes(picture[None].float())]
    return torch.stack([gram_distance(found, target)[0] for target in targets])


def structure_kept(before: Tensor, after: Tensor) -> float:
    """SSIM (Wang et al. 2004) of the edges of luminance of two pictures (3, H, W) in [-1, 1]: 1 is all, 0 is none.

    Edges are lengths of Sobel gradients, each picture's scaled to its own root mean square, as a style may change
    contrast but should not move things.
    """
    first, second = (_edges(picture) for picture in (before, after))
    span = float(max(first.max(), second.max()))
    value = structural_similarity_index_measure(second, first, data_range=span)
    assert isinstance(value, Tensor)
    return float(value)


def _edges(picture: Tensor) -> Tensor:
    luma = (picture.float() * torch.tensor(LUMA)[:, None, None]).sum(0)[None, None]
    sobel = torch.tensor([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])
    kernel = torch.stack([sobel, sobel.t()])[:, None]
    edges = F.conv2d(F.pad(luma, (1, 1, 1, 1), mode="reflect"), kernel).square().sum(1, keepdim=True).sqrt()
    return edges / edges.square().mean().sqrt().clamp_min(1e-6)
