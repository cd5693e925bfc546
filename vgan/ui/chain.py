"""The chain of steps as its component draws it: fields of a step become controls, with the recipe's own bounds."""

from typing import Any, get_args

from annotated_types import MultipleOf
from pydantic import BaseModel

from vgan.errors import RecipeError
from vgan.recipe import MAX_STEPS
from vgan.recipe_steps import STEP_KINDS
from vgan.steps import STEPS
from vgan.ui.controls import bounds, plain
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
FINE = 100  # a slider has about so many places
LONGEST_SLIDER = 10  # a wider range is typed


def kinds() -> dict[str, Any]:
    """The kinds of steps that there are, with their fields, strength first."""
    return {kind: {"fields": _fields(kind, STEP_KINDS[kind])} for kind in STEP_KINDS if kind in STEPS}


def _fields(kind: str, model: type[BaseModel]) -> list[dict[str, Any]]:
    names = [name for name in model.model_fields if name not in {"kind", *ELSEWHERE.get(kind, ())}]
    names.sort(key=lambda name: name != "strength")
    return [_field(kind, model, name) for name in names]


def _field(kind: str, model: type[BaseModel], name: str) -> dict[str, Any]:
    field, span = model.model_fields[name], bounds(model, name)
    optional, annotation = type(None) in get_args(field.annotation), plain(field.annotation)
    drawn: dict[str, Any] = {"name": name, "default": field.get_default(), "optional": optional}
    drawn |= {"advanced": name in ADVANCED.get(kind, ()), "clears": CLEARS.get((kind, name))}
    drawn["needs"] = NEEDS.get((kind, name))
    if span.choices:
        return drawn | {"type": "choice", "choices": list(span.choices)}
    if annotation is bool:
        return drawn | {"type": "switch"}
    if name in ("style", "second"):
        return drawn | {"type": "style"}
    if annotation is str:
        return drawn | {"type": "model"}
    wide = span.high - span.low > LONGEST_SLIDER
    whole = next((mark.multiple_of for mark in field.metadata if isinstance(mark, MultipleOf)), 1)
    step: float = whole if annotation is int else 0.1 if wide else _round((span.high - span.low) / FINE)  # type: ignore[assignment]
    return drawn | {"type": "number" if wide else "slider", "low": span.low, "high": span.high, "step": step}


def _round(step: float) -> float:
    """The nearest of 0.01, 0.02, 0.05, 0.1."""
    return min((0.01, 0.02, 0.05, 0.1), key=lambda one: abs(one - step))


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
