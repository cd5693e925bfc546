"""What the critic is shown: whole scenes at 64 px, and windows of the same size out of the finer levels.

So every level is trained at the cost of the coarsest one, and the composition is judged as well as the detail.
"""

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from vgan.models.generators.loop import LoopGenerator
from vgan.training.dataset import Clips

BORDER = 3  # pixels of context around a window: what two 3x3 convolutions can see


def shown(clips: int, views: int) -> list[slice]:
    """Which of `clips` each view is shown for: the whole scene of all, each kind of window of a quarter."""
    share = max(1, clips // 4)
    return [slice(0, clips)] + [slice(view * share, (view + 1) * share) for view in range(views - 1)]


def made_views(
    model: LoopGenerator,
    style: Tensor,
    time: Tensor,
    offset: Tensor,
    cells: tuple[int, int],
    frames: int,
    count: int,
    place: Tensor,
) -> list[Tensor]:
    """Views 0 to count - 1 of made clips, each (clips shown, frames, 3, 2h, 2w) for cells (h, w).

    View 0 is the whole scene at the first level; view i a window of 1 / 2**i of each side at level i + 1.
    style, time, offset: as in `LoopGenerator.synthesis`, the `frames` of a clip one after another.
    place: (count, 2) in [0, 1], where in the last view the next window lies.
    """
    x, picture = model.first(style, time, offset, cells)
    x, picture = model.levels[0](x, picture, style)
    height, width = picture.shape[-2:]
    clips = len(style) // frames
    views = [picture.unflatten(0, (clips, frames))]
    parts, skipped = shown(clips, count), 0
    for index in range(1, count):
        # Of the frames at hand, those this view or a finer one is shown for.
        keep = slice((parts[index].start - skipped) * frames, (parts[-1].stop - skipped) * frames)
        skipped = parts[index].start
        top, left = round(float(place[index, 0]) * height / 2), round(float(place[index, 1]) * width / 2)
        rows = slice(top, top + height // 2 + 2 * BORDER)
        columns = slice(left, left + width // 2 + 2 * BORDER)
        x, picture = (F.pad(part[keep], (BORDER,) * 4, mode="reflect")[:, :, rows, columns] for part in (x, picture))
        style = style[keep]
        x, picture = model.levels[index](x.contiguous(memory_format=torch.channels_last), picture, style)
        inner = (..., slice(2 * BORDER, 2 * BORDER + height), slice(2 * BORDER, 2 * BORDER + width))
        x, picture = x[inner], picture[inner]
        own = parts[index].stop - parts[index].start
        views.append(picture[: own * frames].unflatten(0, (own, frames)))
    return views


def real_view(clips: Clips, chosen: Tensor, frames: Tensor, view: int, generator: torch.Generator) -> Tensor:
    """The same views of real clips: chosen (B,) clips, frames (B, 3) of each. Returns (B, 3 frames, 3, h, w)."""
    if view == 0:
        return clips.small[chosen[:, None], frames].float().div(127.5).sub(1)
    height, width = clips.small.shape[-2:]
    full_height, full_width = clips.frames.shape[2:4]
    pool = full_height // (height << view)
    crop_height, crop_width = height * pool, width * pool
    out = np.empty((len(chosen), 3, crop_height, crop_width, 3), np.uint8)
    place = torch.rand(len(chosen), 2, generator=generator)
    for row, (clip, picked) in enumerate(zip(chosen.tolist(), frames.tolist(), strict=True)):
        top = round(float(place[row, 0]) * (full_height - crop_height))
        left = round(float(place[row, 1]) * (full_width - crop_width))
        out[row] = clips.frames[clip, picked, top : top + crop_height, left : left + crop_width]
    pictures = torch.from_numpy(out).movedim(-1, -3).float().div(127.5).sub(1)
    return F.avg_pool2d(pictures.flatten(0, 1), pool).unflatten(0, (len(chosen), 3)) if pool > 1 else pictures
