"""Words in a box: wrapped between words, made smaller until they fit, lines of even length, all of the ink inside."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import accumulate, pairwise, takewhile

from vgan.recipe_overlays import Text
from vgan.text.clean import LONGEST, clean, clusters
from vgan.text.fallback import language_of
from vgan.text.fonts import Face, find_font
from vgan.text.units import Bounds, Run, Unit, around, in_order, shaped, units

SMALLEST = 7.0  # pixels of size: below it, words are left out instead
AS_GIVEN = 0.75  # of the size asked for: so small may it become before a line that was given as one is broken
UNBROKEN = 0.35  # and before a word is
LEAST = 8  # pixels of a box: nothing is set in a smaller one
AIR = 0.06  # sizes between the ink of two lines, at least
MARGIN_X, MARGIN_Y = 0.42, 0.26  # of a box around the words, in sizes
BLUR, FALL = 0.11, 0.05  # of a shadow: standard deviation, and how far it falls, in sizes
REACH = 2.5  # standard deviations of a shadow that are drawn
ELLIPSIS = "…"


@dataclass(frozen=True, eq=False)
class Placed:
    """A run in its place. x, y: of the start of its baseline, pixels from the block's corner; word: its number."""

    run: Run
    x: float
    y: float
    word: int


@dataclass(frozen=True, eq=False)
class Block:
    """A laid out text. width, height: pixels, with outline, shadow and box; size: of the letters, pixels.

    lines: of each, its (left, top, right, bottom) in pixels, without outline and shadow, for the box behind it.
    words: how many; texts: of each. cut: whether words were left out because even the smallest did not fit.
    """

    width: int
    height: int
    size: float
    runs: tuple[Placed, ...]
    lines: tuple[Bounds, ...]
    texts: tuple[str, ...]
    cut: bool = False

    @property
    def words(self) -> int:
        """How many words there are."""
        return len(self.texts)


