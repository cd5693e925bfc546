"""The Share tab: what is on it and which event calls what. See `share_actions` for what the events do."""

from typing import Any

import gradio as gr

from vgan.recipe import Generate, Recipe, Share
from vgan.recipe_steps import ASPECTS
from vgan.share.platforms import PLATFORMS
from vgan.ui import controls, layers, messages, mood, report, share_messages, sound, templates
from vgan.ui.errors import in_place, told
from vgan.ui.i18n import word
from vgan.ui.share_messages import FIELDS, SOURCE
from vgan.ui.tabs import clip_layout
from vgan.ui.tabs.clip_layout import Layout
from vgan.ui.tabs.events import LONG, QUICK, in_line, moves
from vgan.ui.tabs.page import Page
from vgan.ui.tabs.post_actions import PostActions
from vgan.ui.tabs.share_actions import ShareActions
from vgan.ui.web import component

SHOWN = ("stage", "meter", "recipe")


def build(page: Page, here: gr.Tab) -> None:
    """Draw the tab and wire it to the studio, to the looks and clips of the tabs before it."""
    do, first = ShareActions(page.studio), Recipe()
    now = clip_layout.first(do, first, SHOWN)
    on = _draw(now, first)
    shown = [on.parts[name] for name in SHOWN]
    taken = clip_layout.wire(on, do, page, here, shown, before=(page.style, page.enhance))
    _wire(on, do, page, shown, taken)


def _draw(now: dict[str, Any], first: Recipe) -> Layout:
    on = Layout("p", FIELDS)
    fields, parts = on.fields, on.parts
    own = dict(zip(share_messages.OWN_FIELDS, share_messages.own_values(first), strict=True))
    with gr.Row(elem_id="share", elem_classes="studio"):
        with gr.Column(elem_id="p-panel", elem_classes="side"):
            fields["steps"] = gr.State(own["steps"])
            clip_layout.draw_source(on, now, "vgan-share-source", ("create", "style", "enhance"))
            with gr.Accordion(word("templates"), open=True, elem_id="p-templates"):
                parts["templates"] = component(
                    "templates", templates.NOTHING, base="chain", elem_id="vgan-share-templates", **templates.props()
                )
            with gr.Accordion(word("words"), open=True, elem_id="p-words"):
                fields["layers"] = component(
                    "layers",
                    own["layers"],
                    base="chain",
                    script="controls cards cues",
                    elem_id="vgan-share-layers",
                    **layers.props(),
                )
            with gr.Accordion(word("music"), open=True, elem_id="p-music"):
                fields["sound"] = component(
                    "sound", own["sound"], base="chain", script="drop controls", **sound.props()
                )
            with gr.Accordion(word("mood"), open=False, elem_id="p-mood"):
                parts["mood"] = component("mood", mood.NOTHING, base="chain", **mood.props())
            with gr.Accordion(word("where"), open=True, elem_id="p-where"), gr.Column(elem_classes="sliders"):
                places = [(row.title if name != "any" else word("anywhere"), name) for name, row in PLATFORMS.items()]
                fields["platform"] = gr.Dropdown(
                    places,
                    value=own["platform"],
                    label=word("platform"),
                    info=word("platform_help"),
                    elem_id="p-platform",
                )
                parts["also"] = gr.CheckboxGroup(
                    list(ASPECTS), label=word("also"), info=word("also_help"), elem_id="p-also", elem_classes="chips"
                )
                fields["max_mb"] = gr.Number(
                    own["max_mb"],
                    label=word("max_mb"),
                    info=word("max_mb_help"),
                    minimum=0,
                    maximum=1000,
                    step=0.5,
                    elem_id="p-max-mb",
                )
                fields["disclose"] = gr.Checkbox(
                    own["disclose"], label=word("disclose"), info=word("disclose_help"), elem_id="p-disclose"
                )
            with gr.Accordion(word("check"), open=True, elem_id="p-check"):
                parts["report"] = component("report", report.NOTHING)
            clip_layout.draw_recipe(on, now["recipe"])
        with gr.Column(elem_id="p-view", elem_classes="view timed"):
            parts["stage"] = component(
                "compare",
                now["stage"],
                base="stage",
                script="gone",
                elem_id="vgan-share-stage",
                alone=True,
                sound=True,
            )
            fields["timeline"] = component("timeline", now["timeline"], elem_id="vgan-share-timeline")
            parts["clips"] = component("clips", messages.NO_CLIPS, elem_id="vgan-share-clips")

        def shape() -> None:
            shapes = ((word("as_source"), SOURCE), *((name, name) for name in ASPECTS))
            fields["aspect"] = controls.chips(Share, "aspect", shapes, place="p", value=own["aspect"])
            fields["seconds"] = controls.slider(Generate, "seconds", step=0.1, place="p")
            fields["loops"] = controls.slider(Generate, "loops", step=1, place="p")

        clip_layout.draw_bar(on, now, "vgan-share-meter", shape, ("draft",))
    return on


