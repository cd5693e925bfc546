"""What is restyled in training: photographs and frames of our own looks, in pairs that move as a clip does."""

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from vgan.training.looks import LOOKS, make_clip
from vgan.training.styles.paintings import read_picture, resized, to_float

SHORT_SIDE = 448  # photographs are kept at this size
LOOK_FRAMES = 8  # of each look, as many pictures
LOOK_SHARE = 0.12  # of all pairs
LEAST, MOST = 0.45, 1.0  # how much a window shrinks or not


@dataclass(frozen=True)
class Pairs:
    """Two windows of the same picture, moved against each other. frames: (2 N, 3, side, side), neighbours belong
    together; moved: (N, 2), rows and columns by which the second lies lower and further right."""

    frames: Tensor
    moved: Tensor


class Content:
    """Pictures in memory, and pairs of windows from them."""

    def __init__(self, folders: list[Path]):
        files = sorted(
            path for folder in folders for path in folder.rglob("*") if path.suffix in {".jpg", ".jpeg", ".png"}
        )
        if not files:
            raise FileNotFoundError(f"no JPEG or PNG pictures in {', '.join(map(str, folders))}")
        self.photos = [resized(read_picture(path), SHORT_SIDE) for path in files]
        self.looks = [
            make_clip(look, seed, torch.zeros(1), SHORT_SIDE, SHORT_SIDE)[0].mul(127.5).add(127.5).to(torch.uint8)
            for look in LOOKS
            for seed in range(LOOK_FRAMES)
        ]

    def pairs(self, count: int, side: int, generator: torch.Generator, reach: int = 16) -> Pairs:
        """`count` pairs, each from a picture and at a scale of its own, the second up to `reach` pixels away and with a
        little noise."""
        frames, moves = [], []
        for _ in range(count):
            pool = self.looks if float(torch.rand((), generator=generator)) < LOOK_SHARE else self.photos
            picture = pool[int(torch.randint(len(pool), (), generator=generator))]
            least = max(LEAST, (side + reach) / SHORT_SIDE)
            scale = least + (MOST - least) * float(torch.rand((), generator=generator))
            picture = resized(picture, max(side + reach, round(SHORT_SIDE * scale)))
            if float(torch.rand((), generator=generator)) < 0.5:
                picture = picture.flip(2)
            height, width = picture.shape[-2:]
            spots = torch.stack(
                [
                    torch.randint(height - side - reach + 1, (), generator=generator),
                    torch.randint(width - side - reach + 1, (), generator=generator),
                ]
            )
            first, second = (spots + torch.randint(reach + 1, (2,), generator=generator) for _ in range(2))
            light = _light(generator)
            for top, left in (first.tolist(), second.tolist()):
                window = to_float(picture[:, top : top + side, left : left + side])
                frames.append((window * light[0] + light[1]).clamp_(-1, 1))
            moves.append(second - first)
        made = torch.stack(frames)
        noise = torch.randn(made.shape, generator=generator) * 0.03
        noise[0::2] = 0  # the first is as it is
        return Pairs((made + noise).clamp_(-1, 1), torch.stack(moves))


def _light(generator: torch.Generator) -> tuple[float, float]:
    """Contrast and brightness of a pair: often as they are, sometimes a dim or a bright clip."""
    strange, contrast, brightness = torch.rand(3, generator=generator).tolist()
    return (0.5 + 0.5 * contrast, (brightness - 0.5) * (1 - contrast)) if strange < 0.25 else (1.0, 0.0)


def overlaps(pictures: Tensor, moved: Tensor, margin: int = 8) -> list[tuple[Tensor, Tensor]]:
    """What both windows of each pair show, at the same place: views (3, h, w) of `pictures` (2 N, 3, side, side).

    margin: pixels at the borders that are left out, where the network had to guess what lies beyond.
    """
    side, found = pictures.shape[-1], []
    for (down, right), first, second in zip(moved.tolist(), pictures[0::2], pictures[1::2], strict=True):
        size = [side - 2 * margin - abs(shift) for shift in (down, right)]
        top, left = (margin + max(0, shift) for shift in (down, right))
        there = first[:, top : top + size[0], left : left + size[1]]
        top, left = (margin + max(0, -shift) for shift in (down, right))
        found.append((there, second[:, top : top + size[0], left : left + size[1]]))
    return found
