"""Styles of a visitor's own: fitted to a picture, or brought as a file or a Hub repository."""

from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from vgan.fitting import fit_picture
from vgan.models.stylizer import StyleVector
from vgan.recipe import Generate, Recipe, Share
from vgan.recipe_steps import Stylize
from vgan.registry import Models
from vgan.render import still
from vgan.ui.finished import free_name
from vgan.ui.jobs import Report
from vgan.ui.strip import jpeg
from vgan.zoo import Style

TILE_SIDE = 256  # what a tile is painted at, pixels
TILE_SHOWN = 192  # what is kept of it, pixels a side
TILE_SOURCE = Generate(look="marble", seed=3)


@dataclass(frozen=True)
class OwnStyle:
    """name: in recipes; file: where it lies, None on the Hub; saved: whether it is a small file that a person can keep
    and push; tile: a picture painted in it, a data URI."""

    name: str
    title: str
    file: Path | None
    saved: bool
    tile: str


def fit(models: Models, picture: Path, folder: Path, report: Report, seconds: float) -> Path:
    """Fit a style to `picture` and save it in `folder`, named like the picture; returns the file.

    Raises as `vgan.fitting.fit_picture`.
    """
    stem = "".join(sign if sign.isalnum() else "-" for sign in picture.stem).strip("-")[:60] or "style"
    out = free_name(folder, f"{stem}.safetensors")
    fit_picture(models, picture, out, report, seconds)
    return out


def opened(models: Models, style: Style) -> bool:
    """Load a style. Returns whether it is a vector for our network. Raises as `Models.get`."""
    return isinstance(models.get(style.model), StyleVector)


def style_tile(models: Models, style: str) -> str:
    """A small square picture in `style`, a JPEG data URI. Raises as `vgan.render.still`."""
    return jpeg(painted_tile(models, style), 82)


def painted_tile(models: Models, style: str) -> Image.Image:
    """One of our looks in `style`, TILE_SHOWN pixels a side."""
    step = Stylize(style=style, canvas=TILE_SIDE)
    recipe = Recipe(source=TILE_SOURCE, steps=(step,), share=Share(aspect="1:1", short_side=TILE_SIDE))
    _, after = still(recipe, models)
    return Image.fromarray(after).resize((TILE_SHOWN, TILE_SHOWN), Image.Resampling.LANCZOS)
