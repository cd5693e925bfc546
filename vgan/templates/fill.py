"""A template with values in its blanks becomes a recipe, alone or over the clip at hand."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vgan.brand import Brand, readable
from vgan.errors import RecipeError, UnknownName
from vgan.media.extent import Extent
from vgan.media.music import sound_facts
from vgan.overlays.around import Box
from vgan.plan import plan
from vgan.recipe import MAX_SECONDS, Generate, Recipe
from vgan.share.platforms import safe_box
from vgan.templates.model import FONT_ROLES, LANGUAGES, Template
from vgan.templates.stack import stand
from vgan.templates.timing import lines_of, set_times, squeezed
from vgan.templates.values import Value, checked_values, shown

BLANK = re.compile(r"\{\{|\}\}|\{([a-z][a-z0-9_]{0,39})\}|[{}]")
SHAPES = {"wide": 1.3, "square": 0.7, "tall": 0.0}  # what an overlay may say for each, by the least width / height
SOLID = 0.5  # opacity from which on a box is what words stand on
DEEPEST = 10  # levels of a template's recipe
GONE = object()  # in the place of what needs an optional blank that is empty


def fill(
    template: Template,
    values: Mapping[str, Any],
    brand: Brand | None = None,
    base: Recipe | None = None,
    language: str = "en",
    aspect: str | None = None,
    extent: Extent | None = None,
) -> Recipe:
    """The recipe of `template` with `values` in its blanks.

    values: by the blanks' names; what is missing is the brand kit's, or the default. brand: its colours, font and logo
    take the place of the template's. base: the clip at hand, whose source and steps stay; the template's overlays take
    the place of its own, but for marks, and what the template says about sound and share is laid over. Without it, the
    template brings its own look. language: "en" or "zh", of words that the template brings. aspect: of the file, where
    the template is alone; places are worked out for it, so another shape is another call. extent: of the file of
    `base`, where it is known already. Times are squeezed into an uploaded clip; a look plays for as long as there is to
    read. Raises RecipeError, naming the blank, for values that do not fit, MediaError for pictures and clips that
    cannot be read, and as `Recipe.parse`.
    """
    if language not in LANGUAGES:
        raise UnknownName("language", language, LANGUAGES)
    if base is not None:
        extent = extent or plan(base).final
        size, platform = extent.size, base.share.platform
    else:
        share = Recipe.parse({"share": template.recipe.get("share", {}) | ({"aspect": aspect} if aspect else {})}).share
        size, platform = share.size(), share.platform
    shape = next(name for name, least in SHAPES.items() if size[0] / size[1] >= least)
    setting = _Setting(template, checked_values(template, values, brand, language), brand, language, shape)
    made = setting.parts()
    overlays = [one for one in made.get("overlays", []) if one.get("cues", True)]
    needed = set_times(overlays)
    for overlay in overlays:
        _keep_readable(overlay, setting)
    stand(overlays, template.stack, Box(*safe_box(platform, size)), min(size))
    if brand and brand.overlay and not setting.has_logo:
        overlays.append(brand.overlay)
    if not (made["sound"].get("music") or (base and base.sound and base.sound.music)):
        made["sound"] = {}  # nothing is heard but the clip's own sound, which stays as it is
    if base is None or extent is None:
        made |= {"overlays": overlays, "source": _long_enough(made.get("source", {}), needed, setting)}
        if aspect is not None:
            made["share"] = made.get("share", {}) | {"aspect": aspect}
        return Recipe.parse(made | {"sound": made["sound"] or None})
    return Recipe.parse(_over(base, made, overlays, needed, extent.seconds, template))


def _over(
    base: Recipe,
    made: dict[str, Any],
    overlays: list[dict[str, Any]],
    needed: float,
    seconds: float,
    template: Template,
) -> dict[str, Any]:
    """The parts of a filled template over those of `base`."""
    data = base.model_dump(mode="json")
    if isinstance(base.source, Generate):
        data["source"]["loops"] = _loops(data["source"], needed * _played(base.source) / seconds, template)
    elif needed > seconds > 0:
        squeezed(overlays, seconds / needed)
    data["overlays"] = [*overlays, *(one for one in data["overlays"] if one["kind"] == "mark")]
    data["share"] |= made.get("share", {})
    if made["sound"]:
        data["sound"] = (data["sound"] or {}) | made["sound"]
    return data


def _long_enough(source: dict[str, Any], needed: float, setting: "_Setting") -> dict[str, Any]:
    """A look's own loop, played for as long as there is to read and to hear, the loop a little longer if need be."""
    if source.get("kind", "generate") != "generate":
        return source
    needed = max(needed, setting.heard())
    loops = _loops(source, needed, setting.template)
    seconds = min(max(_seconds(source), math.ceil(10 * needed / loops) / 10), MAX_SECONDS / loops)
    return source | {"kind": "generate", "loops": loops, "seconds": seconds}


def _played(source: Generate) -> float:
    """Seconds for which a look plays, before steps that make a clip longer or shorter."""
    return source.seconds * source.loops


def _loops(source: dict[str, Any], needed: float, template: Template) -> int:
    if needed > MAX_SECONDS:
        raise RecipeError(
            f"{template.name}: {needed:.0f} s are needed to read all of it; a clip has {MAX_SECONDS:g} s at most. "
            "Shorten the words."
        )
    return max(int(source.get("loops", 1)), min(math.ceil(needed / _seconds(source) - 0.05), 60))


