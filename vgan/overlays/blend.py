"""Lays patches over finished frames: in bytes, and only where they are."""

import functools
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from torch import Tensor

from vgan.media.planes import OFFSET, TO_YUV, views


@dataclass(frozen=True, eq=False)
class Plane:
    """What is added to a frame, and how much of the frame shows through it: uint8 (h, w) or (h, w, 3) each, 255 for all
    of it."""

    over: np.ndarray
    through: np.ndarray

    @classmethod
    def of(cls, over: Tensor, through: Tensor) -> "Plane":
        """From float32: over in 0 to 255, through in 0 to 1."""
        return cls((over + 0.5).byte().numpy(), (through * 255 + 0.5).byte().numpy())


class Picture:
    """A picture that is laid over others, made ready once."""

    def __init__(self, over: np.ndarray, alpha: np.ndarray):
        """over: colours times alpha, float32 (h, w, 3) in 0 to 255; alpha: float32 (h, w) in 0 to 1."""
        self._over, self._alpha = over, alpha
        self._planes: dict[tuple[bool, bool], tuple[Plane, Plane, Plane]] = {}

    @classmethod
    def of(cls, rgba: np.ndarray) -> "Picture":
        """From uint8 (h, w, 4) with straight alpha."""
        return cls(*multiplied(rgba))

    @property
    def size(self) -> tuple[int, int]:
        """(width, height), pixels."""
        return self._alpha.shape[1], self._alpha.shape[0]

    @functools.cached_property
    def rgb(self) -> Plane:
        """For red, green and blue."""
        alpha = _bytes(self._alpha * 255)
        return Plane(_bytes(self._over), np.repeat(255 - alpha[..., None], 3, axis=2))

    def planes(self, odd: tuple[bool, bool]) -> tuple[Plane, Plane, Plane]:
        """For Y, Cb and Cr. odd: whether its left and its top side lie on odd pixels of the frame, in the middle of one
        of colour."""
        if odd not in self._planes:
            import cv2

            light = cv2.scaleAdd(self._alpha, float(OFFSET[0]), cv2.transform(self._over, TO_YUV[:1]))
            (wide, tall), (right, down) = self.size, map(int, odd)
            border = (down, (tall + down) % 2, right, (wide + right) % 2)
            both = cv2.copyMakeBorder(cv2.merge([self._over, self._alpha]), *border, cv2.BORDER_CONSTANT)
            half = cv2.resize(both, (both.shape[1] // 2, both.shape[0] // 2), interpolation=cv2.INTER_AREA)
            weights = np.concatenate([TO_YUV[1:], OFFSET[1:, None]], axis=1)
            blue, red = map(_bytes, cv2.split(cv2.transform(half, weights)))
            through = 255 - _bytes(half[..., 3] * 255)
            self._planes[odd] = (
                Plane(_bytes(light), 255 - _bytes(self._alpha * 255)),
                Plane(blue, through),
                Plane(red, through),
            )
        return self._planes[odd]


def multiplied(rgba: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """uint8 (h, w, 4) with straight alpha as a `Picture` takes it."""
    import cv2  # when it is needed; plane by plane it takes a seventh of what the whole does

    *colours, alpha = cv2.split(np.ascontiguousarray(rgba))
    alpha = np.multiply(alpha, 1 / 255, dtype=np.float32)
    return cv2.merge([cv2.multiply(colour, alpha, dtype=cv2.CV_32F) for colour in colours]), alpha


def _bytes(values: np.ndarray) -> np.ndarray:
    """Rounded."""
    return (values + 0.5).astype(np.uint8)


@dataclass(frozen=True)
class Patch:
    """A picture in its place. left, top: of its corner in the frame, pixels; opacity: 0 to 1, times its own alpha."""

    left: int
    top: int
    picture: Picture
    opacity: float = 1.0


def lay(frame: np.ndarray, patches: Iterable[Patch]) -> None:
    """Blend `patches` in their order into one uint8 frame, in place: RGB (H, W, 3), or planes (3 * H / 2, W) as
    `vgan.media.planes` makes them. What lies outside is left out."""
    for patch in patches:
        if patch.opacity <= 0:
            continue
        left, top, opacity, picture = patch.left, patch.top, patch.opacity, patch.picture
        if frame.ndim == 3:
            _blend(frame, picture.rgb, (left, top), opacity)
            continue
        light, *colours = zip(views(frame), picture.planes((left % 2 == 1, top % 2 == 1)), strict=True)
        _blend(*light, (left, top), opacity)
        for under, plane in colours:
            _blend(under, plane, (left // 2, top // 2), opacity)


def _blend(under: np.ndarray, plane: Plane, place: tuple[int, int], opacity: float) -> None:
    """under: uint8 (H, W) or (H, W, 3); place: (left, top) of the plane in it. In bytes by OpenCV: a fifth of what
    torch takes, and never a level more away than rounding twice is."""
    import cv2

    (left, top), (height, width), (tall, wide) = place, under.shape[:2], plane.over.shape[:2]
    x, y, right, bottom = max(0, left), max(0, top), min(width, left + wide), min(height, top + tall)
    if x >= right or y >= bottom:
        return
    part = (slice(y - top, bottom - top), slice(x - left, right - left))
    over, through = plane.over[part], plane.through[part]
    if opacity < 1:
        over = cv2.convertScaleAbs(over, alpha=opacity)
        through = cv2.convertScaleAbs(through, alpha=opacity, beta=255 * (1 - opacity))
    box = under[y:bottom, x:right]
    cv2.add(cv2.multiply(box, through, scale=1 / 255), over, dst=box)
