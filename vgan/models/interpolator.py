"""Pictures between two pictures: flow, mask and a small correction, coarse to fine.

Intermediate flow as in RIFE (Huang et al. 2022), found by matching features that are already moved to the wanted
moment, as in PWC-Net (Sun et al. 2018). Flow is found in small pictures; what moves along it is as large as it came.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from vgan.models.layers import SLOPE, double

LONGEST = 640  # longer side of the small pictures in which motion is found, pixels
COARSEST = 16  # cells of the coarsest level are so many pixels of the small picture a side
DOUBT = 0.04  # difference of both sides at which half of the correction is let through: what agrees is right
GAIN = 0.02  # difference by which moving has to explain the pictures better than standing still does
REACHES = (4, 3, 2)  # cells of each level, coarse to fine, within which a match is looked for


@dataclass(frozen=True)
class InterpolatorParams:
    """channels: of features at a half, a quarter, an eighth and a sixteenth of the small picture; hidden: of what finds
    the flow, at a sixteenth, an eighth and a quarter; painting: of what corrects the finished picture."""

    channels: tuple[int, ...] = (24, 40, 64, 96)
    hidden: tuple[int, ...] = (96, 96, 64)
    painting: int = 32


@dataclass(frozen=True)
class Between:
    """What was found about a moment between two pictures. flow (B, 4, h, w): from there into the first picture and into
    the second, x and y each, in pixels of the small picture; mask (B, 1, h, w): how much of the first is seen, before
    the sigmoid; context (B, 8, h, w): hints for the correction; coarse: the flows of the levels before."""

    flow: Tensor
    mask: Tensor
    context: Tensor
    coarse: tuple[Tensor, ...]


def _convs(channels_in: int, channels_out: int, strides: tuple[int, ...], dilations: tuple[int, ...]) -> nn.Sequential:
    layers: list[nn.Module] = []
    for stride, dilation in zip(strides, dilations, strict=True):
        layers += [nn.Conv2d(channels_in, channels_out, 3, stride, dilation, dilation), nn.LeakyReLU(SLOPE, True)]
        channels_in = channels_out
    return nn.Sequential(*layers)


def _silence(conv: nn.Conv2d) -> None:
    """What it adds begins at nothing."""
    for weights in conv.parameters():
        nn.init.zeros_(weights)


class _Level(nn.Module):
    """Corrects flow and mask by what both sides look like after they were moved."""

    def __init__(self, features: int, past: int, hidden: int, reach: int):
        super().__init__()
        self.reach = reach
        self.merge = nn.Sequential(
            nn.Conv2d(2 * features + (2 * reach + 1) ** 2 + past + 6, hidden, 1), nn.LeakyReLU(SLOPE, True)
        )
        self.think = _convs(hidden, hidden, (1, 1, 1), (1, 2, 1))
        self.head = nn.Conv2d(hidden, 5, 3, padding=1)
        _silence(self.head)

    def forward(
        self, one: Tensor, other: Tensor, flow: Tensor, mask: Tensor, t: Tensor, past: Tensor | None
    ) -> tuple[Tensor, Tensor, Tensor]:
        """one, other: features (B, C, h, w); flow in cells, (B, 4, h, w). Returns flow, mask and what was thought."""
        a, b = warp(one, flow[:, :2]), warp(other, flow[:, 2:])
        known = [a, b, matches(a, b, self.reach), flow, mask, t.expand_as(mask), *([] if past is None else [past])]
        hidden = self.merge(torch.cat([part.to(one.dtype) for part in known], 1))
        hidden = hidden + self.think(hidden)
        change = self.head(hidden).float()
        return flow + change[:, :4], mask + change[:, 4:], hidden


class Interpolator(nn.Module):
    """The picture at any moment between two pictures."""

    def __init__(self, params: InterpolatorParams):
        super().__init__()
        self.params = params
        widths = (3, *params.channels)
        self.features = nn.ModuleList(_convs(a, b, (2, 1), (1, 1)) for a, b in pairwise(widths))
        self.levels = nn.ModuleList(
            _Level(features, past, hidden, reach)
            for features, past, hidden, reach in zip(
                params.channels[:0:-1], (0, *params.hidden), params.hidden, REACHES, strict=False
            )
        )
        self.hint = nn.Conv2d(params.hidden[-1], 8, 1)
        width = params.painting
        self.painting = nn.Sequential(
            nn.Conv2d(24 + 8 + 1, width, 3, padding=1), nn.LeakyReLU(SLOPE, True), *_convs(width, width, (1, 1), (1, 1))
        )
        self.last = nn.Conv2d(width, 16, 3, padding=1)
        _silence(self.last)

    def encode(self, small: Tensor) -> list[Tensor]:
        """Small pictures (B, 3, h, w) in [-1, 1], sides multiples of 16, to their features, coarse to fine."""
        found, x = [], small
        for stage in self.features:
            x = stage(x)
            found.append(x)
        return found[:0:-1]

    def motion(self, one: list[Tensor], other: list[Tensor], t: Tensor) -> Between:
        """Features of two pictures, and the moment t (B,) in [0, 1] between them."""
        t = t.float().view(-1, 1, 1, 1)
        batch, _, height, width = one[0].shape
        flow = torch.zeros(batch, 4, height, width, device=t.device)
        mask = (t.new_tensor(1) - 2 * t).expand(batch, 1, height, width)  # the nearer one is seen more
        hidden, coarse = None, []
        for index, (level, a, b) in enumerate(zip(self.levels, one, other, strict=True)):
            if hidden is not None:
                flow, mask, hidden = 2 * double(flow), double(mask), double(hidden)
            flow, mask, hidden = level(a, b, flow, mask, t, hidden)
            coarse.append(flow * (COARSEST >> index))
        return Between(coarse[-1], mask, self.hint(hidden), tuple(coarse[:-1]))

    def paint(
        self, one: Tensor, other: Tensor, found: Between, small: tuple[int, int]
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Two pictures (B, 3, H, W) of any size, moved and merged. small: height and width of those that the motion was
        found in. Returns the picture, and both sides as moved."""
        size, dtype = one.shape[-2:], found.context.dtype
        scale = found.flow.new_tensor([size[1] / small[1], size[0] / small[0]] * 2).view(1, 4, 1, 1)
        flow = F.interpolate(self._calmed(one, other, found.flow, small) * scale, size, mode="bilinear")
        a, b = warp(one, flow[:, :2]), warp(other, flow[:, 2:])
        mask = F.interpolate(found.mask, size, mode="bilinear")
        sides = torch.cat([a, b], 1).to(dtype)
        if odd := (size[0] % 2, size[1] % 2) != (0, 0):
            sides = F.pad(sides, (0, size[1] % 2, 0, size[0] % 2), mode="replicate")
        halves = F.pixel_unshuffle(sides, 2)
        hints = F.interpolate(torch.cat([found.context, found.mask.to(dtype)], 1), halves.shape[-2:], mode="bilinear")
        change = self.last(self.painting(torch.cat([halves, hints], 1)))
        doubt = F.avg_pool2d((halves[:, :12] - halves[:, 12:]).abs().mean(1, keepdim=True), 3, 1, 1)
        change = torch.cat([change[:, :12] * (doubt / (doubt + DOUBT)), change[:, 12:]], 1)
        change = F.pixel_shuffle(change.float(), 2)
        change = change[..., : size[0], : size[1]] if odd else change
        share = torch.sigmoid(mask + change[:, 3:])
        return b + share * (a - b) + change[:, :3], a, b

    @staticmethod
    def _calmed(one: Tensor, other: Tensor, flow: Tensor, small: tuple[int, int]) -> Tensor:
        """The flow without motion where standing still explains the two pictures as well: what is flat or still would
        tremble."""
        a, b = (F.interpolate(picture, flow.shape[-2:], mode="area") for picture in (one, other))
        cells = flow * (flow.shape[-1] / small[1])
        still, moved = (
            F.avg_pool2d((x - y).abs().mean(1, keepdim=True), 3, 1, 1)
            for x, y in ((a, b), (warp(a, cells[:, :2]), warp(b, cells[:, 2:])))
        )
        trembles = torch.sigmoid((moved + GAIN - still) * (4 / GAIN)).detach()
        return flow * (1 - trembles)

    def forward(self, one: Tensor, other: Tensor, t: Tensor) -> Tensor:
        """Pictures (B, 3, H, W) in [-1, 1], sides multiples of 16, and moments (B,): what is between, about in [-1, 1].

        Large pictures are better served by `between`, which looks for motion in smaller ones.
        """
        found = self.motion(self.encode(one), self.encode(other), t)
        return self.paint(one, other, found, (one.shape[2], one.shape[3]))[0]


