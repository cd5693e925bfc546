"""What critics see of clips, real and made, changed alike in all frames of a clip, so that few clips suffice.

DiffAugment (Zhao et al. 2020) changes every clip. Adaptive augmentation (ADA, Karras et al. 2020) makes each change
with a probability that follows how sure the critic is of the real clips it was shown: a critic that knows them by heart
is shown more change. What is drawn is drawn for the whole batch first, so that a team's parts are changed as one
process would change the whole.
"""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

AUGMENTS = ("none", "diffaugment", "ada")
SHIFT, HOLE, TURN, ZOOM = 0.125, 0.5, 0.25, 0.2  # shares of a side, of a side, of a half turn, of an octave
BRIGHTER, CONTRAST, COLOURFUL = 0.2, 0.5, 1.0  # in levels of [-1, 1], octaves, octaves
MOST = 0.8  # probability above which generators begin to draw the changes themselves (Karras et al. 2020)
TARGET = 0.6  # of the mean sign of the critic's scores of real clips
CLIPS_TO_ONE = 20_000  # real clips seen, in which the probability can go from 0 to 1


@dataclass(frozen=True)
class Changes:
    """For each of B clips. moved: (B, 2, 3), where each place of the picture comes from, in [-1, 1]; colours: (B, 3,
    4), from a colour and 1 to a colour; hole: (B, 4), its middle (y, x) and halves of its sides, in sides."""

    moved: Tensor
    colours: Tensor
    hole: Tensor

    def rows(self, part: slice) -> "Changes":
        """Of some of the clips."""
        return Changes(self.moved[part], self.colours[part], self.hole[part])

    def apply(self, frames: Tensor) -> Tensor:
        """frames (B, n, 3, H, W) in [-1, 1], as they are seen: float32 of the same shape. Differentiable."""
        count, shown, channels, height, width = frames.shape
        moved, colours, hole = (each.to(frames.device) for each in (self.moved, self.colours, self.hole))
        flat = frames.float().flatten(1, 2)
        grid = F.affine_grid(moved, [count, 1, height, width], align_corners=False)
        flat = F.grid_sample(flat, grid, padding_mode="reflection", align_corners=False)
        seen = flat.unflatten(1, (shown, channels))
        seen = torch.einsum("bij,bnjhw->bnihw", colours[:, :, :3], seen) + colours[:, None, :, 3, None, None]
        return seen * self._outside(hole, height, width)[:, None, None]

    @staticmethod
    def _outside(hole: Tensor, height: int, width: int) -> Tensor:
        """(B, H, W): 0 within the hole, 1 without."""
        inside = [
            ((torch.arange(size, device=hole.device) + 0.5)[None] / size - hole[:, axis, None]).abs()
            < hole[:, axis + 2, None]
            for axis, size in enumerate((height, width))
        ]
        return (~(inside[0][:, :, None] & inside[1][:, None, :])).to(hole.dtype)


def draw_changes(count: int, kind: str, probability: float, colour: bool, generator: torch.Generator) -> Changes:
    """Changes of `count` clips, of one of AUGMENTS but none.

    probability: of each change, with ada; colour: whether colours may change, which they may not where sliders of
    colour are learned. From a CPU generator, the same numbers whatever the probability.
    """
    drawn = torch.rand(count, 20, generator=generator)
    signed = drawn * 2 - 1
    likely = probability if kind == "ada" else 1.0
    does = (drawn[:, 12:] < likely).float()  # whether each change is made
    one = torch.ones(count)
    flip = torch.where((drawn[:, 0] < 0.5) & (does[:, 0] > 0), -one, one)
    shift_y, shift_x = signed[:, 1] * 2 * SHIFT * does[:, 1], signed[:, 2] * 2 * SHIFT * does[:, 1]
    angle = signed[:, 3] * math.pi * TURN * does[:, 2] * (kind == "ada")
    zoom = torch.exp2(signed[:, 4] * ZOOM * does[:, 3] * (kind == "ada"))
    cos, sin = angle.cos() * zoom, angle.sin() * zoom
    moved = torch.stack([torch.stack([cos * flip, -sin, shift_x], 1), torch.stack([sin * flip, cos, shift_y], 1)], 1)

    brighter = signed[:, 5] * BRIGHTER * does[:, 4] * colour
    contrast = torch.exp2(signed[:, 6] * CONTRAST * does[:, 5] * colour)
    colourful = torch.exp2(signed[:, 7] * COLOURFUL * does[:, 6] * colour)
    grey = torch.full((3, 3), 1 / 3)
    mixed = colourful[:, None, None] * (torch.eye(3) - grey) + grey
    colours = torch.cat([mixed * contrast[:, None, None], brighter[:, None, None].expand(-1, 3, 1)], 2)

    half = drawn[:, 8:10] * HOLE / 2 * does[:, 7:8]
    hole = torch.cat([drawn[:, 10:12], half], 1)
    return Changes(moved, colours, hole)


def adapted(probability: float, sign: float, clips: int) -> float:
    """The next probability, after a step whose `clips` real clips had scores of this mean sign."""
    way = math.copysign(1.0, sign - TARGET)
    return min(MOST, max(0.0, probability + way * clips / CLIPS_TO_ONE))
