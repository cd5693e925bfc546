"""Words over a clip, each at its time: where they stand, how they come and go, and what is drawn only once."""

import logging
import math
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TypeVar

import cv2
import numpy as np

from vgan.overlays.around import Box, Onto
from vgan.overlays.blend import Patch, Picture, multiplied
from vgan.overlays.coming import LEAVE, Pose, pose
from vgan.recipe_overlays import Text
from vgan.text.fallback import missing
from vgan.text.layout import lay_out
from vgan.text.raster import Drawing
from vgan.text.units import spread

log = logging.getLogger(__name__)

GAP = 0.012  # of the picture's shorter side, between words that are shown at once
MOST = 4  # texts at once for which room is kept
LEAST = 0.035  # of the safe zone's height: where there is no more room than that, nothing is squeezed in
SLOWEST = 0.11  # seconds for a letter, where words come one by one
KEPT = 4  # texts, and pictures of them, that are kept: what is on the screen, and a little more

K = TypeVar("K")
T = TypeVar("T")


@dataclass(frozen=True)
class Showing:
    """One text and its time, seconds; end None: to the end of the clip. size: of the letters, pixels, at most."""

    text: str
    start: float
    end: float | None
    size: float


@dataclass(frozen=True)
class Place:
    """Where a text stands, once that is known. room: the height that it was laid out for; alone: whether no other is
    shown while it is."""

    box: Box
    room: int
    alone: bool


@dataclass(frozen=True, eq=False)
class Drawn:
    """A picture of a text, as pixels and ready to be laid."""

    rgba: np.ndarray
    picture: Picture


class Words:
    """See `vgan.overlays.around.Layer`. Texts whose times overlap stand above or below each other, in the order in
    which they come."""

    def __init__(self, style: Text, showings: Sequence[Showing], onto: Onto):
        self._style, self._onto, self._seconds = style, onto, float(onto.extent.frames / onto.extent.fps)
        said = [one for one in showings if one.text.strip() and one.start < self._seconds]
        self._showings = sorted(said, key=lambda one: one.start)
        self._starts = [one.start for one in self._showings]
        self._ends = [self._seconds if one.end is None else one.end for one in self._showings]
        self._latest = list(accumulate(self._ends, max))
        self._places: dict[int, Place | None] = {}
        self._lengths: dict[int, list[float]] = {}  # of one text: how long it has taken to say each word
        self._drawings: OrderedDict[int, Drawing | None] = OrderedDict()
        self._pictures: OrderedDict[tuple[int, int], Drawn] = OrderedDict()

    def at(self, frame: int) -> Sequence[Patch]:
        """See `vgan.overlays.around.Layer`."""
        time = float(frame / self._onto.extent.fps)
        return [patch for index in self._shown(time) for patch in self._patch(index, time)]

    def _shown(self, time: float) -> list[int]:
        """Which texts are there at `time`, in the order in which they came."""
        found, index = [], bisect_right(self._starts, time) - 1
        while index >= 0 and self._latest[index] > time:
            if self._ends[index] > time:
                found.append(index)
            index -= 1
        return found[::-1]

    def _patch(self, index: int, time: float) -> list[Patch]:
        one, style = self._showings[index], self._style
        enter = "none" if style.enter == "words" else style.enter
        now, place = pose(time, one.start, one.end, enter, style.leave), self._place(index)
        if now is None or place is None or now.opacity * style.strength <= 0:
            return []
        drawn = self._drawn(index, self._state(index, time) if style.enter == "words" else -1, place)
        return [_posed(drawn, now, place, style, self._onto)] if drawn else []

    def _state(self, index: int, time: float) -> int:
        """Which word is being said; their number once all have been."""
        drawing = self._drawing(index, self._place(index))
        assert drawing is not None  # it has a place
        one, texts = self._showings[index], drawing.block.texts
        whole = self._ends[index] - one.start
        if self._style.leave != "none" and one.end is not None:
            whole -= min(LEAVE, whole / 3)
        if index not in self._lengths:
            self._lengths = {index: list(accumulate(map(spread, texts)))}
        lengths = self._lengths[index]
        pace = min(whole / lengths[-1], SLOWEST)
        return min(len(texts), bisect_right(lengths, (time - one.start) / pace))

    def _together(self, index: int) -> int:
        """How many texts are shown at once while one is, at most MOST."""
        most = 1
        for start in self._starts[index:]:
            if start >= self._ends[index] or most >= MOST:
                break
            most = max(most, len(self._shown(start)))
        return min(most, MOST)

    def _drawn(self, index: int, state: int, place: Place) -> Drawn | None:
        """A text with the words up to `state`, and that one lit; -1: with all of them."""
        drawing = self._drawing(index, place)
        if drawing is None:
            return None

        def draw() -> Drawn:
            rgba = drawing.draw() if state < 0 else drawing.draw(state + 1, state)
            return Drawn(rgba, Picture.of(rgba))

        return _kept(self._pictures, (index, state), draw)

    def _drawing(self, index: int, place: Place | None) -> Drawing | None:
        if place is None:
            return None

        def lay() -> Drawing | None:
            one, style = self._showings[index], self._style
            block = lay_out(one.text, style, one.size, self._width, place.room)
            return Drawing(block, style) if block else None

        return _kept(self._drawings, index, lay)

    @property
    def _width(self) -> int:
        return int(self._style.width * self._onto.safe.size[0])

    def _place(self, index: int) -> Place | None:
        """Where a text stands, beside those that are there when it comes; None where there is no room for it."""
        waiting, needed = [index], set()
        while waiting:
            one = waiting.pop()
            if one not in self._places and one not in needed:
                needed.add(one)
                waiting += self._before(one)
        for one in sorted(needed):
            self._places[one] = self._found(one)
        return self._places[index]

    def _before(self, index: int) -> list[int]:
        """Which others are there when a text comes."""
        return [other for other in self._shown(self._starts[index]) if other < index]

    def _found(self, index: int) -> Place | None:
        one, safe = self._showings[index], self._onto.safe
        others = [place.box for other in self._before(index) if (place := self._places[other])]
        following = index + 1 < len(self._starts) and self._starts[index + 1] < self._ends[index]
        alone = not others and not following
        room = safe.size[1] if alone else safe.size[1] // self._together(index)
        block = lay_out(one.text, self._style, one.size, self._width, room)
        if block is None:
            return None
        box = _standing((block.width, block.height), self._style, safe)
        gap = round(GAP * min(self._onto.extent.size))
        free = _free(box, others, safe, gap, self._style.y >= 0.5)
        if free is None:  # made smaller, for the largest room that is left
            low, high = _largest_gap(others, safe, gap)
            room = high - low
            block = lay_out(one.text, self._style, one.size, self._width, room) if room > LEAST * safe.size[1] else None
            if block is None:
                log.warning("captions: no room for %r beside what is shown at %g s", one.text[:40], one.start)
                return None
            box = _standing((block.width, block.height), self._style, safe)
            free = low if self._style.y < 0.5 else high - block.height
        _kept(self._drawings, index, lambda: Drawing(block, self._style))
        if lacking := missing(one.text, self._style.font):
            log.warning("captions: no font has %s: drawn as boxes", " ".join(lacking[:20]))
        if block.cut:
            log.warning("captions: %r is too long for its place; its end is left out", one.text[:40])
        return Place(replace(box, top=free, bottom=free + block.height), room, alone)


