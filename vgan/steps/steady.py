"""Steadiness in time: what was there before moves along with the picture and changes only in part."""

from dataclasses import dataclass

import cv2
import numpy as np
import torch
from torch import Tensor

from vgan.flow import Motion, grid, length, sampled

FLOW_SIDE = 384  # longer side at which motion is estimated, pixels
TRUST = 3.0  # grey levels: a place that differs by this much from what it was keeps 1 / e of its past
SLACK = 1.0  # pixels by which the flow may be wrong: where the picture is steep, that looks like a difference
LUMA = (0.299, 0.587, 0.114)


@dataclass(frozen=True)
class Link:
    """How a frame follows from the one before. flow (h, w, 2): in pixels of the small frame, where each place came
    from; keep (h, w): how much of the past it keeps, in [0, 1]."""

    flow: np.ndarray
    keep: np.ndarray


class Tracker:
    """Links each frame to what is shown of those before.

    Places move by optical flow, and are renewed the more they differ from what was kept there: cuts and uncovered
    places at once, slow changes as they add up, noise hardly ever. keep: of the past at most, in [0, 1).
    """

    def __init__(self, keep: float):
        self._keep = keep
        self._motion = Motion()
        self._past: tuple[np.ndarray, np.ndarray] | None = None  # the frame before, and what is kept of all before it

    def __call__(self, picture: Tensor) -> Link | None:
        """picture: (3, H, W) in [-1, 1]. None for the first frame, and where the size changes."""
        now = _grey(picture)
        rough, past = now.astype(np.uint8), self._past
        if past is None or past[0].shape != now.shape:
            self._past = (rough, now)
            return None
        flow = self._motion(rough, past[0])
        kept = sampled(past[1], grid(*now.shape) + flow, cv2.INTER_CUBIC)
        steep = cv2.magnitude(*(cv2.Sobel(now, cv2.CV_32F, *axis, scale=1 / 8) for axis in ((1, 0), (0, 1))))
        error = cv2.blur(np.abs(now - kept), (5, 5)) / (TRUST + SLACK * cv2.blur(steep, (5, 5)))
        back = sampled(self._motion(past[0], rough), grid(*now.shape) + flow)
        lost = length(flow + back) / SLACK  # there and back again does not end where it began
        keep = self._keep * np.exp(-error - lost)
        self._past = (rough, now + keep * (kept - now))
        return Link(flow, keep)


class Trail:
    """A picture that is carried along from frame to frame and renewed in part."""

    def __init__(self) -> None:
        self._past: np.ndarray | None = None

    def __call__(self, picture: Tensor, link: Link | None) -> Tensor:
        """picture: (3, H, W) as it would be by itself; link: how its frame follows. Returns what is to be shown."""
        shown = picture.permute(1, 2, 0).float().cpu().numpy()
        if link is not None and self._past is not None and self._past.shape == shown.shape:
            height, width = shown.shape[:2]
            scale = np.array([width / link.flow.shape[1], height / link.flow.shape[0]], np.float32)
            places = cv2.resize(link.flow * scale, (width, height), interpolation=cv2.INTER_LINEAR)
            places += grid(height, width)
            keep = cv2.resize(link.keep, (width, height), interpolation=cv2.INTER_LINEAR)
            past = sampled(self._past, places, cv2.INTER_CUBIC)
            past -= shown
            past *= keep[:, :, None]
            shown = shown + past
        self._past = shown
        return torch.from_numpy(shown).permute(2, 0, 1).to(picture.device)


def _grey(picture: Tensor) -> np.ndarray:
    """float32 luminance in [0, 255], its longer side FLOW_SIDE at most."""
    weights = torch.tensor(LUMA, device=picture.device)[:, None, None]
    luma = ((picture.float() * weights).sum(0) * 127.5 + 127.5).clamp(0, 255).cpu().numpy()
    ratio = FLOW_SIDE / max(luma.shape)
    if ratio >= 1:
        return np.asarray(luma)
    size = (max(16, round(luma.shape[1] * ratio)), max(16, round(luma.shape[0] * ratio)))
    return np.asarray(cv2.resize(luma, size, interpolation=cv2.INTER_AREA))
