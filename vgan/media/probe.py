"""Looks into a finished file: what it is, and the recipe that it was made from."""

import functools
import json
from pathlib import Path

from vgan.errors import RecipeError
from vgan.media import guard, xmp
from vgan.media.embed import LONGEST_COMMENT
from vgan.media.raw.look import MediaInfo, kind_of
from vgan.media.raw.trouble import reading
from vgan.recipe import LONGEST_JSON, Recipe
from vgan.small_files import read_small

__all__ = ["TOO_LONG", "MediaInfo", "kind_of", "probe", "recipe_at", "recipe_of", "said_in"]

TOO_LONG = "vgan:RecipeLeftOut"  # in the XMP of a clip whose recipe was too long to be embedded: how long it is


def probe(path: Path) -> MediaInfo:
    """What the file at `path` is, by its content, whatever its name. Frames are counted, not believed.

    Raises MediaError, naming the file, for one that cannot be read.
    """
    with reading(path):
        return guard.one(MediaInfo, "probe", path)


def recipe_of(path: Path) -> Recipe | None:
    """The recipe inside a clip of ours, or None where there is none. Files that it names are named without folders.

    Whatever stands there, no other file is read, and no more than LONGEST_COMMENT characters are looked at. Raises
    MediaError for a file that cannot be read, RecipeError for a recipe that this version does not understand, and for a
    clip whose recipe was too long to go with it.
    """
    with reading(path):
        text = guard.one(str, "comment", path)
    if not text and (length := said_in(path).get(TOO_LONG)):
        raise RecipeError(
            f"recipe: that of {path.name} was left out of the file: it has {str(length)[:20]} characters, and at most "
            f"{LONGEST_COMMENT:,} go with a clip. Shorten captions to keep it."
        )
    try:
        data = json.loads(text) if len(text) <= LONGEST_COMMENT else None
    except (ValueError, RecursionError):
        return None  # nothing, or somebody else's comment
    if not isinstance(data, dict) or not isinstance(data.get("source"), dict):
        return None
    return Recipe.parse(data).portable()


def said_in(path: Path) -> dict[str, xmp.Value]:
    """What the XMP in a clip or picture says, by names as in `vgan.media.xmp`; nothing where there is none.

    Raises MediaError for a file that cannot be read, and for XMP that is none.
    """
    with reading(path):
        stat = path.stat()
        return dict(_said(path, stat.st_mtime_ns, stat.st_size))


@functools.lru_cache(maxsize=16)
def _said(path: Path, changed: int, size: int) -> dict[str, str | list[dict[str, str]]]:
    return guard.one(dict[str, str | list[dict[str, str]]], "said", path)


def recipe_at(path: Path) -> Recipe | None:
    """The recipe that a file is (.json), or that a clip carries; None for a clip without. Raises as `recipe_of`."""
    if path.suffix.lower() == ".json":
        return Recipe.parse(read_small(path, LONGEST_JSON, "recipe"))
    return recipe_of(path)