def _kept(store: OrderedDict[K, T], key: K, make: Callable[[], T]) -> T:
    """What is in the store, or is made; of the rest, what was used last."""
    if key not in store:
        store[key] = make()
        while len(store) > KEPT:
            store.popitem(last=False)
    store.move_to_end(key)
    return store[key]


def _standing(size: tuple[int, int], style: Text, safe: Box) -> Box:
    """Of a text alone: its place inside the safe zone, on even pixels, as a codec has them."""
    (width, height), (wide, tall) = size, safe.size
    left = _even(safe.left + style.x * (wide - width), safe.left, safe.right - width)
    top = _even(safe.top + style.y * (tall - height), safe.top, safe.bottom - height)
    return Box(left, top, left + width, top + height)


def _even(place: float, low: int, high: int) -> int:
    near = 2 * round(place / 2)
    return near if low <= near <= high else max(low, min(high, round(place)))


def _free(box: Box, others: Sequence[Box], safe: Box, gap: int, upward: bool) -> int | None:
    """The top of the place nearest to `box` in which it covers none of the others; None where there is none."""
    height = box.size[1]
    above = [other.top - gap - height for other in others]
    below = [other.bottom + gap for other in others]
    first, second = (above, below) if upward else (below, above)
    for tops in ([box.top], first, second):
        for top in sorted(tops, key=lambda top: abs(top - box.top)):
            inside = safe.top <= top and top + height <= safe.bottom
            if inside and all(top >= other.bottom or top + height <= other.top for other in others):
                return top
    return None


def _largest_gap(others: Sequence[Box], safe: Box, gap: int) -> tuple[int, int]:
    """(top, bottom) of the largest part of the safe zone's height that nothing stands in."""
    edges = [safe.top]
    for other in sorted(others, key=lambda other: other.top):
        edges += [other.top - gap, max(edges[-1], other.bottom + gap)]
    edges.append(safe.bottom)
    return max(zip(edges[::2], edges[1::2], strict=True), key=lambda part: part[1] - part[0])


def _posed(drawn: Drawn, now: Pose, place: Place, style: Text, onto: Onto) -> Patch:
    """In its place, or on the way to it or from it, never outside the safe zone."""
    box, safe = place.box, onto.safe
    picture, (width, height) = drawn.picture, box.size
    if now.size != 1:
        most = min(safe.size[0] / width, safe.size[1] / height)
        width, height = (max(1, math.floor(side * min(now.size, most))) for side in (width, height))
        picture = _scaled(drawn.rgba, (width, height))
    left = box.left + round(style.x * (box.size[0] - width))
    top = box.top + round(style.y * (box.size[1] - height))
    if place.alone:
        top += round(now.drop * min(onto.extent.size) * _way(place, onto, now.drop))
    left = max(safe.left, min(safe.right - width, left))
    top = max(safe.top, min(safe.bottom - height, top))
    return Patch(left, top, picture, now.opacity * style.strength)


def _way(place: Place, onto: Onto, drop: float) -> int:
    """1, or -1 where there is more room on the other side."""
    above, below = place.box.top - onto.safe.top, onto.safe.bottom - place.box.bottom
    room, other = (below, above) if drop > 0 else (above, below)
    return -1 if room < abs(drop) * min(onto.extent.size) and other > room else 1


def _scaled(rgba: np.ndarray, size: tuple[int, int]) -> Picture:
    """Smaller or larger for a moment: colours count by their alpha."""
    over, alpha = (cv2.resize(part, size, interpolation=cv2.INTER_LINEAR) for part in multiplied(rgba))
    return Picture(over, alpha)
