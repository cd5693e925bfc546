"""Photographs and scenes of stripes, for trainings that read pictures from folders."""

from pathlib import Path

import torch
from torch import Tensor
from torchvision.io import write_png


def write_photo(path: Path, height: int, width: int) -> None:
    """Stripes in all directions."""
    rows, columns = _grid(height, width)
    _write(path, torch.stack([(rows * 0.2).sin(), (columns * 0.3).sin(), ((rows + columns) * 0.15).sin()]))


def write_scene(folder: Path, scene: int = 0) -> None:
    """Ten frames of 96x64 pixels in a new folder: some stripes drift, and some tell scenes apart."""
    folder.mkdir(parents=True)
    rows, columns = _grid(64, 96)
    for index in range(10):
        moved = torch.stack([(columns * 0.3 + index).sin(), (rows * 0.2).sin(), (rows * 0.4 + scene).cos()])
        _write(folder / f"{index}.png", moved)


def _grid(height: int, width: int) -> tuple[Tensor, Tensor]:
    rows, columns = torch.meshgrid(torch.arange(float(height)), torch.arange(float(width)), indexing="ij")
    return rows, columns


def _write(path: Path, stripes: Tensor) -> None:
    write_png(stripes.mul(127).add(128).to(torch.uint8), str(path))
