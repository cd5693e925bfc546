"""DiffAugment (Zhao et al. 2020): the critic sees real and made clips through the same small changes.

Colour stays as it is, because hue and brightness are conditions here.
"""

import torch
import torch.nn.functional as F
from torch import Tensor


def diff_augment(
    frames: Tensor, generator: torch.Generator, shift: float = 0.1, hole: float = 0.3, mirror: bool = True
) -> Tensor:
    """frames: (B, C, H, W). Every clip moved by up to `shift` of its size, mirrored or not if `mirror`, and with one
    blank rectangle of up to `hole` of each side in half of the clips. Differentiable; drawn from a CPU generator."""
    count, _, height, width = frames.shape

    def draw(*shape: int) -> Tensor:
        return torch.rand(*shape, generator=generator).to(frames.device)

    dy, dx = (
        (1 + (draw(2, count) * 2 - 1) * shift)
        .sub(1)
        .mul(torch.tensor([[height], [width]], device=frames.device))
        .round()
        .long()
    )
    pad_y, pad_x = int(height * shift) + 1, int(width * shift) + 1
    padded = F.pad(frames, (pad_x, pad_x, pad_y, pad_y), mode="reflect")
    rows = torch.arange(height, device=frames.device)[None] + pad_y + dy[:, None]
    columns = torch.arange(width, device=frames.device)[None] + pad_x + dx[:, None]
    mirrored = (draw(count) < 0.5) & mirror
    columns = torch.where(mirrored[:, None], columns.flip(1), columns)
    batch = torch.arange(count, device=frames.device)[:, None, None]
    moved = padded.movedim(1, -1)[batch, rows[:, :, None], columns[:, None, :]].movedim(-1, 1)

    size, centre = hole * draw(2, count), draw(2, count)
    size = size * (draw(count) < 0.5)
    inside = [
        ((torch.arange(n, device=frames.device) + 0.5)[None] / n - centre[i][:, None]).abs() < size[i][:, None] / 2
        for i, n in enumerate((height, width))
    ]
    keep = ~(inside[0][:, :, None] & inside[1][:, None, :])
    return moved * keep.unsqueeze(1).to(moved.dtype)
