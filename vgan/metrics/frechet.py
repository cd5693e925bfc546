"""Fréchet distance between two sets of frames, or of anything that has features."""

import torch
from torch import Tensor, nn


def frechet_distance(real: Tensor, made: Tensor, features: nn.Module, batch: int = 64) -> float:
    """Fréchet distance (Heusel et al. 2017) of two sets of uint8 frames (N, 3, H, W): 0 for the same distribution.

    features: uint8 frames to (N, D), with D as `num_features`. Both sets should be larger than D. With features other
    than Inception's this is not FID, and figures compare only under the same features and counts.
    """
    from torchmetrics.image.fid import FrechetInceptionDistance  # a second, with torchvision: when needed

    distance = FrechetInceptionDistance(feature=features)
    for frames, is_real in ((real, True), (made, False)):
        for start in range(0, len(frames), batch):
            distance.update(frames[start : start + batch], real=is_real)
    return float(distance.compute())


def frechet_of_features(real: Tensor, made: Tensor) -> float:
    """The same distance of features that are there already: real (N, D), made (M, D), any float type.

    Each set's mean and covariance stand for it, so both should hold several times D rows. Raises ValueError where a set
    has fewer than two rows, or numbers that are not finite.
    """
    (first, one), (second, other) = (_gaussian(name, rows) for name, rows in (("real", real), ("made", made)))
    values, vectors = torch.linalg.eigh(one)
    root = vectors * values.clamp_min(0).sqrt() @ vectors.T
    shared = torch.linalg.eigvalsh(root @ other @ root).clamp_min(0).sqrt().sum()
    return float(((first - second).square().sum() + one.trace() + other.trace() - 2 * shared).clamp_min(0))


def _gaussian(name: str, rows: Tensor) -> tuple[Tensor, Tensor]:
    if rows.dim() != 2 or len(rows) < 2 or not bool(rows.isfinite().all()):
        raise ValueError(f"{name}: {tuple(rows.shape)}; at least two rows of finite features are needed")
    return rows.double().mean(0), torch.cov(rows.double().T).reshape(rows.shape[1], rows.shape[1])
