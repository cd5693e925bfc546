"""Reads clips and pictures as upright RGB frames with their times. What comes from a stranger is opened with care:
in a child process, with limits (`vgan.media.guard`)."""

import functools
from collections.abc import Generator
from pathlib import Path

import numpy as np

from vgan.media import guard
from vgan.media.raw.clip import LARGEST_PICTURE, Facts, check_size
from vgan.media.raw.trouble import reading
from vgan.settings import Settings

__all__ = ["LARGEST_PICTURE", "LARGEST_RATE", "Facts", "check_size", "facts", "frames"]

LARGEST_RATE = 60


def facts(path: Path) -> Facts:
    """What the clip or picture at `path` is, by reading it: frames are counted, not believed.

    Raises MediaError, naming the file, for one that cannot be read or holds no picture.
    """
    with reading(path):
        stat = path.stat()
        return _facts(path, stat.st_mtime_ns, stat.st_size, Settings().max_pixels)


@functools.lru_cache(maxsize=64)
def _facts(path: Path, changed: int, size: int, most: int) -> Facts:
    return guard.one(Facts, "facts", path)


def frames(path: Path, start: float = 0.0) -> Generator[tuple[float, np.ndarray]]:
    """(time in seconds from the first frame, uint8 RGB (H, W, 3)) of the clip at `path`, from the frame that is shown
    at `start` on. Ends early where the file is damaged. Raises MediaError as `facts`.

    A child process waits between two frames: close what is not read to its end.
    """
    known = facts(path)
    room = 3 * known.size[0] * known.size[1]
    with reading(path):
        yield from guard.stream(tuple[float, np.ndarray], "frames", path, known.begin, start, room=room)
