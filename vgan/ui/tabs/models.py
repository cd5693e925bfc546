"""The Models tab: what is on it and which event calls what. See `models_actions` for what the events do."""

from typing import Any

import gradio as gr

from vgan.settings import Settings
from vgan.ui.errors import in_place
from vgan.ui.i18n import word
from vgan.ui.model_messages import ModelMessages
from vgan.ui.style_gallery import StyleGallery
from vgan.ui.tabs.clip_layout import Layout
from vgan.ui.tabs.events import FETCH, LONG, QUICK
from vgan.ui.tabs.look_shelf import LookShelf, draw_push, pushing
from vgan.ui.tabs.models_actions import ModelsActions
from vgan.ui.tabs.page import Page
from vgan.ui.web import component

SHOWN = ("stage", "shelf", "memory", "push_look")


def build(page: Page, here: gr.Tab) -> None:
    """Draw the tab and wire it to the weights that are here, to the looks of Train, and to Create, where they play."""
    studio = page.studio
    say = ModelMessages(studio, page.gallery, StyleGallery(studio.models, studio.settings.outputs / "tiles"))
    do = ModelsActions(studio, page.trainings, LookShelf(studio, page.gallery), say)
    on = _draw(say, studio.settings)
    _wire(on, do, page, here)


def _draw(say: ModelMessages, settings: Settings) -> Layout:
    closed = settings.public
    on = Layout("m", ())
    parts = on.parts
    with gr.Row(elem_id="models", elem_classes="studio"):
        with gr.Column(elem_id="m-panel", elem_classes="side"):
            with gr.Accordion(word("bring"), open=True, elem_id="m-bring"):
                parts["bring"] = component("bring", {}, script="model_words", known=say.named())
            with gr.Accordion(word("shelf"), open=True, elem_id="m-shelf"):
                parts["shelf"] = component("shelf", say.shelf(), elem_id="m-looks", closed=closed)
            with gr.Accordion(word("memory"), open=True, elem_id="m-memory"):
                parts["memory"] = component("memory", say.memory(), script="model_words", closed=closed)
            with gr.Accordion(word("push_group"), open=False, elem_id="m-pushing"):
                draw_push(on, closed)
        with gr.Column(elem_id="m-view", min_width=0):
            parts["stage"] = component("models", say.all(), script="model_words")
    return on


def _wire(on: Layout, do: ModelsActions, page: Page, here: gr.Tab) -> None:
    """What answers at once skips the queue; what asks the Hub does not."""
    parts = on.parts
    stage: Any = parts["stage"]
    shelf: Any = parts["shelf"]
    memory: Any = parts["memory"]
    bring: Any = parts["bring"]
    create = page.create["look"]
    shown = [*(parts[name] for name in SHOWN), create]
    on.at([here.select], do.opened, [], shown)
    on.at([shelf.delete], do.delete, [], shown)
    on.at([shelf.edit], do.rename, [], shown)
    on.at([shelf.download], do.zipped, [], [shelf, stage])
    on.at([memory.clear], do.free, [], [memory, stage])
    slow = {"concurrency_id": "peek", **LONG, "concurrency_limit": 4}
    stage.select(in_place(do.show, 0, 2), [], [stage, memory], **slow)
    bring.submit(in_place(do.check, 0, 2), [], [bring, stage], **slow)
    stage.download(in_place(do.fetch, 0, 2), [], [stage, memory], **FETCH)
    stage.stop(do.stop, [], [], **QUICK)
    asked, said = pushing(on)
    on.buttons["push"].click(in_place(do.push, len(said), len(said) + 1), asked, [*said, stage], **FETCH)
    changed, gallery = page.create_shown, next(place for place, one in enumerate(page.create_shown) if one is create)

    def play(event: gr.EventData, request: gr.Request) -> list[Any]:
        return [*do.play(event, request, page.create_actions, gallery), gr.skip()]

    for place, events in ((stage, [stage.play, shelf.select]), (bring, [bring.play])):
        outputs = [page.tabs, *changed, place]
        gr.on(events, in_place(play, len(outputs) - 1, len(outputs)), [], outputs, **QUICK)
    stage.apply(do.go, [], [page.tabs], **QUICK)
