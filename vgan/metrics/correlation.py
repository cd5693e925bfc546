"""Does a slider do what it says? Rank correlations between what was asked and what was measured."""

from math import pi

import torch
from scipy.stats import rankdata, spearmanr
from torch import Tensor


def spearman(asked: Tensor, measured: Tensor) -> float:
    """Spearman's rank correlation of two (N,) tensors, in [-1, 1]."""
    return float(spearmanr(asked.numpy(), measured.numpy()).statistic)


def circular_rank(asked: Tensor, measured: Tensor) -> float:
    """Spearman's counterpart on the circle, in [-1, 1]: Fisher and Lee (1982), on ranks spread around the circle.

    asked, measured: (N,) in turns.
    """
    a, b = (torch.from_numpy(rankdata(x.numpy())).double() * (2 * pi / len(x)) for x in (asked, measured))
    sines = [torch.sin(x[:, None] - x[None]) for x in (a, b)]
    return float((sines[0] * sines[1]).sum() / (sines[0].square().sum() * sines[1].square().sum()).sqrt())
