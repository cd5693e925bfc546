"""Draws a laid out block: letters, outline, soft shadow and the box behind, as one RGBA picture."""

import io
import itertools
from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
import uharfbuzz as hb
from PIL import Image, UnidentifiedImageError

from vgan.media.rgba import resized
from vgan.recipe_overlays import Text
from vgan.text.layout import BLUR, FALL, MARGIN_X, MARGIN_Y, REACH, Block, Placed
from vgan.text.units import around

FINE = 3  # times as large at which outlines and boxes are drawn, before they are reduced
TIGHT = 0.3  # of the soft shadow's blur: a second, darker one that holds the letters' edges on bright pictures
SMALLER = 3  # times, at which wide blurs are made
DARK, DARK_TIGHT = 0.75, 0.65  # opacity of either
ROUND = 0.3  # of a box's corners, in sizes

Colour = tuple[int, int, int]
BLACK = (0, 0, 0)


@dataclass(frozen=True, eq=False)
class Inked:
    """One word, painted once. left, top: of its picture in the block; fill, edge: coverage, uint8 (h, w): of letters,
    and of letters with their outline; picture: uint8 RGBA of what has colours of its own, or None."""

    left: int
    top: int
    fill: np.ndarray
    edge: np.ndarray
    picture: np.ndarray | None


class Drawing:
    """A block, ready to be drawn with some of its words, one of them lit. Words are painted once."""

    def __init__(self, block: Block, style: Text):
        self.block, self.style = block, style
        self._words: dict[int, Inked | None] = {}
        self._runs: dict[int, list[Placed]] = {}
        for placed in block.runs:
            self._runs.setdefault(placed.word, []).append(placed)
        self._box = _boxes(block, FINE if block.size < 160 else 1) if style.box > 0 else None

    def draw(self, shown: int | None = None, lit: int | None = None) -> np.ndarray:
        """uint8 RGBA (block.height, block.width, 4) with straight alpha. shown: so many words from the first, None for
        all; lit: the number of the word that has the colour `style.lit`."""
        block, style = self.block, self.style
        numbers = range(block.words if shown is None else min(shown, block.words))
        words = {number: inked for number in numbers if (inked := self._inked(number)) is not None}
        canvas = _Canvas(block.height, block.width)
        for word in words.values():
            if word.picture is not None:
                canvas.paste(word.picture, word.left, word.top)
        for is_lit in (True, False):
            own = [word for number, word in words.items() if (number == lit) == is_lit]
            if own:
                fill = _merged((word.fill for word in own), own, block)
                canvas.beneath(fill, rgb(style.lit if is_lit else style.colour))
        dark = style.shadow * (1 - style.box)
        if style.outline > 0 or dark > 0:
            edge = _merged((word.edge for word in words.values()), words.values(), block)
            if style.outline > 0:
                canvas.beneath(edge, rgb(style.outline_colour))
            if dark > 0:
                canvas.beneath(_shadow(edge, block.size), BLACK, dark)
        if self._box is not None:
            canvas.beneath(self._box, rgb(style.box_colour), style.box)
        return canvas.rgba()

    def _inked(self, number: int) -> Inked | None:
        if number not in self._words:
            self._words[number] = _ink(self._runs.get(number, []), self.block, self.style.outline)
        return self._words[number]


