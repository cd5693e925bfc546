"""Does a clip flicker? What changes between neighbours beyond what moves."""

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np

from vgan.flow import Motion, grid, length, sampled

LONGER_SIDE = 512  # pixels at which clips are compared
OCCLUSION = 1.5  # pixels by which flow forth and back may disagree where both frames show the same thing


@dataclass(frozen=True)
class Flicker:
    """Mean change between neighbours along the motion, in grey levels of 255, of a clip before and after a step."""

    before: float
    after: float

    @property
    def ratio(self) -> float:
        """How much more the clip changes than it did: 1 is as steady as it was, less is steadier."""
        return self.after / max(self.before, 1e-6)


def flicker(before: Iterable[np.ndarray], after: Iterable[np.ndarray]) -> Flicker:
    """Flicker of two clips of the same content, as the warping error of Lai et al. (2018), with DIS flow.

    before, after: uint8 RGB frames (H, W, 3), the same count, any sizes. The flow between neighbours is that of
    `before`; places where flow forth and back disagree (uncovered, or beyond the border) are left out. Raises
    ValueError for fewer than two frames.
    """
    motion = Motion(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    past: tuple[np.ndarray, np.ndarray, np.ndarray] | None = None
    totals, pairs = np.zeros(2), 0
    for one, other in zip(before, after, strict=True):
        one = _small(one)
        other = cv2.resize(other, one.shape[1::-1], interpolation=cv2.INTER_AREA)
        grey = cv2.cvtColor(one, cv2.COLOR_RGB2GRAY)
        if past is not None:
            back, forth = motion(grey, past[2]), motion(past[2], grey)
            places = grid(*grey.shape) + back
            valid = (length(sampled(forth, places) + back) < OCCLUSION) & _inside(places)
            for index, (now, then) in enumerate(((one, past[0]), (other, past[1]))):
                moved = sampled(then, places).astype(np.float32)
                totals[index] += np.abs(now.astype(np.float32) - moved)[valid].mean() if valid.any() else 0.0
            pairs += 1
        past = (one, other, grey)
    if not pairs:
        raise ValueError("flicker: a clip of at least two frames is needed")
    return Flicker(float(totals[0] / pairs), float(totals[1] / pairs))


def _small(frame: np.ndarray) -> np.ndarray:
    ratio = LONGER_SIDE / max(frame.shape[:2])
    if ratio >= 1:
        return frame
    size = (round(frame.shape[1] * ratio), round(frame.shape[0] * ratio))
    return cv2.resize(frame, size, interpolation=cv2.INTER_AREA)


def _inside(places: np.ndarray) -> np.ndarray:
    height, width = places.shape[:2]
    x, y = places[..., 0], places[..., 1]
    inside: np.ndarray = (x >= 0) & (y >= 0) & (x <= width - 1) & (y <= height - 1)
    return inside
