"""How much of the real set the made one reaches, and how much of what it makes is like real ones."""

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Reach:
    """Shares in [0, 1], more is better. coverage: of real items with a made one as near as their own kth neighbour
    (Naeem et al. 2020); recall: of real items that lie among made ones, precision: of made ones among real ones
    (Kynkäänniemi et al. 2019)."""

    coverage: float
    recall: float
    precision: float


def reach(real: Tensor, made: Tensor, coverage_neighbours: int = 5, recall_neighbours: int = 3) -> Reach:
    """real: (N, D), made: (M, D) features; both sets about as large. Raises ValueError where a set is not larger than
    the count of neighbours."""
    fewest = max(coverage_neighbours, recall_neighbours) + 1
    if min(len(real), len(made)) < fewest:
        raise ValueError(f"{len(real)} real and {len(made)} made items: at least {fewest} of each are needed")
    across = torch.cdist(real, made)
    of_real, of_made = (torch.cdist(rows, rows).sort(1).values for rows in (real, made))  # itself comes first
    nearest, back = across.amin(1), across.T
    return Reach(
        coverage=_share(nearest <= of_real[:, coverage_neighbours]),
        recall=_share((across <= of_made[:, recall_neighbours]).any(1)),
        precision=_share((back <= of_real[:, recall_neighbours]).any(1)),
    )


def _share(which: Tensor) -> float:
    return which.float().mean().item()
