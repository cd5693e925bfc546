"""What the events of the Share tab do beyond those of every tab with a clip."""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from vgan.errors import Cancelled, RecipeError, VganError
from vgan.media import reader
from vgan.media.music import sound_facts
from vgan.music import analyse, snap
from vgan.recipe import Generate, Recipe, Upload, generated
from vgan.recipe_sound import Soundtrack
from vgan.recipe_steps import ASPECTS
from vgan.shapes import shapes
from vgan.templates import fill
from vgan.text.subtitles import read_subtitles
from vgan.ui import clip_messages, enhance_messages, layers, messages, share_messages, sound, style_messages, templates
from vgan.ui.jobs import Paused, Progress
from vgan.ui.share_messages import FIELDS
from vgan.ui.stills import Still
from vgan.ui.tabs.clip_actions import ClipActions
from vgan.ui.tabs.events import made_clip, rendering, told_by, visit_of
from vgan.ui.uploads import check_file

OWN_COUNT = len(share_messages.OWN_FIELDS)
SOURCE, LAYERS, SOUND, SECONDS = (FIELDS.index(name) for name in ("source", "layers", "sound", "seconds"))
TIMELINE, COUNT = FIELDS.index("timeline"), len(FIELDS)
BEFORE: tuple[tuple[str, tuple[str, ...], Callable[[Any], Recipe]], ...] = (
    ("style", style_messages.FIELDS, style_messages.recipe_from),
    ("enhance", enhance_messages.FIELDS, enhance_messages.recipe_from),
)
MAX_SUBTITLES = 2_000_000  # bytes of a file