def rgb(colour: str) -> Colour:
    """(red, green, blue) of `#rrggbb`."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


class _Canvas:
    """Premultiplied colours 0 to 255, float32, plane by plane, and what still shows through them: filled from the front
    to the back. Every layer has one colour, so that a plane is touched once for each."""

    def __init__(self, height: int, width: int):
        self._over, self._through = np.zeros((3, height, width), np.float32), np.ones((height, width), np.float32)

    def beneath(self, coverage: np.ndarray, colour: Colour, opacity: float = 1.0) -> None:
        """A layer behind what is there. coverage: uint8 (h, w)."""
        weight = cv2.multiply(self._through, coverage, scale=opacity / 255, dtype=cv2.CV_32F)
        for plane, level in zip(self._over, colour, strict=True):
            if level:
                cv2.scaleAdd(weight, float(level), plane, plane)
        cv2.subtract(self._through, weight, self._through)

    def paste(self, picture: np.ndarray, left: int, top: int) -> None:
        """A picture of many colours behind what is there; what lies outside is left out."""
        height, width = self._through.shape
        x, y, right, bottom = (
            max(0, left),
            max(0, top),
            min(width, left + picture.shape[1]),
            min(height, top + len(picture)),
        )
        if x >= right or y >= bottom:
            return
        part = picture[y - top : bottom - top, x - left : right - left].astype(np.float32)
        through = self._through[y:bottom, x:right]
        weight = part[..., 3] / 255 * through
        self._over[:, y:bottom, x:right] += part[..., :3].transpose(2, 0, 1) * weight
        through -= weight

    def rgba(self) -> np.ndarray:
        """uint8 (h, w, 4), straight alpha."""
        alpha = 1 - self._through
        scale = 1 / np.maximum(alpha, 1e-4)
        planes = [cv2.multiply(plane, scale) for plane in self._over]
        return cv2.merge([cv2.convertScaleAbs(plane) for plane in (*planes, alpha * 255)])


def _merged(parts: Iterable[np.ndarray], words: Iterable[Inked], block: Block) -> np.ndarray:
    """Coverage of several words, as large as the block."""
    whole = np.zeros((block.height, block.width), np.uint8)
    for part, word in zip(parts, words, strict=True):
        place = whole[word.top : word.top + part.shape[0], word.left : word.left + part.shape[1]]
        np.maximum(place, part, out=place)
    return whole


def _ink(runs: list[Placed], block: Block, outline: float) -> Inked | None:
    """The runs of one word, painted."""
    reach = outline * block.size
    inks = [(one, [side * block.size for side in one.run.ink]) for one in runs if one.run.ink]
    box = around([(one.x + ink[0], one.y + ink[1], one.x + ink[2], one.y + ink[3]) for one, ink in inks])
    if box is None:
        return None
    pad = reach + 1.5
    left, top = max(0, int(box[0] - pad)), max(0, int(box[1] - pad))
    right, bottom = min(block.width, int(box[2] + pad) + 1), min(block.height, int(box[3] + pad) + 1)
    if right <= left or bottom <= top:
        return None
    size = right - left, bottom - top
    fill = _letters(runs, block.size, left, top, size, 1)
    pictures = [one for one in runs if one.run.face.colour]
    picture = _pictures(pictures, block.size, left, top, size) if pictures else None
    solid = fill if picture is None else np.maximum(fill, picture[..., 3])
    edge = solid
    if reach > 0:
        fine = FINE if block.size < 200 else 2
        large = _letters(runs, block.size, left, top, size, fine)
        if picture is not None:
            large = np.maximum(large, cv2.resize(picture[..., 3], None, fx=fine, fy=fine))
        distance = cv2.distanceTransform((large < 128).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
        ring = (np.clip(reach * fine - distance + 1, 0, 1) * 255).astype(np.uint8)
        edge = np.maximum(solid, cv2.resize(ring, size, interpolation=cv2.INTER_AREA))
    return Inked(left, top, fill, edge, picture)


def _letters(runs: list[Placed], px: float, left: int, top: int, size: tuple[int, int], fine: int) -> np.ndarray:
    """Coverage of letters, uint8 (h, w) of `size` times `fine`, by HarfBuzz's own rasteriser."""
    raster = hb.RasterDraw()
    width, height = size[0] * fine, size[1] * fine
    for one in runs:
        scale = one.run.face.unit * px * fine
        for glyph, x, y in one.run.glyphs:
            if one.run.face.colour and _has_picture(one.run.face.font, glyph):
                continue
            place = (one.x - left + x * px) * fine, -(one.y - top + y * px) * fine
            raster.transform = (scale, 0, 0, scale, *place)
            raster.draw_glyph(one.run.face.font, glyph)
    raster.extents = hb.RasterExtents(0, -height, width, height, 0)
    return _flipped(raster.render(), 1)[..., 0]


def _flipped(image: hb.RasterImage | None, channels: int) -> np.ndarray:
    """(h, w, channels), the first row on top."""
    if image is None:
        raise MemoryError("no memory to draw letters")
    found = image.extents
    rows = np.frombuffer(image.buffer, np.uint8).reshape(found.height, found.stride)
    return rows[::-1, : found.width * channels].reshape(found.height, found.width, channels)


def _has_picture(font: hb.Font, glyph: int) -> bool:
    face = font.face
    return bool(face.glyph_has_color_paint(glyph) or face.get_glyph_color_layers(glyph) or _png(font, glyph))


def _png(font: hb.Font, glyph: int) -> bytes:
    blob = font.get_glyph_color_png(glyph) if font.face.has_color_png else None
    return bytes(blob.data) if blob else b""


def _pictures(runs: list[Placed], px: float, left: int, top: int, size: tuple[int, int]) -> np.ndarray:
    """Glyphs with colours of their own, uint8 RGBA (h, w, 4) of `size`, straight alpha."""
    canvas = _Canvas(size[1], size[0])
    for one in runs:
        font, scale = one.run.face.font, one.run.face.unit * px
        for glyph, x, y in one.run.glyphs:
            place = one.x - left + x * px, one.y - top + y * px
            data = _png(font, glyph)
            if data:
                found = font.get_glyph_extents(glyph)
                if found is None:
                    continue
                wide, tall = max(1, round(found.width * scale)), max(1, round(-found.height * scale))
                picture = _decoded(data, (wide, tall))
                corner = round(place[0] + found.x_bearing * scale), round(place[1] - found.y_bearing * scale)
                canvas.paste(picture, *corner)
            elif _has_picture(font, glyph):
                canvas.paste(_painted(font, glyph, scale, place, size), 0, 0)
    return canvas.rgba()


