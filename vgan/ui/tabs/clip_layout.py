"""What every tab that works on a clip has on it, and what these parts call: source, recipe box, stage, bar."""

import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

import gradio as gr
from gradio.components import Component

from vgan.errors import VganError
from vgan.recipe import Recipe, Share
from vgan.ui import controls
from vgan.ui.clip_messages import AS_SOURCE, RATES, SHARE_FIELDS, SIZES
from vgan.ui.errors import in_place, say, told
from vgan.ui.i18n import word
from vgan.ui.tabs.clip_actions import ClipActions
from vgan.ui.tabs.create import RECIPE_FILES
from vgan.ui.tabs.events import QUICK, in_line
from vgan.ui.tabs.page import Page
from vgan.ui.tabs.unfinished import Again
from vgan.ui.uploads import example
from vgan.ui.web import component

log = logging.getLogger(__name__)


@dataclass
class Layout:
    """Every component that an event reads or writes.

    place: begins the ids of what is on this tab. names: of the fields, in the order in which handlers take them.
    fields: the components by these names.
    """

    place: str
    names: tuple[str, ...]
    fields: dict[str, Component] = field(default_factory=dict)
    parts: dict[str, Component] = field(default_factory=dict)
    buttons: dict[str, gr.Button] = field(default_factory=dict)

    @property
    def values(self) -> list[Component]:
        """The components that describe a recipe."""
        return [self.fields[name] for name in self.names]

    @property
    def chips(self) -> list[Component]:
        """Those of the bar."""
        return [self.fields[name] for name in SHARE_FIELDS]

    def button(self, name: str, text: str, **options: Any) -> None:
        """A button with an id and a class of its own."""
        classes = [f"b-{name}", *options.pop("elem_classes", "").split()]
        self.buttons[name] = gr.Button(word(text), elem_id=f"{self.place}-{name}", elem_classes=classes, **options)

    def at(self, events: list[Any], handler: Callable[..., Any], inputs: list[Component], outputs: list[Any]) -> Any:
        """Call `handler` for `events`, at once and with its errors on the stage. Returns the event of its end."""
        stage = outputs.index(self.parts["stage"])
        return gr.on(events, in_place(handler, stage, len(outputs)), inputs, outputs, **QUICK)

    def settle(self, ended: Any, do: ClipActions, shown: list[Any]) -> None:
        """After an answer that took a while, draw once more if it was to what no longer is: the source, or what is done
        to it, was changed meanwhile. shown: what `ClipActions.show` answers."""
        handler = in_place(do.settle, shown.index(self.parts["stage"]), len(shown))
        ended.then(handler, [self.parts["recipe"], *self.values], shown, **QUICK)


def first(do: ClipActions, recipe: Recipe, shown: tuple[str, ...]) -> dict[str, Any]:
    """What the components show before anybody comes, by their names; a fault on the stage where nothing can be painted.

    shown: names of what `ClipActions.show` answers.
    """
    names = ("source", "timeline", *SHARE_FIELDS, *shown)
    try:
        return dict(zip(names, do.first(recipe), strict=True))
    except VganError as error:
        log.warning("a tab has no picture: %s", error)
        empty: dict[str, Any] = {name: {} for name in names}
        return empty | {"stage": {"fault": asdict(say(error))}, "recipe": "", "format": "mp4"}


def draw_source(on: Layout, now: dict[str, Any], elem_id: str = "", ways: tuple[str, ...] = ("create",)) -> None:
    """Where a clip comes in. ways: the tabs that it can be taken from."""
    here = [*ways, "example"] if example() is not None else list(ways)
    on.fields["source"] = component("source", now["source"], script="drop", ways=here, elem_id=elem_id)


def draw_recipe(on: Layout, text: str) -> None:
    """The recipe, to copy, paste and drop."""
    with gr.Accordion(word("recipe"), open=False, elem_id=f"{on.place}-recipe", elem_classes="recipe"):
        on.parts["recipe"] = gr.Textbox(
            text, label=word("recipe_box"), lines=8, max_lines=8, buttons=["copy"], max_length=20_000
        )
        on.button("apply", "apply", size="sm")
        on.parts["recipe_file"] = gr.File(
            label=word("recipe_drop"),
            file_types=RECIPE_FILES,
            height=96,
            elem_id=f"{on.place}-recipe-file",
            elem_classes="recipe-file",
        )


