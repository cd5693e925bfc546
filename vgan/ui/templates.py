"""Templates and the brand kit as their component holds them."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from vgan.brand import ROLES, Brand, checked
from vgan.errors import RecipeError, UnknownName
from vgan.templates import Listed, Template, load, templates
from vgan.text.fonts import FONTS, is_file
from vgan.ui.uploads import check_file

PLAIN = ("#ff5a7a", "#ffd166", "#17171a", "#ffffff")  # colours of a kit that has none yet, in the order of its roles
NOTHING: dict[str, Any] = {"name": "", "values": {}, "brand": {}, "own": []}
MOST_OWN = 24


def props() -> dict[str, Any]:
    """What the component needs to draw every template."""
    fonts = {name: row.title for name, row in FONTS.items()}
    return {"templates": _rows(templates().items()), "fonts": fonts, "roles": list(ROLES), "plain": list(PLAIN)}


def chosen(held: Any) -> tuple[Template, dict[str, Any], Brand | None, str]:
    """The template that the component holds, the values in its blanks, the brand kit and the language.

    Raises RecipeError for what is none of these, UnknownName for a template that is not there; files are checked.
    """
    if not isinstance(held, dict) or not isinstance(held.get("values"), dict):
        raise RecipeError("template: nothing is chosen yet. Choose a template first.")
    name, known = held.get("name"), templates()
    listed = known.get(str(name)) or next((one for one in own(held) if one.path.stem == name), None)
    if listed is None:
        raise UnknownName("template", str(name)[:80], tuple(known))
    if listed.template is None:
        raise RecipeError(listed.error)
    blanks = {blank: value for blank, value in held["values"].items() if blank in listed.template.blanks}
    for blank, value in blanks.items():
        if listed.template.blanks[blank].kind in {"picture", "sound"} and value:
            check_file(blank, str(value))
    tongue = "zh" if held.get("tongue") == "zh" else "en"
    return listed.template, blanks, brand_of(held.get("brand")), tongue


def brand_of(raw: Any) -> Brand | None:
    """The brand kit of the component's fields; None where they are empty. Raises RecipeError, MediaError."""
    kit = {field: value for field, value in raw.items() if value} if isinstance(raw, dict) else {}
    if not kit:
        return None
    try:
        brand = Brand.model_validate(kit)
    except ValidationError as error:
        fault = error.errors()[0]
        raise RecipeError(f"brand.{'.'.join(map(str, fault['loc']))[:80]}: {fault['msg']}.") from error
    for field, file in (("logo", brand.logo), ("font", brand.font if is_file(brand.font) else "")):
        if file:
            check_file(f"brand.{field}", file)
    return checked(brand)


def own(held: Any) -> list[Listed]:
    """The templates that the person brought, which are uploads of theirs. Raises RecipeError for other files."""
    rows = held.get("own") if isinstance(held, dict) else None
    paths = [row.get("path") for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return [_listed(check_file("template", str(path))) for path in paths[:MOST_OWN]]


def brought(held: Any, path: Path) -> dict[str, Any]:
    """What the component holds once the template at `path` was added, and chosen. Raises RecipeError for a bad one, and
    for one that names files of this host."""
    template = load(path, trusted=False)
    rows = [row for row in (held or NOTHING).get("own", []) if isinstance(row, dict) and row.get("name") != path.stem]
    row = _rows([(template.name, Listed(path, template))])[0] | {"path": str(path)}
    return NOTHING | (held or {}) | {"own": [*rows, row][-MOST_OWN:], "name": template.name, "values": {}}


def _listed(path: Path) -> Listed:
    try:
        return Listed(path, load(path, trusted=False))
    except RecipeError as error:
        return Listed(path, None, str(error))


def _rows(listed: Iterable[tuple[str, Listed]]) -> list[dict[str, Any]]:
    return [{"name": name} | (_row(one.template) if one.template else {"error": one.error}) for name, one in listed]


def _row(template: Template) -> dict[str, Any]:
    blanks = [
        {"name": name, "max": blank.most if blank.kind in {"text", "longtext"} else blank.max}
        | blank.model_dump(mode="json", exclude={"max"})
        for name, blank in template.blanks.items()
    ]
    words = {"title": template.title.model_dump(), "about": template.about.model_dump()}
    return words | {"tone": template.colours["accent"], "blanks": blanks}
