"""A render that did not finish, offered once more by the page that began it, or by the next one in the same browser."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from vgan.errors import RecipeError
from vgan.recipe import Recipe, Upload
from vgan.ui.errors import told
from vgan.ui.services import Studio
from vgan.ui.tabs.events import LONG, QUICK, in_line, told_by, visit_of

# Which event of the component asks for it, by tab: each leads to other controls.
EVENTS = {"create": "submit", "style": "select", "enhance": "apply", "share": "copy"}
GONE = (
    "source.path: the file that this was made from is no longer here. What is dropped on the page goes when the app is "
    "restarted. Drop it once more, and render."
)


@dataclass(frozen=True)
class Again:
    """How a tab makes a clip once more. apply: moves its controls to a recipe, given `inputs`, and answers with
    `outputs`; render: makes what the controls `values` say, and answers with `drawn`, the meter and the clips."""

    apply: Any
    inputs: list[Any]
    outputs: list[Any]
    render: Any
    values: list[Any]
    drawn: list[Any]


def wire(studio: Studio, left: Any, tabs: gr.Tabs, ways: dict[str, Again]) -> None:
    """Let `left`, the component, make again what it kept. ways: by tab."""
    for name, way in ways.items():
        handler, event = told(_applied(studio, name, way)), getattr(left, EVENTS[name])
        # In the queue, for its errors: those of events that skip it do not reach the page.
        asked = event(handler, way.inputs, [tabs, *way.outputs], **LONG)
        in_line(asked.success, told(way.render), way.values, way.drawn)

    def forget(event: gr.EventData) -> None:
        """One that waits goes, too."""
        studio.discard(_recipe(event))

    left.clear(told(forget), [], [], **QUICK)


def _applied(studio: Studio, name: str, way: Again) -> Any:
    def apply(event: gr.EventData, request: gr.Request, *values: Any) -> list[Any]:
        recipe = _recipe(event)
        if isinstance(recipe.source, Upload) and not studio.has(visit_of(request), recipe.source.path):
            raise RecipeError(GONE)
        return [gr.update(selected=name), *way.apply(request, recipe, *values)]

    return apply


def _recipe(event: gr.EventData) -> Recipe:
    return Recipe.parse(str(told_by(event, "recipe")))
