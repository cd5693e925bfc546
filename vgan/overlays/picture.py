"""A logo or a product over the clip: cut out, rounded, with a soft shadow, and how it comes and goes."""

import functools
import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from vgan.cutout import Cutout, cut_out
from vgan.errors import RecipeError
from vgan.media.rgba import read_rgba, resized
from vgan.overlays.around import Box, Onto
from vgan.overlays.blend import Patch
from vgan.overlays.blend import Picture as Blended
from vgan.overlays.coming import pose
from vgan.recipe_overlays import Picture
from vgan.small_files import is_file

log = logging.getLogger(__name__)

CUT_SIDE = 1280  # pixels at which a background is taken away
BLUR, DROP, DARK = 0.035, 0.018, 0.6  # of a shadow: softness and fall in shares of the longer side, and opacity
FINE = 4  # times as large at which round corners are drawn, before they are reduced
TALLEST = 0.9  # of the safe zone's height


def look_at(path: Path, cut: bool) -> Cutout:
    """The picture at `path` as an overlay uses it, RGBA, and why its background was not taken away where it was not.

    Raises RecipeError where there is no such file, MediaError where it cannot be read as a picture.
    """
    if not is_file(path):
        raise RecipeError(f"path: there is no file {path.name[:80]!r}. Give a picture that exists.")
    stat = path.stat()
    return _look_at(path, cut, stat.st_mtime_ns, stat.st_size)


@functools.lru_cache(maxsize=4)
def _look_at(path: Path, cut: bool, changed: int, size: int) -> Cutout:
    if not cut:
        return Cutout(read_rgba(path))
    found = cut_out(read_rgba(path, CUT_SIDE))
    return Cutout(_trimmed(found.picture), found.reason)


def open_picture(step: Picture, onto: Onto) -> "PictureLayer":
    """See `vgan.overlays`. Raises RecipeError and MediaError as `look_at`."""
    found = look_at(Path(step.path), step.cut_out)
    if found.reason:
        log.warning("%s: %s", Path(step.path).name, found.reason)
    return PictureLayer(step, onto, found.picture)


class PictureLayer:
    """A picture in its place, all of it inside the safe zone."""

    def __init__(self, step: Picture, onto: Onto, rgba: np.ndarray):
        self._step, self._fps, self._side = step, onto.extent.fps, min(onto.extent.size)
        rgba = framed(rgba, step.rounded)
        width, height = size_of((rgba.shape[1], rgba.shape[0]), step, onto.safe)
        shaped = _rounded(resized(rgba, (width, height)), step.rounded)
        self._shown, self._margin = _shadowed(shaped, step.shadow)
        box = onto.safe
        left = box.left + step.x * box.size[0] - width / 2
        top = box.top + step.y * box.size[1] - height / 2
        self._left = round(min(max(left, box.left), box.right - width)) - self._margin
        self._top = round(min(max(top, box.top), box.bottom - height)) - self._margin
        self._still = Blended.of(self._shown)

    def at(self, frame: int) -> Sequence[Patch]:
        """See `vgan.overlays.around.Layer`."""
        step = self._step
        now = pose(float(frame / self._fps), step.start, step.end, step.enter, step.leave)
        if now is None:
            return ()
        top = self._top + round(now.drop * self._side)
        opacity = now.opacity * step.strength
        if now.size == 1:
            return (Patch(self._left, top, self._still, opacity),)
        height, width = self._shown.shape[:2]
        size = max(1, round(width * now.size)), max(1, round(height * now.size))
        left, top = self._left + (width - size[0]) // 2, top + (height - size[1]) // 2
        return (Patch(left, top, Blended.of(resized(self._shown, size)), opacity),)


def framed(rgba: np.ndarray, rounded: float) -> np.ndarray:
    """The part of a picture that is shown: all of it, or, where it is as round as can be, the square in its middle,
    which becomes a circle."""
    if rounded < 1:
        return rgba
    height, width = rgba.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return np.ascontiguousarray(rgba[top : top + side, left : left + side])


def size_of(own: tuple[int, int], step: Picture, safe: Box) -> tuple[int, int]:
    """(width, height) in pixels of a picture of `own` size: as wide as asked for, unless it would be too tall."""
    wide, tall = safe.size
    width = step.width * wide
    scale = min(width / own[0], TALLEST * tall / own[1])
    return max(1, round(own[0] * scale)), max(1, round(own[1] * scale))


def _trimmed(rgba: np.ndarray) -> np.ndarray:
    """Without the empty places around what can be seen."""
    seen = rgba[..., 3] > 8
    if not seen.any():
        return rgba
    rows, columns = np.flatnonzero(seen.any(1)), np.flatnonzero(seen.any(0))
    return np.ascontiguousarray(rgba[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])


def _rounded(rgba: np.ndarray, rounded: float) -> np.ndarray:
    """With round corners."""
    height, width = rgba.shape[:2]
    radius = rounded * min(width, height) / 2
    if radius < 0.5:
        return rgba
    large = Image.new("L", (FINE * width, FINE * height))
    ImageDraw.Draw(large).rounded_rectangle((0, 0, FINE * width - 1, FINE * height - 1), FINE * radius, 255)
    mask = np.asarray(large.resize((width, height), Image.Resampling.BOX), np.uint16)
    done = rgba.copy()
    done[..., 3] = (rgba[..., 3] * mask + 127) // 255
    return done


def _shadowed(rgba: np.ndarray, shadow: float) -> tuple[np.ndarray, int]:
    """(with a soft shadow beneath, how many pixels wider and taller on each side that is)."""
    if shadow <= 0:
        return rgba, 0
    height, width = rgba.shape[:2]
    blur, drop = BLUR * max(width, height), DROP * max(width, height)
    margin = round(2.5 * blur + drop)
    own = Image.new("RGBA", (width + 2 * margin, height + 2 * margin))
    own.paste(Image.fromarray(rgba), (margin, margin))
    dark = Image.new("L", own.size)
    dark.paste(Image.fromarray(np.ascontiguousarray(rgba[..., 3])), (margin, margin + round(drop)))
    dark = dark.filter(ImageFilter.GaussianBlur(blur)).point(lambda level: round(level * shadow * DARK))
    ground = Image.new("RGBA", own.size, (0, 0, 0, 255))
    ground.putalpha(dark)
    return np.asarray(Image.alpha_composite(ground, own)), margin
