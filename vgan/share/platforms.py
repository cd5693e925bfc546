"""The platforms that a clip is made for: what each takes, and the part of the picture that it leaves visible.

The rows are in `platforms.toml` beside this file, dated and with their sources: limits move, code need not.
"""

import math
import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from vgan.errors import UnknownName
from vgan.recipe_steps import ASPECTS, Strict

TABLE = Path(__file__).with_name("platforms.toml")
TALLEST = 0.6  # width / height up to which a picture fills a telephone, under the platform's own buttons and words

Share = Annotated[float, Field(ge=0, lt=0.5)]
Margins = tuple[Share, Share, Share, Share]


class Platform(Strict):
    """One row; what the fields mean is said at the top of `platforms.toml`."""

    name: str
    title: str
    source: str
    note: str
    aspects: tuple[str, ...] = Field(min_length=1)
    ratio: tuple[float, float]
    side_least: int = Field(gt=0)
    side_wanted: int = Field(gt=0)
    side_most: int = Field(gt=0)
    seconds: tuple[float, float]
    fps: tuple[float, float]
    fps_wanted: tuple[int, ...] = Field(min_length=1)
    containers: tuple[str, ...] = Field(min_length=1)
    codecs: tuple[str, ...] = Field(min_length=1)
    mb: float = Field(gt=0)
    gif_mb: float | None = None
    mbit: float | None = None
    lufs: float
    peak: float
    sound: bool
    tall: Margins
    margins: Margins

    @model_validator(mode="after")
    def _in_order(self) -> "Platform":
        for field in ("ratio", "seconds", "fps"):
            least, most = getattr(self, field)
            if least >= most:
                raise ValueError(f"{field}: {least:g} is not below {most:g}")
        if not self.side_least <= self.side_wanted <= self.side_most:
            raise ValueError("side_least, side_wanted and side_most do not rise")
        unknown = set(self.aspects) - set(ASPECTS)
        if unknown:
            raise ValueError(f"aspects: {sorted(unknown)} are none")
        return self

    def margins_of(self, size: tuple[int, int]) -> Margins:
        """(left, top, right, bottom) of a picture of `size` (width, height), as shares of it."""
        return self.tall if size[0] / size[1] <= TALLEST else self.margins


def _loaded() -> tuple[str, dict[str, Platform]]:
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    checked: str = table.pop("checked")
    return checked, {name: Platform(name=name, **row) for name, row in table.items()}


CHECKED, PLATFORMS = _loaded()  # year and month of the last comparison with what is published; the rows by name


def find_platform(name: str) -> Platform:
    """The row called `name`. Raises UnknownName for another."""
    if name not in PLATFORMS:
        raise UnknownName("share.platform", name, PLATFORMS)
    return PLATFORMS[name]


def safe_box(platform: str, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """(left, top, right, bottom) in pixels of the part of a picture of `size` (width, height) that `platform` leaves
    visible; right and bottom are the first pixels outside. Raises UnknownName for a platform that no table has."""
    left, top, right, bottom = find_platform(platform).margins_of(size)
    width, height = size
    return (
        math.ceil(left * width),
        math.ceil(top * height),
        math.floor((1 - right) * width),
        math.floor((1 - bottom) * height),
    )
