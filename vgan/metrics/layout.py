"""How far two sets of clips are apart in colours and where they lie: what a generator learns first, and what features
of a classifier, made for things and textures, hardly see before there are any."""

import torch.nn.functional as F
from torch import Tensor

from vgan.metrics.frechet import frechet_of_features

CELLS = 8  # across a frame
EVERY = 4  # of a clip's frames, one is looked at


def layout_distance(real: Tensor, made: Tensor) -> float:
    """Fréchet distance of frames averaged to CELLS x CELLS, colours in [-1, 1].

    real, made: uint8 clips (N, T, 3, S, S), together several times 3 CELLS^2 frames in each set. 0 is the same.
    """
    return frechet_of_features(_cells(real), _cells(made))


def _cells(clips: Tensor) -> Tensor:
    frames = clips[:, ::EVERY].flatten(0, 1).float() / 127.5 - 1
    return F.adaptive_avg_pool2d(frames, CELLS).flatten(1)
