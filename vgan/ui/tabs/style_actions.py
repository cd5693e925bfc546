"""What the events of the Style tab do: values of its components in, messages for the page out."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from vgan.errors import RecipeError, VganError
from vgan.media import reader
from vgan.recipe import Generate, Recipe, base_name
from vgan.recipe_steps import Stylize
from vgan.ui import messages, style_messages
from vgan.ui.services import Studio
from vgan.ui.stills import Still
from vgan.ui.style_messages import FIELDS, SHARE_FIELDS, STYLE_FIELDS, frame_at, recipe_from
from vgan.ui.tabs.events import made_clip, recipe_in, rendering, told_by, visit_of
from vgan.ui.uploads import check_file, example

SHOWN = 3  # outputs of `show`: stage, meter, recipe box


class StyleActions:
    """Handlers. `values` are those of the components in the order of FIELDS."""

    def __init__(self, studio: Studio):
        self._studio = studio

    # --- redraw

    def show(self, request: gr.Request, *values: Any) -> list[Any]:
        """Stage, meter and recipe for the components as they are."""
        return self._shown(visit_of(request), recipe_from(values), values[FIELDS.index("timeline")])

    def opened(self, request: gr.Request, *values: Any) -> list[Any]:
        """The tab was opened: its clips, and Create's look as it is now if that is the source. `values`: the last one
        is Create's recipe as JSON."""
        *mine, text = values
        card, clips = mine[0], messages.clips(self._studio, visit_of(request))
        if not isinstance(card, dict) or card.get("from") != "create":
            return [*[gr.skip()] * (2 + len(SHARE_FIELDS) + SHOWN), clips]
        created = Recipe.parse(str(text))
        if card.get("source") == created.source.model_dump(mode="json"):
            return [*[gr.skip()] * (2 + len(SHARE_FIELDS) + SHOWN), clips]
        return [*self._taken(visit_of(request), created, "create", mine), clips]

    # --- another source

    def take_upload(self, event: gr.EventData, request: gr.Request, *values: Any) -> list[Any]:
        """A file arrived: it becomes the source, with its own size, rate and sound."""
        path = check_file("source.path", str(told_by(event, "path")))
        return self._uploaded(visit_of(request), path, "upload", values)

    def take_other(self, event: gr.EventData, request: gr.Request, *values: Any) -> list[Any]:
        """Create's look, or the example. `values`: the last one is Create's recipe as JSON."""
        *mine, text = values
        clip = example() if told_by(event, "from") == "example" else None
        if clip:
            return self._uploaded(visit_of(request), clip, "example", mine)
        return self._taken(visit_of(request), Recipe.parse(str(text)), "create", mine)

    def restyle(self, event: gr.EventData, request: gr.Request, *values: Any) -> list[Any]:
        """A finished clip of Create is sent here: not its file, but what it was made from."""
        made = made_clip(self._studio, event, request)
        taken = self._taken(visit_of(request), made.recipe, "clip", values)
        return [gr.update(selected="style"), *taken]

    def _uploaded(self, visit: str, path: Path, origin: str, values: Any) -> list[Any]:
        still = reader.facts(path).still
        now = values[FIELDS.index("format")]
        file_format = "png" if still else "mp4" if now == "png" else now
        recipe = Recipe.parse({"source": {"kind": "upload", "path": str(path)}, "share": {"format": file_format}})
        return self._taken(visit, recipe, origin, values)

    def _taken(self, visit: str, plain: Recipe, origin: str, values: Any) -> list[Any]:
        """Source, timeline, chips and what is shown, for another source under the style that is chosen."""
        asked = dict(zip(FIELDS, values, strict=True))
        step = {name: asked[name] for name in STYLE_FIELDS} | {"kind": "stylize", "second": asked["second"] or None}
        raw = plain.model_dump(mode="json") | {"steps": [step]}
        if isinstance(plain.source, Generate):
            raw["share"]["format"] = asked["format"]
            if asked["format"] == "png" and _kind(asked["source"]) == "upload":  # it was for a picture
                raw["share"]["format"] = "mp4"
        return self._everything(visit, Recipe.parse(raw), origin)[: 2 + len(SHARE_FIELDS) + SHOWN]

    # --- recipes

    def apply_text(self, request: gr.Request, text: str, card: Any) -> list[Any]:
        """A pasted recipe moves every control."""
        return self._applied(visit_of(request), Recipe.parse(text), card)

    def apply_file(self, request: gr.Request, file: str | None, card: Any) -> list[Any]:
        """A dropped recipe, or a clip that carries one. The drop zone is empty afterwards."""
        if not file:
            return [gr.skip()] * (1 + len(FIELDS) + SHOWN)
        return [None, *self._applied(visit_of(request), recipe_in(Path(file)), card)]

    def recall_clip(self, event: gr.EventData, request: gr.Request, card: Any) -> list[Any]:
        """The recipe of a finished clip moves every control."""
        return self._applied(visit_of(request), made_clip(self._studio, event, request).recipe, card)

    def _applied(self, visit: str, recipe: Recipe, card: Any) -> list[Any]:
        if len(recipe.steps) > 1 or not all(isinstance(step, Stylize) for step in recipe.steps):
            kinds = ", ".join(step.kind for step in recipe.steps)
            raise RecipeError(f"steps: {kinds}; this page shows one style. Apply the recipe in the Enhance tab.")
        recipe = self._at_hand(visit, recipe, card)
        step = recipe.steps[0] if recipe.steps else Stylize()
        assert isinstance(step, Stylize)
        answer = self._everything(visit, recipe.model_copy(update={"steps": (step,)}), "upload")
        head, tail = answer[: 2 + len(SHARE_FIELDS)], answer[2 + len(SHARE_FIELDS) :]
        fields = [getattr(step, name) for name in STYLE_FIELDS]
        fields[STYLE_FIELDS.index("second")] = step.second or ""
        return [*head[:2], *fields, *head[2:], *tail]

    # --- clips

    def render(self, request: gr.Request, *values: Any) -> Iterator[list[Any]]:
        """Progress in the meter, then the clip on the stage."""
        yield from rendering(self._studio, visit_of(request), recipe_from(values))

    def measure(self, request: gr.Request) -> Any:
        """How steady the newest clip is, beside its size."""
        visit = visit_of(request)
        return messages.clips(self._studio, visit, show=True) if self._studio.measure(visit) else gr.skip()

    def cancel(self, request: gr.Request) -> dict[str, Any]:
        """Stop what runs; the meter is free at once."""
        self._studio.cancel(visit_of(request))
        return messages.IDLE

    # --- parts of the answers

    def first(self, recipe: Recipe) -> list[Any]:
        """As `_everything`, before anybody has come; a fault on the stage where nothing can be painted."""
        return self._everything("", recipe, "create")

    def _everything(self, visit: str, recipe: Recipe, origin: str) -> list[Any]:
        """Source, timeline, chips of the bar, stage, meter, recipe box."""
        self._studio.check(recipe, visit)
        extent = self._studio.extent(recipe)
        times = style_messages.timeline(recipe, extent)
        still = self._studio.still(visit, recipe, frame_at(times, extent))
        return [
            style_messages.card(recipe, extent, still.thumb, origin),
            times,
            *style_messages.chips(recipe),
            *self._said(visit, recipe, still),
        ]

    def _shown(self, visit: str, recipe: Recipe, times: Any) -> list[Any]:
        """Stage, meter, recipe box."""
        self._studio.check(recipe, visit)
        still = self._studio.still(visit, recipe, frame_at(times, self._studio.extent(recipe)))
        return self._said(visit, recipe, still)

    def _said(self, visit: str, recipe: Recipe, still: Still) -> list[Any]:
        try:
            meter: Any = messages.meter(self._studio, recipe, visit)
        except VganError:
            meter = gr.skip()
        step = recipe.steps[0]
        assert isinstance(step, Stylize)
        return [style_messages.compared(still, step), meter, recipe.portable().to_json()]

    def _at_hand(self, visit: str, recipe: Recipe, card: Any) -> Recipe:
        """`recipe` with the upload and the own styles at hand where it names some of the same names: where files lie
        changes from visit to visit, and clips keep their names alone."""
        raw = recipe.model_dump(mode="json")
        source = card.get("source") if isinstance(card, dict) else None
        path = source.get("path") if isinstance(source, dict) else None
        if isinstance(path, str) and base_name(raw["source"].get("path", "")) == base_name(path):
            raw["source"]["path"] = path
        mine = {base_name(style.name): style.name for style in self._studio.styles(visit) if style.file}
        for step in raw["steps"]:
            for field in {"style", "second"} & step.keys():
                step[field] = mine.get(base_name(step[field] or ""), step[field])
        return Recipe.parse(raw)


def _kind(card: Any) -> Any:
    """What the source component holds: `generate`, `upload`, or something that is no source."""
    source = card.get("source") if isinstance(card, dict) else None
    return source.get("kind") if isinstance(source, dict) else None