def draw_bar(
    on: Layout, now: dict[str, Any], meter: str, more: Callable[[], None] | None = None, buttons: tuple[str, ...] = ()
) -> None:
    """The bar under the stage. meter: id of its meter. more: draws what a tab has before the rest; buttons: that it has
    beside Render."""
    fields, place = on.fields, on.place
    with gr.Row(elem_id=f"{place}-output", elem_classes="output"):
        clip = gr.Accordion(word("clip"), open=True, elem_id=f"{place}-clip", elem_classes="clip")
        with clip, gr.Row(elem_classes="clip-row"):
            if more:
                more()
            fields["format"] = controls.chips(Share, "format", place=place, value=now["format"])
            own = ((word("as_source"), AS_SOURCE),)
            sizes, rates = ((*own, *((str(n), n) for n in allowed)) for allowed in (SIZES, RATES))
            for name, choices in (("short_side", sizes), ("fps", rates)):
                fields[name] = controls.chips(Share, name, choices, place=place, value=now[name] or AS_SOURCE)
        with gr.Row(elem_id=f"{place}-go", elem_classes="go"):
            on.parts["meter"] = component("meter", now["meter"], elem_id=meter)
            for name in buttons:
                on.button(name, name, variant="secondary", size="lg")
            on.button("render", "render", variant="primary", size="lg")
            on.button("cancel", "cancel", variant="secondary", size="lg")


def wire(
    on: Layout, do: ClipActions, page: Page, here: gr.Tab, shown: list[Component], before: tuple[Layout, ...] = ()
) -> list[Component]:
    """The events that every such tab has. Those that only redraw skip the queue and show no spinner: the old picture
    stays until the new one. shown: what `ClipActions.show` answers. before: tabs whose clips this one takes as they
    are; another source then changes every component. Returns what taking another source answers."""
    fields, parts = on.fields, on.parts
    made = [*on.values, *(value for other in before for value in other.values), page.create.recipe_box]
    wide = [*on.values, *shown]
    taken = wide if before else [fields["source"], fields["timeline"], *on.chips, *shown]
    times, source, file, stage = fields["timeline"], fields["source"], parts["recipe_file"], parts["stage"]
    moved = [*(fields[name].input for name in SHARE_FIELDS), times.input, times.release]  # type: ignore[attr-defined]
    on.at(moved, do.show, on.values, shown)
    on.settle(on.at([source.upload], do.take_upload, on.values, taken), do, shown)  # type: ignore[attr-defined]
    on.settle(on.at([source.select], do.take_other, made, taken), do, shown)  # type: ignore[attr-defined]
    on.at([here.select], do.opened, made, [*taken, parts["clips"]])
    on.at([on.buttons["apply"].click], do.apply_text, [parts["recipe"], source], wide)
    on.at([file.upload], do.apply_file, [file, source], [file, *wide])  # type: ignore[attr-defined]
    on.at([stage.select], do.recall_clip, [source], wide)  # type: ignore[attr-defined]
    drawn = [parts["meter"], parts["clips"]]
    page.again[str(here.id)] = Again(do.again, [source], wide, do.render, on.values, drawn)
    return taken


def wire_render(on: Layout, do: ClipActions, handler: Any = None, inputs: list[Component] | None = None) -> Any:
    """Render, Cancel, Resume and Discard. Returns the event of rendering, for what follows it.

    handler, inputs: what renders, and what it takes, where that is not `do.render` and the tab's values.
    """
    meter: Any = on.parts["meter"]
    asked = partial(gr.on, [on.buttons["render"].click, meter.submit])
    rendering = in_line(asked, told(handler or do.render), inputs or on.values, [meter, on.parts["clips"]])
    meter.clear(told(do.discard), on.values, [], **QUICK)
    on.buttons["cancel"].click(do.cancel, [], [], **QUICK)
    return rendering
