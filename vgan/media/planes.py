"""Frames in the colours that video codecs take: a plane of light and two of colour, half as wide and high (I420)."""

import numpy as np

# RGB in 0 to 255 to Y, Cb, Cr in the narrow range (ITU-R BT.709): rows of weights, then what is added.
TO_YUV = np.array(
    [[0.182586, 0.614231, 0.062007], [-0.100644, -0.338572, 0.439216], [0.439216, -0.398942, -0.040274]], np.float32
)
OFFSET = np.array([16, 128, 128], np.float32)


def to_planes(frames: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """uint8 RGB frames (n, h, w, 3) at `size` (width, height), both even: uint8 (n, 3 * height / 2, width), Y over Cb
    over Cr.

    Converted before they are enlarged, as ffmpeg's scaler does: half the bytes of RGB to enlarge and to pipe.
    """
    import cv2  # when it is needed

    width, height = size
    weights = np.concatenate([TO_YUV, OFFSET[:, None]], axis=1)
    planes = np.empty((len(frames), height * 3 // 2, width), np.uint8)
    for frame, plane in zip(frames, planes, strict=True):
        parts = cv2.split(cv2.transform(frame, weights))
        for part, place in zip(parts, views(plane), strict=True):
            way = _way(max(part.shape[1] / place.shape[1], part.shape[0] / place.shape[0]))
            cv2.resize(part, place.shape[::-1], dst=place, interpolation=getattr(cv2, way))
    return planes


def _way(factor: float) -> str:
    """OpenCV's name of the interpolation for so many times smaller. Up to half the size, two neighbours hold what is
    there, in a sixth of the time of averaging areas."""
    return "INTER_CUBIC" if factor <= 1 else "INTER_LINEAR" if factor <= 2 else "INTER_AREA"


def views(planes: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Y (H, W), Cb and Cr (H / 2, W / 2) of one frame (3 * H / 2, W), sharing its memory."""
    rows, width = planes.shape
    height = rows * 2 // 3
    flat, whole = planes.reshape(-1), height * width
    quarter = whole // 4
    half = (height // 2, width // 2)
    colours = (flat[whole : whole + quarter].reshape(half), flat[whole + quarter :].reshape(half))
    return flat[:whole].reshape(height, width), *colours
