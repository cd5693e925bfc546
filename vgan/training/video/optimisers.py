"""Optimisers and courses of the learning rate, by name."""

import math
from collections.abc import Callable, Iterable

import torch
from torch import nn
from torch.optim import Optimizer

SECOND_BETA = 0.99  # of Adam's mean square; papers have 0.9 to 0.999
DECAY = 0.01  # of weights, a step and unit of rate, with AdamW


def _adam(weights: Iterable[nn.Parameter], rate: float, beta: float) -> Optimizer:
    return torch.optim.Adam(weights, rate, (beta, SECOND_BETA), fused=True)


def _adamw(weights: Iterable[nn.Parameter], rate: float, beta: float) -> Optimizer:
    return torch.optim.AdamW(weights, rate, (beta, SECOND_BETA), weight_decay=DECAY, fused=True)


def _rmsprop(weights: Iterable[nn.Parameter], rate: float, beta: float) -> Optimizer:
    return torch.optim.RMSprop(weights, rate, alpha=SECOND_BETA)


# Each from weights, rate, and the share of its course that the last gradients keep in a step (not of RMSprop).
OPTIMISERS: dict[str, Callable[[Iterable[nn.Parameter], float, float], Optimizer]] = {
    "adam": _adam,
    "adamw": _adamw,
    "rmsprop": _rmsprop,
}

# Each from steps done, steps after which rates fall, and the share of training that is done, in [0, 1], to the share of
# the rate that is left.
SCHEDULES: dict[str, Callable[[int, int, float], float]] = {
    "constant": lambda step, after, share: 1.0,
    "cosine": lambda step, after, share: 0.5 * (1 + math.cos(math.pi * min(1.0, share))),
    "root": lambda step, after, share: min(1.0, (after / max(1, step)) ** 0.5),
}


def rate_share(schedule: str, step: int, after: int, share: float, warm_up: int) -> float:
    """What is left of the rate at `step`: its schedule's, rising evenly through the first `warm_up` steps."""
    warm = min(1.0, (step + 1) / warm_up) if warm_up else 1.0
    return warm * SCHEDULES[schedule](step, after, share)
