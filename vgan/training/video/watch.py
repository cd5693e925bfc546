"""Whether a generator still makes all kinds of clips: a cheap watch over mode collapse while it trains.

Features are pixels of clips made very small. Coverage (Naeem et al. 2020): the share of real clips that have a made one
nearer than their k-th nearest real neighbour. Spread: how far made clips are from each other, against real ones.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

CLIPS = 128  # real ones, and as many made ones
NEIGHBOUR = 5
MOMENTS, SMALL = 4, 8  # what is kept of a clip: moments, and pixels of a side
LEAST_SPREAD = 0.4  # below it, made clips are alike
LOST = 0.5  # share of the best coverage so far, below which kinds of clips were lost
ENOUGH, EARLY = 0.1, 500  # a coverage that says anything, and steps: before both, training has only begun


@dataclass(frozen=True)
class Seen:
    """coverage, spread: see above; best: the best coverage so far."""

    coverage: float
    spread: float
    best: float = 0.0

    def collapsed(self, step: int) -> bool:
        """Whether a person should be told, at `step`."""
        if self.best < ENOUGH and step < EARLY:
            return False
        return self.spread < LEAST_SPREAD or (self.best >= ENOUGH and self.coverage < LOST * self.best)


def clip_features(clips: Tensor) -> Tensor:
    """Clips (B, T, 3, H, W) as vectors (B, MOMENTS * 3 * SMALL * SMALL), float32."""
    size = (MOMENTS, SMALL, SMALL)
    return F.adaptive_avg_pool3d(clips.float().transpose(1, 2), size).flatten(1)


def look(real: Tensor, made: Tensor, best: float = 0.0) -> Seen:
    """real, made: features (n, d), (m, d), at least two of each; best: coverage at best so far."""
    apart = torch.cdist(real, real)
    nth = min(NEIGHBOUR, len(real) - 1)
    radius = apart.kthvalue(nth + 1, dim=1).values  # each is its own nearest
    coverage = (torch.cdist(real, made).amin(1) <= radius).float().mean().item()
    between = apart.sum() / (len(real) * (len(real) - 1))
    spread = (torch.pdist(made).mean() / between.clamp_min(1e-8)).item()
    return Seen(coverage, spread, max(best, coverage))


def advice(seen: Seen, step: int, augment: str) -> str:
    """What the log says about a collapse."""
    more = "" if augment == "ada" else "`--augment ada`, "
    return (
        f"step {step}: the generator repeats itself (mode collapse). Made clips differ {seen.spread:.0%} as much as "
        f"real ones and come near {seen.coverage:.0%} of them, at best {seen.best:.0%}. What helps: {more}half the "
        "`--rate`, `--loss relativistic`, a larger `--batch`; begin anew, or from a checkpoint.pt that you kept."
    )
