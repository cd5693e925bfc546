"""The only place where frames and tensors are converted into each other, with one rounding rule."""

import numpy as np
import torch
from torch import Tensor

BAND = 400_000  # values that are worked on at once: they stay in a core's cache, a third of the time for large pictures


def to_uint8(pictures: Tensor) -> Tensor:
    """Float pictures (N, 3, H, W) in [-1, 1], any float dtype and device, to uint8 (N, H, W, 3) on the same device.

    Values outside the range are clipped; halves round to even, as `torch.round` does.
    """
    if pictures.device.type != "cpu":
        return _bytes(pictures.to(torch.float32, copy=True)).permute(0, 2, 3, 1).contiguous()
    count, colours, height, width = pictures.shape
    frames = torch.empty(count, height, width, colours, dtype=torch.uint8)
    rows = max(1, BAND // (colours * width))
    for picture, frame in zip(pictures, frames, strict=True):
        for top in range(0, height, rows):
            band = picture[:, top : top + rows].to(torch.float32, copy=True)
            frame[top : top + rows] = _bytes(band).permute(1, 2, 0)
    return frames


def _bytes(pictures: Tensor) -> Tensor:
    """Float32 in [-1, 1] to uint8; what is given is written over."""
    return pictures.mul_(127.5).add_(127.5).clamp_(0, 255).round_().to(torch.uint8)


def to_frames(pictures: Tensor) -> np.ndarray:
    """Float pictures (N, 3, H, W) in [-1, 1] to uint8 RGB frames (N, H, W, 3) in host memory."""
    return to_uint8(pictures).cpu().numpy()


def to_pictures(frames: np.ndarray | Tensor) -> Tensor:
    """uint8 RGB frames (..., H, W, 3) to float32 pictures (..., 3, H, W) in [-1, 1]."""
    return torch.as_tensor(frames).movedim(-1, -3).float().div_(127.5).sub_(1)
