"""The Style tab: what is on it and which event calls what. See `style_actions` and `own_actions` for what they do."""

import json
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

import gradio as gr
from gradio.components import Component

from vgan.errors import VganError
from vgan.recipe import Recipe, Share
from vgan.recipe_steps import Stylize
from vgan.ui import controls, messages, style_messages
from vgan.ui.errors import in_place, say, told
from vgan.ui.i18n import word
from vgan.ui.services import Studio
from vgan.ui.style_gallery import StyleGallery
from vgan.ui.style_messages import AS_SOURCE, FIELDS, SHARE_FIELDS
from vgan.ui.tabs.create import RECIPE_FILES
from vgan.ui.tabs.events import LONG, QUICK, moves
from vgan.ui.tabs.own_actions import OwnActions, second_choices
from vgan.ui.tabs.page import Page
from vgan.ui.tabs.style_actions import StyleActions
from vgan.ui.uploads import example
from vgan.ui.web import component

log = logging.getLogger(__name__)
BRUSHES = (("brush_broad", 384), ("brush_medium", 540), ("brush_fine", 720), ("brush_finest", 1080))


@dataclass
class Layout:
    """Every component that an event reads or writes. fields: by their name in FIELDS."""

    fields: dict[str, Component] = field(default_factory=dict)
    parts: dict[str, Component] = field(default_factory=dict)
    buttons: dict[str, gr.Button] = field(default_factory=dict)

    @property
    def values(self) -> list[Component]:
        """The components that describe a recipe, in the order of FIELDS."""
        return [self.fields[name] for name in FIELDS]

    def button(self, name: str, text: str, **options: Any) -> None:
        """A button with an id and a class of its own."""
        classes = [f"b-{name}", *options.pop("elem_classes", "").split()]
        self.buttons[name] = gr.Button(word(text), elem_id=f"s-{name}", elem_classes=classes, **options)


def build(page: Page, here: gr.Tab) -> None:
    """Draw the tab and wire it to the studio, to the Create tab's look and to its finished clips."""
    studio = page.studio
    gallery = StyleGallery(studio.models, studio.settings.outputs / "tiles")
    gallery.paint_missing()
    do = StyleActions(studio)
    on = _draw(studio, gallery, _first(do))
    _wire(on, do, page, here)
    _wire_own(on, OwnActions(studio, gallery))


def _first(do: StyleActions) -> dict[str, Any]:
    """The default look in the first style, painted before anybody comes."""
    recipe = Recipe(steps=(Stylize(),))
    names = ("source", "timeline", *SHARE_FIELDS, "stage", "meter", "recipe")
    try:
        return dict(zip(names, do.first(recipe), strict=True))
    except VganError as error:
        log.warning("the Style tab has no picture: %s", error)
        fault = {"fault": asdict(say(error))}
        empty: dict[str, Any] = {name: {} for name in names}
        return empty | {"stage": fault, "recipe": "", "format": "mp4"}


def _draw(studio: Studio, gallery: StyleGallery, now: dict[str, Any]) -> Layout:
    on = Layout()
    fields, parts = on.fields, on.parts
    with gr.Row(elem_id="style", elem_classes="studio"):
        with gr.Column(elem_id="s-panel", elem_classes="side"):
            fields["source"] = component("source", now["source"], script="drop", example=example() is not None)
            fields["style"] = component(
                "gallery",
                Stylize().style,
                words="styles",
                elem_id="vgan-styles",
                looks=gallery.tiles([]),
                kind="style",
                echo=True,
            )
            with gr.Accordion(word("adjust"), open=True, elem_id="s-adjust"), gr.Column(elem_classes="sliders"):
                fields["strength"] = controls.slider(Stylize, "strength")
                fields["keep_colours"] = controls.slider(Stylize, "keep_colours")
                fields["steadiness"] = controls.slider(Stylize, "steadiness")
                brushes = tuple((word(text), side) for text, side in BRUSHES)
                fields["canvas"] = controls.chips(Stylize, "canvas", brushes)
            with gr.Accordion(word("mix"), open=False, elem_id="s-mix"), gr.Column(elem_classes="sliders"):
                fields["second"] = gr.Dropdown(
                    second_choices([]), value="", label=word("second"), info=word("second_help"), elem_id="f-second"
                )
                fields["blend"] = controls.slider(Stylize, "blend")
            with gr.Accordion(word("own_style"), open=False, elem_id="s-own"):
                _draw_own(on, studio)
            with gr.Accordion(word("recipe"), open=False, elem_id="s-recipe", elem_classes="recipe"):
                parts["recipe"] = gr.Textbox(
                    now["recipe"], label=word("recipe_box"), lines=8, max_lines=8, buttons=["copy"], max_length=20_000
                )
                on.button("apply", "apply", size="sm")
                parts["recipe_file"] = gr.File(
                    label=word("recipe_drop"),
                    file_types=RECIPE_FILES,
                    height=96,
                    elem_id="s-recipe-file",
                    elem_classes="recipe-file",
                )
        with gr.Column(elem_id="s-view", elem_classes="view timed"):
            parts["stage"] = component("compare", now["stage"], base="stage")
            fields["timeline"] = component("timeline", now["timeline"])
            parts["clips"] = component("clips", messages.NO_CLIPS, elem_id="vgan-style-clips")
        with gr.Row(elem_id="s-output", elem_classes="output"):
            clip = gr.Accordion(word("clip"), open=True, elem_id="s-clip", elem_classes="clip")
            with clip, gr.Row(elem_classes="clip-row"):
                fields["format"] = controls.chips(Share, "format", place="s", value=now["format"])
                own = ((word("as_source"), AS_SOURCE),)
                sizes, rates = ((*own, *((str(n), n) for n in allowed)) for allowed in ((480, 720, 1080), (24, 30, 60)))
                fields["short_side"] = controls.chips(Share, "short_side", sizes, place="s", value=AS_SOURCE)
                fields["fps"] = controls.chips(Share, "fps", rates, place="s", value=AS_SOURCE)
            with gr.Row(elem_id="s-go", elem_classes="go"):
                parts["meter"] = component("meter", now["meter"], elem_id="vgan-style-meter")
                on.button("render", "render", variant="primary", size="lg")
                on.button("cancel", "cancel", variant="secondary", size="lg")
    return on


