"""The Enhance tab: what is on it and which event calls what. See `enhance_actions` for what they do."""

from typing import Any

import gradio as gr

from vgan.recipe import Recipe
from vgan.ui import chain, messages
from vgan.ui.enhance_messages import FIELDS
from vgan.ui.errors import in_place, told
from vgan.ui.i18n import word
from vgan.ui.presets import PRESETS, presets
from vgan.ui.tabs import clip_layout
from vgan.ui.tabs.clip_layout import Layout
from vgan.ui.tabs.enhance_actions import EnhanceActions
from vgan.ui.tabs.events import FETCH, IN_LINE, QUICK
from vgan.ui.tabs.page import Page
from vgan.ui.web import component

SHOWN = ("stage", "meter", "recipe", "damage")


def build(page: Page, here: gr.Tab) -> None:
    """Draw the tab and wire it to the studio and to the finished clips of the tabs before it."""
    do, steps = EnhanceActions(page.studio), _first_steps()
    now = clip_layout.first(do, Recipe(steps=steps), SHOWN)
    on = page.enhance = _draw(now, chain.value(steps))
    shown = [on.parts[name] for name in SHOWN]
    taken = clip_layout.wire(on, do, page, here, shown)
    clip_layout.wire_render(on, do)
    _wire(on, do, page, shown, taken)


def _first_steps() -> tuple[Any, ...]:
    """What the page begins with: the first preset, if it can be played here."""
    known = {preset["name"] for preset in presets()}
    return next((steps for name, steps in PRESETS.items() if name in known), ())


def _draw(now: dict[str, Any], first: dict[str, Any]) -> Layout:
    on = Layout("e", FIELDS)
    fields, parts = on.fields, on.parts
    with gr.Row(elem_id="enhance", elem_classes="studio"):
        with gr.Column(elem_id="e-panel", elem_classes="side"):
            clip_layout.draw_source(on, now, "vgan-enhance-source")
            parts["presets"] = component("presets", "", presets=presets())
            with gr.Accordion(word("steps"), open=True, elem_id="e-steps"):
                fields["chain"] = component("chain", first, script="controls cards", **chain.props())
            with gr.Accordion(word("damage"), open=True, elem_id="e-damage"):
                parts["findings"] = component("findings", None, script="reasons")
            clip_layout.draw_recipe(on, now["recipe"])
        with gr.Column(elem_id="e-view", elem_classes="view timed"):
            parts["stage"] = component(
                "compare", now["stage"], base="stage", script="gone", elem_id="vgan-enhance-compare"
            )
            fields["timeline"] = component("timeline", now["timeline"], elem_id="vgan-enhance-timeline")
            parts["damage"] = component("damage", now["damage"], script="reasons")
            parts["clips"] = component("clips", messages.NO_CLIPS, elem_id="vgan-enhance-clips")
        clip_layout.draw_bar(on, now, "vgan-enhance-meter")
    return on


def _wire(on: Layout, do: EnhanceActions, page: Page, shown: list[Any], taken: list[Any]) -> None:
    steps: Any = on.fields["chain"]
    preset: Any = on.parts["presets"]
    findings: Any = on.parts["findings"]
    damage: Any = on.parts["damage"]
    on.at([steps.input], do.show, on.values, shown)
    bring = in_place(do.bring, shown.index(on.parts["stage"]), len(shown))
    steps.submit(bring, on.values, shown, **FETCH)
    on.settle(on.at([preset.input], do.choose, [preset, *on.values], [steps, *shown]), do, shown)
    on.at([findings.select], do.mark, on.values, [steps, *shown])
    looking = damage.submit(told(do.look), on.values, [damage], trigger_mode="multiple", **IN_LINE)
    stage = shown.index(on.parts["stage"])
    looking.success(in_place(do.looked, stage, len(shown)), on.values, shown, **QUICK)
    findings.clear(do.look_no_more, on.values, [damage], **QUICK)
    outputs = [page.tabs, *taken]
    sent = [other.apply for other in (page.create.stage, page.style.parts["stage"])]  # type: ignore[attr-defined]
    gr.on(sent, in_place(do.send, outputs.index(on.parts["stage"]), len(outputs)), on.values, outputs, **QUICK)
