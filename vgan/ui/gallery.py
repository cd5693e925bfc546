"""Moving tiles of the looks: shipped with the app, or drawn once from whatever weights are there."""

import functools
import logging
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from vgan import own_looks
from vgan.errors import VganError
from vgan.hub import sha256_of
from vgan.own_looks import OwnLook
from vgan.own_looks.shelf import WEIGHTS
from vgan.recipe import ATTRIBUTES, Generate, Recipe, generated
from vgan.registry import Models
from vgan.settings import PROJECT
from vgan.sources.generate import preview
from vgan.ui.folders import address
from vgan.ui.services import Studio
from vgan.ui.strip import animated
from vgan.unfinished import unfinished
from vgan.zoo import LOOKS, MODELS, Look, find_model

log = logging.getLogger(__name__)
SHIPPED = PROJECT / "assets" / "looks"
TILE_SIDE = 160
TILE_SECONDS = 4.0
TILE_FRAMES = 16

# Looks that show best in other colours than the default ones.
_FLATTERING: dict[str, dict[str, Any]] = {
    "aurora": {"hue": 0.42, "saturation": 0.7},
    "silk": {"hue": 0.92, "saturation": 0.6},
    "ink": {"hue": 0.62, "saturation": 0.45, "contrast": 0.7},
    "liquid": {"hue": 0.8, "saturation": 0.8},
    "caustics": {"hue": 0.52, "saturation": 0.7},
    "bokeh": {"hue": 0.08, "saturation": 0.7},
    "marble": {"hue": 0.12, "saturation": 0.4},
    "embers": {"hue": 0.05, "saturation": 0.85},
    "clouds": {"hue": 0.58, "saturation": 0.5},
    "waves": {"hue": 0.56, "saturation": 0.65},
    "confetti": {"hue": 0.95, "saturation": 0.8},
    "neon": {"hue": 0.83, "saturation": 0.9},
}


def tile_source(look: str) -> Generate:
    """What the tile of `look` shows."""
    return Generate(look=look, seconds=TILE_SECONDS, **_FLATTERING.get(look, {}))


def own_source(look: OwnLook) -> Generate:
    """A look that was trained here as its footage was: what its tile shows, and Create begins with."""
    known = {name: value for name, value in look.typical.items() if name in ATTRIBUTES}
    source = {"kind": "generate", "look": look.name, "seconds": min(12.0, max(2.0, round(2 * look.loop_seconds) / 2))}
    return generated(Recipe.parse({"source": source | known}))


@functools.lru_cache(maxsize=256)
def _fingerprint(weights: Path, changed: int, size: int) -> str:
    return sha256_of(weights)[:16]


def build_tiles(models: Models, folder: Path, looks: tuple[str, ...] = ()) -> list[Path]:
    """Draw `<look>.webp` (moving) and `<look>.jpg` (its first frame) for each look, by default all that are bundled.

    Raises WeightsError for a look whose weights are not there, OSError where `folder` cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names = looks or tuple(look.name for look in LOOKS.values() if MODELS[look.model].folder)
    return [_draw(models, tile_source(name), folder / f"{name}.webp") for name in names]


def _draw(models: Models, source: Generate, moving: Path) -> Path:
    """The tile of `source`: `moving`, and its first frame beside it."""
    frames = square(preview(source, "1:1", models, TILE_FRAMES))
    with unfinished(moving.with_suffix(".jpg")) as part:
        Image.fromarray(frames[0]).save(part.path, "JPEG", quality=80)
        part.finish()
    with unfinished(moving) as part:
        part.path.write_bytes(animated(frames, TILE_SECONDS, "webp", quality=70, method=3))
        part.finish()
    return moving


def square(frames: np.ndarray, side: int = TILE_SIDE) -> np.ndarray:
    """uint8 frames (T, H, W, 3), cropped to their middle square and resized to (T, side, side, 3)."""
    _, height, width, _ = frames.shape
    short = min(height, width)
    top, left = (height - short) // 2, (width - short) // 2
    cut = frames[:, top : top + short, left : left + short]
    return np.stack(
        [np.asarray(Image.fromarray(frame).resize((side, side), Image.Resampling.LANCZOS)) for frame in cut]
    )


class Gallery:
    """The tiles of one running app. own: where tiles are drawn that do not ship, a folder that is served."""

    def __init__(self, studio: Studio, own: Path):
        self._studio, self._own = studio, own

    def draw_missing(self) -> None:
        """Draw the tiles of bundled looks that do not ship, from the weights that are there."""
        for look in LOOKS.values():
            if MODELS[look.model].folder and not self._complete(SHIPPED, look):
                self.draw(look.name)

    def draw(self, look: str) -> None:
        """Draw the tile of `look`. One that cannot be drawn stays without a picture: the gallery works all the same."""
        try:
            build_tiles(self._studio.models, self._own, (look,))
        except (VganError, OSError) as error:
            log.warning("no tile for %s: %s", look, error)

    def tiles(self) -> list[dict[str, Any]]:
        """The gallery component's `looks`: name, title, addresses of pictures, or size and licence. Those that were
        trained here come first."""
        mine = [self.own_tile(look) for look in own_looks.own_looks(self._studio.settings)]
        return [*mine, *(self._tile(look) for look in LOOKS.values())]

    def own_tile(self, look: OwnLook) -> dict[str, Any]:
        """The tile of a look that was trained here, drawn when it is first seen, anew for other weights."""
        tile = {"name": look.name, "title": look.title, "bytes": 0}
        weights = look.folder / WEIGHTS
        try:
            stat = weights.stat()
            moving = self._own / f"{look.folder.name}-{_fingerprint(weights, stat.st_mtime_ns, stat.st_size)}.webp"
            if not moving.is_file():
                self._own.mkdir(parents=True, exist_ok=True)
                _draw(self._studio.models, own_source(look), moving)
        except (VganError, OSError) as error:
            log.warning("no tile for %s: %s", look.name, error)
            return tile
        return tile | {"moving": address(moving), "still": address(moving.with_suffix(".jpg"))}

    def _tile(self, look: Look) -> dict[str, Any]:
        spec, folder = find_model(look.model), self._folder(look)
        if folder:
            moving, still = (address(folder / f"{look.name}.{end}") for end in ("webp", "jpg"))
            return {"name": look.name, "title": look.title, "moving": moving, "still": still}
        missing = self._studio.to_fetch(look.name) is not None
        return {"name": look.name, "title": look.title, "bytes": spec.bytes if missing else 0, "licence": spec.licence}

    def _folder(self, look: Look) -> Path | None:
        return next((folder for folder in (SHIPPED, self._own) if self._complete(folder, look)), None)

    @staticmethod
    def _complete(folder: Path, look: Look) -> bool:
        return all((folder / f"{look.name}.{end}").is_file() for end in ("webp", "jpg"))