def _draw_own(on: Layout, studio: Studio) -> None:
    parts, settings = on.parts, studio.settings
    parts["own"] = component("own", style_messages.own([]), base="source", script="drop", seconds=settings.fit_seconds)
    with gr.Row(elem_classes="inline"):
        parts["hub"] = gr.Textbox(
            label=word("hub_style"), info=word("hub_style_help"), placeholder="owner/name", max_length=200, scale=1
        )
        on.button("hub", "own_look_load", size="sm")
    with gr.Column(elem_classes="pushing", visible=not settings.public):
        parts["push_style"] = gr.Dropdown([], label=word("push_style"), elem_id="f-push")
        parts["repository"] = gr.Textbox(
            label=word("push_to"), placeholder="owner/name", max_length=120, elem_id="f-push-to"
        )
        with gr.Row(elem_classes="inline"):
            parts["token"] = gr.Textbox(
                label=word("push_token"), type="password", max_length=200, elem_id="f-token", scale=1
            )
            on.button("push", "push", size="sm")
    parts["pushed"] = gr.HTML(elem_classes="note")


def _wire(on: Layout, do: StyleActions, page: Page, here: gr.Tab) -> None:
    """Events. Those that only redraw skip the queue and show no spinner: the old picture stays until the new one."""
    fields, parts, create = on.fields, on.parts, page.create
    shown = [parts["stage"], parts["meter"], parts["recipe"]]
    chips = [fields[name] for name in SHARE_FIELDS]
    taken = [fields["source"], fields["timeline"], *chips, *shown]
    wide = [*on.values, *shown]
    made = [*on.values, create.recipe_box]

    def at(events: list[Any], handler: Callable[..., Any], inputs: list[Component], outputs: list[Any]) -> None:
        gr.on(events, in_place(handler, outputs.index(parts["stage"]), len(outputs)), inputs, outputs, **QUICK)

    sliders = [fields[name] for name in ("strength", "keep_colours", "steadiness", "blend")]
    chosen = [fields[name].input for name in ("style", "second", "canvas", *SHARE_FIELDS)]  # type: ignore[attr-defined]
    times: Any = fields["timeline"]
    at([*moves(sliders), *chosen, times.input, times.release], do.show, on.values, shown)
    source: Any = fields["source"]
    at([source.upload], do.take_upload, on.values, taken)
    at([source.select], do.take_other, made, taken)
    at([here.select], do.opened, made, [*taken, parts["clips"]])
    at([on.buttons["apply"].click], do.apply_text, [parts["recipe"], fields["source"]], wide)
    file: Any = parts["recipe_file"]
    at([file.upload], do.apply_file, [file, fields["source"]], [file, *wide])
    stage: Any = parts["stage"]
    at([stage.select], do.recall_clip, [fields["source"]], wide)
    gr.on(
        [create.stage.like],
        in_place(do.restyle, 1 + taken.index(parts["stage"]), 1 + len(taken)),
        on.values,
        [page.tabs, *taken],
        **QUICK,
    )
    render, cancel = on.buttons["render"], on.buttons["cancel"]
    # In the browser alone, so that the button answers at once even when others are rendering before us.
    render.click(None, [], [parts["meter"]], js=f"() => ({json.dumps(messages.progress())})", show_progress="hidden")
    drawn = [parts["meter"], parts["clips"]]
    rendering = render.click(told(do.render), on.values, drawn, concurrency_id="device", **LONG)
    rendering.success(told(do.measure), [], [parts["clips"]], concurrency_id="measure", **LONG)
    cancel.click(do.cancel, [], [parts["meter"]], cancels=[rendering], **QUICK)


def _wire_own(on: Layout, own: OwnActions) -> None:
    fields, parts = on.fields, on.parts
    brought = [parts["own"], fields["style"], fields["second"], parts["push_style"], parts["meter"], parts["stage"]]
    stage, count = len(brought) - 1, len(brought)
    zone: Any = parts["own"]
    hub: Any = parts["hub"]
    zone.upload(in_place(own.take, stage, count), [], brought, **QUICK)
    zone.submit(in_place(own.fit, stage, count), [zone], brought, concurrency_id="device", **LONG)
    zone.clear(own.cancel, [], [], **QUICK)
    asked = [on.buttons["hub"].click, hub.submit]
    gr.on(asked, in_place(own.fetch, stage, count), [hub], brought, concurrency_id="fetch", **LONG)
    pushing, said = [parts["push_style"], parts["repository"], parts["token"]], [parts["token"], parts["pushed"]]
    push = in_place(own.push, len(said), len(said) + 1)
    on.buttons["push"].click(push, pushing, [*said, parts["stage"]], concurrency_id="fetch", **LONG)
