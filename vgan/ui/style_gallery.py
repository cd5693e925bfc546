"""The gallery of styles: those that ship, painted by our network on one of our looks, and those of a visit's own."""

import logging
from pathlib import Path
from typing import Any

from vgan.errors import VganError
from vgan.registry import Models
from vgan.settings import PROJECT
from vgan.ui.folders import address
from vgan.ui.own_styles import OwnStyle, painted_tile
from vgan.zoo import STYLES, Style

log = logging.getLogger(__name__)
SHIPPED = PROJECT / "assets" / "styles"


def build_style_tiles(models: Models, folder: Path = SHIPPED, styles: tuple[str, ...] = ()) -> list[Path]:
    """Paint `<style>.jpg` for each style, by default all that ship. Raises WeightsError, OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name in styles or tuple(STYLES):
        tile, part = folder / f"{name}.jpg", folder / f"{name}.part"
        painted_tile(models, name).save(part, "JPEG", quality=82)
        part.replace(tile)
        written.append(tile)
    return written


class StyleGallery:
    """The tiles of one running app. own: where tiles are painted that do not ship, a folder that is served."""

    def __init__(self, models: Models, own: Path):
        self._models, self._own = models, own

    def paint_missing(self) -> None:
        """Paint the tiles that do not ship. A style that cannot be painted stays without a picture."""
        missing = tuple(name for name in STYLES if self._tile(name) is None)
        try:
            if missing:
                build_style_tiles(self._models, self._own, missing)
        except (VganError, OSError) as error:
            log.warning("no tiles for %s: %s", ", ".join(missing), error)

    def tiles(self, own: list[OwnStyle]) -> list[dict[str, Any]]:
        """The gallery component's `looks`: the visit's own styles first."""
        mine = [{"name": style.name, "title": style.title, "still": style.tile} for style in own]
        return [*mine, *(self._message(style) for style in STYLES.values())]

    def _message(self, style: Style) -> dict[str, Any]:
        tile = self._tile(style.name)
        message = {"name": style.name, "title": style.title, "bytes": 0}
        message |= {"credit": style.credit, "short": style.short_credit}
        return message | ({"still": address(tile)} if tile else {})

    def _tile(self, style: str) -> Path | None:
        return next((tile for folder in (SHIPPED, self._own) if (tile := folder / f"{style}.jpg").is_file()), None)
