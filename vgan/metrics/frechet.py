"""Fréchet distance between two sets of frames."""

from torch import Tensor, nn
from torchmetrics.image.fid import FrechetInceptionDistance


def frechet_distance(real: Tensor, made: Tensor, features: nn.Module, batch: int = 64) -> float:
    """Fréchet distance (Heusel et al. 2017) of two sets of uint8 frames (N, 3, H, W): 0 for the same distribution.

    features: uint8 frames to (N, D), with D as `num_features`. Both sets should be larger than D. With features other
    than Inception's this is not FID, and figures compare only under the same features and counts.
    """
    distance = FrechetInceptionDistance(feature=features)
    for frames, is_real in ((real, True), (made, False)):
        for start in range(0, len(frames), batch):
            distance.update(frames[start : start + batch], real=is_real)
    return float(distance.compute())
