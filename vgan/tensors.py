"""The only place where frames and tensors are converted into each other, with one rounding rule."""

import numpy as np
import torch
from torch import Tensor


def to_uint8(pictures: Tensor) -> Tensor:
    """Float pictures (N, 3, H, W) in [-1, 1], any float dtype and device, to uint8 (N, H, W, 3) on the same device.

    Values outside the range are clipped; halves round to even, as `torch.round` does.
    """
    scaled = pictures.float().mul(127.5).add_(127.5).clamp_(0, 255).round_()
    return scaled.to(torch.uint8).permute(0, 2, 3, 1).contiguous()


def to_frames(pictures: Tensor) -> np.ndarray:
    """Float pictures (N, 3, H, W) in [-1, 1] to uint8 RGB frames (N, H, W, 3) in host memory."""
    return to_uint8(pictures).cpu().numpy()


def to_pictures(frames: np.ndarray | Tensor) -> Tensor:
    """uint8 RGB frames (..., H, W, 3) to float32 pictures (..., 3, H, W) in [-1, 1]."""
    return torch.as_tensor(frames).movedim(-1, -3).float().div_(127.5).sub_(1)
