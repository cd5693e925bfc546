"""What is kept of a frame while it is looked at: small copies, and how it differs from the one before."""

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

SIDE = 384  # longer side at which frames are compared, pixels
LEAST = 16  # shorter side at least, for the flow
COARSE = 4  # pixels of that size that are one where change is measured: grain is no change, motion still is


@dataclass(frozen=True)
class Look:
    """A frame made small. index: in the clip; size: (H, W) of the frame; small: uint8 (h, w, 3); spread: standard
    deviation of the channel that varies most; change: mean difference from the frame before in grey levels, grain
    left out, infinite for the first one; same: not one bit of it differs."""

    index: int
    size: tuple[int, int]
    small: np.ndarray
    spread: float
    change: float
    same: bool

    @cached_property
    def grey(self) -> np.ndarray:
        """uint8 (h, w)."""
        return np.asarray(cv2.cvtColor(self.small, cv2.COLOR_RGB2GRAY))

    @cached_property
    def mean(self) -> np.ndarray:
        """Of every channel, (3,)."""
        return np.asarray(self.small.reshape(-1, 3).mean(0))


class Looker:
    """Takes looks at the frames of a clip, one after another."""

    def __init__(self) -> None:
        self._past: tuple[np.ndarray, np.ndarray] | None = None  # the frame before, and what is compared of it
        self._count = 0

    def __call__(self, frame: np.ndarray) -> Look:
        """frame: uint8 (H, W, 3)."""
        height, width = frame.shape[:2]
        ratio = min(1.0, SIDE / max(height, width))
        size = max(LEAST, round(width * ratio)), max(LEAST, round(height * ratio))
        small = np.asarray(cv2.resize(frame, size, interpolation=cv2.INTER_AREA))
        coarse = np.asarray(cv2.resize(small, (size[0] // COARSE, size[1] // COARSE), interpolation=cv2.INTER_AREA))
        change, same = float("inf"), False
        if self._past is not None and self._past[0].shape == frame.shape:
            change = float(cv2.absdiff(coarse, self._past[1]).mean())
            same = change == 0 and np.array_equal(frame, self._past[0])
        spread = float(cv2.meanStdDev(small)[1].max())
        look = Look(self._count, (height, width), small, spread, change, same)
        self._past, self._count = (frame, coarse), self._count + 1
        return look