def _seconds(source: dict[str, Any]) -> float:
    return float(source.get("seconds", Generate.model_fields["seconds"].default))


def _keep_readable(overlay: dict[str, Any], setting: "_Setting") -> None:
    """Words that stand on a box of their own keep their contrast to it, whatever colours a brand has."""
    if overlay.get("box", 0) >= SOLID:
        ground, others = overlay.get("box_colour", "#000000"), (setting.roles["ink"], setting.roles["paper"])
        for field, usual in (("colour", "#ffffff"), ("lit", None)):
            if colour := overlay.get(field, usual):
                overlay[field] = readable(colour, ground, others)


@dataclass
class _Setting:
    """Sets values into the parts of a template's recipe."""

    template: Template
    values: dict[str, Value]
    brand: Brand | None
    language: str
    shape: str
    line: str | None = None  # of a long text, while a cue for each of its lines is set
    has_logo: bool = False

    def __post_init__(self) -> None:
        brand = self.brand or Brand()
        self.roles: dict[str, str] = self.template.colours | self.template.fonts | brand.roles
        if brand.font:
            self.roles |= dict.fromkeys(FONT_ROLES, brand.font)

    def heard(self) -> float:
        """Seconds of the sound for whose length the template plays, as many of them as a clip may have."""
        path = self._value(self.template.until, None) if self.template.until else None
        return min(sound_facts(Path(path)).seconds, MAX_SECONDS) if path else 0.0

    def parts(self) -> dict[str, Any]:
        """All parts of the recipe. A sound may lack its music: it can lie over a clip that has some."""
        recipe = dict(self.template.recipe)
        sound = recipe.pop("sound", {})
        made = {key: self.set(part, 0) for key, part in recipe.items()}
        made["sound"] = {key: self.set(part, 1) for key, part in sound.items()}
        made["sound"] = {key: part for key, part in made["sound"].items() if part is not GONE}
        return {key: part for key, part in made.items() if part is not GONE}

    def set(self, part: Any, depth: int) -> Any:
        """`part` with everything set; GONE where an optional blank that it needs is empty."""
        if depth > DEEPEST:
            raise RecipeError(f"{self.template.name}: the template is nested too deeply. Allowed: {DEEPEST} levels.")
        if isinstance(part, str):
            return self._words(part)
        if isinstance(part, list):
            items = [made for item in part for made in self._items(item, depth + 1)]
            return [item for item in items if item is not GONE]
        if not isinstance(part, dict):
            return part
        if set(part) == {"$"}:
            return self._value(str(part["$"]), GONE)
        if set(part) == set(LANGUAGES):
            return self.set(part[self.language], depth + 1)
        made = {key: self.set(inner, depth + 1) for key, inner in part.items()}
        return GONE if any(inner is GONE for inner in made.values()) else made

    def _items(self, item: Any, depth: int) -> list[Any]:
        """What an item of a list becomes: itself, nothing where its conditions fail, or one for each line of a text."""
        if not isinstance(item, dict):
            return [self.set(item, depth)]
        item = dict(item)
        wanted, unwanted = item.pop("with", None), item.pop("without", None)
        if (wanted and self._value(wanted, None) is None) or (unwanted and self._value(unwanted, None) is not None):
            return []
        shapes = {shape: item.pop(shape, {}) for shape in SHAPES}
        chosen = dict(shapes[self.shape])
        wanted = chosen.pop("with", None)
        if not wanted or self._value(wanted, None) is not None:
            item |= chosen
        each = item.pop("each", None)
        if each is None:
            return [self.set(item, depth)]
        text, gap, made = self._value(each, ""), float(item.pop("gap", 0.2)), []
        for start, end, words in lines_of(str(text), float(item.pop("start", 0)), gap):
            self.line = words
            made.append(self.set(item, depth) | {"start": round(start, 2), "end": round(end, 2)})
        self.line = None
        return made

    def _words(self, text: str) -> Any:
        if text.startswith("$"):
            return self._role(text[1:])
        missing = False

        def put(found: re.Match[str]) -> str:
            nonlocal missing
            if found[1] is None:
                if len(found[0]) == 1:
                    raise RecipeError(f"{text[:60]!r} has a brace of its own. Write {{{{ or }}}} for one.")
                return found[0][0]
            if found[1] == "line" and self.line is not None:
                return self.line
            value = self._value(found[1], None)
            missing = missing or value is None
            return shown(found[1], self.template, value, self.language)

        made = BLANK.sub(put, text)
        return GONE if missing else made

    def _role(self, name: str) -> Any:
        if name == "logo":
            self.has_logo = True
            return self.brand.logo if self.brand and self.brand.logo else GONE
        if name not in self.roles:
            raise UnknownName("role", f"${name}", [f"${role}" for role in (*self.roles, "logo")])
        return self.roles[name]

    def _value(self, name: str, empty: Any) -> Any:
        if name not in self.values:
            raise UnknownName(f"blank in the recipe of {self.template.name!r}", name, self.values)
        value = self.values[name]
        if value is None:
            return empty
        return int(value) if isinstance(value, float) and value.is_integer() else value
