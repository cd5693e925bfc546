"""Frames that repeat the one before are dropped."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import torch.nn.functional as F
from torch import Tensor

from vgan.media.extent import Extent
from vgan.recipe import Recipe
from vgan.recipe_steps import Dedupe
from vgan.steps.around import Around

# Shorter side at which frames are compared, pixels. Doubled frames of five real clips differ there by 2 levels of 255
# where they differ most after good compression (x264's crf 18), 5 to 8 after poor (26); frames that move, by 20 to 80.
SIDE = 48
MEAN = 0.016  # difference, of white to black, up to which frames are the same at full strength: on average,
LOCAL = 0.06  # and where it is largest
SECONDS = {"cpu": 0.0015, "cuda": 0.0003}  # see `vgan.steps.Kind`


def dedupe(chunks: Iterator[Tensor], step: Dedupe, around: Around) -> Iterator[Tensor]:
    """The pictures of `chunks` one by one without those that are the same as the last one that stayed; where the clip
    loops, without a last one that is the same as the first. One stays at least."""
    if not step.strength:
        yield from chunks
        return
    kept: tuple[Tensor, Tensor] | None = None  # the last one that stayed, and the same small; it is yet to be given
    first: Tensor | None = None
    for picture in (one for chunk in chunks for one in chunk.split(1)):
        now = _small(picture)
        if kept is not None:
            if same(kept[1], now, step.strength):
                continue
            yield kept[0]
        kept, first = (picture, now), now if first is None else first
    if kept is None or first is None:
        return
    closes = around.loops and kept[1] is not first and same(first, kept[1], step.strength)
    if not closes:
        yield kept[0]


def deduped(extent: Extent, step: Dedupe, recipe: Recipe) -> Extent:
    """At most as long; how long is known only afterwards. No sound would fit to it."""
    return replace(extent, sound=None, exact=False) if step.strength else extent


def any_at(step: Dedupe, around: Around, places: Sequence[int]) -> Tensor:
    """Pictures at these places as if none were dropped before: to find out, all of them would have to be read."""
    return around.at(places)


def same(one: Tensor, other: Tensor, strength: float) -> bool:
    """Whether two small pictures (1, 1, h, w) in [-1, 1] show the same, give or take what `strength` allows."""
    if one.shape != other.shape:
        return False
    difference = (one - other).abs().div(2)
    return bool(difference.mean() <= MEAN * strength) and bool(difference.max() <= LOCAL * strength)


def _small(picture: Tensor) -> Tensor:
    """Means over squares of a picture (1, 3, H, W), grey: (1, 1, h, w)."""
    side = max(1, min(picture.shape[-2:]) // SIDE)
    return F.avg_pool2d(picture.float().mean(1, keepdim=True), side, ceil_mode=True)