@dataclass(frozen=True)
class Edges:
    """What stands out around the letters, in sizes, on the four sides."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def of(cls, style: Text) -> "Edges":
        """By the outline, the shadow and the box."""
        reach = BLUR * REACH if style.shadow > 0 else 0.0
        fall = FALL if style.shadow > 0 else 0.0
        x, y = (MARGIN_X, MARGIN_Y) if style.box > 0 else (0.0, 0.0)
        ink = style.outline + reach
        return cls(max(x, ink), max(y, ink - fall), max(x, ink), max(y, ink + fall))


Lines = list[list[Unit]]


def lay_out(text: str, style: Text, size: float, width: int, height: int) -> Block | None:
    """`text` in `style`, its letters `size` pixels or smaller, in a block of at most `width` x `height` pixels; None
    where there is nothing to show. Raises UnknownName and MediaError for a font, as `vgan.text.fonts.find_font`."""
    cleaned = clean(text)
    if not cleaned.strip() or min(width, height) < LEAST:
        return None
    setting = _Setting(cleaned, style, width - 2, height - 4)  # for what is rounded up
    found, lines, cut = setting.fitted(size)
    return setting.placed(found, lines, cut) if lines else None


class _Setting:
    """One text, one style, one box."""

    def __init__(self, text: str, style: Text, width: int, height: int):
        self.face, self.language = find_font(style.font), language_of(text)
        self.units, self.align = units(text, self.face), style.align
        self.width, self.height, self.edges = width, height, Edges.of(style)
        self.up, self.down = _nominal(self.face)

    def fitted(self, size: float) -> tuple[float, Lines, bool]:
        """(size, lines, whether words were left out): as large as fits, whole words where they can be."""
        size = max(min(size, float(self.height)), 1.0)
        smallest = min(SMALLEST, size)
        given = sum(unit.ends for unit in self.units)
        tries = [(UNBROKEN * size, False, LONGEST), (smallest, True, LONGEST)]
        for least, broken, most in [(AS_GIVEN * size, False, given), *tries] if given > 1 else tries:
            wrapped = partial(self._wrapped, broken=broken, most=most)
            found = _largest(wrapped, max(smallest, least), size)
            if found:
                return found, self._balanced(found, wrapped(found)), False
        return smallest, self._shortened(smallest), True

    def _room(self, size: float) -> float:
        """The width for letters, in sizes."""
        return self.width / size - self.edges.left - self.edges.right

    def _wrapped(self, size: float, broken: bool, most: int) -> Lines:
        """Lines that fit at that size, or none. broken: whether words may be; most: how many lines there may be."""
        room = self._room(size)
        lines = list(self._lines(room, broken)) if room > 0 else []
        return lines if lines and len(lines) <= most and self._fits(lines, size) else []

    def _fits(self, lines: Lines, size: float) -> bool:
        room = self._room(size)
        if any(right - left > room + 1e-6 for left, _, right, _ in map(self._extent, lines)):
            return False
        return self._tall(lines) * size <= self.height

    def _tall(self, lines: Lines) -> float:
        """Height of all lines with what stands out around them, in sizes."""
        places, top, bottom = self._baselines(lines)
        return places[-1] + top + bottom + self.edges.top + self.edges.bottom

    def _baselines(self, lines: Lines) -> tuple[list[float], float, float]:
        """(of every line, how far below the first; how far ink rises above the first; and falls below the last)."""
        places, extents = [0.0], [self._extent(line) for line in lines]
        for above, below in pairwise(extents):
            places.append(places[-1] + max(self.face.row.leading, above[3] - below[1] + AIR))
        return places, max(self.up, -extents[0][1]), max(self.down, extents[-1][3])

    @staticmethod
    def _extent(line: Sequence[Unit]) -> Bounds:
        """Of a line's advances and ink: left, top, right, bottom from its start on the baseline, in sizes."""
        x, boxes = 0.0, [(0.0, 0.0, 0.0, 0.0)]
        for run, _, width in in_order(list(line)):
            if run and run.ink:
                boxes.append((x + run.ink[0], run.ink[1], x + run.ink[2], run.ink[3]))
            x += width
        boxes.append((0.0, 0.0, x, 0.0))
        return around(boxes) or (0.0, 0.0, x, 0.0)

    def _lines(self, room: float, broken: bool) -> Iterator[list[Unit]]:
        """Greedily filled lines; a word that is too long stands in a line by itself, or is broken."""
        line: list[Unit] = []
        used = 0.0
        for unit in self.units:
            parts = [unit] if unit.width <= room or not broken else list(self._broken(unit, room))
            for part in parts:
                if line and used + part.width > room:
                    yield line
                    line, used = [], 0.0
                line.append(part)
                used += part.width + part.space
            if unit.ends:
                yield line
                line, used = [], 0.0

    def _broken(self, unit: Unit, room: float) -> Iterator[Unit]:
        """Parts of a unit that fit, of whole clusters; one cluster at least."""
        waiting = clusters(unit.text)
        level = unit.runs[0].level if unit.runs else 0
        while waiting:
            alone = accumulate(self._shaped(cluster, level, unit.word, False).width for cluster in waiting)
            taken = max(1, sum(1 for _ in takewhile(lambda used: used <= room, alone)))
            while True:
                last = unit.ends and taken == len(waiting)
                part = self._shaped("".join(waiting[:taken]), level, unit.word, last)
                if part.width <= room or taken == 1:
                    break
                taken -= 1
            yield part
            waiting = waiting[taken:]

    def _shaped(self, text: str, level: int, word: int, ends: bool) -> Unit:
        return shaped(text, (level,) * len(text), self.face, self.language, word, ends)

    def _balanced(self, size: float, lines: Lines) -> Lines:
        """As many lines, as even as they can be."""
        if len(lines) < 2 or any(unit.ends for line in lines[:-1] for unit in line):
            return lines
        room, longest = self._room(size), max(unit.width for line in lines for unit in line)
        best, low, high = lines, longest, room
        for _ in range(8):
            middle = (low + high) / 2
            tried = list(self._lines(middle, True))
            if len(tried) == len(lines) and self._fits(tried, size):
                best, high = tried, middle
            else:
                low = middle
        return best

    def _shortened(self, size: float) -> Lines:
        """As many lines as fit at that size, the last one with an ellipsis. None where not even that fits."""
        room = self._room(size)
        lines = list(self._lines(room, True)) if room > 0 else []
        lines = lines[: max(1, int(self.height / (size * self.face.row.leading)) + 1)]
        while lines:
            level = next((run.level for unit in lines[-1] for run in unit.runs), 0)
            while lines[-1]:
                *before, last = lines[-1]
                dots = self._shaped(ELLIPSIS, level, last.word, True)
                shown = [*lines[:-1], [*before, replace(last, text=last.text.rstrip(), space=0.0, ends=False), dots]]
                if self._fits(shown, size):
                    return shown
                shorter = "".join(clusters(last.text.rstrip())[:-1])
                lines[-1] = before if before or not shorter else [self._shaped(shorter, level, last.word, False)]
            lines.pop()
        return []

    def placed(self, size: float, lines: Lines, cut: bool) -> Block:
        """The block, its runs where they are painted."""
        places, up, down = self._baselines(lines)
        extents = [self._extent(line) for line in lines]
        inner = max(right - left for left, _, right, _ in extents)
        first = math.ceil((self.edges.top + up) * size) + 1
        runs: list[Placed] = []
        boxes: list[Bounds] = []
        texts: dict[int, str] = {}
        share = {"left": 0.0, "center": 0.5, "right": 1.0}[self.align]
        for line, place, (left, top, right, bottom) in zip(lines, places, extents, strict=True):
            start = (self.edges.left + share * (inner - (right - left)) - left) * size + 1
            base = first + round(place * size)
            x = 0.0
            for run, word, wide in in_order(line):
                if run:
                    runs.append(Placed(run, start + x * size, base, word))
                x += wide
            for unit in line:
                texts[unit.word] = texts.get(unit.word, "") + unit.text
            if x:
                up_here, down_here = max(self.up, -top) * size, max(self.down, bottom) * size
                boxes.append((start + left * size, base - up_here, start + right * size, base + down_here))
        width = math.ceil((inner + self.edges.left + self.edges.right) * size) + 2
        height = first + round(places[-1] * size) + math.ceil((down + self.edges.bottom) * size) + 1
        numbers = {word: number for number, word in enumerate(sorted({run.word for run in runs}))}
        shown = tuple(replace(run, word=numbers[run.word]) for run in runs)
        return Block(width, height, size, shown, tuple(boxes), tuple(texts[word].strip() for word in numbers), cut)


@lru_cache(maxsize=64)
def _nominal(face: Face) -> tuple[float, float]:
    """How far a font's letters rise above the baseline and fall below it, in sizes: the same for every text."""

    def reach(letters: str, down: bool) -> float:
        found = [face.font.get_glyph_extents(face.font.get_nominal_glyph(ord(letter)) or 0) for letter in letters]
        reaches = [(-box.y_bearing - box.height if down else box.y_bearing) for box in found if box]
        return max(reaches, default=0) * face.unit

    up, down = reach("Hdl", False), reach("pgy", True)
    return (up, down) if 0.3 < up < 2 and 0 <= down < 1 else (0.75, 0.22)


def _largest(fits: Callable[[float], object], least: float, most: float) -> float | None:
    """The largest size that fits, to half a percent; None where not even the least does."""
    if fits(most):
        return most
    if least >= most or not fits(least):
        return None
    low, high = least, most
    while high - low > 0.005 * low:
        middle = (low + high) / 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low
