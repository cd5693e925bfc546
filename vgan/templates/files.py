"""Templates as small files, TOML or JSON: the shipped ones, and those that people add by dropping one in."""

import json
import logging
import math
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from vgan.errors import RecipeError, VganError
from vgan.settings import PROJECT, Settings
from vgan.templates.fill import BLANK, DEEPEST, fill
from vgan.templates.model import FONT_ROLES, LANGUAGES, Template
from vgan.text.font_list import FONTS

log = logging.getLogger(__name__)

SHIPPED = PROJECT / "assets" / "templates"
SAMPLES = {
    "picture": PROJECT / "assets" / "looks" / "aurora.jpg",
    "sound": PROJECT / "assets" / "examples" / "sailing.mp4",
}
LONGEST = 1 << 16  # bytes; a template has a few thousand
MOST = 200  # files of a folder
ENDINGS = (".toml", ".json")
PARTS = ("source", "steps", "overlays", "sound", "share")  # of a recipe, that a template may have
# Fields that name files, and what they may be besides: words of a list, and roles of a brand kit.
FILES: dict[str, tuple[str, ...]] = {
    "path": ("$logo",),
    "music": (),
    "font": (*FONTS, *(f"${role}" for role in FONT_ROLES)),
}
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")


@dataclass(frozen=True)
class Listed:
    """A template's file. template: None where `error` says why it cannot be used."""

    path: Path
    template: Template | None
    error: str = ""


def templates(folders: Sequence[Path] | None = None) -> dict[str, Listed]:
    """All templates by name: those of `folders`, by default the shipped ones and those of the host's own folder
    (VGAN_TEMPLATES). One of a later folder takes the place of an earlier one of its name, unless it is broken."""
    if folders is None:
        own = Settings().templates
        folders = (SHIPPED, own) if own else (SHIPPED,)
    found: dict[str, Listed] = {}
    for path in (path for folder in folders for path in _files(folder)):
        try:
            found[path.stem] = Listed(path, load(path))
        except RecipeError as error:
            log.warning("%s", error)
            found[path.stem if path.stem not in found else path.name] = Listed(path, None, str(error))
    return found


def load(path: Path, trusted: bool = True) -> Template:
    """The template in the file at `path`, checked: it is filled with samples of everything that it asks for.

    trusted: whether it may name files of this host, such as a logo, as those that the host has put there do. A
    stranger's may only ask for files in blanks. Raises RecipeError, naming the file and what is wrong: unknown blanks
    in the recipe, blanks that it never uses, unknown fields, values out of bounds, files of more than LONGEST bytes.
    """
    try:
        if not _NAME.fullmatch(path.stem) or path.suffix.lower() not in ENDINGS:
            raise RecipeError("a template is called like birthday.toml or birthday.json, in small letters. Rename it.")
        template = _template(path.stem, _read(path))
        _check_blanks(template)
        if not trusted:
            _check_files(template, template.recipe, "recipe")
        silent = template.model_copy(update={"until": ""})  # the sample has no sound
        for language in LANGUAGES:
            fill(silent, _samples(template), language=language)
        return template
    except ValidationError as error:
        fault = error.errors()[0]
        field = ".".join(str(part) for part in fault["loc"])[:80]
        raise RecipeError(f"{path.name}: {field}: {fault['msg']}; got {repr(fault.get('input'))[:80]}.") from error
    except VganError as error:
        raise RecipeError(f"{path.name}: {error}") from error


def _files(folder: Path) -> list[Path]:
    try:
        found = sorted(path for path in folder.iterdir() if path.suffix.lower() in ENDINGS and path.is_file())
    except OSError as error:
        log.warning("the folder of templates %s cannot be read: %s", folder, error.strerror)
        return []
    return found[:MOST]


