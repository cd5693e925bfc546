"""Frames of looks as pictures in folders, for those who train on folders."""

from collections.abc import Iterable
from pathlib import Path

import torch
from torchvision.io import write_png

from vgan.training.looks import make_clip

MOMENTS = 96  # frames of a whole loop: four seconds at 24 frames a second


def write_frames(folder: Path, look: str, seeds: Iterable[int], frames: int, side: int) -> int:
    """A subfolder of `folder` for each seed with `frames` consecutive PNG frames, `side` pixels square.

    Every clip begins at another moment of its loop. Returns the count of pictures. Raises UnknownName.
    """
    count = 0
    for seed in seeds:
        start = float(torch.rand((), generator=torch.Generator().manual_seed(seed)))
        clip = make_clip(look, seed, start + torch.arange(frames) / MOMENTS, side, side)
        (folder / f"{seed:07d}").mkdir(parents=True, exist_ok=True)
        for index, frame in enumerate(clip.mul(127.5).add(127.5).round().to(torch.uint8)):
            write_png(frame, str(folder / f"{seed:07d}" / f"{index:04d}.png"))
            count += 1
    return count
