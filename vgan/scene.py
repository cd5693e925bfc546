"""Where one scene ends and another begins: between two frames there, nothing can be drawn."""

import torch
import torch.nn.functional as F
from torch import Tensor

THUMB = (36, 64)  # rows and columns at which two frames are laid over each other
REACH = (8, 16)  # rows and columns by which they may be moved against each other: a fast pan is no cut
LEVELS = 6  # of each colour, for the count of colours
SAME = 0.04  # mean difference of thumbnails in [0, 1] below which nothing changed that matters
RELIT = 0.9  # correlation from which on it is the same scene, whatever became of its colours: a flash, a fade
AGREE = 1.4  # correlation and shared colours come to this and more in one scene, to less at a cut
EVEN = 0.005  # standard deviation below which a frame has nothing to be laid over: only its colours count


def is_cut(one: Tensor, other: Tensor) -> bool:
    """Whether two frames (3, H, W) in [-1, 1], neighbours in a clip, show different scenes.

    They do where they do not match wherever they are laid over each other, and share few colours: one alone may happen
    in fast motion or by chance.
    """
    return differ(thumb(one), thumb(other))


def differ(one: Tensor, other: Tensor) -> bool:
    """`is_cut` for thumbnails, which are cheap to keep."""
    if float((one - other).abs().mean()) < SAME:
        return False
    match = likeness(one, other)
    return match < RELIT and match + shared_colours(one, other) < AGREE


def thumb(picture: Tensor) -> Tensor:
    """A frame (3, H, W) in [-1, 1] as a thumbnail (3, 36, 64) in [0, 1], however wide it is."""
    return F.interpolate(picture[None].float(), THUMB, mode="area")[0].mul(0.5).add(0.5).clamp(0, 1)


def likeness(one: Tensor, other: Tensor) -> float:
    """Correlation of two thumbnails at the best place, in [-1, 1]."""
    rows, columns = REACH
    piece = one.mean(0)[rows:-rows, columns:-columns]
    piece = piece - piece.mean()
    windows = other.mean(0).unfold(0, piece.shape[0], 1).unfold(1, piece.shape[1], 1)
    windows = windows - windows.mean((2, 3), keepdim=True)
    norms = windows.square().sum((2, 3)).sqrt() * piece.square().sum().sqrt()
    return float(((windows * piece).sum((2, 3)) / norms.clamp_min(EVEN**2 * piece.numel())).max())


def shared_colours(one: Tensor, other: Tensor) -> float:
    """How much of the colours of two thumbnails is the same, wherever it lies, in [0, 1]."""
    counts = []
    for picture in (one, other):
        level = (picture * (LEVELS - 1)).round().long()
        index = (level[0] * LEVELS + level[1]) * LEVELS + level[2]
        counts.append(torch.bincount(index.flatten(), minlength=LEVELS**3).float() / index.numel())
    return float(torch.minimum(*counts).sum())
