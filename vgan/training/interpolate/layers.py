"""Photographs that move in known ways, one before the other: endless, and every pixel's motion is exact."""

from math import pi
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from vgan.errors import MediaError
from vgan.training.interpolate.triplets import Triplets
from vgan.training.styles.paintings import read_picture, resized, to_float

SHORT_SIDE = 384  # photographs are kept at this size
BLOBS = 5  # cells a side of the noise that cuts a layer out
FAST = 0.14  # of the window's side that a layer moves at most, usually; a tenth of them move twice as far
TURN = 0.12  # radians that it turns at most
GROW = 0.08  # of its size that it grows or shrinks at most
EDGE = 40.0  # how hard the border of a layer is


class Layers:
    """Photographs in memory, and triplets made of two or three of them. Raises MediaError where there are none."""

    def __init__(self, folders: list[Path]):
        files = sorted(
            path for folder in folders for path in folder.rglob("*") if path.suffix.lower() in {".jpg", ".jpeg", ".png"}
        )
        if not files:
            raise MediaError(f"{', '.join(map(str, folders))}: there are no JPEG or PNG photographs.")
        self.photos = [resized(read_picture(path), SHORT_SIDE) for path in files]

    def triplets(self, count: int, side: int, generator: torch.Generator) -> Triplets:
        """`count` triplets of `side` pixels, with the flow from the middle."""
        made = [self._one(side, generator) for _ in range(count)]
        frames, flows, t = zip(*made, strict=True)
        stacked = torch.stack(frames)
        return Triplets(stacked[:, [0, 2]], stacked[:, 1], torch.tensor(t), torch.stack(flows))

    def _one(self, side: int, generator: torch.Generator) -> tuple[Tensor, Tensor, float]:
        count, when, middle = torch.rand(3, generator=generator).tolist()
        t = 0.5 if when < 0.5 else 0.1 + 0.8 * middle
        times = torch.tensor([0.0, t, 1.0])
        places = _places(side)
        frames, flow = torch.empty(0), torch.empty(0)
        pan = _velocity(generator)
        for layer in range(2 if count < 0.6 else 3):
            placed = _placements(times, pan if not layer else 0.5 * pan + _velocity(generator))
            seen = torch.einsum("kij,hwj->khwi", torch.linalg.inv(placed), places)  # where in the layer each pixel is
            picture = self._picture(side, seen, generator)
            # A pixel of the middle frame is the layer's there; and in both ends the same place of the layer.
            moved = torch.einsum("kij,hwj->khwi", placed[[0, 2]], seen[1])[..., :2] - places[..., :2]
            motion = moved.permute(0, 3, 1, 2).flatten(0, 1) * (side / 2)
            if not layer:
                frames, flow = picture, motion
                continue
            cover = _cover(seen, generator)
            frames = frames + cover * (picture - frames)
            flow = torch.where(cover[1] > 0.5, motion, flow)
        return frames.clamp_(-1, 1), flow, t

    def _picture(self, side: int, seen: Tensor, generator: torch.Generator) -> Tensor:
        """A photograph (3, 3, side, side) at the places (3, side, side, 3) that are seen of it at three moments."""
        photo = self.photos[int(torch.randint(len(self.photos), (), generator=generator))]
        scale = 1.0 + 0.8 * float(torch.rand((), generator=generator))  # photograph's pixels for one of ours
        height, width = photo.shape[1:]
        reach = torch.tensor([width, height]) / (side * scale)  # photograph's half sides, in half windows
        centre = (torch.rand(2, generator=generator) * 2 - 1) * (reach - 1).clamp_min(0)
        gain, flip = torch.rand(2, generator=generator).tolist()
        at = (seen[..., :2] + centre) / reach
        picture = to_float(photo)[None].flip(3) if flip < 0.5 else to_float(photo)[None]
        if scale > 1.3:
            picture = F.avg_pool2d(picture, 3, 1, 1)  # or fine detail would glitter
        at = at.flatten(0, 1)[None]
        found = F.grid_sample(picture, at, padding_mode="reflection", align_corners=False)[0]
        return found.unflatten(1, (3, side)).movedim(0, 1) * (0.7 + 0.3 * gain)


def _places(side: int) -> Tensor:
    """Every pixel as (side, side, 3): x and y in [-1, 1] over the window, and 1."""
    line = (torch.arange(side) + 0.5) * (2 / side) - 1
    y, x = torch.meshgrid(line, line, indexing="ij")
    return torch.stack([x, y, torch.ones_like(x)], -1)


def _velocity(generator: torch.Generator) -> Tensor:
    """Shift (x, y in half windows), turn and growth over the whole triplet: (4,). Small ones are the usual ones."""
    direction, speed, haste, turn, grow = torch.rand(5, generator=generator).tolist()
    far = 2 * FAST * speed**2 * (2 if haste < 0.1 else 1)
    angle = torch.tensor(2 * pi * direction)
    shift = far * torch.stack([angle.cos(), angle.sin()])
    return torch.cat([shift, torch.tensor([TURN * (2 * turn - 1), GROW * (2 * grow - 1)])])


def _placements(times: Tensor, velocity: Tensor) -> Tensor:
    """Where a layer's places are on the window at `times` (K,): matrices (K, 3, 3)."""
    x, y, turn, grow = (velocity[:, None] * (times - 0.5)).unbind(0)
    size, nought, one = grow.exp(), torch.zeros_like(x), torch.ones_like(x)
    cosine, sine = size * turn.cos(), size * turn.sin()
    rows = (cosine, -sine, x), (sine, cosine, y), (nought, nought, one)
    return torch.stack([torch.stack(row, -1) for row in rows], -2)


def _cover(seen: Tensor, generator: torch.Generator) -> Tensor:
    """How much of a layer stands before what is behind, (3, 1, side, side) in [0, 1]: a few blobs, or thin bars."""
    cells = (BLOBS, BLOBS) if float(torch.rand((), generator=generator)) < 0.7 else (2, 4 * BLOBS)
    noise = torch.randn(1, 1, *cells, generator=generator)
    at = (seen[..., :2] * 0.8).flatten(0, 1)[None]
    hills = F.grid_sample(noise, at, mode="bicubic", padding_mode="reflection", align_corners=False)[0, 0]
    level = 0.2 + 0.5 * float(torch.rand((), generator=generator))
    return torch.sigmoid(EDGE * (hills - level)).unflatten(0, (3, seen.shape[1]))[:, None]
