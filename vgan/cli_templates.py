"""`python -m vgan templates` lists the templates, `python -m vgan template NAME` fills one in."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vgan.cli_models import exit_codes
from vgan.errors import RecipeError, UnknownName
from vgan.media.probe import recipe_at
from vgan.recipe import Recipe

if TYPE_CHECKING:
    from vgan.templates import Template

Name = Annotated[str, typer.Argument(help="A template of `templates`, or a template's file.")]
Sets = Annotated[list[str] | None, typer.Option("--set", help="Fill in a blank, e.g. name=Ada. Repeatable.")]
Kit = Annotated[Path | None, typer.Option("--brand", help="A brand kit's JSON file.")]
Over = Annotated[Path | None, typer.Option(help="A recipe, or a clip made here: the words are laid over it.")]
Aspect = Annotated[str | None, typer.Option(help="9:16, 4:5, 1:1 or 16:9.")]
Language = Annotated[str, typer.Option(help="en or zh, of the words that the template brings.")]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="The recipe to write, .json; else it is printed.")]


def list_templates() -> None:
    """Every template: its title, what it is for, its blanks; of a broken file, what is wrong with it."""
    from vgan.templates import templates

    listed = templates()
    width = max((len(name) for name in listed), default=0)
    for name, row in listed.items():
        if row.template is None:
            typer.echo(f"{name.ljust(width)}  broken: {row.error}")
            continue
        blanks = ", ".join(f"[{key}]" if blank.optional else key for key, blank in row.template.blanks.items())
        typer.echo(f"{name.ljust(width)}  {row.template.title.en}: {row.template.about.en}")
        typer.echo(f"{' ' * width}  {blanks}")


def fill_template(
    name: Name,
    settings: Sets = None,
    brand: Kit = None,
    over: Over = None,
    aspect: Aspect = None,
    language: Language = "en",
    out: Out = None,
) -> None:
    """Fill in a template: the recipe of a post, for `render`."""
    from vgan.brand import load_brand
    from vgan.templates import fill

    with exit_codes():
        kit = load_brand(brand) if brand else None
        base = _base(over) if over else None
        recipe = fill(_found(name), _values(settings or []), kit, base, language, aspect)
        if out is None:
            typer.echo(recipe.to_json())
        else:
            out.write_text(recipe.to_json(), encoding="utf-8")
            typer.echo(f"{out}: a recipe for `render`")


def _found(name: str) -> "Template":
    from vgan.templates import load, templates

    if name.endswith((".toml", ".json")):
        return load(Path(name))
    listed = templates()
    if name not in listed:
        raise UnknownName("template", name, listed)
    row = listed[name]
    if row.template is None:
        raise RecipeError(row.error)
    return row.template


def _values(settings: list[str]) -> dict[str, Any]:
    """By blank; "\\n" in a value begins a new line."""
    found = {}
    for setting in settings:
        name, separator, value = setting.partition("=")
        if not separator or not name:
            raise RecipeError(f"--set {setting[:80]!r}: this is not blank=value. Example: --set name=Ada")
        found[name] = value.replace("\\n", "\n")
    return found


def _base(path: Path) -> Recipe:
    """The recipe in a JSON file, or inside a finished clip."""
    found = recipe_at(path)
    if found is None:
        raise RecipeError(f"{path}: there is no recipe in this file. Clips made here carry theirs.")
    return found
