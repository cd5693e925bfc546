"""The chain of steps as its component draws it: fields of a step become controls, with the recipe's own bounds."""

from typing import Any

from pydantic import BaseModel

from vgan.errors import RecipeError
from vgan.recipe import MAX_STEPS
from vgan.recipe_steps import STEP_KINDS
from vgan.steps import STEPS
from vgan.ui.fields import described
from vgan.zoo import MODELS, STYLES

ELSEWHERE = {"repair": ("leave", "mend")}  # fields that the damage timeline speaks for
# Fields that few people need. Strength first everywhere, but not where nobody wants half of it.
ADVANCED = {
    "denoise": ("model",),
    "upscale": ("model",),
    "stylize": ("canvas",),
    "trim": ("strength",),
    "crop": ("strength",),
    "reframe": ("strength",),
    "scale": ("strength",),
}
# Of an interpolation: either a rate or slow motion, and only that has a sound of its own.
CLEARS = {("interpolate", "slow"): "fps", ("interpolate", "fps"): "slow"}
NEEDS = {
    ("interpolate", "sound"): "slow",
    ("crop", "x"): "aspect",
    ("crop", "y"): "aspect",
    ("stylize", "blend"): "second",
}
TYPES = {"style": "style", "second": "style", "model": "model"}  # of control, where the field's own is not enough


def kinds() -> dict[str, Any]:
    """The kinds of steps that there are, with their fields, strength first."""
    return {kind: {"fields": _fields(kind, STEP_KINDS[kind])} for kind in STEP_KINDS if kind in STEPS}


def _fields(kind: str, model: type[BaseModel]) -> list[dict[str, Any]]:
    names = [name for name in model.model_fields if name not in {"kind", *ELSEWHERE.get(kind, ())}]
    names.sort(key=lambda name: name != "strength")
    return [_field(kind, model, name) for name in names]


def _field(kind: str, model: type[BaseModel], name: str) -> dict[str, Any]:
    drawn = described(model, name) | {"advanced": name in ADVANCED.get(kind, ()), "clears": CLEARS.get((kind, name))}
    drawn["needs"] = NEEDS.get((kind, name))
    return drawn | {"type": TYPES.get(name, drawn["type"])}


def props() -> dict[str, Any]:
    """What the component needs to draw any chain: kinds, how many steps there may be, styles, community models."""
    community = [{"name": spec.name, "title": spec.title, "scale": spec.scale} for spec in _community()]
    return {"kinds": kinds(), "most": MAX_STEPS, "styles": list(STYLES), "community": community}


def _community() -> list[Any]:
    return [spec for spec in MODELS.values() if spec.family == "community"]


def value(steps: tuple[Any, ...] | list[Any], opened: int | None = None) -> dict[str, Any]:
    """A chain of `steps` (of a recipe), all switched on. opened: the place of the one whose controls are seen."""
    cards = [step if isinstance(step, dict) else step.model_dump(mode="json") for step in steps]
    return {"steps": [{"on": True} | card for card in cards], "open": opened}


def steps_of(chain: Any) -> list[dict[str, Any]]:
    """Steps of a chain that are switched on, unchecked. Raises RecipeError for what is no chain."""
    cards = chain.get("steps") if isinstance(chain, dict) else None
    if not isinstance(cards, list) or not all(isinstance(card, dict) for card in cards):
        raise RecipeError("steps: this is no list of steps. Choose a preset, or add a step.")
    return [{name: held for name, held in card.items() if name != "on"} for card in cards if card.get("on", True)]
