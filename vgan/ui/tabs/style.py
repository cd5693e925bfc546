"""The Style tab: what is on it and which event calls what. See `style_actions` and `own_actions` for what they do."""

from typing import Any

import gradio as gr

from vgan.recipe import Recipe
from vgan.recipe_steps import Stylize
from vgan.ui import controls, messages, style_messages
from vgan.ui.errors import in_place, told
from vgan.ui.i18n import word
from vgan.ui.services import Studio
from vgan.ui.style_gallery import StyleGallery
from vgan.ui.style_messages import FIELDS
from vgan.ui.tabs import clip_layout
from vgan.ui.tabs.clip_layout import Layout
from vgan.ui.tabs.events import FETCH, IN_LINE, LONG, QUICK, moves
from vgan.ui.tabs.own_actions import OwnActions, second_choices
from vgan.ui.tabs.page import Page
from vgan.ui.tabs.style_actions import StyleActions
from vgan.ui.web import component

BRUSHES = (("brush_broad", 384), ("brush_medium", 540), ("brush_fine", 720), ("brush_finest", 1080))
SHOWN = ("stage", "meter", "recipe")


def build(page: Page, here: gr.Tab) -> None:
    """Draw the tab and wire it to the studio, to the Create tab's look and to its finished clips."""
    studio = page.studio
    gallery = StyleGallery(studio.models, studio.settings.outputs / "tiles")
    gallery.paint_missing()
    do = StyleActions(studio)
    on = page.style = _draw(studio, gallery, clip_layout.first(do, Recipe(steps=(Stylize(),)), SHOWN))
    _wire(on, do, page, here)
    _wire_own(on, OwnActions(studio, gallery))


def _draw(studio: Studio, gallery: StyleGallery, now: dict[str, Any]) -> Layout:
    on = Layout("s", FIELDS)
    fields, parts = on.fields, on.parts
    with gr.Row(elem_id="style", elem_classes="studio"):
        with gr.Column(elem_id="s-panel", elem_classes="side"):
            clip_layout.draw_source(on, now)
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
            clip_layout.draw_recipe(on, now["recipe"])
        with gr.Column(elem_id="s-view", elem_classes="view timed"):
            parts["stage"] = component("compare", now["stage"], base="stage", script="gone", send=True)
            fields["timeline"] = component("timeline", now["timeline"])
            parts["clips"] = component("clips", messages.NO_CLIPS, elem_id="vgan-style-clips")
        clip_layout.draw_bar(on, now, "vgan-style-meter")
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
    fields, parts = on.fields, on.parts
    shown = [parts[name] for name in SHOWN]
    taken = clip_layout.wire(on, do, page, here, shown)
    sliders = [fields[name] for name in ("strength", "keep_colours", "steadiness", "blend")]
    chosen = [fields[name].input for name in ("style", "second", "canvas")]  # type: ignore[attr-defined]
    on.at(moves(sliders), do.show, on.values, shown)
    on.settle(on.at(chosen, do.show, on.values, shown), do, shown)
    sent: Any = page.create.stage
    outputs = [page.tabs, *taken]
    gr.on([sent.like], in_place(do.restyle, outputs.index(parts["stage"]), len(outputs)), on.values, outputs, **QUICK)
    rendering = clip_layout.wire_render(on, do)
    rendering.success(told(do.measure), [], [parts["clips"]], concurrency_id="measure", **LONG)


def _wire_own(on: Layout, own: OwnActions) -> None:
    fields, parts = on.fields, on.parts
    brought = [parts["own"], fields["style"], fields["second"], parts["push_style"], parts["meter"], parts["stage"]]
    stage, count = len(brought) - 1, len(brought)
    zone: Any = parts["own"]
    hub: Any = parts["hub"]
    zone.upload(in_place(own.take, stage, count), [], brought, **QUICK)
    zone.submit(in_place(own.fit, stage, count), [zone], brought, **IN_LINE)
    zone.clear(own.cancel, [], [], **QUICK)
    asked = [on.buttons["hub"].click, hub.submit]
    gr.on(asked, in_place(own.fetch, stage, count), [hub], brought, **FETCH)
    pushing, said = [parts["push_style"], parts["repository"], parts["token"]], [parts["token"], parts["pushed"]]
    push = in_place(own.push, len(said), len(said) + 1)
    on.buttons["push"].click(push, pushing, [*said, parts["stage"]], **FETCH)
