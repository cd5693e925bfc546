"""Where the parts of a template stand: below each other, however long their words turn out, in any shape."""

from itertools import pairwise
from pathlib import Path
from typing import Any

from vgan.errors import RecipeError
from vgan.overlays.around import Box
from vgan.overlays.picture import framed, look_at, size_of
from vgan.recipe import Recipe
from vgan.recipe_overlays import OVERLAY_KINDS, Picture, Text
from vgan.templates.model import Stack
from vgan.text.layout import Block, lay_out

SMALLER = 0.94  # what is too tall for the safe zone becomes so much smaller, again and again
TRIES = 24
LEAST = 0.5  # of its size, to which words are made smaller so that they have no more lines than they should
SIZES = {"captions": "size", "countdown": "size", "picture": "width", "wave": "height"}  # what makes each of them tall
HINTS = {"gap": (-0.3, 0.5), "lines": (1, 20), "middle": (0.0, 1.0)}  # of a part, for its place; not in a recipe


def stand(overlays: list[dict[str, Any]], stack: Stack, safe: Box, side: int) -> None:
    """Give each of `overlays` that does not say where it stands, by its `y`, its place below the one before, in place.

    safe: zone of a picture whose shorter side has `side` pixels. Each may have hints, which are taken out of it: `gap`
    above it, a share of that side; `lines`, how many its words should have at most; `middle`, where the middle of its
    words lies, a share of the zone's width. Where all of it is taller than the zone, everything becomes smaller. Raises
    RecipeError for fields that do not fit, UnknownName and MediaError for fonts and pictures that cannot be used.
    """
    hints = [{name: _hint(overlay.pop(name), name) for name in HINTS if name in overlay} for overlay in overlays]
    Recipe.parse({"overlays": overlays})  # what is wrong with them is said here, by field
    parts = [_Part(one, hint, stack, safe, side) for one, hint in zip(overlays, hints, strict=True) if _waits(one)]
    for part in parts:
        part.narrow()
    for _ in range(TRIES):
        gaps = [0.0, *(below.gap_below(above) for above, below in pairwise(parts))]
        whole = sum(part.height for part in parts) + sum(gaps)
        if whole <= safe.size[1]:
            break
        for part in parts:
            part.shrink()
    top = max(0.0, stack.y * (safe.size[1] - whole))
    for part, gap in zip(parts, gaps, strict=False):
        top += gap
        part.place(top)
        top += part.height


class _Part:
    """One of those that stand below each other. height: pixels."""

    def __init__(self, overlay: dict[str, Any], hints: dict[str, float], stack: Stack, safe: Box, side: int):
        self.overlay, self._hints, self._safe, self._side = overlay, hints, safe, side
        self._field, self._kind = SIZES[overlay["kind"]], OVERLAY_KINDS[overlay["kind"]]
        self._asked = self._size = float(overlay.get(self._field, self._kind.model_fields[self._field].default))
        self._gap = hints.get("gap", stack.gap) * side
        self._blocks: list[Block] = []
        self.height = self._measured()

    def narrow(self) -> None:
        """Smaller, until there are no more lines than it should have."""
        least = LEAST * self._size
        while max((len(block.lines) for block in self._blocks), default=0) > self._hints.get("lines", 1000):
            if self._size * SMALLER < least:
                return
            self._resize()

    def shrink(self) -> None:
        """Smaller by a step, with its gap."""
        self._gap *= SMALLER
        self._resize()

    def gap_below(self, above: "_Part") -> float:
        """Pixels between the one above and this; where both are drawn together, less so, the smaller they are."""
        return self._gap if self._gap > 0 else self._gap * min(self._shown, above._shown)

    @property
    def _shown(self) -> float:
        """The size of its words as a share of what was asked for."""
        return min((block.size / (self._asked * self._side) for block in self._blocks), default=1.0)

    def place(self, top: float) -> None:
        """Put it there: words by their edges, all else by its middle."""
        wide, tall = self._safe.size
        if not issubclass(self._kind, Text):
            self.overlay["y"] = _share(top + self.height / 2, tall)
            return
        self.overlay["y"] = _share(top, tall - self.height)
        if "middle" in self._hints and self._blocks:
            width = max(block.width for block in self._blocks)
            self.overlay["x"] = _share(self._hints["middle"] * wide - width / 2, wide - width)

    def _resize(self) -> None:
        self._size = max(0.02, self._size * SMALLER)
        self.overlay[self._field] = round(self._size, 4)
        self.height = self._measured()

    def _measured(self) -> float:
        overlay, safe = self.overlay, self._safe
        if overlay["kind"] == "wave":
            return self._size * self._side
        if overlay["kind"] == "picture":
            step = Picture.model_validate(overlay)
            tall, wide = framed(look_at(Path(step.path), step.cut_out).picture, step.rounded).shape[:2]
            return size_of((wide, tall), step, safe)[1]
        style = Text.model_validate({key: value for key, value in overlay.items() if key in Text.model_fields})
        wide, tall = int(style.width * safe.size[0]), safe.size[1]
        blocks = [lay_out(text, style, self._size * self._side, wide, tall) for text in _texts(overlay)]
        self._blocks = [block for block in blocks if block]
        return max((block.height for block in self._blocks), default=0)


def _waits(overlay: dict[str, Any]) -> bool:
    return overlay.get("kind") in SIZES and "y" not in overlay


def _hint(value: Any, name: str) -> float:
    least, most = HINTS[name]
    if not isinstance(value, (int, float)) or not least <= value <= most:
        raise RecipeError(f"{name}: {str(value)[:40]!r} does not fit. Allowed: {least:g} to {most:g}.")
    return float(value)


def _texts(overlay: dict[str, Any]) -> list[str]:
    if overlay["kind"] == "countdown":
        return [str(overlay.get("first", 10)), str(overlay.get("finish", ""))]
    return [str(cue.get("text", "")) for cue in overlay.get("cues", ())]


def _share(place: float, whole: float) -> float:
    return round(min(max(place / max(whole, 1), 0.0), 1.0), 4)
