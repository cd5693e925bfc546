"""Frames of looks as pictures in folders, for those who train on folders."""

from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

import torch
from torchvision.io import write_png

from vgan.models.attributes import SHORT_SIDE, measure
from vgan.training.looks import make_clip

MOMENTS = 96  # frames of a whole loop: four seconds at 24 frames a second
NEAR = 1 / 12  # turns of hue on either side that still count as the same colour


def write_frames(
    folder: Path, look: str, clips: int, frames: int, side: int, first_seed: int = 0, hue: float | None = None
) -> int:
    """`clips` subfolders of `folder`, each with `frames` consecutive PNG frames of `look`, `side` pixels square.

    Every clip begins at another moment of its loop. hue: only clips of about this colour, in turns [0, 1): 0 is red,
    1/3 green, 2/3 blue. Returns the count of pictures. Raises UnknownName.
    """
    for seed in islice(_seeds(look, first_seed, hue), clips):
        start = float(torch.rand((), generator=torch.Generator().manual_seed(seed)))
        clip = make_clip(look, seed, start + torch.arange(frames) / MOMENTS, side, side)
        (folder / f"{seed:07d}").mkdir(parents=True, exist_ok=True)
        for index, frame in enumerate(clip.mul(127.5).add(127.5).round().to(torch.uint8)):
            write_png(frame, str(folder / f"{seed:07d}" / f"{index:04d}.png"))
    return clips * frames


def _seeds(look: str, first: int, hue: float | None) -> Iterator[int]:
    """Seeds from `first` on, of the wanted colour."""
    for seed in count(first):
        if hue is not None:
            picture = make_clip(look, seed, torch.zeros(1), SHORT_SIDE, SHORT_SIDE)
            away = (float(measure(picture, picture)[0, 0]) - hue + 0.5) % 1 - 0.5
            if abs(away) > NEAR:
                continue
        yield seed
