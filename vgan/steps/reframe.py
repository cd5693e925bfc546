"""A window of another shape that follows what moves: where it will go is planned before the first frame is drawn."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from vgan import camera
from vgan.attention import SIDE, Attention, small
from vgan.errors import RecipeError
from vgan.media.extent import Extent
from vgan.recipe import Recipe
from vgan.recipe_steps import Crop, Reframe
from vgan.scene import differ, thumb
from vgan.steps.around import Around
from vgan.steps.crop import LEAST_SIDE, window
from vgan.tensors import to_frames, to_pictures

log = logging.getLogger(__name__)

STILL = 0.02  # pixels between two looks up to which the window stands still, and then on whole pixels
FINE = 1 / 32  # of a pixel: what is nearer to a whole one is on it
SECONDS = {"cpu": 0.002, "cuda": 0.0003}  # see `vgan.steps.Kind`


@dataclass(frozen=True)
class Scene:
    """What was seen between two cuts. first: its first frame; across, down: `vgan.camera.profile` of each look along
    the width and the height, (n, BINS)."""

    first: int
    across: np.ndarray
    down: np.ndarray


def reframe(chunks: Iterator[Tensor], step: Reframe, around: Around) -> Iterator[Tensor]:
    """The window of every picture of `chunks`, one by one: (1, 3, h, w)."""
    for place, picture in enumerate(one for chunk in chunks for one in chunk.split(1)):
        yield _cut(picture, step, around, place)


def reframed_at(step: Reframe, around: Around, places: Sequence[int]) -> Tensor:
    """Single frames, with the window that a render gives them."""
    pictures = around.at(places).split(1)
    frames = around.extent.frames
    cut = [_cut(one, step, around, place % frames) for place, one in zip(places, pictures, strict=True)]
    return torch.cat(cut)


def reframed(extent: Extent, step: Reframe, recipe: Recipe) -> Extent:
    """As large as the window. Raises RecipeError for one too small to be seen, and for a clip of which nobody knows yet
    which frames it will have."""
    if not extent.exact:
        raise RecipeError(
            "reframe: a step before it, dedupe, drops frames, so that nobody knows yet which ones the window will "
            "follow. Put reframe before dedupe."
        )
    _, _, width, height = _window(extent.size, step)
    if min(width, height) < min(LEAST_SIDE, *extent.size):
        raise RecipeError(
            f"reframe: {width}x{height} pixels of {extent.size[0]}x{extent.size[1]} would be left; both sides must "
            f"keep {LEAST_SIDE} at least. Use a larger clip, or another aspect."
        )
    return replace(extent, size=(width, height))


def look(at: Callable[[Sequence[int]], Tensor], extent: Extent) -> list[Scene]:
    """What there is to see in the clip, scene by scene, from a few small pictures a second."""
    stride, scenes, first = stride_of(extent), [], 0
    while first < extent.frames:
        attention, found, last = Attention(), [], None
        cut = extent.frames
        for place in range(first, extent.frames, stride):
            picture = _small(at([place]))
            now = thumb(to_pictures(picture))
            if last is not None and differ(last[1], now):
                cut = _cut_between(at, last[0], place)
                if cut < extent.frames:
                    break
            cut, last = extent.frames, (place, now)
            seen = attention(picture)
            found.append((camera.profile(seen, across=True), camera.profile(seen, across=False)))
        found[0] = found[min(1, len(found) - 1)]  # nothing had moved yet
        across, down = (np.stack(each) for each in zip(*found, strict=True))
        scenes.append(Scene(first, across, down))
        first = cut
    return scenes


def stride_of(extent: Extent) -> int:
    """Frames from one look to the next."""
    return max(1, round(extent.fps / camera.RATE))


def middles(scenes: list[Scene], extent: Extent, part: float, across: bool, steadiness: float) -> np.ndarray:
    """Where the middle of the window is in every frame: (frames,), shares of the side along which it moves.

    part: of that side, which the window has; across: that side is the width. See `vgan.camera`.
    """
    side = extent.size[0] if across else extent.size[1]
    stride, ends = stride_of(extent), [scene.first for scene in scenes[1:]] + [extent.frames]
    drawn = []
    for scene, end in zip(scenes, ends, strict=True):
        subject = camera.find(scene.across if across else scene.down, part)
        path = _settled(camera.path(subject, part, steadiness), part, side)
        drawn.append(camera.between(path, np.arange(end - scene.first) / stride))
    return np.concatenate(drawn)


def shifted(picture: Tensor, offset: float, length: int, across: bool) -> Tensor:
    """`length` columns (rows, unless `across`) of `picture` (..., H, W) from `offset` on, in pixels: as they are from a
    whole one, by Catmull and Rom's cubic (1974) between two. Float32 then, in [-1, 1]."""
    dim = -1 if across else -2
    whole = int(np.floor(offset + FINE))
    t = offset - whole
    if t < FINE:
        return picture.narrow(dim, whole, length).contiguous()
    taps = (
        (-t + 2 * t**2 - t**3) / 2,
        1 + (-5 * t**2 + 3 * t**3) / 2,
        (t + 4 * t**2 - 3 * t**3) / 2,
        (t**3 - t**2) / 2,
    )
    last = picture.shape[dim] - length
    drawn: Any = 0
    for tap, start in zip(taps, range(whole - 1, whole + 3), strict=True):
        drawn = drawn + tap * picture.narrow(dim, min(max(start, 0), last), length).float()
    return drawn.clamp_(-1, 1)


