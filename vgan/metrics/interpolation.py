"""What interpolation is measured against: neighbours blended, and neighbours moved along classical optical flow."""

import cv2
import numpy as np

from vgan.flow import Motion, grid, length, sampled

TRUST = 1.0  # pixels by which flow forth and back may disagree until a place counts for 1 / e


def blended(one: np.ndarray, other: np.ndarray, t: float) -> np.ndarray:
    """Two frames (H, W, 3) laid over each other, as float32 levels; t: how much of the second."""
    return np.asarray(cv2.addWeighted(one.astype(np.float32), 1 - t, other.astype(np.float32), t, 0))


class FlowWarp:
    """Neighbours moved along dense inverse search flow (Kroeger et al. 2016), and merged.

    The flows from the wanted moment are put together from those between the frames, as in Super SloMo (Jiang et al.
    2018); where forth and back disagree, a place was hidden in one of them, and the other counts more.
    """

    def __init__(self, preset: int = cv2.DISOPTICAL_FLOW_PRESET_MEDIUM):
        self._motion = Motion(preset)

    def __call__(self, one: np.ndarray, other: np.ndarray, t: float) -> np.ndarray:
        """What is between two uint8 RGB frames (H, W, 3) at t in (0, 1), as float32 levels."""
        first, second = (cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in (one, other))
        forth, back = self._motion(first, second), self._motion(second, first)
        places = grid(*first.shape)
        to_one = t * t * back - (1 - t) * t * forth
        to_other = (1 - t) * (1 - t) * forth - t * (1 - t) * back
        total, weights = np.zeros(one.shape, np.float32), np.full(first.shape, 1e-6, np.float32)
        sides = ((one, to_one, forth, back, 1 - t), (other, to_other, back, forth, t))
        for frame, flow, away, home, share in sides:
            lost = length(away + sampled(home, places + away))  # there and back again, at the places of `frame`
            weight = share * np.exp(-sampled(lost, places + flow) / TRUST) + 1e-6
            total += sampled(frame.astype(np.float32), places + flow) * weight[..., None]
            weights += weight
        return total / weights[..., None]
