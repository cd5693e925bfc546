"""What mending is learned from: photographs and frames of our own looks, in windows."""

from pathlib import Path

import torch
from torch import Tensor

from vgan.errors import MediaError
from vgan.training.looks import LOOKS, make_clip
from vgan.training.styles.paintings import read_picture, resized

LOOK_SIDE = 384
LOOK_FRAMES = 4  # of each look, as many pictures
LOOK_SHARE = 0.08  # of all windows
SHRUNK_SHARE = 0.4  # of all windows come from a picture made smaller: sharp ones, without what compression left
LEAST_SIDE = 320  # shorter side of a picture that was made smaller


class Photos:
    """Pictures in memory, and windows from them. Raises MediaError where a folder has none."""

    def __init__(self, folders: list[Path], least: int):
        """least: the largest window's side; smaller pictures are left out."""
        files = sorted(
            path for folder in folders for path in folder.rglob("*") if path.suffix.lower() in {".jpg", ".jpeg", ".png"}
        )
        pictures = [picture for path in files if min((picture := read_picture(path)).shape[1:]) >= least]
        if not pictures:
            raise MediaError(f"{', '.join(map(str, folders))}: no JPEG or PNG of {least} pixels a side at least.")
        self._photos = [pictures, [resized(one, max(least, LEAST_SIDE)) for one in pictures]]
        self._looks = [
            make_clip(look, seed, torch.zeros(1), LOOK_SIDE, LOOK_SIDE)[0].mul(127.5).add(127.5).to(torch.uint8)
            for look in LOOKS
            for seed in range(LOOK_FRAMES)
        ]

    def windows(self, count: int, side: int, generator: torch.Generator) -> Tensor:
        """`count` windows, turned and mirrored at random: float (count, 3, side, side) in [0, 1]."""
        return torch.stack([self._window(side, generator) for _ in range(count)])

    def _window(self, side: int, generator: torch.Generator) -> Tensor:
        look, small, flip, turn = torch.rand(4, generator=generator).tolist()
        pool = self._looks if look < LOOK_SHARE else self._photos[small < SHRUNK_SHARE]
        picture = pool[int(torch.randint(len(pool), (), generator=generator))]
        top, left = (int(torch.randint(size - side + 1, (), generator=generator)) for size in picture.shape[1:])
        window = picture[:, top : top + side, left : left + side].float() / 255
        window = window.flip(2) if flip < 0.5 else window
        return window.rot90(int(turn * 4), (1, 2))
