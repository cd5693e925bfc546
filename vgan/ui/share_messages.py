"""What the Share tab's handlers send to components of its own, and the recipe that its components describe."""

from collections.abc import Callable, Sequence
from typing import Any

from vgan.errors import RecipeError
from vgan.recipe import Generate, Recipe, Upload, base_name
from vgan.recipe_overlays import Captions, Text
from vgan.recipe_steps import ASPECTS, Reframe
from vgan.shapes import shapes
from vgan.share.platforms import safe_box
from vgan.text.fallback import missing
from vgan.ui import layers, sound
from vgan.ui.clip_messages import SHARE_FIELDS, raw_recipe
from vgan.ui.stills import Still

SOURCE = "source"  # the aspect of an upload as it is
LENGTH = ("seconds", "loops")  # of a look
OWN = ("aspect", "platform", "max_mb", "disclose")  # fields of the share that only this tab has
OWN_FIELDS = ("steps", *LENGTH, "layers", "sound", *OWN)
FIELDS = ("source", "timeline", *OWN_FIELDS, *SHARE_FIELDS)


def recipe_from(values: Sequence[Any]) -> Recipe:
    """The checked recipe that the tab's components describe: `values` in the order of FIELDS. Raises RecipeError."""
    asked = dict(zip(FIELDS, values, strict=True))
    raw = raw_recipe(asked, _steps(asked["steps"]))
    if raw["source"].get("kind") == "generate":
        raw["source"] |= {name: asked[name] for name in LENGTH}
    as_brought, aspect = raw["share"].get("aspect"), _aspect(asked, raw)
    raw |= posted(asked)
    raw["share"] |= shared(asked) | {"aspect": aspect}
    recipe = Recipe.parse(raw)
    return recipe if isinstance(recipe.source, Generate) and aspect == as_brought else in_shape(recipe)


def posted(asked: dict[str, Any]) -> dict[str, Any]:
    """Overlays and sound as the components have them. asked: their values by field."""
    return {"overlays": layers.overlays_of(asked["layers"]), "sound": sound.sound_of(asked["sound"])}


def shared(asked: dict[str, Any]) -> dict[str, Any]:
    """Fields of the share that stay when another source is taken."""
    return {"platform": asked["platform"], "disclose": asked["disclose"], "max_mb": asked["max_mb"] or None}


def in_shape(recipe: Recipe) -> Recipe:
    """`recipe` with what its shape needs: the window of an upload follows what moves, unless a step of its own sees to
    that; a look is not cut to another shape."""
    aspect = recipe.share.aspect
    if aspect not in ASPECTS or any(isinstance(step, Reframe) and step.aspect == aspect for step in recipe.steps):
        return recipe
    return shapes(recipe, [aspect])[aspect]


def brought(card: Any) -> dict[str, Any]:
    """The source of a `card` and its shape as they came to this tab, whatever was changed here since."""
    held = card if isinstance(card, dict) else {}
    came, share = held.get("brought"), held.get("share")
    if isinstance(came, dict):
        return came
    return {"source": held.get("source"), "aspect": share.get("aspect") if isinstance(share, dict) else None}


def own_values(recipe: Recipe) -> list[Any]:
    """What the components of OWN_FIELDS show for `recipe`."""
    source, share = recipe.source, recipe.share
    length = [None, None] if isinstance(source, Upload) else [source.seconds, source.loops]
    steps = [step.model_dump(mode="json") for step in _steps_of(recipe)]
    posted = [layers.value(recipe.overlays), sound.value(recipe)]
    return [steps, *length, *posted, share.aspect, share.platform, share.max_mb, share.disclose]


def without_lost(recipe: Recipe, here: Callable[[str], bool]) -> tuple[Recipe, list[str]]:
    """`recipe` without the files of its overlays and sound that are not `here`, and what those are called. Words in a
    font that is not here are set in the usual one."""
    overlays, lost = [], []
    for overlay in recipe.overlays:
        gone = {field: name for field, name in overlay.files.items() if not here(name)}
        lost += [base_name(name) for name in gone.values()]
        if "font" in gone:
            overlay = overlay.model_copy(update={"font": Text.model_fields["font"].default})
        if "path" not in gone:
            overlays.append(overlay)
    sound = recipe.sound
    if sound and sound.music and not here(sound.music):
        lost.append(base_name(sound.music))
        sound = sound.model_copy(update={"music": "", "drives": ()})
    return recipe.model_copy(update={"overlays": tuple(overlays), "sound": sound}), lost


def compared(recipe: Recipe, still: Still) -> dict[str, Any]:
    """The stage shows a frame as it will be in the file, and what is kept clear of words."""
    left, top, right, bottom = safe_box(recipe.share.platform, (still.width, still.height))
    inset = [top / still.height, 1 - right / still.width, 1 - bottom / still.height, left / still.width]
    facts: dict[str, Any] = {"width": still.width, "height": still.height, "platform": recipe.share.platform}
    facts |= {"missing": _missing(recipe)}
    return facts | {"before": still.before, "after": still.after, "safe": [round(share, 4) for share in inset]}


def _missing(recipe: Recipe) -> str:
    """Characters of the words that no font here has, each once; a few are enough to be told."""
    found: dict[str, None] = {}
    for overlay in recipe.overlays:
        if isinstance(overlay, Captions):
            found |= dict.fromkeys(sign for cue in overlay.cues for sign in missing(cue.text, overlay.font))
    return " ".join(list(found)[:12])


def _steps_of(recipe: Recipe) -> Sequence[Any]:
    """The steps without the one that the shape adds by itself, so that it goes with that shape."""
    steps = tuple(step for step in recipe.steps if not isinstance(step, Reframe))
    return steps if in_shape(recipe.model_copy(update={"steps": steps})) == recipe else recipe.steps


def _steps(steps: Any) -> list[Any]:
    if not isinstance(steps, list) or not all(isinstance(step, dict) for step in steps):
        raise RecipeError("steps: this is no list of steps. Send the clip here once more.")
    return steps


def _aspect(asked: dict[str, Any], raw: dict[str, Any]) -> Any:
    """The chosen shape; of a look, which has none of its own, the usual one."""
    aspect = asked["aspect"]
    return "9:16" if aspect == SOURCE and raw["source"].get("kind") == "generate" else aspect
