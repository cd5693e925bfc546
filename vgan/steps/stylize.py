"""Every frame redrawn in a style, steadily."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F
from torch import Tensor

from vgan.media.extent import Extent
from vgan.recipe import Generate, Recipe
from vgan.recipe_steps import Stylize
from vgan.runtime import in_parallel
from vgan.steps.around import Around
from vgan.steps.painters import Painter, painter_for
from vgan.steps.steady import LUMA, Link, Tracker, Trail

PEEKS = 5  # pictures of the clip, evenly spread, whose statistics all of it shares
LEAD = 12  # frames before the first one of a loop, so that it follows from the last one
MOST_KEPT = 0.96  # of the past, at full steadiness
STEP = 4  # sides at which it is painted are multiples of this
SECONDS = {"cpu": 0.05, "cuda": 0.005}  # see `vgan.steps.SECONDS`


@dataclass(frozen=True)
class Linked:
    """A picture of the clip, the same as large as the canvas, and how it follows from the one before."""

    picture: Tensor
    small: Tensor
    link: Link | None


def stylize(chunks: Iterator[Tensor], step: Stylize, around: Around) -> Iterator[Tensor]:
    """The pictures of `chunks` in a style, one by one: (1, 3, H, W), as large as the canvas, or as they were if that is
    more and they show through.

    Up to half of `steadiness` the clip's pictures share their statistics more and more; from there on, what was painted
    is carried along. Raises UnknownName, RecipeError, WeightsError.
    """
    if not step.strength:
        yield from chunks
        return
    shared, carried = min(1.0, 2 * step.steadiness), max(0.0, 2 * step.steadiness - 1)
    frames, short_side = around.extent.frames, min(step.canvas, *around.final.size)

    painter = _prepared(step, shared, short_side, around)
    tracker, trail = Tracker(MOST_KEPT * (1 - (1 - carried) ** 2)), Trail()
    tracked = carried > 0 and frames > 1

    def linked(picture: Tensor) -> Linked:
        small = _canvas(picture, short_side)
        return Linked(picture, small, tracker(small[0]) if tracked else None)

    @torch.inference_mode()
    def paint(item: Linked) -> tuple[Linked, Tensor]:
        return item, painter.paint(item.small)

    if tracked and around.loops:
        for picture in around.at(range(-min(LEAD, frames), 0)).split(1):
            item, painted = paint(linked(picture))
            trail(painted[0], item.link)
    items = (linked(one) for chunk in chunks for one in chunk.split(1))
    for item, painted in in_parallel(paint, items, around.models.runtime.device):
        small, shown = item.small, trail(painted[0], item.link)[None] if tracked else painted
        if step.keep_colours:
            weights = torch.tensor(LUMA, device=shown.device)[:, None, None]
            kept = small + ((shown - small) * weights).sum(1, keepdim=True)
            shown = shown.lerp(kept, step.keep_colours)
        yield shown if step.strength == 1 else _through(item, shown, step.strength)


def stylized(extent: Extent, step: Stylize, recipe: Recipe) -> Extent:
    """The clip's own size for uploads; a look is drawn small and painted as large as the canvas."""
    if not isinstance(recipe.source, Generate) or not step.strength:
        return extent
    ratio = min(step.canvas, *recipe.share.size()) / min(extent.size)
    return replace(extent, size=(round(extent.size[0] * ratio), round(extent.size[1] * ratio)))


def _through(item: Linked, shown: Tensor, strength: float) -> Tensor:
    """What is painted over its picture, which stays as sharp as it was where it shows through."""
    if item.picture.shape[-1] <= shown.shape[-1]:
        return item.small.lerp(shown, strength)
    shown = F.interpolate(shown, item.picture.shape[-2:], mode="bilinear", align_corners=False)
    return item.picture.float().lerp(shown, strength)


def _prepared(step: Stylize, shared: float, short_side: int, around: Around) -> Painter:
    """A painter who has looked at the clip; the same one again where nothing changed that it depends on."""
    memory, asked = around.memory, (step.style, step.second, step.blend, shared, short_side)
    if asked not in memory:
        painter, last = painter_for(step, around.models, shared), around.extent.frames - 1
        if ("peeks", short_side) not in memory:
            places = sorted({round(index * last / (PEEKS - 1)) for index in range(PEEKS)})
            peeks = [_canvas(around.at([place]), short_side) for place in places]
            memory["peeks", short_side] = torch.cat(peeks).to(around.models.runtime.dtype)
        painter.prepare(memory["peeks", short_side])
        memory[asked] = painter
    prepared: Painter = memory[asked]
    return prepared


def _canvas(picture: Tensor, short_side: int) -> Tensor:
    return resized(picture, short_side).clamp(-1, 1)


def resized(pictures: Tensor, short_side: int) -> Tensor:
    """Float pictures (n, 3, H, W) with a shorter side of about `short_side` pixels, float32."""
    height, width = pictures.shape[-2:]
    ratio = short_side / min(height, width)
    if ratio == 1:
        return pictures.float()
    size = [max(STEP * 4, STEP * round(side * ratio / STEP)) for side in (height, width)]
    return F.interpolate(pictures.float(), size, mode="bilinear", antialias=ratio < 1, align_corners=False)
