"""Optical flow, and pictures moved along it, with OpenCV."""

from functools import lru_cache

import cv2
import numpy as np

STILL = 0.5  # pixels: motion below this has to explain more than standing still does
GAIN = 0.5  # grey levels by which it has to


@lru_cache(maxsize=4)
def grid(height: int, width: int) -> np.ndarray:
    """The place of every pixel: float32 (height, width, 2), columns and rows. Not to be changed."""
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    places = np.stack([columns, rows], -1)
    places.flags.writeable = False
    return places


def length(flow: np.ndarray) -> np.ndarray:
    """How far each place moves: (H, W, 2) to (H, W). Numpy's own norm over two numbers takes ten times as long."""
    return np.asarray(cv2.magnitude(flow[..., 0], flow[..., 1]))


def sampled(picture: np.ndarray, places: np.ndarray, how: int = cv2.INTER_LINEAR) -> np.ndarray:
    """`picture` (H, W[, C]) at `places` (h, w, 2), bilinear or as `how` says; beyond the border as at the border."""
    empty = np.empty(0, np.float32)  # the second map is not used where the first holds both coordinates
    return np.asarray(cv2.remap(picture, places, empty, how, borderMode=cv2.BORDER_REPLICATE))


class Motion:
    """Dense inverse search flow (Kroeger et al. 2016), without the tremble that it has where there is nothing to see:
    a flat wall stands still unless moving it explains the picture better. preset: OpenCV's, from ultrafast to medium.
    """

    def __init__(self, preset: int = cv2.DISOPTICAL_FLOW_PRESET_FAST):
        self._dis = cv2.DISOpticalFlow.create(preset)

    def __call__(self, here: np.ndarray, there: np.ndarray) -> np.ndarray:
        """uint8 greys (H, W). Returns (H, W, 2) float32, pixels: where in `there` each place of `here` is."""
        flow = np.asarray(self._dis.calc(here, there, np.zeros((*here.shape, 2), np.float32)))
        still, moved = (
            cv2.blur(cv2.absdiff(here, other).astype(np.float32), (7, 7))
            for other in (there, sampled(there, grid(*here.shape) + flow))
        )
        trembles = (still < moved + GAIN) & (length(flow) < STILL)
        flow[trembles] = 0
        return flow
