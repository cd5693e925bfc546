"""What a style asks for: Gram matrices of its picture, and windows of it as real ones for the critic."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from vgan.models.perceptual import SqueezeTaps, gram
from vgan.training.styles.paintings import random_windows, read_picture, resized, to_float

SIZES = (256, 420)  # shorter sides at which a picture's strokes are looked at
TAPS = (1, 3, 4, 6, 7, 9)  # after conv1's ReLU and fires 2 to 6
CONTENT = TAPS.index(6)  # fire 4
CRITIC = {TAPS.index(4): 128, TAPS.index(7): 256}  # place among TAPS, channels


@dataclass(frozen=True)
class Target:
    """One style. grams: (1, C, C) for each tap, mean over sizes; pictures: uint8 (3, H, W), one for each size."""

    grams: tuple[Tensor, ...]
    pictures: tuple[Tensor, ...]

    def windows(self, side: int, count: int, generator: torch.Generator) -> Tensor:
        """`count` windows at one of the sizes: (count, 3, side, side) in [-1, 1]."""
        size = int(torch.randint(len(self.pictures), (), generator=generator))
        return random_windows(self.pictures[size], side, count, generator)


@torch.no_grad()
def target_of(picture: Tensor, eyes: SqueezeTaps, sizes: Iterable[int] = SIZES) -> Target:
    """The target of a uint8 picture (3, H, W)."""
    pictures = tuple(resized(picture, size) for size in sizes)
    device = eyes.mean.device
    seen = [[gram(tap.float()) for tap in eyes(to_float(one)[None].to(device))] for one in pictures]
    return Target(tuple(torch.stack(parts).mean(0) for parts in zip(*seen, strict=True)), pictures)


def targets_in(folder: Path, files: Iterable[str], eyes: SqueezeTaps) -> list[Target]:
    """One target for each of `files` in `folder`."""
    return [target_of(read_picture(folder / file), eyes) for file in files]