def _wire(on: Layout, do: ShareActions, page: Page, shown: list[Any], taken: list[Any]) -> None:
    fields, parts = on.fields, on.parts
    words: Any = fields["layers"]
    heard: Any = fields["sound"]
    lengths = [fields[name] for name in ("seconds", "loops")]
    chosen = [fields[name].input for name in ("platform", "disclose")]  # type: ignore[attr-defined]
    typed: Any = fields["max_mb"]
    on.at([*chosen, typed.change, words.input, heard.input], do.show, on.values, shown)
    shape: Any = fields["aspect"]
    on.at([shape.input], do.reshape, [parts["recipe"], parts["templates"], *on.values], [words, *shown])
    on.at(moves(lengths), do.lengthen, on.values, [fields["timeline"], *shown])
    on.settle(on.at([words.upload], do.take_file, on.values, [words, *shown]), do, shown)
    on.settle(on.at([heard.upload], do.take_music, on.values, [heard, *shown]), do, shown)
    on.settle(on.at([heard.clear], do.drop_music, on.values, [heard, *shown]), do, shown)
    on.settle(on.at([heard.select], do.bars, on.values, [fields["seconds"], fields["timeline"], *shown]), do, shown)
    _wire_templates(on, do, shown)
    post = PostActions(page.studio, do)
    _wire_mood(on, post, shown)
    _wire_check(
        on,
        do,
        post,
        shown,
        clip_layout.wire_render(on, do, do.render_all, [parts["also"], parts["templates"], *on.values]),
    )
    draft = in_place(do.draft, 1, 2)
    in_line(on.buttons["draft"].click, draft, on.values, [parts["meter"], parts["stage"]])
    stages = (page.create.stage, page.style.parts["stage"], page.enhance.parts["stage"])
    outputs = [page.tabs, *taken]
    sent = [stage.copy for stage in stages]  # type: ignore[attr-defined]
    gr.on(sent, in_place(do.send, outputs.index(parts["stage"]), len(outputs)), on.values, outputs, **QUICK)


def _wire_templates(on: Layout, do: ShareActions, shown: list[Any]) -> None:
    held: Any = on.parts["templates"]
    wide = [*on.values, *shown]
    on.settle(on.at([held.submit], do.fill, [held, *on.values], wide), do, shown)
    on.at([held.upload], do.bring, [held], [held, on.parts["stage"]])


def _wire_mood(on: Layout, post: PostActions, shown: list[Any]) -> None:
    read: Any = on.parts["mood"]
    on.at([read.submit], post.read_mood, on.values, [read, on.parts["stage"]])
    on.settle(on.at([read.select], post.use, on.values, [*on.values, *shown]), post.share, shown)


def _wire_check(on: Layout, do: ShareActions, post: PostActions, shown: list[Any], rendering: Any) -> None:
    """Every finished clip is checked. What can be mended is, and then it is rendered and checked once more."""
    report: Any = on.parts["report"]
    wide = [*on.values, *shown]
    rendering.success(told(post.check), on.values, [report], concurrency_id="check", **LONG)
    # Told, and not in place: what follows only follows where it was mended.
    mending = report.apply(told(post.mend), [report, *on.values], wide, concurrency_id="check", **LONG)
    again = in_line(mending.success, told(do.render), on.values, [on.parts["meter"], on.parts["clips"]])
    again.success(told(post.check), on.values, [report], concurrency_id="check", **LONG)
