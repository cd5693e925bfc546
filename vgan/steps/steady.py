"""Steadiness in time: what was painted before moves along with the picture and is painted over only in part."""

import cv2
import numpy as np
import torch
from torch import Tensor

from vgan.flow import Motion, grid, sampled

FLOW_SIDE = 256  # longer side at which motion is estimated, pixels
TRUST = 8.0  # grey levels: a place that differs by this much from where it came from keeps 1 / e of its past
LUMA = (0.299, 0.587, 0.114)


class Steadier:
    """Blends each painted picture with the one before, moved along by the input's optical flow.

    Where the flow does not explain the input, at cuts and uncovered places, nothing is kept.

    keep: share of the past that is kept, in [0, 1).
    """

    def __init__(self, keep: float):
        self._keep = keep
        self._motion = Motion()
        self._grey: np.ndarray | None = None
        self._painted: np.ndarray | None = None

    def __call__(self, picture: Tensor, painted: Tensor) -> Tensor:
        """picture (3, h, w) as it came and painted (3, H, W), in [-1, 1]. Returns what is to be shown, (3, H, W)."""
        grey, shown = _grey(picture), painted.permute(1, 2, 0).float().cpu().numpy()
        if self._grey is not None and self._painted is not None and self._grey.shape == grey.shape:
            flow = self._motion(grey, self._grey)
            past, seen = _moved(self._painted, flow), _moved(self._grey, flow)
            error = cv2.blur(cv2.absdiff(grey, seen), (5, 5)).astype(np.float32)
            keep = self._keep * np.exp(-error / TRUST)
            keep = cv2.resize(keep, (shown.shape[1], shown.shape[0]), interpolation=cv2.INTER_LINEAR)
            shown = shown + keep[:, :, None] * (past - shown)
        self._grey, self._painted = grey, shown
        return torch.from_numpy(shown).permute(2, 0, 1).to(painted.device)


def _grey(picture: Tensor) -> np.ndarray:
    """uint8 luminance, its longer side FLOW_SIDE at most."""
    weights = torch.tensor(LUMA, device=picture.device)[:, None, None]
    luma = ((picture.float() * weights).sum(0) * 127.5 + 127.5).clamp(0, 255).to(torch.uint8).cpu().numpy()
    ratio = FLOW_SIDE / max(luma.shape)
    if ratio >= 1:
        return luma
    size = (max(16, round(luma.shape[1] * ratio)), max(16, round(luma.shape[0] * ratio)))
    return cv2.resize(luma, size, interpolation=cv2.INTER_AREA)


def _moved(picture: np.ndarray, flow: np.ndarray) -> np.ndarray:
    """`picture` (H, W[, C]) sampled where `flow` (h, w, 2), in its own pixels, says that each place came from."""
    height, width = picture.shape[:2]
    scale = np.array([width / flow.shape[1], height / flow.shape[0]], np.float32)
    if flow.shape[:2] != (height, width):
        flow = cv2.resize(flow, (width, height), interpolation=cv2.INTER_LINEAR)
    places = grid(height, width) + flow * scale
    return sampled(picture, places)
