"""A network's `XxxParams` from the JSON beside its weights, which may have been written by anybody."""

import dataclasses
from collections.abc import Mapping
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from vgan.errors import WeightsError

Params = TypeVar("Params")

LARGEST_INT = 1024
LONGEST_NAME = 64


def params_from(cls: type[Params], raw: object, limits: Mapping[str, int]) -> Params:
    """`cls` (a dataclass of int, float, bool, str and tuples of them) from a JSON object.

    limits: by field, the largest value of an int, or the largest length of a tuple; other ints may be 1 to 1024.
    Raises WeightsError naming the field, its value and what is allowed, for fields that are unknown, missing, of
    another type or out of bounds.
    """
    if not isinstance(raw, dict):
        raise WeightsError(f"config.json: params should be an object of numbers and names, not {type(raw).__name__}.")
    fields = {field.name: field for field in dataclasses.fields(cls)}  # type: ignore[arg-type]
    if unknown := sorted(set(raw) - set(fields)):
        raise WeightsError(f"config.json: params.{unknown[0][:LONGEST_NAME]} is unknown. Allowed: {', '.join(fields)}.")
    needed = {name for name, field in fields.items() if field.default is dataclasses.MISSING}
    if missing := sorted(needed - set(raw)):
        raise WeightsError(f"config.json: params.{missing[0]} is missing.")
    hints = get_type_hints(cls)
    return cls(**{name: _value(name, value, hints[name], limits.get(name)) for name, value in raw.items()})


def _value(name: str, value: object, hint: Any, limit: int | None) -> Any:
    if get_origin(hint) is tuple:
        longest = limit or LARGEST_INT
        if not isinstance(value, list) or not 1 <= len(value) <= longest:
            raise _refused(name, value, f"a list of 1 to {longest}")
        return tuple(_value(name, item, get_args(hint)[0], None) for item in value)
    if hint is int:
        largest = limit or LARGEST_INT
        if type(value) is not int or not 1 <= value <= largest:
            raise _refused(name, value, f"a whole number from 1 to {largest}")
    elif hint is float:
        if type(value) not in (int, float) or not abs(value) <= LARGEST_INT:  # type: ignore[arg-type]
            raise _refused(name, value, f"a number from -{LARGEST_INT} to {LARGEST_INT}")
        return float(value)  # type: ignore[arg-type]
    elif hint is str:
        if not isinstance(value, str) or not 1 <= len(value) <= LONGEST_NAME:
            raise _refused(name, value, f"a name of 1 to {LONGEST_NAME} characters")
    elif type(value) is not hint:
        raise _refused(name, value, hint.__name__)
    return value


def _refused(name: str, value: object, allowed: str) -> WeightsError:
    return WeightsError(f"config.json: params.{name} is {str(value)[:80]!r}; allowed: {allowed}.")
