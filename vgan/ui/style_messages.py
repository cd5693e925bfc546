"""What the Style tab's handlers send to components of its own, and the recipe that its components describe."""

from typing import Any

from vgan.recipe import Recipe
from vgan.recipe_steps import Stylize
from vgan.ui.clip_messages import SHARE_FIELDS, raw_recipe
from vgan.ui.folders import address
from vgan.ui.own_styles import OwnStyle
from vgan.ui.stills import Still
from vgan.zoo import find_style

STYLE_FIELDS = ("style", "second", "blend", "strength", "keep_colours", "steadiness", "canvas")
FIELDS = ("source", "timeline", *STYLE_FIELDS, *SHARE_FIELDS)


def recipe_from(values: tuple[Any, ...]) -> Recipe:
    """The checked recipe that the tab's components describe: `values` in the order of FIELDS. Raises RecipeError."""
    asked = dict(zip(FIELDS, values, strict=True))
    return Recipe.parse(raw_recipe(asked, [step_of(asked)]))


def step_of(asked: dict[str, Any]) -> dict[str, Any]:
    """The step that the components describe. asked: their values by field."""
    return {name: asked[name] for name in STYLE_FIELDS} | {"kind": "stylize", "second": asked["second"] or None}


def compared(still: Still, step: Stylize) -> dict[str, Any]:
    """The stage shows a frame before and after `step`."""
    style = find_style(step.style)
    facts = {"style": style.name, "title": style.title, "credit": style.short_credit}
    return facts | {"before": still.before, "after": still.after, "width": still.width, "height": still.height}


def own(styles: list[OwnStyle], **more: Any) -> dict[str, Any]:
    """The list of a visit's own styles, with links to those that can be saved. more: picture, progress."""
    rows = [
        {"name": style.name, "title": style.title, "still": style.tile}
        | ({"url": address(style.file), "file": style.file.name} if style.saved and style.file else {})
        for style in styles
    ]
    return {"styles": rows, "picture": None, "progress": None} | more