def _decoded(data: bytes, size: tuple[int, int]) -> np.ndarray:
    """A PNG of a font at `size`; nothing where it cannot be read."""
    try:
        with Image.open(io.BytesIO(data), formats=("PNG",)) as picture:
            if max(picture.size) > 1024:
                raise ValueError("too large for a glyph")
            return resized(np.asarray(picture.convert("RGBA")), size)
    except (OSError, ValueError, UnidentifiedImageError, Image.DecompressionBombError):
        return np.zeros((size[1], size[0], 4), np.uint8)


def _painted(font: hb.Font, glyph: int, scale: float, place: tuple[float, float], size: tuple[int, int]) -> np.ndarray:
    """A glyph that is painted in layers and gradients (COLR)."""
    paint = hb.RasterPaint()
    paint.transform = (scale, 0, 0, scale, place[0], -place[1])
    paint.extents = hb.RasterExtents(0, -size[1], *size, 0)
    paint.paint_glyph(font, glyph)
    bgra = _flipped(paint.render(), 4).astype(np.float32)  # premultiplied
    alpha = bgra[..., 3:]
    colour = bgra[..., 2::-1] * (255 / np.maximum(alpha, 1))
    return np.concatenate([colour, alpha], 2).round().clip(0, 255).astype(np.uint8)


def _shadow(coverage: np.ndarray, size: float) -> np.ndarray:
    """A soft shadow that has fallen a little, and a tight one; uint8 like `coverage`, the letters' `size` in pixels."""
    height = len(coverage)
    soft = _blurred(coverage, BLUR * size)
    down = min(round(FALL * size), height)
    fallen = np.zeros_like(soft)
    fallen[down:] = soft[: height - down]
    tight = _blurred(coverage, TIGHT * BLUR * size)
    through = cv2.multiply(255 - DARK * fallen.astype(np.float32), 255 - DARK_TIGHT * tight.astype(np.float32))
    return cv2.convertScaleAbs(255 - through / 255)


def _blurred(coverage: np.ndarray, blur: float) -> np.ndarray:
    """Gaussian, cut off at REACH standard deviations. A wide one is made small, where it takes a tenth of the time."""
    height, width = coverage.shape
    if blur > 2 * SMALLER:
        small = cv2.resize(coverage, (-(-width // SMALLER), -(-height // SMALLER)), interpolation=cv2.INTER_AREA)
        return cv2.resize(_blurred(small, blur / SMALLER), (width, height), interpolation=cv2.INTER_LINEAR)
    reach = max(1, int(REACH * blur))
    side = 2 * reach + 1
    return cv2.GaussianBlur(coverage, (side, side), max(blur, 0.3), borderType=cv2.BORDER_CONSTANT)


def _boxes(block: Block, fine: int) -> np.ndarray:
    """Coverage of the box: as wide as each line, its parts joined, all corners round."""
    radius, x, y = ROUND * block.size * fine, MARGIN_X * block.size, MARGIN_Y * block.size
    pad = int(2 * radius) + 2  # closing needs room around
    shape = block.height * fine + 2 * pad, block.width * fine + 2 * pad
    mask = np.zeros(shape, np.uint8)
    lines = [list(line) for line in block.lines]
    for above, below in itertools.pairwise(lines):  # no gap and no overlap: they meet in the middle
        above[3] = below[1] = (above[3] + below[1]) / 2
    for line, wide in zip(lines, _evened([(line[0], line[2]) for line in lines], 2 * ROUND * block.size), strict=True):
        top = line[1] - (y if line is lines[0] else 0)
        bottom = line[3] + (y if line is lines[-1] else 0)
        corners = (wide[0] - x) * fine, top * fine, (wide[1] + x) * fine, bottom * fine
        left, top, right, bottom = (round(corner) + pad for corner in corners)
        mask[top:bottom, left:right] = 1
    grown = _distance(1 - mask) <= radius
    closed = _distance(grown.astype(np.uint8)) > radius
    core = _distance(closed.astype(np.uint8)) > radius
    rounded = np.clip(radius + 1 - _distance((~core).astype(np.uint8)), 0, 1) * 255
    return cv2.resize(
        rounded[pad:-pad, pad:-pad].astype(np.uint8), (block.width, block.height), interpolation=cv2.INTER_AREA
    )


def _evened(sides: list[tuple[float, float]], least: float) -> list[tuple[float, float]]:
    """Lines that are almost as wide as the one above become as wide: steps are `least` pixels or none."""
    done = list(sides)
    for _ in range(2):
        for at in range(1, len(done)):
            (left, right), (before_left, before_right) = done[at], done[at - 1]
            if abs(left - before_left) < least:
                left = before_left = min(left, before_left)
            if abs(right - before_right) < least:
                right = before_right = max(right, before_right)
            done[at - 1], done[at] = (before_left, before_right), (left, right)
    return done


def _distance(mask: np.ndarray) -> np.ndarray:
    """Of every place to the nearest 0."""
    return cv2.distanceTransform(mask, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
