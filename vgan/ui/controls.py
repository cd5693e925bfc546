"""Recipe fields become Gradio components here, so that bounds, defaults and help are written once, in the recipe."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args, get_origin

import annotated_types
import gradio as gr
from gradio.components import Component
from pydantic import BaseModel

from vgan.recipe import VARIATIONS, Generate, Recipe, Share, Variation
from vgan.sources.bands import chip_of, range_of, start_chip, start_of
from vgan.ui.finishes import FINISHES, SOFT, finish_of
from vgan.ui.i18n import word


@dataclass(frozen=True)
class Control:
    """One component and the recipe field it speaks for: part `source` or `share`, and the field's name there; part
    `steps` has one, `finish`, of `vgan.ui.finishes`."""

    part: str
    field: str
    component: Component


@dataclass(frozen=True)
class Bounds:
    """Lowest and highest value allowed; `choices` where only some values are."""

    low: float = float("-inf")
    high: float = float("inf")
    choices: tuple[Any, ...] = ()


def bounds(model: type[BaseModel], name: str) -> Bounds:
    """What the recipe allows for field `name` of `model`. Raises KeyError for a field it does not have."""
    field = model.model_fields[name]
    annotation, marks = plain(field.annotation), list(field.metadata)
    if get_origin(annotation) is Annotated:
        marks += annotation.__metadata__[0].metadata
    return Bounds(choices=get_args(annotation)) if get_origin(annotation) is Literal else _bounds(marks)


def plain(annotation: Any) -> Any:
    """What a field holds where it holds anything: `int | None` is int."""
    parts = [part for part in get_args(annotation) if part is not type(None)]
    return parts[0] if type(None) in get_args(annotation) else annotation


def _bounds(marks: list[Any]) -> Bounds:
    lows = [mark.ge for mark in marks if isinstance(mark, annotated_types.Ge)]
    highs = [mark.le for mark in marks if isinstance(mark, annotated_types.Le)]
    return Bounds(*lows, *highs)  # type: ignore[arg-type]


def _common(model: type[BaseModel], name: str, label: str | None, place: str = "f") -> dict[str, Any]:
    field = model.model_fields[name]
    return {
        "value": field.default,
        "label": word(label or name),
        "info": word(f"{name}_help"),
        "elem_id": f"{place}-{name.replace('_', '-')}",
        "key": f"{place}-{name}",
    }


def slider(
    model: type[BaseModel], name: str, *, label: str | None = None, step: float = 0.01, place: str = "f"
) -> gr.Slider:
    """A slider for the number field `name`, with its own reset button. place: see `chips`."""
    span = bounds(model, name)
    return gr.Slider(
        minimum=span.low,
        maximum=span.high,
        step=step,
        buttons=["reset"],
        elem_classes="slim",
        **_common(model, name, label, place),
    )


def number(model: type[BaseModel], name: str, *, label: str | None = None, step: float = 1) -> gr.Number:
    """A number box for the number field `name`."""
    span = bounds(model, name)
    whole = 0 if model.model_fields[name].annotation is int else None
    return gr.Number(
        minimum=span.low, maximum=span.high, step=step, precision=whole, min_width=60, **_common(model, name, label)
    )


def chips(
    model: type[BaseModel],
    name: str,
    choices: tuple[Any, ...] = (),
    *,
    label: str | None = None,
    place: str = "f",
    **changes: Any,
) -> gr.Radio:
    """Chips for a field with few sensible values.

    choices: shortens a field that allows more, as `short_side` does; a pair is (shown, value). place: begins the
    element's id, where a page has the field twice. changes: to what `gr.Radio` is given, as `value`.
    """
    options = _common(model, name, label, place) | changes
    return gr.Radio(choices=list(choices or bounds(model, name).choices), elem_classes="chips", min_width=60, **options)


def variations() -> list[gr.Slider]:
    """One slider for each unnamed direction, zero in the middle."""
    span = _bounds(list(get_args(Variation)[1].metadata))
    return [
        gr.Slider(
            minimum=span.low,
            maximum=span.high,
            step=0.05,
            value=0.0,
            label=word(f"variation_{index}"),
            elem_id=f"f-variation-{index}",
            elem_classes=["slim", "middle"],
            buttons=["reset"],
        )
        for index in range(1, VARIATIONS + 1)
    ]


def finish(place: str = "f") -> gr.Radio:
    """Chips for how a look's edges come out."""
    choices = [(word(name), name) for name in FINISHES]
    return gr.Radio(
        choices,
        value=SOFT,
        label=word("finish"),
        info=word("finish_help"),
        elem_id=f"{place}-finish",
        elem_classes="chips",
        min_width=60,
    )


def _start(source: Generate) -> str:
    chip = start_chip(source.mix_from, source.look)
    return chip if source.mix_seed is not None else "middle"


# Fields whose chips mean other layers in other looks.
_CHIPS: dict[str, Callable[[Generate], str]] = {
    "layers": lambda source: chip_of(source.layers, source.look),
    "mix_from": _start,
}


@dataclass(frozen=True)
class Panel:
    """All controls of the Create tab, in the order in which their values reach a handler."""

    controls: tuple[Control, ...]

    @property
    def components(self) -> list[Component]:
        return [control.component for control in self.controls]

    def recipe(self, values: list[Any], path: list[dict[str, Any]] | None = None) -> Recipe:
        """The checked recipe that `values` (as Gradio hands them over) describe. Raises RecipeError."""
        parts: dict[str, dict[str, Any]] = {"source": {"kind": "generate"}, "share": {}, "steps": {}}
        variation = []
        for control, value in zip(self.controls, values, strict=True):
            if control.field.startswith("variation_"):
                variation.append(value)
            else:
                parts[control.part][control.field] = value
        source = parts["source"]
        source["variation"] = variation
        if "layers" in source:  # chips, whose meaning depends on the look
            source["layers"] = range_of(source["layers"], str(source["look"]))
            begin = start_of(source.pop("mix_from"), str(source["look"]))
            if source["mix_seed"] is not None and begin is not None:
                source["mix_from"] = begin
        if path:
            parts["source"]["path"] = path
        finish = FINISHES.get(parts.pop("steps").get("finish", SOFT), ())
        return Recipe.parse(parts | {"steps": [step.model_dump(mode="json") for step in finish]})

    def updates(self, recipe: Recipe) -> list[Any]:
        """What each component is to show for `recipe`, whose source is generated."""
        return [self._update(control, recipe) for control in self.controls]

    @staticmethod
    def _update(control: Control, recipe: Recipe) -> Any:
        if control.field.startswith("variation_"):
            assert isinstance(recipe.source, Generate)
            return recipe.source.variation[int(control.field.rpartition("_")[2]) - 1]
        if control.part == "steps":
            return finish_of(recipe)
        value = getattr(getattr(recipe, control.part), control.field)
        if control.field in _CHIPS and isinstance(recipe.source, Generate):
            value = _CHIPS[control.field](recipe.source)
            shown = list(control.component.choices)  # type: ignore[attr-defined]
            if value in [choice for _, choice in shown]:
                return value
            return gr.update(value=value, choices=[*((str(label), choice) for label, choice in shown), (value, value)])
        if isinstance(control.component, gr.Radio) and control.part == "share":
            shown = [choice for _, choice in control.component.choices]
            return gr.update(value=value, choices=shown if value in shown else sorted([*shown, value]))
        return value


SHARE_FIELDS = tuple(Share.model_fields)
