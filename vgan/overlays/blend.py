"""Lays patches over finished frames: in bytes, and only where they are."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from vgan.media.planes import OFFSET, TO_YUV, views


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture that is laid over others, made ready once. over: its colours times its alpha, float32 (h, w, 3) in
    0 to 255; through: how much shows through it, float32 (h, w, 1) in 0 to 1."""

    over: Tensor
    through: Tensor
    _planes: dict[tuple[bool, bool], tuple["Plane", "Plane", "Plane"]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, rgba: np.ndarray) -> "Picture":
        """From uint8 (h, w, 4) with straight alpha."""
        import cv2  # when it is needed; plane by plane it takes a seventh of what the whole does

        *colours, alpha = cv2.split(np.ascontiguousarray(rgba))
        alpha = np.multiply(alpha, 1 / 255, dtype=np.float32)
        over = cv2.merge([cv2.multiply(colour, alpha, dtype=cv2.CV_32F) for colour in colours])
        return cls(torch.from_numpy(over), torch.from_numpy(1 - alpha)[..., None])

    @property
    def size(self) -> tuple[int, int]:
        """(width, height), pixels."""
        return self.over.shape[1], self.over.shape[0]

    def planes(self, odd: tuple[bool, bool]) -> tuple["Plane", "Plane", "Plane"]:
        """The same for Y, Cb and Cr. odd: whether its left and its top side lie on odd pixels of the frame, in the
        middle of one of colour."""
        if odd not in self._planes:
            import cv2

            over, alpha = self.over.numpy(), 1 - self.through[..., 0].numpy()
            light = cv2.scaleAdd(alpha, float(OFFSET[0]), cv2.transform(over, TO_YUV[:1]))
            (wide, tall), (right, down) = self.size, map(int, odd)
            border = (down, (tall + down) % 2, right, (wide + right) % 2)
            both = cv2.copyMakeBorder(cv2.merge([over, alpha]), *border, cv2.BORDER_CONSTANT)
            half = cv2.resize(both, (both.shape[1] // 2, both.shape[0] // 2), interpolation=cv2.INTER_AREA)
            weights = np.concatenate([TO_YUV[1:], OFFSET[1:, None]], axis=1)
            blue, red = map(torch.from_numpy, cv2.split(cv2.transform(half, weights)))
            through = 1 - torch.from_numpy(half[..., 3].copy())
            self._planes[odd] = (
                Plane(torch.from_numpy(light), self.through[..., 0].contiguous()),
                Plane(blue, through),
                Plane(red, through),
            )
        return self._planes[odd]


@dataclass(frozen=True, eq=False)
class Plane:
    """One channel of a picture: what it adds, and how much shows through it, float32 (h, w)."""

    over: Tensor
    through: Tensor


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
            _blend(frame, picture.over, picture.through, (left, top), opacity)
            continue
        light, *colours = zip(views(frame), picture.planes((left % 2 == 1, top % 2 == 1)), strict=True)
        _blend(light[0], light[1].over, light[1].through, (left, top), opacity)
        for under, plane in colours:
            _blend(under, plane.over, plane.through, (left // 2, top // 2), opacity)


def _blend(under: np.ndarray, over: Tensor, through: Tensor, place: tuple[int, int], opacity: float) -> None:
    """under: uint8 (H, W) or (H, W, 3); place: (left, top) of the other two in it."""
    (left, top), (height, width), (tall, wide) = place, under.shape[:2], over.shape[:2]
    x, y, right, bottom = max(0, left), max(0, top), min(width, left + wide), min(height, top + tall)
    if x >= right or y >= bottom:
        return
    part = (slice(y - top, bottom - top), slice(x - left, right - left))
    over, through = over[part], through[part]
    if opacity < 1:
        over, through = over * opacity, 1 - (1 - through) * opacity
    box = torch.from_numpy(under[y:bottom, x:right])
    box.copy_((box.float() * through).add_(over).round_())
