"""Looks by name, under Advanced in the Create tab: public generators that are known, and checkpoints of one's own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gradio as gr
from gradio.components import Component

from vgan.public_looks import PUBLIC_LOOKS
from vgan.recipe import Recipe, generated
from vgan.ui.errors import in_place
from vgan.ui.i18n import word
from vgan.ui.tabs.events import QUICK
from vgan.ui.uploads import check_file
from vgan.zoo import WEIGHT_FILES, find_look

if TYPE_CHECKING:
    from vgan.ui.tabs.create_actions import Actions


@dataclass(frozen=True)
class Parts:
    """What is drawn. own: takes any name; known: offers some; drop: takes a file."""

    own: gr.Textbox
    known: gr.Dropdown
    drop: gr.File


def draw(button: Callable[..., None]) -> Parts:
    """The controls, in the group that is being drawn. button: draws one and keeps it by name."""
    with gr.Row(elem_id="own", elem_classes="inline"):
        own = gr.Textbox(
            label=word("own_look"),
            info=word("own_look_help"),
            placeholder="owner/name",
            max_length=400,
            scale=1,
        )
        button("own", "own_look_load", size="sm")
    choices = [(f"{look.title} ({look.licence})", look.name) for look in PUBLIC_LOOKS.values()]
    known = gr.Dropdown(
        choices, value=None, label=word("known_looks"), info=word("known_looks_help"), elem_id="f-known-looks"
    )
    drop = gr.File(
        label=word("checkpoint_drop"),
        file_types=list(WEIGHT_FILES),
        height=96,
        elem_id="checkpoint-drop",
        elem_classes="recipe-file",
    )
    return Parts(own, known, drop)


class NamedActions:
    """Handlers. `values` are those of the Create tab's own, see `create_actions.Actions`."""

    def __init__(self, create: "Actions"):
        self._create = create

    def load(self, name: Any, *values: Any) -> list[Any]:
        """A look by any name that it can have: everything that a recipe changes."""
        look = find_look(str(name or "").strip()).name
        recipe = self._create.alone(values)
        source = generated(recipe).model_dump(mode="json") | {"look": look, "picture": ""}
        return self._create.everything(
            Recipe.parse(recipe.model_dump(mode="json") | {"source": source}), path=gr.skip()
        )

    def bring(self, file: str | None, *values: Any) -> list[Any]:
        """A dropped checkpoint plays: [the drop, everything]."""
        if not file:
            return [gr.skip()] * (1 + self._create.everything_count)
        return [None, *self.load(str(check_file("look", str(file))), *values)]


def wire(
    parts: Parts, button: gr.Button, do: NamedActions, every: list[Component], wide: list[Any], stage: Component
) -> None:
    """Events. button: loads the name in the box; every: values of the tab; wide: what a recipe changes; stage: where
    faults are told."""

    def at(events: list[Any], handler: Callable[..., Any], first: Component, outputs: list[Any]) -> None:
        gr.on(events, in_place(handler, outputs.index(stage), len(outputs)), [first, *every], outputs, **QUICK)

    at([button.click, parts.own.submit], do.load, parts.own, wide)
    at([parts.known.input], do.load, parts.known, wide)
    at([parts.drop.upload], do.bring, parts.drop, [parts.drop, *wide])