@dataclass(frozen=True)
class Drawn:
    """picture (3, H, W): float32, in [-1, 1]. torn: how far both sides are apart after they were moved, over how far
    they were before: small where motion explains the difference, about 1 where it explains nothing. apart: the
    difference that is left, mean over the picture, in [0, 2]. sides: both pictures as they were moved, as `picture`."""

    picture: Tensor
    torn: float
    apart: float
    sides: tuple[Tensor, Tensor]


def draw_between(
    model: Interpolator, one: Tensor, other: Tensor, moments: Sequence[float], dtype: torch.dtype = torch.float32
) -> list[Drawn]:
    """What is to be seen at each of `moments`, in (0, 1), between two pictures (3, H, W) in [-1, 1] of any one size.

    dtype: of convolutions; where things are is always computed in float32.
    """
    pair = torch.stack([one, other]).float().contiguous(memory_format=torch.channels_last)
    size = small_size(*pair.shape[-2:])
    small = pair if size == pair.shape[-2:] else F.interpolate(pair, size, mode="bilinear", antialias=True)
    before = float((pair[0, :, ::4, ::4] - pair[1, :, ::4, ::4]).abs().mean())
    drawn = []
    with torch.autocast(pair.device.type, dtype, enabled=dtype != torch.float32):
        features = model.encode(small)
        for moment in moments:
            t = torch.tensor([moment], device=pair.device)
            found = model.motion([level[:1] for level in features], [level[1:] for level in features], t)
            picture, a, b = model.paint(pair[:1], pair[1:], found, size)
            apart = float((a[..., ::4, ::4] - b[..., ::4, ::4]).abs().mean())
            drawn.append(Drawn(picture[0].clamp(-1, 1), apart / max(before, 1e-6), apart, (a[0].float(), b[0].float())))
    return drawn


