"""A brand kit: a logo, two to four colours, a font and a name, which templates are then set in."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from vgan.errors import RecipeError
from vgan.media.rgba import read_rgba
from vgan.recipe_overlays import Colour, Corner
from vgan.recipe_steps import Strict
from vgan.small_files import is_file, read_small

ROLES = ("accent", "second", "ink", "paper")  # what a kit's colours are, in their order
ENOUGH = 4.5  # contrast of words to what is behind them: WCAG 2.2, success criterion 1.4.3
LONGEST_KIT = 1 << 16  # bytes; a kit has a few hundred
LOGO_WIDTH = 0.18  # of the safe zone's width
_EXACT = ("#ffffff", "#000000")


class Brand(Strict):
    """What makes a clip somebody's own. A logo's path may be relative to the kit's file."""

    name: str = Field("", max_length=60, description="What the brand is called.")
    handle: str = Field("", max_length=60, description="Where it is found, such as @name.")
    logo: str = Field("", max_length=1000, description="A picture: PNG, JPEG or WebP. What is transparent stays so.")
    corner: Corner = Field("top-left", description="Where the logo stands, inside the safe zone.")
    colours: tuple[Colour, ...] = Field(
        (), max_length=4, description="Two to four: the accent, a second one, a dark one for words and a light one."
    )
    font: str = Field("", max_length=1000, description="A font of the list, or a font file of your own.")

    @property
    def roles(self) -> dict[str, str]:
        """Its colours by what they are for: of `accent`, `second`, `ink` and `paper`, those that it has."""
        return dict(zip(ROLES, self.colours, strict=False))

    @property
    def overlay(self) -> dict[str, Any] | None:
        """The logo in its corner as an overlay of a recipe; None without a logo."""
        if not self.logo:
            return None
        top, left = self.corner.startswith("top"), self.corner.endswith("left")
        place = {"x": 0.0 if left else 1.0, "y": 0.0 if top else 1.0}
        return {"kind": "picture", "path": self.logo, "width": LOGO_WIDTH, "enter": "fade", "leave": "none", **place}


def load_brand(path: Path) -> Brand:
    """The kit in the JSON file at `path`, checked, with its logo read once.

    Raises RecipeError, naming file and field, for what is no kit; MediaError for a logo that cannot be used.
    """
    text = read_small(path, LONGEST_KIT, "brand kit")
    try:
        brand = Brand.model_validate(json.loads(text))
    except ValidationError as error:
        fault = error.errors()[0]
        field = ".".join(str(part) for part in fault["loc"])[:80]
        shown, fields = repr(fault.get("input"))[:80], ", ".join(Brand.model_fields)
        raise RecipeError(f"{path.name}: {field}: {fault['msg']}; got {shown}. Fields: {fields}.") from error
    except (ValueError, RecursionError) as error:
        raise RecipeError(f"{path.name}: this is not JSON ({str(error)[:120]}).") from error
    return checked(brand, path.parent)


def checked(brand: Brand, folder: Path | None = None) -> Brand:
    """`brand` with its logo found in `folder`. Raises RecipeError and MediaError as `load_brand`."""
    if len(brand.colours) == 1:
        raise RecipeError("colours: a brand kit has two to four, or none; got 1. Add a second one.")
    if not brand.logo:
        return brand
    logo = Path(brand.logo)
    logo = logo if folder is None or logo.is_absolute() else folder / logo
    if not is_file(logo):
        raise RecipeError(f"logo: there is no file {logo.name[:80]!r}. Give a picture that exists, or leave it empty.")
    read_rgba(logo)
    return brand.model_copy(update={"logo": str(logo)})


def save_brand(brand: Brand, path: Path) -> None:
    """Write `brand` to `path` as JSON. Raises OSError where that cannot be written."""
    path.write_text(json.dumps(brand.model_dump(mode="json"), indent=1, ensure_ascii=False), encoding="utf-8")


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours "#rrggbb", 1 to 21, as WCAG 2.2 defines it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def readable(colour: str, ground: str, others: Iterable[str] = ()) -> str:
    """`colour` if words in it can be read on `ground`; else the first of `others`, or black or white, that can."""
    for candidate in (colour, *others):
        if contrast(candidate, ground) >= ENOUGH:
            return candidate
    return max(_EXACT, key=lambda exact: contrast(exact, ground))


def _luminance(colour: str) -> float:
    """Relative luminance, 0 to 1, of an sRGB colour."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise RecipeError(f"colour: {colour[:40]!r} is none. Write it as #rrggbb.")
    parts = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
