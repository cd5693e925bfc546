"""A field of a recipe as the components of cards draw it, with the recipe's own bounds. See `web/cards.js`."""

from typing import Annotated, Any, get_args, get_origin

from annotated_types import MaxLen, MultipleOf
from pydantic import BaseModel
from pydantic_core import PydanticUndefined, to_jsonable_python

from vgan.ui.controls import bounds, plain

FINE = 100  # a slider has about so many places
LONGEST_SLIDER = 10  # a wider range is typed


def described(model: type[BaseModel], name: str) -> dict[str, Any]:
    """Name, default, whether it may be empty, and the type of control that field `name` of `model` asks for.

    type: choice, with choices; switch; slider or number, with low, high and step; text, of `most` characters (or
    things) at most. JSON-safe; the default of a field that must be given is ''. Raises KeyError for a field that the
    model does not have.
    """
    field, span = model.model_fields[name], bounds(model, name)
    optional, annotation = type(None) in get_args(field.annotation), plain(field.annotation)
    default = "" if field.default is PydanticUndefined else to_jsonable_python(field.default)
    drawn: dict[str, Any] = {"name": name, "default": default, "optional": optional}
    if span.choices:
        return drawn | {"type": "choice", "choices": list(span.choices)}
    held = get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation
    if held is bool:
        return drawn | {"type": "switch"}
    if held not in (int, float):
        return drawn | {"type": "text", "most": _marked(field.metadata, MaxLen, "max_length", None)}
    wide = span.high - span.low > LONGEST_SLIDER
    whole = _marked(field.metadata, MultipleOf, "multiple_of", 1)
    step = whole if held is int else 0.1 if wide else _round((span.high - span.low) / FINE)
    return drawn | {"type": "number" if wide else "slider", "low": span.low, "high": span.high, "step": step}


def _marked(marks: list[Any], kind: type, name: str, other: Any) -> Any:
    return next((getattr(mark, name) for mark in marks if isinstance(mark, kind)), other)


def _round(step: float) -> float:
    """The nearest of 0.01, 0.02, 0.05, 0.1."""
    return min((0.01, 0.02, 0.05, 0.1), key=lambda one: abs(one - step))
