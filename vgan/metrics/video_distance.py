"""Fréchet video distance on features of SqueezeNet at three scales of time. It is not FVD, and its figures are not."""

from dataclasses import dataclass

import torch
from torch import Tensor

from vgan.metrics.clip_features import ClipFeatures, Seen
from vgan.metrics.frechet import frechet_of_features
from vgan.metrics.spoiled_clips import SPOILS

AXES = 64  # numbers of a clip that are compared: several hundred clips give a sound covariance of them
VARIANCE = 100.0  # of all real clips together, so that figures mean the same for every data set


@dataclass(frozen=True)
class VideoSpace:
    """The numbers of a clip that are compared: `middle` and `scales` of each block of features, and `axes` (D, AXES).

    Every block counts alike. The axes are the principal ones of real clips and of the same clips spoiled in known ways
    (`SPOILS`), because real clips alone do not vary in what only made ones get wrong.
    """

    middle: Tensor
    scales: tuple[float, ...]
    axes: Tensor

    def __call__(self, seen: Seen) -> Tensor:
        """(N, AXES) float32 of each clip."""
        return (_joined(seen, self.scales) - self.middle) @ self.axes


def fit_space(real: Tensor, features: ClipFeatures, axes: int = AXES) -> tuple[VideoSpace, Seen]:
    """The space of uint8 clips (N, T, 3, H, W), and what was seen of them. Deterministic.

    A quarter of the clips is spoiled in each way. Raises ValueError for fewer clips than axes.
    """
    if len(real) < axes:
        raise ValueError(f"{len(real)} clips: at least {axes} are needed for {axes} axes")
    seen = features(real)
    generator = torch.Generator().manual_seed(0)
    few = real[: max(2, len(real) // 4)]
    scales = tuple(
        (VARIANCE / len(seen.blocks)) ** 0.5 / float(_spread(block).clamp_min(1e-9)) for block in seen.blocks
    )
    rows = _joined(seen, scales)
    middle = rows.mean(0)
    spoiled = [_joined(features(spoil(few, generator)), scales) for spoil in SPOILS.values()]
    away = torch.cat([rows - middle, *(part - middle for part in spoiled)])
    # Principal axes by way of the smaller matrix: there are fewer clips than numbers of each.
    values, vectors = torch.linalg.eigh((away @ away.T).double())
    values, vectors = values[-axes:], vectors[:, -axes:]
    directions = (away.T.double() @ vectors / values.clamp_min(1e-12).sqrt()).float()
    return VideoSpace(middle, scales, directions), seen


def video_distance(real: Seen, made: Seen, space: VideoSpace) -> float:
    """Fréchet distance (Heusel et al. 2017) of two sets of clips in `space`: 0 for the same distribution, and about
    `VARIANCE` where they are as far apart as real clips are from their own middle."""
    return frechet_of_features(space(real), space(made))


def _spread(rows: Tensor) -> Tensor:
    return (rows - rows.mean(0)).square().sum(1).mean().sqrt()


def _joined(seen: Seen, scales: tuple[float, ...]) -> Tensor:
    return torch.cat([block * scale for block, scale in zip(seen.blocks, scales, strict=True)], dim=1)