def _read(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            data = file.read(LONGEST + 1)
    except OSError as error:
        raise RecipeError(f"this cannot be read ({error.strerror}).") from error
    if len(data) > LONGEST:
        raise RecipeError(f"this is too long for a template. Allowed: {LONGEST} bytes.")
    try:
        text = data.decode("utf-8")
        made = tomllib.loads(text) if path.suffix.lower() == ".toml" else json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RecipeError(f"this is not {path.suffix[1:].upper()} ({str(error)[:120]}).") from error
    if not isinstance(made, dict):
        raise RecipeError("this is a list or a single value. A template has title, about, blanks and recipe.")
    return made


def _template(name: str, data: dict[str, Any]) -> Template:
    template = Template.model_validate({**data, "name": name})
    unknown = sorted(set(template.recipe) - set(PARTS))
    if unknown:
        raise RecipeError(f"recipe.{unknown[0][:40]}: no such part. A template's recipe has {', '.join(PARTS)}.")
    return template


def _check_blanks(template: Template) -> None:
    if "line" in template.blanks:
        raise RecipeError("blanks.line: {line} is each line of a long text. Give the blank another name.")
    if template.until and getattr(template.blanks.get(template.until), "kind", "") != "sound":
        raise RecipeError(f"until: {template.until!r} is no blank of the kind 'sound'. Name one, or leave it out.")
    used = set(_used(template.recipe, 0))
    unknown, unused = sorted(used - set(template.blanks)), sorted(set(template.blanks) - used)
    if unknown:
        raise RecipeError(f"the recipe has unknown blanks: {', '.join(unknown)}. Add them to `blanks`, or remove them.")
    if unused:
        raise RecipeError(f"these blanks are never used: {', '.join(unused)}. Use them in the recipe, or remove them.")


def _used(part: Any, depth: int) -> Iterator[str]:
    """Names of the blanks that a part of a recipe needs."""
    if depth > DEEPEST:
        raise RecipeError(f"this is nested too deeply. Allowed: {DEEPEST} levels.")
    if isinstance(part, str):
        yield from (name for name in BLANK.findall(part) if name and name != "line")
    elif isinstance(part, list):
        for item in part:
            yield from _used(item, depth + 1)
    elif isinstance(part, dict):
        for key, inner in part.items():
            if key in {"$", "with", "without", "each"} and isinstance(inner, str):
                yield inner
            else:
                yield from _used(inner, depth + 1)


def _check_files(template: Template, part: Any, place: str) -> None:
    """Raises RecipeError for a file that is not asked for in a blank: neither named, nor put together from words."""
    if isinstance(part, list):
        for index, item in enumerate(part):
            _check_files(template, item, f"{place}.{index}")
    for key, inner in part.items() if isinstance(part, dict) else ():
        if key not in FILES:
            _check_files(template, inner, f"{place}.{key}")
        elif not _is_asked_for(template, inner) and inner not in FILES[key]:
            allowed = ", ".join(['{ "$" = "a blank of the kind picture or sound" }', *FILES[key]])
            raise RecipeError(
                f"{place[:80]}.{key}: {str(inner)[:80]!r} is no file that this template asks for. Allowed: {allowed}."
            )


def _is_asked_for(template: Template, part: Any) -> bool:
    blank = template.blanks.get(str(part["$"])) if isinstance(part, dict) and part.keys() == {"$"} else None
    return blank is not None and blank.kind in {"picture", "sound"}


_SAMPLES = {"date": "2026-06-12", "colour": "#336699", "text": "Ada", "longtext": "Ada\nLovelace"}


def _samples(template: Template) -> dict[str, Any]:
    """Something for every blank, so that nothing of the recipe stays unchecked."""
    made: dict[str, Any] = {}
    for name, blank in template.blanks.items():
        if blank.kind in SAMPLES:
            made[name] = str(SAMPLES[blank.kind])
        elif blank.kind == "choice":
            made[name] = next(iter(blank.choices))
        elif blank.kind == "number":
            made[name] = blank.default or min(max(5.0, blank.min), blank.max or math.inf)
        else:
            made[name] = blank.default_in("en") or _SAMPLES[blank.kind][: blank.most]
    return made
