"""Moving pictures along a field of motion, with OpenCV's remap."""

import cv2
import numpy as np


def grid(height: int, width: int) -> np.ndarray:
    """The place of every pixel: float32 (height, width, 2), columns and rows."""
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    return np.stack([columns, rows], -1)


def sampled(picture: np.ndarray, places: np.ndarray) -> np.ndarray:
    """`picture` (H, W[, C]) at `places` (h, w, 2), bilinear; beyond the border as at the border."""
    empty = np.empty(0, np.float32)  # the second map is not used where the first holds both coordinates
    return np.asarray(cv2.remap(picture, places, empty, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))


class Motion:
    """Dense inverse search flow (Kroeger et al. 2016). preset: OpenCV's, from ultrafast to medium."""

    def __init__(self, preset: int = cv2.DISOPTICAL_FLOW_PRESET_FAST):
        self._dis = cv2.DISOpticalFlow.create(preset)

    def __call__(self, here: np.ndarray, there: np.ndarray) -> np.ndarray:
        """uint8 greys (H, W). Returns (H, W, 2) float32, pixels: where in `there` each place of `here` is."""
        return np.asarray(self._dis.calc(here, there, np.zeros((*here.shape, 2), np.float32)))
