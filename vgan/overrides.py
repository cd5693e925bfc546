"""What the command line lays over a recipe: `--set source.seed=7`, and the format that a file name asks for."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from vgan.errors import RecipeError
from vgan.recipe import Recipe
from vgan.share.formats import FORMATS
from vgan.sources import SOURCES


def override(recipe: Recipe, settings: Sequence[str]) -> Recipe:
    """`recipe` with each of `settings` ("dotted.path=value") put in, then checked as a whole.

    A value is JSON (7, true, [0, 1]) or else text; a number in the path counts the items of a list from 0. Raises
    RecipeError as `Recipe.parse` does, and for a setting that cannot be understood.
    """
    fields: dict[str, Any] = {}
    for setting in settings:
        path, separator, text = setting.partition("=")
        if not separator or not all(path.split(".")):
            raise RecipeError(f"--set {setting[:80]!r}: this is not path=value. Example: --set share.fps=24")
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            value = text
        fields[path] = value
    return with_fields(recipe, fields)


def with_fields(recipe: Recipe, fields: Mapping[str, Any]) -> Recipe:
    """`recipe` with values put in by their dotted names, then checked as a whole. Raises RecipeError."""
    data = recipe.model_dump(mode="json")
    for name, value in fields.items():
        put(data, name.split("."), value)
    return Recipe.parse(data)


def for_file(recipe: Recipe, out: Path, explicit: bool) -> Recipe:
    """`recipe` in the format that the name of `out` asks for.

    explicit: whoever wrote the recipe chose its format; a name that asks for another one is then refused. Raises
    RecipeError for that, and for an ending that no format has.
    """
    endings = {ending: name for name, row in FORMATS.items() for ending in (row.extension, row.still) if ending}
    suffix = out.suffix.lower()
    if suffix not in endings:
        raise RecipeError(f"{out.name}: no format ends in {suffix or 'nothing'!r}. Allowed: {', '.join(endings)}.")
    chosen = endings[suffix]
    if explicit and chosen != recipe.share.format:
        raise RecipeError(
            f"share.format: the recipe says {recipe.share.format!r}, the file name {out.name!r} says {chosen!r}. "
            f"Rename the file, or add --set share.format={chosen}"
        )
    frames = SOURCES[recipe.source.kind].extent_of(recipe).frames
    if suffix != FORMATS[chosen].suffix(frames):
        raise RecipeError(f"{out.name}: {frames} frames become a {FORMATS[chosen].suffix(frames)} file. Rename it.")
    return override(recipe, [f"share.format={chosen}"])


def put(data: Any, path: list[str], value: Any) -> None:
    """Set the item at `path`. What does not exist is made: the recipe's own check then names it and what is allowed."""
    for depth, part in enumerate(path):
        last = depth == len(path) - 1
        if isinstance(data, list):
            if not part.isdecimal() or int(part) >= len(data):
                allowed = f"0 to {len(data) - 1}" if data else "none, as the list is empty"
                raise RecipeError(f"{'.'.join(path)[:80]}: there is no item {part[:20]!r}. Allowed: {allowed}.")
            key: Any = int(part)
        elif isinstance(data, dict):
            key = part
        else:
            raise RecipeError(f"{'.'.join(path)[:80]}: {path[depth - 1][:40]!r} is a single value, without fields.")
        if last:
            data[key] = value
        else:
            data = data[key] if isinstance(data, list) else data.setdefault(key, {})
