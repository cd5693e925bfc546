"""The Train tab: what is on it and which event calls what. See `train_actions` for what the events do."""

import json
from typing import Any

import gradio as gr

from vgan.settings import Settings
from vgan.ui.errors import in_place
from vgan.ui.folders import address
from vgan.ui.i18n import word
from vgan.ui.tabs.clip_layout import Layout
from vgan.ui.tabs.events import FETCH, QUICK
from vgan.ui.tabs.look_shelf import draw_push, pushing
from vgan.ui.tabs.page import Page
from vgan.ui.tabs.train_actions import TrainActions, example_sheet
from vgan.ui.trainings import MOST_CLIPS, Trainings
from vgan.ui.uploads import EXAMPLES, example
from vgan.ui.web import component

OPTIONS = ("footage", "name", "minutes", "mirror", "loop_seconds", "scratch")
SHOWN = ("stage", "meter", "shelf", "push_look")
LOOP = (1.0, 12.0)


def build(page: Page, here: gr.Tab) -> None:
    """Draw the tab and wire it to the training of this machine, and to Create, where its looks play."""
    studio = page.studio
    page.trainings = Trainings(studio.settings)
    do = TrainActions(studio, page.trainings, page.gallery)
    on = _draw(do, studio.settings)
    _wire(on, do, page, here)


def _draw(do: TrainActions, settings: Settings) -> Layout:
    closed, minutes = settings.public, settings.train_minutes
    on = Layout("t", OPTIONS)
    fields, parts = on.fields, on.parts
    stage, meter, shelf, *_ = do.opened()
    sheet = example_sheet(EXAMPLES)
    with gr.Row(elem_id="train", elem_classes="studio"):
        with gr.Column(elem_id="t-panel", elem_classes="side"):
            fields["footage"] = component(
                "footage",
                {"clips": [], "chosen": 0, "crop": [0, 0, 1, 1]},
                base="source",
                script="trim_crop",
                elem_id="vgan-footage",
                most=MOST_CLIPS,
                closed=closed,
            )
            with gr.Accordion(word("shelf"), open=True, elem_id="t-shelf"):
                parts["shelf"] = component("shelf", shelf, closed=closed)
            with gr.Accordion(word("push_group"), open=False, elem_id="t-push"):
                draw_push(on, closed)
            with gr.Accordion(word("advanced"), open=False, elem_id="t-advanced"), gr.Column(elem_classes="sliders"):
                fields["loop_seconds"] = gr.Slider(
                    *LOOP,
                    value=4.0,
                    step=0.5,
                    label=word("train_loop"),
                    info=word("train_loop_help"),
                    elem_id="t-loop",
                    elem_classes="slim",
                    buttons=["reset"],
                    interactive=not closed,
                )
                for name, value in (("mirror", True), ("scratch", False)):
                    fields[name] = gr.Checkbox(
                        value,
                        label=word(f"train_{name}"),
                        info=word(f"train_{name}_help"),
                        elem_id=f"t-{name}",
                        interactive=not closed,
                    )
        with gr.Column(elem_id="t-view", elem_classes="view"):
            parts["stage"] = component(
                "trainer",
                stage,
                base="stage",
                script="trim_crop losses",
                elem_id="vgan-trainer",
                closed=closed,
                example=example() is not None,
                still=address(sheet) if sheet else "",
            )
        with gr.Row(elem_id="t-output", elem_classes="output"):
            clip = gr.Accordion(word("train_bar"), open=True, elem_id="t-clip", elem_classes="clip")
            with clip, gr.Row(elem_classes="clip-row"):
                fields["name"] = gr.Textbox(
                    "",
                    label=word("train_name"),
                    placeholder=word("train_name_hint"),
                    max_length=40,
                    elem_id="t-name",
                    interactive=not closed,
                )
                fields["minutes"] = gr.Radio(
                    [(f"{choice:g}", choice) for choice in minutes],
                    value=minutes[min(1, len(minutes) - 1)],
                    label=word("train_minutes"),
                    elem_id="t-minutes",
                    elem_classes="chips",
                    min_width=60,
                    interactive=not closed,
                )
            with gr.Row(elem_id="t-go", elem_classes="go"):
                parts["meter"] = component("meter", meter, elem_id="vgan-train-meter", idle="train_idle")
                on.button("render", "train_go", variant="primary", size="lg", interactive=not closed)
                on.button("cancel", "train_pause", variant="secondary", size="lg")
    return on


def _wire(on: Layout, do: TrainActions, page: Page, here: gr.Tab) -> None:
    """Everything here answers at once: the training is beside the app."""
    parts = on.parts
    stage: Any = parts["stage"]
    shelf: Any = parts["shelf"]
    meter: Any = parts["meter"]
    footage: Any = on.fields["footage"]
    shown = [*(parts[name] for name in SHOWN), page.create["look"]]
    on.at([footage.upload], do.take, [], [stage, meter])
    on.at([stage.example_select], do.example, [], [stage, meter])
    on.at([here.select], do.opened, [], shown)
    on.at([stage.tick], do.tick, [], shown)
    go = on.buttons["render"].click
    gr.on(
        [go, meter.submit, shelf.play], None, [], [meter], js=f"() => ({json.dumps(STARTING)})", show_progress="hidden"
    )
    on.at([go], do.start, on.values, shown)
    on.at([meter.submit], do.resume, [], shown)
    on.at([meter.clear], do.discard, [], shown)
    on.at([on.buttons["cancel"].click], do.pause, [], shown)
    on.at([shelf.play], do.resume_named, [], shown)
    on.at([shelf.delete], do.delete, [], shown)
    on.at([shelf.edit], do.rename, [], shown)
    on.at([shelf.download], do.zipped, [], [shelf, stage])
    asked, said = pushing(on)
    push = in_place(do.push, len(said), len(said) + 1)
    on.buttons["push"].click(push, asked, [*said, stage], **FETCH)
    created, create = page.create_shown, page.create_actions
    gallery = next(place for place, one in enumerate(created) if one is page.create["look"])

    def play(event: gr.EventData) -> list[Any]:
        return [*do.open(event, create, gallery), gr.skip()]

    outputs = [page.tabs, *created, stage]
    opened = [stage.play, shelf.select]
    gr.on(opened, in_place(play, len(outputs) - 1, len(outputs)), [], outputs, **QUICK)
    page.app.load(do.looks, [], [page.create["look"]], **QUICK)


STARTING = {"progress": {"done": 0, "total": 0, "left": None, "doing": "train_starting"}}