class ShareActions(ClipActions):
    """Handlers. `values` are those of the components in the order of FIELDS."""

    fields = FIELDS

    def recipe(self, values: Sequence[Any]) -> Recipe:
        """See `ClipActions`."""
        return share_messages.recipe_from(values)

    def steps(self, asked: dict[str, Any], recipe: Recipe) -> list[Any]:
        """See `ClipActions`: what was done to it stays as it is."""
        return [step.model_dump(mode="json") for step in recipe.steps]

    def steps_for(self, recipe: Recipe) -> Recipe:
        """See `ClipActions`: everything can be shared."""
        return recipe

    def own_values(self, recipe: Recipe, visit: str) -> list[Any]:
        """See `ClipActions`."""
        return share_messages.own_values(recipe)

    def compared(self, recipe: Recipe, still: Still) -> dict[str, Any]:
        """See `ClipActions`."""
        return share_messages.compared(recipe, still)

    @property
    def taken_count(self) -> int:
        """See `ClipActions`."""
        return super().taken_count + OWN_COUNT

    def taken(self, visit: str, plain: Recipe, origin: str, values: Sequence[Any]) -> list[Any]:
        """See `ClipActions`: words and music that are here stay, unless the clip brings its own, and so does a shape
        that was chosen here. An upload's own sound becomes as loud as the platforms play."""
        asked = dict(zip(self.fields, values, strict=True))
        self._studio.check(plain, visit)
        raw = plain.model_dump(mode="json")
        came = {"source": raw["source"], "aspect": plain.share.aspect}
        if not plain.overlays and plain.sound is None:
            raw |= share_messages.posted(asked)
        heard = isinstance(plain.source, Upload) and reader.facts(Path(plain.source.path)).has_sound
        if heard and not raw["sound"]:
            raw["sound"] = Soundtrack().model_dump(mode="json")
        raw["share"] |= share_messages.shared(asked)
        if asked["aspect"] in ASPECTS and asked["aspect"] != share_messages.brought(asked["source"])["aspect"]:
            raw["share"]["aspect"] = asked["aspect"]
        recipe = Recipe.parse(raw)
        if recipe.share.aspect != plain.share.aspect:
            recipe = share_messages.in_shape(recipe)
        return self.whole(visit, recipe, origin, {"brought": came})

    def whole(self, visit: str, recipe: Recipe, origin: str, card: Any = None) -> list[Any]:
        """Every component and what is shown. card: of the source that it still is, where it was changed here alone.
        Raises as `everything`."""
        if isinstance(recipe.source, Upload):  # nothing in it can be driven
            still = recipe.sound and recipe.sound.model_copy(update={"drives": ()})
            recipe = share_messages.in_shape(recipe.model_copy(update={"sound": still}))
        answer = self.everything(visit, recipe, origin)
        if card is not None:
            answer[0] |= {"brought": share_messages.brought(card)}
        return [*answer[:2], *share_messages.own_values(recipe), *answer[2:]]

    def opened(self, request: gr.Request, *values: Any) -> list[Any]:
        """See `ClipActions`."""
        return super().opened(request, *values[:COUNT], values[-1])

    def take_other(self, event: gr.EventData, request: gr.Request, *values: Any) -> list[Any]:
        """See `ClipActions`; or what is on the tabs before this one. `values`: after this tab's, theirs."""
        origin, mine, theirs = told_by(event, "from"), values[:COUNT], values[COUNT:-1]
        for name, fields, recipe_from in BEFORE:
            if origin == name:
                return self.taken(visit_of(request), recipe_from(theirs[: len(fields)]), name, mine)
            theirs = theirs[len(fields) :]
        return super().take_other(event, request, *mine, values[-1])

    def send(self, event: gr.EventData, request: gr.Request, *values: Any) -> list[Any]:
        """A finished clip of another tab is sent here: not its file, but what it was made from, to be made anew."""
        made = made_clip(self._studio, event, request)
        return [gr.update(selected="share"), *self.taken(visit_of(request), made.recipe, "clip", values)]

    def _applied(self, visit: str, recipe: Recipe, card: Any) -> list[Any]:
        """See `ClipActions`. Music, pictures and fonts that are not here are left out, and the person is told: the
        rest is not lost with them."""
        recipe = self._at_hand(visit, recipe, card)
        recipe, lost = share_messages.without_lost(recipe, lambda name: self._studio.has(visit, name))
        answer = self.whole(visit, recipe, "upload")
        if lost:
            text = f"{', '.join(lost)[:400]}: not on this page yet. Add them once more; everything else is as it was."
            answer[COUNT] |= {"fault": {"title": "Some files are left out", "text": text}}
        return answer

    # --- templates

    def fill(self, request: gr.Request, held: Any, *values: Any) -> list[Any]:
        """The chosen template is laid over the clip: every component, and what is shown."""
        template, blanks, brand, tongue = templates.chosen(held)
        visit, base = visit_of(request), self.recipe(values)
        self._studio.check(base, visit)
        recipe = fill(template, blanks, brand, base, tongue, extent=self._studio.extent(base))
        return self.changed(visit, recipe, values)

    def changed(self, visit: str, recipe: Recipe, values: Sequence[Any]) -> list[Any]:
        """`whole`, for a recipe that was made here from that of the components."""
        card = values[SOURCE]
        return self.whole(visit, recipe, str(card.get("from", "upload")), card)

    def bring(self, event: gr.EventData, held: Any, *values: Any) -> list[Any]:
        """A template of the person's own was dropped: the list with it."""
        path = check_file("template", str(told_by(event, "path")))
        return [templates.brought(held, path), gr.skip()]

    # --- music

    def take_music(self, event: gr.EventData, request: gr.Request, *values: Any) -> list[Any]:
        """A sound was uploaded: sound, and what is shown."""
        path = check_file("sound.music", str(told_by(event, "path")))
        sound_facts(path)
        return self._with_sound(request, values, {"music": str(path), "start": 0.0, "end": None})

    def drop_music(self, request: gr.Request, *values: Any) -> list[Any]:
        """The music is not wanted any more: sound, and what is shown."""
        return self._with_sound(request, values, {"music": "", "start": 0.0, "end": None, "drives": []})

    def _with_sound(self, request: gr.Request, values: Sequence[Any], changes: dict[str, Any]) -> list[Any]:
        held = values[SOUND] if isinstance(values[SOUND], dict) else {}
        sounding = held.get("sound")
        now = sounding if isinstance(sounding, dict) else {}
        recipe = self.recipe([*values[:SOUND], held | {"sound": now | changes}, *values[SOUND + 1 :]])
        self._studio.check(recipe, visit_of(request))
        kept = {"sound": sound.value(recipe)["sound"] | now | changes}  # levels stay for the music that comes next
        return [sound.value(recipe) | kept, *self._redrawn(request, recipe, values)]

    def lengthen(self, request: gr.Request, *values: Any) -> list[Any]:
        """The clip became longer or shorter: timeline, and what is shown."""
        visit, recipe = visit_of(request), self.recipe(values)
        self._studio.check(recipe, visit)
        extent = self._studio.extent(recipe.model_copy(update={"steps": ()}))
        times = clip_messages.timeline(recipe, extent)
        if isinstance(recipe.source, Generate):
            at = min(max(0.0, clip_messages.moment(values[TIMELINE])), times["seconds"])
            times = clip_messages.timeline(recipe, extent, round(at, 3))
        return [times, *self._shown(visit, recipe, times)]

    def bars(self, event: gr.EventData, request: gr.Request, *values: Any) -> list[Any]:
        """One loop becomes as long as some bars of the music, or as many of them as a loop can have: seconds, timeline,
        and what is shown."""
        count, recipe = told_by(event, "bars"), self.recipe(values)
        if not recipe.sound or not recipe.sound.music or type(count) is not int or not 1 <= count <= 64:
            raise RecipeError(f"bars: {str(count)[:20]!r} of no music. Choose music with a beat first.")
        source = generated(recipe)
        self._studio.check(recipe, visit_of(request))
        music = analyse(Path(recipe.sound.music), recipe.sound.start, recipe.sound.end)
        seconds = round(snap(source.seconds, music, count), 4)
        return [seconds, *self.lengthen(request, *values[:SECONDS], seconds, *values[SECONDS + 1 :])]

    # --- words

    def take_file(self, event: gr.EventData, request: gr.Request, *values: Any) -> list[Any]:
        """A file was uploaded for a layer: subtitles become its lines, pictures and fonts are named by it. Layers, and
        what is shown."""
        place, field, held = told_by(event, "layer"), told_by(event, "field"), values[LAYERS]
        path = check_file(f"overlays.{str(place)[:8]}.{str(field)[:20]}", str(told_by(event, "path")))
        if field == "cues":
            if path.stat().st_size > MAX_SUBTITLES:
                raise RecipeError(f"cues: {path.name[:80]} is larger than {MAX_SUBTITLES:,} bytes. Choose subtitles.")
            held = layers.with_cues(held, place, read_subtitles(path.read_bytes()))
        else:
            held = layers.with_field(held, place, str(field), str(path))
        recipe = self.recipe([*values[:LAYERS], held, *values[LAYERS + 1 :]])
        return [held, *self._redrawn(request, recipe, values)]

    def _redrawn(self, request: gr.Request, recipe: Recipe, values: Sequence[Any]) -> list[Any]:
        return self._shown(visit_of(request), recipe, values[TIMELINE])

    # --- clips

    def draft(self, request: gr.Request, *values: Any) -> Iterator[list[Any]]:
        """A small version with sound, made at once and played on the stage: meter and stage."""
        visit, recipe = visit_of(request), self.recipe(values)
        try:
            yield [messages.progress(), gr.skip()]
            for step in self._studio.draft(visit, recipe):
                if isinstance(step, Progress):
                    yield [messages.progress(step), gr.skip()]
                else:
                    yield [messages.ended(), {"draft": messages.clip(step)}]
        except (Cancelled, Paused):
            yield [messages.ended(), gr.skip()]
        except Exception:
            yield [messages.ended(), gr.skip()]
            raise

    def render_all(self, also: Any, held: Any, request: gr.Request, *values: Any) -> Iterator[list[Any]]:
        """The clip in its shape, and then in every other one that is asked for: meter and clips.

        held: the value of the templates' component.
        """
        asked, visit, recipe = time.monotonic(), visit_of(request), self.recipe(values)
        self._studio.check(recipe, visit)
        others = [aspect for aspect in also or [] if aspect in ASPECTS and aspect != recipe.share.aspect]
        wanted = [recipe, *self._in_shapes(recipe, others, held)]
        if any(self._studio.waits(one) for one in wanted):  # stopped on the way: shapes that were finished stay
            finished = [made.recipe for made in self._studio.made(visit)]
            wanted = [one for one in wanted if one not in finished]
        for one in wanted:
            if not (yield from rendering(self._studio, visit, one, keep=True, asked=asked)):
                return

    def reshape(self, request: gr.Request, text: str, held: Any, *values: Any) -> list[Any]:
        """Another shape was chosen: words and pictures have their places in it. Layers, and what is shown.

        text: the recipe as it was; held: the value of the templates' component.
        """
        recipe, was = self.recipe(values), _aspect_in(text)
        self._studio.check(recipe, visit_of(request))
        here, cards = recipe.share.aspect, values[LAYERS]["layers"]
        if was == here or not {was, here} <= ASPECTS.keys() or len(cards) != len(recipe.overlays):  # some are off
            return [gr.skip(), *self._redrawn(request, recipe, values)]
        before = recipe.model_copy(update={"share": recipe.share.model_copy(update={"aspect": was})})
        (shaped,) = self._in_shapes(before, [here], held)
        recipe = recipe.model_copy(update={"overlays": shaped.overlays})
        return [layers.value(recipe.overlays, values[LAYERS].get("open")), *self._redrawn(request, recipe, values)]

    def _in_shapes(self, recipe: Recipe, others: list[str], held: Any) -> Iterator[Recipe]:
        """`recipe` in other shapes. A template that nobody has changed since has places of its own for each."""
        laid = self._template_over(held)
        try:
            fresh = laid is not None and laid(recipe) == recipe.overlays
        except VganError:  # it was chosen, and not laid over the clip
            fresh = False
        for shaped in shapes(recipe, others).values():
            yield shaped.model_copy(update={"overlays": laid(shaped)}) if fresh and laid else shaped

    def _template_over(self, held: Any) -> Callable[[Recipe], tuple[Any, ...]] | None:
        """What gives the overlays of the chosen template over a clip; None where none is chosen."""
        if not isinstance(held, dict) or not held.get("name"):
            return None
        template, blanks, brand, tongue = templates.chosen(held)
        return lambda base: fill(template, blanks, brand, base, tongue, extent=self._studio.extent(base)).overlays


def _aspect_in(text: str) -> str:
    """The shape that the recipe box tells of; empty where somebody has written something else into it."""
    found = re.search(r'"aspect": "([^"]*)"', text[text.find('"share"') :])
    return found[1] if found else ""
