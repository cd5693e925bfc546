"""Does a clip go on showing the same thing?"""

import torch.nn.functional as F
from torch import Tensor


def content_consistency(frames: Tensor, middle: Tensor) -> float:
    """Mean cosine between the features of a frame and the mean of its clip, in [-1, 1].

    frames: (N, T, D) features; middle: (D,) the mean of real frames, which is taken away first, because all pictures
    have most of it. 1: every frame of a clip shows the same; real clips, whose content moves, lie below, and a value
    far above theirs is a clip that stands still.
    """
    away = frames - middle
    return float(F.cosine_similarity(away, away.mean(1, keepdim=True), dim=2).mean())
