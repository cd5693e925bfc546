"""One of the two sets that are translated into each other: pictures and clips of a folder."""

import re
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from vgan.errors import MediaError
from vgan.training.styles.paintings import read_picture, resized, to_float

PICTURES = {".jpg", ".jpeg", ".png"}


class Domain:
    """Pictures and clips in memory, uint8, with a shorter side of `short_side` pixels.

    folder: pictures (JPEG or PNG) lie in it side by side; a subfolder of pictures is a clip, its frames in the order of
    their names (2 before 10); a `.npy` file of uint8 (T, H, W, 3) is a clip as well. frames: how many consecutive
    frames are wanted at once; shorter clips are left out.

    Raises MediaError for a folder without any, and for a file that cannot be read.
    """

    def __init__(self, folder: Path, short_side: int, frames: int = 1):
        self.frames = frames
        self.clips = [clip for clip in _clips(folder, short_side) if len(clip) >= frames]
        if not self.clips:
            kind = "pictures (.jpg, .png) or clips" if frames == 1 else f"clips of at least {frames} frames"
            raise MediaError(
                f"{folder}: there are no {kind} in this folder. A clip is a subfolder of numbered pictures, or a .npy "
                "file of uint8 (T, H, W, 3)."
            )
        self._starts = torch.tensor([len(clip) - frames + 1 for clip in self.clips]).cumsum(0)

    def sample(self, count: int, side: int, generator: torch.Generator) -> Tensor:
        """`count` square windows of consecutive frames, mirrored or not: float (count, frames, 3, side, side) in
        [-1, 1]. Every frame of the folder is as likely as any other."""
        windows = []
        for _ in range(count):
            pick = int(torch.randint(int(self._starts[-1]), (), generator=generator))
            index = int(torch.searchsorted(self._starts, pick, right=True))
            clip, start = self.clips[index], pick - int(self._starts[index - 1] if index else 0)
            height, width = clip.shape[-2:]
            top = int(torch.randint(height - side + 1, (), generator=generator))
            left = int(torch.randint(width - side + 1, (), generator=generator))
            window = clip[start : start + self.frames, :, top : top + side, left : left + side]
            windows.append(window.flip(3) if float(torch.rand((), generator=generator)) < 0.5 else window)
        return to_float(torch.stack(windows))


def _clips(folder: Path, short_side: int) -> list[Tensor]:
    if not folder.is_dir():
        raise MediaError(f"{folder}: there is no such folder.")
    clips = []
    for path in sorted(folder.iterdir(), key=_natural):
        if path.is_dir():
            frames = [_picture(file, short_side) for file in sorted(path.iterdir(), key=_natural) if _is_picture(file)]
            if any(frame.shape != frames[0].shape for frame in frames):
                raise MediaError(f"{path}: the frames of a clip must be of one size.")
            clips += [torch.stack(frames)] if frames else []
        elif _is_picture(path):
            clips.append(_picture(path, short_side)[None])
        elif path.suffix == ".npy":
            clips.append(_array(path, short_side))
    return clips


def _is_picture(path: Path) -> bool:
    return path.suffix.lower() in PICTURES and path.is_file()


def _natural(path: Path) -> list[tuple[int, str]]:
    """A sorting key by which frame2 comes before frame10."""
    parts = re.findall(r"(\d+)|(\D+)", path.name)
    return [(int(number or -1), text) for number, text in parts]


def _picture(path: Path, short_side: int) -> Tensor:
    return resized(read_picture(path), short_side)


def _array(path: Path, short_side: int) -> Tensor:
    try:
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError) as error:
        raise MediaError(f"{path}: cannot be read as an array ({str(error)[:120]}).") from error
    if array.dtype != np.uint8 or array.ndim != 4 or array.shape[3] != 3 or 0 in array.shape:
        raise MediaError(f"{path}: {array.dtype} of shape {array.shape}; a clip is uint8 (T, H, W, 3).")
    frames = (torch.from_numpy(np.array(frame)).movedim(-1, 0) for frame in array)
    return torch.stack([resized(frame, short_side) for frame in frames])
