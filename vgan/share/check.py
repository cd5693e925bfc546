"""The post-ready check: whether a finished file is what a platform takes, as read back from the file itself."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from vgan.errors import MediaError, RecipeError
from vgan.media.inside import look_inside
from vgan.media.loudness import measure
from vgan.media.probe import recipe_of
from vgan.share import judge_clip, judge_file
from vgan.share.platforms import Platform, find_platform
from vgan.share.points import Judge, Point, Seen
from vgan.share.provenance import discloses

__all__ = ["JUDGES", "Point", "Report", "check"]

JUDGES: dict[str, Judge] = {
    "whole": judge_file.whole,
    "container": judge_file.container,
    "codec": judge_file.codec,
    "profile": judge_file.profile,
    "pixels": judge_file.pixels,
    "colours": judge_file.colours,
    "grid": judge_file.grid,
    "aspect": judge_clip.aspect,
    "side": judge_clip.side,
    "rate": judge_clip.rate,
    "steady": judge_clip.steady,
    "length": judge_clip.length,
    "weight": judge_file.weight,
    "bits": judge_file.bits,
    "faststart": judge_file.faststart,
    "keys": judge_clip.keys,
    "sound": judge_clip.sound,
    "together": judge_clip.together,
    "loudness": judge_clip.loudness,
    "peak": judge_clip.peak,
    "first": judge_clip.first,
    "seam": judge_clip.seam,
    "recipe": judge_file.recipe,
    "disclosure": judge_file.disclosure,
}


@dataclass(frozen=True)
class Report:
    """What was found in a file: its points, in the order of `JUDGES`; those that do not apply to its kind are left
    out."""

    name: str
    platform: Platform
    points: tuple[Point, ...]

    @property
    def passes(self) -> bool:
        """Whether the platform takes the file: no point fails. Some may still warn."""
        return not self.having("no")

    def having(self, *results: str) -> tuple[Point, ...]:
        """The points whose `passes` is one of `results`."""
        return tuple(point for point in self.points if point.passes in results)

    def __getitem__(self, name: str) -> Point:
        """The point called `name`. Raises KeyError where it does not apply."""
        found = {point.name: point for point in self.points}
        return found[name]

    def __contains__(self, name: str) -> bool:
        return any(point.name == name for point in self.points)

    def __iter__(self) -> Iterator[Point]:
        return iter(self.points)

    def as_dict(self) -> dict[str, Any]:
        """The report for JSON, in English."""
        points = [
            {
                "name": point.name,
                "title": point.title,
                "passes": point.passes,
                "found": str(point.found),
                "wanted": str(point.wanted),
                "mend": None if point.mend is None or point.passes == "yes" else dict(point.mend),
            }
            for point in self.points
        ]
        return {"file": self.name, "platform": self.platform.name, "passes": self.passes, "points": points}


def check(path: Path, platform: str) -> Report:
    """Whether the file at `path` is ready to be posted on `platform`, point by point.

    Raises UnknownName for a platform that no table has, MediaError for a file that cannot be read as a clip or picture.
    """
    row = find_platform(platform)
    inside, loudness = look_inside(path), None
    if inside.sound is not None:
        try:
            loudness = measure(path)
        except MediaError:
            inside = replace(inside, whole=False)
    seen = Seen(inside, loudness, _has_recipe(path), discloses(path))
    points = (judge(seen, row) for judge in JUDGES.values())
    return Report(path.name, row, tuple(point for point in points if point is not None))


def _has_recipe(path: Path) -> bool | None:
    """None: there is one, and it was tampered with."""
    with suppress(RecipeError):
        return recipe_of(path) is not None
    return None
