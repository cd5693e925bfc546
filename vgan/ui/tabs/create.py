"""The Create tab: what is on it and which event calls what. What the events do is in `create_actions.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.components import Component

from vgan.recipe import ATTRIBUTES, Generate, Recipe, Share
from vgan.recipe_steps import ASPECTS
from vgan.ui import controls, messages
from vgan.ui.controls import Control, Panel
from vgan.ui.errors import in_place, told
from vgan.ui.gallery import Gallery
from vgan.ui.i18n import word
from vgan.ui.services import Studio
from vgan.ui.tabs import create_named, create_picture, create_variation, create_words
from vgan.ui.tabs.create_actions import Actions
from vgan.ui.tabs.events import FETCH, QUICK, in_line, moves
from vgan.ui.tabs.page import Page
from vgan.ui.tabs.unfinished import Again
from vgan.ui.web import component

RECIPE_FILES = [".json", ".mp4", ".webm", ".gif", ".webp", ".png", ".zip"]


@dataclass(frozen=True)
class Layout:
    """Every component that an event reads or writes."""

    panel: Panel
    named: gr.Column
    unnamed_note: gr.HTML
    path: gr.HTML
    stage: gr.HTML
    meter: gr.HTML
    clips: gr.HTML
    recipe_box: gr.Textbox
    recipe_file: gr.File
    looks: create_named.Parts
    variation: create_variation.Parts
    buttons: dict[str, gr.Button]
    words: create_words.Parts
    picture: create_picture.Parts

    def __getitem__(self, field: str) -> Any:
        return next(control.component for control in self.panel.controls if control.field == field)


def build(page: Page, here: gr.Tab) -> None:
    """Draw the tab and wire it to the studio."""
    studio = page.studio
    gallery = page.gallery = Gallery(studio, studio.settings.outputs / "tiles")
    gallery.draw_missing()
    first = Recipe()
    layout = _draw(studio, gallery, _first_message(studio, first), first)
    page.create = layout
    do = page.create_actions = Actions(studio, layout.panel, gallery)
    wide, page.again["create"] = _wire(page.app, layout, do)
    page.create_shown = wide
    every = [*layout.panel.components, layout.path]
    create_words.wire(layout.words, create_words.WordsActions(studio, do), every, wide, layout.stage)
    finding = create_picture.PictureActions(studio, do)
    create_picture.wire(layout.picture, finding, every, wide, layout.stage)
    create_variation.wire(layout.variation, create_variation.EditActions(studio, do), every, wide, layout.stage)
    named = create_named.NamedActions(do)
    create_named.wire(layout.looks, layout.buttons["own"], named, every, wide, layout.stage)
    here.select(do.list_clips, [], [layout.clips], **QUICK)


def _first_message(studio: Studio, recipe: Recipe) -> dict[str, Any]:
    """The default look, drawn before anybody comes: it plays as soon as the page is there, and networks are warm."""
    return {"stage": messages.live(studio, recipe), "meter": messages.meter(studio, recipe)}


def _draw(studio: Studio, gallery: Gallery, now: dict[str, Any], first: Recipe) -> Layout:
    buttons: dict[str, gr.Button] = {}

    def button(name: str, text: str, **options: Any) -> None:
        classes = [f"b-{name}", *options.pop("elem_classes", "").split()]
        buttons[name] = gr.Button(word(text), elem_id=f"b-{name}", elem_classes=classes, **options)

    with gr.Row(elem_id="create", elem_classes="studio"):
        with gr.Column(elem_id="panel", elem_classes="side"):
            words = create_words.draw()
            look = component("gallery", first.source.look, looks=gallery.tiles())  # type: ignore[union-attr]
            with gr.Row(elem_id="seeds", elem_classes="seeds"):
                seed = controls.number(Generate, "seed")
                button("dice", "dice")
                button("surprise", "surprise")
            with gr.Accordion(word("adjust"), open=True, elem_id="adjust"):
                button("reset-adjust", "reset", size="sm", elem_classes="reset")
                unnamed_note = gr.HTML(word("attributes_off"), visible=False, elem_classes="note")
                with gr.Column(elem_classes="sliders") as named:
                    attributes = [controls.slider(Generate, name) for name in ATTRIBUTES]
            with gr.Accordion(word("variation"), open=False, elem_id="variation"):
                variation = create_variation.draw(button)
            picture = create_picture.draw(studio.settings.invert_seconds)
            with gr.Accordion(word("path"), open=False, elem_id="path"):
                path = component("path", messages.NO_KEYS)
            with gr.Accordion(word("advanced"), open=False, elem_id="advanced"):
                truncation = controls.slider(Generate, "truncation")
                looks = create_named.draw(button)
            with gr.Accordion(word("recipe"), open=False, elem_id="recipe", elem_classes="recipe"):
                recipe_box = gr.Textbox(
                    first.to_json(), label=word("recipe_box"), lines=8, max_lines=8, buttons=["copy"], max_length=60_000
                )
                button("apply", "apply", size="sm")
                recipe_file = gr.File(
                    label=word("recipe_drop"),
                    file_types=RECIPE_FILES,
                    height=96,
                    elem_id="recipe-file",
                    elem_classes="recipe-file",
                )
        with gr.Column(elem_id="view", elem_classes="view"):
            stage = component("stage", now["stage"], script="gone")
            clips = component("clips", messages.NO_CLIPS)
        with gr.Row(elem_id="output", elem_classes="output"):
            clip = gr.Accordion(word("clip"), open=True, elem_id="clip", elem_classes="clip")
            with clip, gr.Row(elem_id="clip-row", elem_classes="clip-row"):
                aspect = controls.chips(Share, "aspect", tuple(ASPECTS))
                short_side = controls.chips(Share, "short_side", (480, 720, 1080))
                finish = controls.finish()
                file_format = controls.chips(Share, "format")
                seconds = controls.slider(Generate, "seconds", step=0.5)
                loops = controls.slider(Generate, "loops", step=1)
                fps = controls.chips(Share, "fps", (24, 30, 60))
            with gr.Row(elem_id="go", elem_classes="go"):
                meter = component("meter", now["meter"])
                button("render", "render", variant="primary", size="lg")
                button("cancel", "cancel", variant="secondary", size="lg")
    fields: list[tuple[str, str, Component]] = [
        ("source", "sentence", words.box),
        ("source", "picture", picture.code),
        ("source", "look", look),
        ("source", "seed", seed),
        *(("source", name, slider) for name, slider in zip(ATTRIBUTES, attributes, strict=True)),
        *variation.fields,
        ("source", "truncation", truncation),
        ("source", "seconds", seconds),
        ("source", "loops", loops),
        ("share", "aspect", aspect),
        ("share", "short_side", short_side),
        ("steps", "finish", finish),
        ("share", "fps", fps),
        ("share", "format", file_format),
    ]
    panel = Panel(tuple(Control(*row) for row in fields))
    return Layout(
        panel,
        named,
        unnamed_note,
        path,
        stage,
        meter,
        clips,
        recipe_box,
        recipe_file,
        looks,
        variation,
        buttons,
        words,
        picture,
    )


def _wire(app: gr.Blocks, on: Layout, do: Actions) -> tuple[list[Any], Again]:
    """Events. Those that only redraw skip the queue and show no spinner: the old picture stays until the new one.
    Returns what a recipe changes, and how a clip is made once more."""
    every = [*on.panel.components, on.path]
    shown = [on.stage, on.meter, on.recipe_box]
    understood = [on.named, on.unnamed_note, on.variation.layered]
    wide = [*on.panel.components, on.path, *shown, *understood]

    def at(events: list[Any], handler: Callable[..., Any], inputs: list[Component], outputs: list[Any]) -> None:
        gr.on(events, in_place(handler, outputs.index(on.stage), len(outputs)), inputs, outputs, **QUICK)

    at(
        [*moves([on[name] for name in ATTRIBUTES]), *on.variation.latent, on["seed"].submit, on["seed"].blur],
        do.touch,
        every,
        shown,
    )
    at(moves([on["truncation"], on["seconds"], on["loops"]]), do.show, every, shown)
    at([on[name].input for name in ("aspect", "short_side", "finish", "fps", "format")], do.show, every, shown)
    at([on["look"].input], do.choose_look, every, [*shown, *understood])
    at([on.path.input], do.show, every, shown)
    at([on.path.submit], do.add_key, every, [on.path, *shown])
    at([on.path.select], do.recall_key, every, wide)
    at([on.buttons["dice"].click], do.dice, every, [on["seed"], *shown])
    at([on.buttons["surprise"].click], do.surprise, every, wide)
    at([on.buttons["reset-adjust"].click], do.reset_adjust, every, wide)
    at([on.buttons["reset-variation"].click], do.reset_variation, every, wide)
    at([on.buttons["apply"].click], do.apply_text, [on.recipe_box], wide)
    at([on.recipe_file.upload], do.apply_file, [on.recipe_file], [on.recipe_file, *wide])
    at([on.stage.select], do.recall_clip, [], wide)
    at([on.stage.clear], do.decline, [], [on["look"], on.stage])
    at([app.load], do.arrive, [], wide)
    gr.on(
        [on.stage.submit],
        told(do.fetch),
        every,
        [*shown, *understood, on["look"]],
        **FETCH,
    )
    drawn = [on.meter, on.clips]
    in_line(on.buttons["render"].click, told(do.render), every, drawn)
    on.buttons["cancel"].click(do.cancel, [], [], **QUICK)
    app.unload(do.leave)
    again = Again(lambda request, recipe: do.everything(recipe), [], wide, do.render, every, drawn)
    return wide, again
