"""Three moments of a clip, the middle one damaged."""

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from vgan.training.repair.spoil import LOCAL

WHOLE_SHARE = 0.2  # of all windows are lost as a whole
WIDEST = 9  # pixels by which a mask is wider than what was lost, at most, as a found one is


def damaged(middles: Tensor, elsewhere: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """middles, elsewhere: (B, 3, H, W) in [-1, 1], elsewhere another moment. Returns damaged pictures, and masks
    (B, 1, H, W), 1 where they are lost: wider than the damage, as if it had been found."""
    pairs = [_one(one, other, generator) for one, other in zip(middles, elsewhere, strict=True)]
    pictures, masks = zip(*pairs, strict=True)
    return torch.stack(pictures), torch.stack(masks)


def _one(middle: Tensor, elsewhere: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    seed = int(torch.randint(2**31, (), generator=generator))
    random = np.random.default_rng(seed)
    if random.random() < WHOLE_SHARE:
        return torch.zeros_like(middle), torch.ones_like(middle[:1])
    frame, other = (_frame(picture) for picture in (middle, elsewhere))
    kind = str(random.choice(list(LOCAL)))
    lost, mask = LOCAL[kind](frame.shape[:2], random)(frame, other, random)
    wide = 1 + 2 * int(random.integers(0, WIDEST // 2 + 1))
    grown = F.max_pool2d(torch.from_numpy(mask)[None].float(), wide, 1, wide // 2)
    picture = torch.from_numpy(lost).permute(2, 0, 1).float() / 127.5 - 1
    return picture, grown


def _frame(picture: Tensor) -> np.ndarray:
    levels = picture.mul(127.5).add(127.5).round().clamp(0, 255).to(torch.uint8)
    return levels.permute(1, 2, 0).contiguous().numpy()
