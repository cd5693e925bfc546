"""What a person decides about a look of their own, checked."""

import math
import re
from dataclasses import dataclass, field
from pathlib import Path

from vgan.errors import RecipeError
from vgan.settings import Settings
from vgan.zoo import LOOKS

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
PREFIX = "my:"  # before the name of an own look, in recipes
ASPECT = re.compile(r"(\d{1,2}):(\d{1,2})")
LEAST_MINUTES, MOST_MINUTES = 0.02, 24 * 60.0
LEAST_LOOP, MOST_LOOP = 0.5, 30.0
RATES = (1e-6, 1e-2)
TRAININGS = ".training"  # folder among the looks, with the trainings that are under way


@dataclass(frozen=True)
class Trim:
    """The part of a clip that is used, seconds; end None: to its end."""

    start: float = 0.0
    end: float | None = None


@dataclass(frozen=True)
class Options:
    """How footage becomes a look.

    minutes: of training in all, also over several sittings; trim: of every clip, or of those that `trims` does not name
    by file name; crop: the part of the picture that is used: "" all of it, an aspect such as "1:1" (the largest window
    of it, in the middle), or "x,y,w,h" in shares of the picture from its upper left corner; loop_seconds: the footage's
    seconds that one loop lasts, so that it moves as fast as it was; mirror: whether pictures may be turned left to
    right (not where there is lettering); scratch: begin at nothing, not at the looks that ship; rate: learning rate,
    None: what suits; seed: of all that is drawn by lot.
    """

    minutes: float = 20.0
    trim: Trim = Trim()
    trims: dict[str, Trim] = field(default_factory=dict)
    crop: str = ""
    loop_seconds: float = 4.0
    mirror: bool = True
    scratch: bool = False
    rate: float | None = None
    seed: int = 0

    def of(self, clip: Path) -> Trim:
        """The part of `clip` that is used."""
        return self.trims.get(clip.name, self.trim)


def checked(options: Options) -> Options:
    """`options`, every field within its bounds. Raises RecipeError naming the first that is not."""
    _within("minutes", options.minutes, LEAST_MINUTES, MOST_MINUTES)
    _within("loop_seconds", options.loop_seconds, LEAST_LOOP, MOST_LOOP)
    if options.rate is not None:
        _within("rate", options.rate, *RATES)
    _within("seed", options.seed, 0, 2**31 - 1)
    for trim in (options.trim, *options.trims.values()):
        _within("start", trim.start, 0, 36000)
        if trim.end is not None and not trim.start < trim.end <= 36000:
            raise RecipeError(f"end: {trim.end:g} s with a start of {trim.start:g} s. Allowed: later than the start.")
    window(options.crop, (1000, 1000))
    return options


def _within(name: str, value: float, low: float, high: float) -> None:
    if not (math.isfinite(value) and low <= value <= high):
        raise RecipeError(f"{name}: {value:g} is not allowed. Allowed: {low:g} to {high:g}.")


def window(crop: str, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """(left, top, width, height) in pixels of what `crop` leaves of a picture of `size` (width, height).

    Raises RecipeError for a crop that is neither an aspect nor four shares inside the picture.
    """
    width, height = size
    if not crop:
        return 0, 0, width, height
    if aspect := ASPECT.fullmatch(crop.strip()):
        wide, tall = (int(part) for part in aspect.groups())
        if wide and tall and 1 / 4 <= wide / tall <= 4:
            unit = min(width / wide, height / tall)
            inner = max(1, round(wide * unit)), max(1, round(tall * unit))
            return (width - inner[0]) // 2, (height - inner[1]) // 2, *inner
    try:
        x, y, w, h = (float(part) for part in crop.split(","))
        if 0 <= x < 1 and 0 <= y < 1 and 0 < w <= 1 - x + 1e-6 and 0 < h <= 1 - y + 1e-6:
            left, top = round(x * width), round(y * height)
            return left, top, max(1, min(round(w * width), width - left)), max(1, min(round(h * height), height - top))
    except ValueError:
        pass  # said below
    raise RecipeError(
        f"crop: {crop[:60]!r} is not allowed. Allowed: an aspect from 1:4 to 4:1, such as 1:1, or x,y,w,h in shares of "
        "the picture from 0 to 1, such as 0.1,0,0.8,1."
    )


def checked_name(name: str, settings: Settings, again: bool = False) -> str:
    """`name`, if a look of one's own may be called so. again: a training of it goes on. Raises RecipeError."""
    name = name.removeprefix(PREFIX)
    if not NAME.fullmatch(name):
        raise RecipeError(
            f"name: {name[:60]!r} is not allowed. Allowed: 1 to 40 small letters a to z, digits and hyphens, such as "
            "my-river."
        )
    if name in LOOKS:
        raise RecipeError(f"name: {name!r} is a look of the gallery. Choose another, such as my-{name}.")
    if (settings.looks / name).exists() and not again:
        raise RecipeError(
            f"name: {name!r} is taken by a look of yours in {settings.looks}. Choose another, or remove that one first."
        )
    return name
