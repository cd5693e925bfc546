"""What the events of every tab that works on a clip do: another source, another moment, recipes, renders."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from vgan.errors import VganError
from vgan.media import reader
from vgan.recipe import Generate, Recipe, base_name
from vgan.ui import clip_messages, messages
from vgan.ui.clip_messages import SHARE_FIELDS
from vgan.ui.services import Studio
from vgan.ui.stills import Still
from vgan.ui.tabs.events import made_clip, recipe_in, rendering, told_by, visit_of
from vgan.ui.uploads import check_file, example
from vgan.zoo import find_model

HEAD = 2 + len(SHARE_FIELDS)  # of what is known once a source is taken: source, timeline, chips; the stage follows


class ClipActions(ABC):
    """Handlers. `values` are those of the components in the order of `fields`: source, timeline, the tab's own, chips.

    A tab says what is its own. shown: outputs of `show`, of which the first three are stage, meter and recipe box.
    """

    fields: tuple[str, ...]
    shown = 3

    @property
    def taken_count(self) -> int:
        """How many outputs `taken` has."""
        return HEAD + self.shown

    def __init__(self, studio: Studio):
        self._studio = studio

    # --- what a tab says

    @abstractmethod
    def recipe(self, values: Sequence[Any]) -> Recipe:
        """The checked recipe that the components describe. Raises RecipeError."""

    @abstractmethod
    def steps(self, asked: dict[str, Any], recipe: Recipe) -> list[Any]:
        """The steps that another source goes through, unchecked. recipe: what it brings along."""

    @abstractmethod
    def steps_for(self, recipe: Recipe) -> Recipe:
        """`recipe` as this tab can show it. Raises RecipeError where it cannot."""

    @abstractmethod
    def own_values(self, recipe: Recipe, visit: str) -> list[Any]:
        """What the tab's own components are to show for `recipe`."""

    @abstractmethod
    def compared(self, recipe: Recipe, still: Still) -> dict[str, Any]:
        """What the stage shows."""

    def frame(self, recipe: Recipe, times: Any) -> int:
        """The frame of the finished clip for the moment of the source that the timeline points at."""
        return clip_messages.frame_at(times, self._studio.extent(recipe))

    def seen(self, recipe: Recipe, times: Any) -> Recipe:
        """What has to be drawn to show the moment that the timeline points at."""
        return recipe

    # --- redraw

    def show(self, request: gr.Request, *values: Any) -> list[Any]:
        """Stage, meter and recipe for the components as they are."""
        return self._shown(visit_of(request), self.recipe(values), values[self.fields.index("timeline")])

    def settle(self, request: gr.Request, text: str, *values: Any) -> list[Any]:
        """As `show`, where what is shown, by its recipe `text`, is not what the components describe by now."""
        if self.recipe(values).portable().to_json() == text:
            return [gr.skip()] * self.shown
        return self.show(request, *values)

    def opened(self, request: gr.Request, *values: Any) -> list[Any]:
        """The tab was opened: its clips, and Create's look as it is now if that is the source. `values`: the last one
        is Create's recipe as JSON."""
        *mine, text = values
        card, clips = mine[0], messages.clips(self._studio, visit_of(request))
        if not isinstance(card, dict) or card.get("from") != "create":
            return [*[gr.skip()] * self.taken_count, clips]
        created = Recipe.parse(str(text))
        if (card.get("brought") or card).get("source") == created.source.model_dump(mode="json"):
            return [*[gr.skip()] * self.taken_count, clips]
        return [*self.taken(visit_of(request), created, "create", mine), clips]

    # --- another source

    def take_upload(self, event: gr.EventData, request: gr.Request, *values: Any) -> list[Any]:
        """A file arrived: it becomes the source, with its own size, rate and sound."""
        path = check_file("source.path", str(told_by(event, "path")))
        return self.taken_file(visit_of(request), path, "upload", values)

    def take_other(self, event: gr.EventData, request: gr.Request, *values: Any) -> list[Any]:
        """Create's look, or the example. `values`: the last one is Create's recipe as JSON."""
        *mine, text = values
        clip = example() if told_by(event, "from") == "example" else None
        if clip:
            return self.taken_file(visit_of(request), clip, "example", mine)
        return self.taken(visit_of(request), Recipe.parse(str(text)), "create", mine)

    def taken_file(self, visit: str, path: Path, origin: str, values: Sequence[Any]) -> list[Any]:
        """As `taken`, for a file of the visitor's own."""
        still = reader.facts(path).still
        now = values[self.fields.index("format")]
        file_format = "png" if still else "mp4" if now == "png" else now
        recipe = Recipe.parse({"source": {"kind": "upload", "path": str(path)}, "share": {"format": file_format}})
        return self.taken(visit, recipe, origin, values)

    def taken(self, visit: str, plain: Recipe, origin: str, values: Sequence[Any]) -> list[Any]:
        """Source, timeline, chips and what is shown, for another source under the steps that are chosen."""
        asked = dict(zip(self.fields, values, strict=True))
        raw = plain.model_dump(mode="json") | {"steps": self.steps(asked, plain)}
        if isinstance(plain.source, Generate):
            raw["share"]["format"] = asked["format"]
            if asked["format"] == "png" and _kind(asked["source"]) == "upload":  # it was for a picture
                raw["share"]["format"] = "mp4"
        return self.everything(visit, Recipe.parse(raw), origin)

    # --- recipes

    def apply_text(self, request: gr.Request, text: str, card: Any) -> list[Any]:
        """A pasted recipe moves every control."""
        return self._applied(visit_of(request), Recipe.parse(text), card)

    def apply_file(self, request: gr.Request, file: str | None, card: Any) -> list[Any]:
        """A dropped recipe, or a clip that carries one. The drop zone is empty afterwards."""
        if not file:
            return [gr.skip()] * (1 + len(self.fields) + self.shown)
        return [None, *self._applied(visit_of(request), recipe_in(Path(file)), card)]

    def recall_clip(self, event: gr.EventData, request: gr.Request, card: Any) -> list[Any]:
        """The recipe of a finished clip moves every control."""
        return self._applied(visit_of(request), made_clip(self._studio, event, request).recipe, card)

    def again(self, request: gr.Request, recipe: Recipe, card: Any) -> list[Any]:
        """A recipe that was kept moves every control."""
        return self._applied(visit_of(request), recipe, card)

    def _applied(self, visit: str, recipe: Recipe, card: Any) -> list[Any]:
        recipe = self.steps_for(self._at_hand(visit, recipe, card))
        answer = self.everything(visit, recipe, "upload")
        answer[HEAD] |= messages.left_behind(recipe)
        return [*answer[:2], *self.own_values(recipe, visit), *answer[2:]]

    # --- clips

    def render(self, request: gr.Request, *values: Any) -> Iterator[list[Any]]:
        """Progress in the meter, then the clip on the stage. What was stopped on the way goes on where it was."""
        yield from rendering(self._studio, visit_of(request), self.recipe(values), keep=True)

    def cancel(self, request: gr.Request) -> None:
        """Stop what runs, so that it can go on where that is possible; its own event then says so."""
        self._studio.pause(visit_of(request))

    def discard(self, *values: Any) -> None:
        """The person does not want the render to go on."""
        self._studio.discard(self.recipe(values))

    # --- parts of the answers

    def first(self, recipe: Recipe) -> list[Any]:
        """As `everything`, before anybody has come. Raises VganError where nothing can be painted."""
        return self.everything("", recipe, "create")

    def everything(self, visit: str, recipe: Recipe, origin: str) -> list[Any]:
        """Source, timeline, chips of the bar, and what is shown."""
        self._studio.check(recipe, visit)
        plain = recipe.model_copy(update={"steps": ()})
        extent = self._studio.extent(plain)
        times = clip_messages.timeline(recipe, extent)
        still = self._still(visit, recipe, times)
        return [
            clip_messages.card(recipe, extent, still.thumb, origin),
            times,
            *clip_messages.chips(recipe),
            *self.said(visit, recipe, still),
        ]

    def _shown(self, visit: str, recipe: Recipe, times: Any) -> list[Any]:
        self._studio.check(recipe, visit)
        return self.said(visit, recipe, self._still(visit, recipe, times))

    def _still(self, visit: str, recipe: Recipe, times: Any) -> Still:
        return self._studio.still(visit, self.seen(recipe, times), self.frame(recipe, times))

    def said(self, visit: str, recipe: Recipe, still: Still) -> list[Any]:
        """Stage, meter, recipe box."""
        return [self.compared(recipe, still), self.meter(visit, recipe), recipe.portable().to_json()]

    def meter(self, visit: str, recipe: Recipe) -> Any:
        """The estimate, as far as there is one."""
        try:
            return messages.meter(self._studio, recipe, visit)
        except VganError:
            return gr.skip()

    def _at_hand(self, visit: str, recipe: Recipe, card: Any) -> Recipe:
        """`recipe` with the upload and the other files at hand where it names some of the same names: where files lie
        changes from visit to visit, and clips keep their names alone."""
        raw = recipe.model_dump(mode="json")
        source = card.get("source") if isinstance(card, dict) else None
        path = source.get("path") if isinstance(source, dict) else None
        if isinstance(path, str) and base_name(raw["source"].get("path", "")) == base_name(path):
            raw["source"]["path"] = path
        mine = {base_name(name): name for name in self._files(visit)}
        for part in (*raw["steps"], *raw["overlays"], raw["sound"] or {}):
            for field in {"style", "second", "model", "path", "font", "music"} & part.keys():
                part[field] = mine.get(base_name(part[field] or ""), part[field])
        return Recipe.parse(raw)

    def _files(self, visit: str) -> Iterator[str]:
        """Names of files that finished clips' recipes go by, and of styles of the visit's own."""
        for made in self._studio.made(visit):
            for step in made.recipe.steps:
                yield from (getattr(step, name) for name, model in step.models.items() if find_model(model).path)
            for part in (*made.recipe.overlays, *([made.recipe.sound] if made.recipe.sound else [])):
                yield from part.files.values()
        yield from (style.name for style in self._studio.styles(visit) if style.file)


def _kind(card: Any) -> Any:
    """What the source component holds: `generate`, `upload`, or something that is no source."""
    source = card.get("source") if isinstance(card, dict) else None
    return source.get("kind") if isinstance(source, dict) else None
