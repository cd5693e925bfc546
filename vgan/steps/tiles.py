"""Pictures of any size through a network that sees a bounded one: in windows that overlap, without seams."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise, product
from math import ceil

import torch
from torch import Tensor

from vgan.spare import full, let_go

log = logging.getLogger(__name__)
LEAST = 64  # pixels of a window's side, below which it is not made smaller


@dataclass(frozen=True)
class Tiling:
    """How a picture is cut.

    most: pixels that go through the network at once; a picture of no more is not cut. overlap: pixels that neighbours
    share. margin: of these, how many at a window's inner edges are thrown away, because the network lacked what lies
    beyond; over those that remain, one window fades into the next. Where the margin is as wide as the network sees and
    the overlap twice that, nothing fades, and the whole is what it would be without cutting.
    """

    most: int
    overlap: int
    margin: int

    def windows(self, height: int, width: int) -> tuple[list["Span"], list["Span"]]:
        """The windows of a picture, as its rows and its columns."""
        if height * width <= self.most:
            return [Span(0, height, 0, 0)], [Span(0, width, 0, 0)]
        side = int(self.most**0.5)
        # a strip that is short in one direction may be longer in the other
        tall = min(height, max(side, self.most // width))
        wide = min(width, max(side, self.most // tall))
        return self._spans(height, tall), self._spans(width, wide)

    def _spans(self, length: int, side: int) -> list["Span"]:
        half = self.overlap // 2
        count = 1 if side >= length else ceil(length / max(1, side - 2 * half))
        cuts = [length * index // count for index in range(count + 1)]
        return [
            Span(max(0, start - half), min(length, stop + half), half * bool(start), half * (stop < length))
            for start, stop in pairwise(cuts)
        ]


@dataclass(frozen=True)
class Span:
    """One window along one side. start, stop: pixels; before, after: how far it reaches past its own part."""

    start: int
    stop: int
    before: int
    after: int


def tiled(draw: Callable[[Tensor], Tensor], pictures: Tensor, scale: int, tiling: Tiling) -> Tensor:
    """`draw(pictures)`, window by window: float pictures (n, 3, H, W) to (n, 3, scale * H, scale * W).

    draw: makes any such pictures `scale` times larger. Where the memory is full, the windows become smaller.
    """
    try:
        return _tiled(draw, pictures, scale, tiling)
    except (RuntimeError, MemoryError) as error:
        smaller = replace(tiling, most=min(tiling.most, pictures.shape[-1] * pictures.shape[-2]) // 4)
        if not full(error) or smaller.most < max(LEAST, 4 * tiling.overlap) ** 2:
            raise
    let_go()  # not in the handler: the error holds on to all that was in memory
    log.warning("The memory is full: windows of %d pixels.", smaller.most)
    return tiled(draw, pictures, scale, smaller)


def _tiled(draw: Callable[[Tensor], Tensor], pictures: Tensor, scale: int, tiling: Tiling) -> Tensor:
    height, width = pictures.shape[-2:]
    rows, columns = tiling.windows(height, width)
    if len(rows) == len(columns) == 1:
        return draw(pictures)
    large: Tensor | None = None
    for row, column in product(rows, columns):
        window = draw(pictures[..., row.start : row.stop, column.start : column.stop])
        if large is None:
            size = (*window.shape[:2], height * scale, width * scale)
            large = torch.zeros(size, dtype=window.dtype, device=window.device)
        for span, side in ((row, -2), (column, -1)):
            window = _faded(window, span, side, scale, tiling.margin)
        top, left = (_first(span, tiling.margin) * scale for span in (row, column))
        large[..., top : top + window.shape[-2], left : left + window.shape[-1]] += window
    assert large is not None  # there is at least one window
    return large


def _first(span: Span, margin: int) -> int:
    """The first pixel of a window that counts."""
    return span.start + min(margin, span.before)


def _faded(window: Tensor, span: Span, side: int, scale: int, margin: int) -> Tensor:
    """`window` without its margins along `side`, multiplied so that what neighbours share adds up to one picture."""
    before, after = (min(margin, reach) * scale for reach in (span.before, span.after))
    window = window.narrow(side, before, window.shape[side] - before - after)
    shape = (-1, 1) if side == -2 else (-1,)
    for reach, cut, first in ((span.before, before, True), (span.after, after, False)):
        shared = 2 * (reach * scale - cut)
        if shared > 0:
            ramp = (torch.arange(shared, device=window.device, dtype=window.dtype) + 0.5) / shared
            weights = torch.ones(window.shape[side], device=window.device, dtype=window.dtype)
            weights[:shared] = ramp
            window = window * (weights if first else weights.flip(0)).view(shape)
    return window
