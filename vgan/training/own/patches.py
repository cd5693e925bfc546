"""How alike two sets of pictures are patch by patch, whatever they show: colours, textures and how they move."""

import torch
import torch.nn.functional as F
from torch import Tensor

SIDE = 7  # of a patch, pixels
STRIDE = 3
DIRECTIONS = 48  # along which patches are compared in a step
SCALES = (1, 2, 4)  # pictures are made so many times smaller


def patch_distance(real: Tensor, made: Tensor, generator: torch.Generator) -> Tensor:
    """Sliced Wasserstein distance of all patches of two batches (B, C, H, W) of one size, differentiable in `made`.

    Patches of SIDE pixels at several scales are projected on random directions, sorted and compared: a measure of
    GANs (Karras et al. 2018), and by itself enough to make one picture's texture anew (Elnekave and Weiss 2022). With
    the frames of a clip one after another as channels, a patch is one of space and time, and motion counts. Returns a
    scalar; randomness from a CPU generator.
    """
    channels = real.shape[1]
    total = made.new_zeros(())
    used = [scale for scale in SCALES if min(real.shape[-2:]) >= SIDE * scale]
    for scale in used:
        filters = torch.randn(DIRECTIONS, channels, SIDE, SIDE, generator=generator)
        filters = (filters / filters.flatten(1).norm(dim=1)[:, None, None, None]).to(made.device)
        sides = []
        for pictures in (real, made):
            small = F.avg_pool2d(pictures, scale) if scale > 1 else pictures
            sides.append(F.conv2d(small, filters, stride=STRIDE).transpose(0, 1).flatten(1).sort(dim=1).values)
        total = total + (sides[0] - sides[1]).abs().mean()
    return total / len(used)
