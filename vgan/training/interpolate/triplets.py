"""Three moments of a clip: two that the network sees, and one between them that it must draw."""

from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from vgan.errors import MediaError
from vgan.training.cycle.domain import Domain

SPAN = 9  # consecutive frames of a clip that three are taken from
DOUBLE_SHARE = 0.3  # of all windows come from twice their size, shrunk: larger motion, finer detail


@dataclass(frozen=True)
class Triplets:
    """ends (B, 2, 3, H, W) and middle (B, 3, H, W) in [-1, 1]; t (B,): where the middle lies, in (0, 1); flow
    (B, 4, H, W): from the middle into both ends, x and y each, in pixels, where it is known, else None."""

    ends: Tensor
    middle: Tensor
    t: Tensor
    flow: Tensor | None = None


class Clips:
    """Frames of real clips in memory, and triplets from them; every folder counts alike.

    folders: of subfolders, each with the consecutive frames of one scene, SPAN at least. Raises MediaError where there
    are none.
    """

    def __init__(self, folders: list[Path], short_side: int):
        self.domains = [Domain(folder, short_side, SPAN) for folder in folders]
        least = min(min(clip.shape[-2:]) for domain in self.domains for clip in domain.clips)
        self.doubles = [min(min(clip.shape[-2:]) for clip in domain.clips) for domain in self.domains]
        self.least = least

    def triplets(self, count: int, side: int, generator: torch.Generator) -> Triplets:
        """`count` windows of `side` pixels, forth or back in time, turned and mirrored. Raises MediaError for a window
        that is larger than the frames."""
        if self.least < side:
            raise MediaError(f"side: windows of {side} pixels do not fit into frames of {self.least}.")
        found = [self._one(side, generator) for _ in range(count)]
        frames, t = zip(*found, strict=True)
        stacked = torch.stack(frames)
        return Triplets(stacked[:, [0, 2]], stacked[:, 1], torch.tensor(t))

    def _one(self, side: int, generator: torch.Generator) -> tuple[Tensor, float]:
        which = int(torch.randint(len(self.domains), (), generator=generator))
        large, turn, flip, back = torch.rand(4, generator=generator).tolist()
        double = large < DOUBLE_SHARE and self.doubles[which] >= 2 * side
        clip = self.domains[which].sample(1, side * (1 + double), generator)[0]
        first, middle, last = moments(generator)
        frames = clip[[first, middle, last]]
        t = (middle - first) / (last - first)
        if double:
            frames = F.avg_pool2d(frames, 2)
        frames = frames.rot90(int(turn * 4), (2, 3))
        frames = frames.flip(2) if flip < 0.5 else frames
        return (frames.flip(0), 1 - t) if back < 0.5 else (frames, t)


def moments(generator: torch.Generator) -> tuple[int, int, int]:
    """Three frames of SPAN in order: two to eight apart, most often two, and mostly with the middle in the middle."""
    steps = (2, 2, 2, 2, 4, 4, 4, 6, 8)
    gap = steps[int(torch.randint(len(steps), (), generator=generator))]
    first = int(torch.randint(SPAN - gap, (), generator=generator))
    if float(torch.rand((), generator=generator)) < 0.5:
        return first, first + gap // 2, first + gap
    return first, first + int(torch.randint(1, gap, (), generator=generator)), first + gap