def _cut(picture: Tensor, step: Reframe, around: Around, place: int) -> Tensor:
    """The window of the frame at `place`."""
    size = picture.shape[-1], picture.shape[-2]
    _, _, width, height = _window(size, step)
    if (width, height) == size:
        return picture
    across = width < size[0]
    whole, length = (size[0], width) if across else (size[1], height)
    path = _path(step, around, length / whole, across)
    middle = float(path[min(place, len(path) - 1)])
    offset = min(max(middle * whole - length / 2, 0.0), whole - length)
    return shifted(picture, offset, length, across)


def _path(step: Reframe, around: Around, part: float, across: bool) -> np.ndarray:
    """The whole path, worked out once a clip; and what was seen, once for windows of all shapes."""
    plain, extent = around.plain, around.extent
    memory = around.memory if plain is None else plain.memory
    seen = ("seen", plain and plain.key, extent.frames, extent.fps)
    asked = (*seen, "path", extent.size, part, across, step.steadiness)
    if seen not in memory:
        memory[seen] = look(around.at if plain is None else plain.open(), extent)
        log.debug("%d scenes were looked at", len(memory[seen]))
    if asked not in memory:
        memory[asked] = middles(memory[seen], extent, part, across, step.steadiness)
    path: np.ndarray = memory[asked]
    return path


def _small(picture: Tensor) -> np.ndarray:
    """(1, 3, H, W) as it is looked at: uint8 (h, w, 3). Most of it is averaged before it is turned into bytes."""
    times = max(picture.shape[-2:]) // (2 * SIDE)
    return small(to_frames(F.avg_pool2d(picture, times) if times > 1 else picture)[0])


def _window(size: tuple[int, int], step: Reframe) -> tuple[int, int, int, int]:
    return window(size, Crop(aspect=step.aspect, strength=step.strength))


def _settled(path: np.ndarray, part: float, side: int) -> np.ndarray:
    """`path` on whole pixels wherever it stands still: pixels then stay as they are."""
    offsets = (path - part / 2) * side
    still = np.abs(np.diff(offsets)) < STILL
    rests = np.concatenate([still, [False]]) | np.concatenate([[False], still])
    if len(path) == 1:
        rests[:] = True
    return np.where(rests, np.round(offsets), offsets) / side + part / 2


def _cut_between(at: Callable[[Sequence[int]], Tensor], before: int, after: int) -> int:
    """The first frame of the new scene between two that differ; a place beyond all where it only moved fast."""
    last = None
    for place in range(before, after + 1):
        now = thumb(to_pictures(_small(at([place]))))
        if last is not None and differ(last, now):
            return place
        last = now
    return 2**62