def between(model: Interpolator, one: Tensor, other: Tensor, t: float, dtype: torch.dtype = torch.float32) -> Tensor:
    """The picture (3, H, W) at moment t, in (0, 1), between two pictures. See `draw_between`."""
    return draw_between(model, one, other, [t], dtype)[0].picture


def small_size(height: int, width: int) -> tuple[int, int]:
    """Height and width of the small pictures for pictures of this size: multiples of 16."""
    ratio = min(1.0, LONGEST / max(height, width))
    return max(32, round(height * ratio / 16) * 16), max(32, round(width * ratio / 16) * 16)


def warp(pictures: Tensor, flow: Tensor) -> Tensor:
    """`pictures` (B, C, H, W) at each place moved by flow (B, 2, H, W), x and y in pixels; borders go on beyond."""
    height, width = flow.shape[-2:]
    rows = torch.arange(height, device=flow.device, dtype=torch.float32).view(1, -1, 1)
    columns = torch.arange(width, device=flow.device, dtype=torch.float32).view(1, 1, -1)
    flow = flow.float()
    x = (flow[:, 0] + columns) * (2 / max(1, width - 1)) - 1
    y = (flow[:, 1] + rows) * (2 / max(1, height - 1)) - 1
    with torch.autocast(flow.device.type, enabled=False):
        moved = F.grid_sample(pictures.float(), torch.stack([x, y], -1), padding_mode="border", align_corners=True)
    return moved.to(pictures.dtype)


def matches(one: Tensor, other: Tensor, reach: int) -> Tensor:
    """How alike features (B, C, h, w) are to others up to `reach` cells away: (B, (2 reach + 1)^2, h, w), cosines.

    Whole rows are multiplied with whole rows, and what is too far away left out: much faster than cell by cell.
    """
    batch, _, height, width = one.shape
    one = F.normalize(one.float(), dim=1).to(one.dtype).permute(0, 2, 3, 1)
    other = F.pad(F.normalize(other.float(), dim=1).to(one.dtype), (reach,) * 4).permute(0, 2, 1, 3)
    side = 2 * reach + 1
    near = torch.arange(width, device=one.device)[:, None] + torch.arange(side, device=one.device)
    near = near.expand(batch, height, width, side)
    rows = [(one @ other[:, y : y + height]).gather(3, near) for y in range(side)]
    return torch.cat(rows, 3).permute(0, 3, 1, 2)
