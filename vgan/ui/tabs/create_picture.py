"""The group "Your picture" of the Create tab: a picture is searched for in the look, and all sliders work on it."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import gradio as gr
from gradio.components import Component

from vgan.errors import Cancelled, RecipeError
from vgan.inversion import Inverted, named
from vgan.media import reader
from vgan.picture_code import LONGEST
from vgan.recipe import ATTRIBUTES, Recipe, generated
from vgan.sources.pictured import TYPICAL
from vgan.ui.errors import in_place
from vgan.ui.i18n import word
from vgan.ui.services import Studio
from vgan.ui.strip import poster_of
from vgan.ui.tabs.events import IN_LINE, QUICK, told_by, visit_of
from vgan.ui.uploads import check_file
from vgan.ui.web import component

if TYPE_CHECKING:
    from vgan.ui.tabs.create_actions import Actions

NOTHING: dict[str, Any] = {"picture": None, "found": None, "progress": None}
_PLAIN = {"truncation": TYPICAL, "variation": (0.0,) * 6, "layers": None, "mix_seed": None}  # as it was searched with


@dataclass(frozen=True)
class Parts:
    """What is drawn. code: the recipe's own field; zone: where a picture is dropped and compared."""

    code: gr.Textbox
    zone: gr.HTML


def draw(seconds: float) -> Parts:
    """The group, in the column that is being drawn. seconds: that a search takes at most."""
    with gr.Accordion(word("your_picture"), open=False, elem_id="your-picture"):
        # In the page and not seen, so that it tells of every change, whichever event made it.
        code = gr.Textbox("", label=word("your_picture"), max_length=LONGEST, visible="hidden", elem_id="f-picture")
        zone = component("picture", NOTHING, base="source", script="drop", seconds=seconds)
    return Parts(code, zone)


class PictureActions:
    """Handlers. `values` are those of the Create tab's own, see `create_actions.Actions`; `held` is the zone's."""

    def __init__(self, studio: Studio, create: "Actions"):
        self._studio, self._create = studio, create

    def take(self, event: gr.EventData, request: gr.Request, held: Any, *values: Any) -> Iterator[Any]:
        """A file arrived: it is searched for at once. [zone, stage]"""
        path = check_file("picture", str(told_by(event, "path")))
        try:
            _, pixels = next(iter(reader.frames(path)))
        except Exception:
            yield [NOTHING | {"found": _found(held)}, gr.skip()]
            raise
        picture = {"path": str(path), "name": path.name, "thumb": poster_of(pixels)}
        yield from self._searched(request, picture, _found(held), values)

    def find(self, request: gr.Request, held: Any, *values: Any) -> Iterator[Any]:
        """The picture that is here already is searched for again, in the look that is chosen now. [zone, stage]"""
        picture = held.get("picture") if isinstance(held, dict) else None
        if not isinstance(picture, dict):
            raise RecipeError("picture: none is chosen yet. Drop one first.")
        yield from self._searched(request, picture, _found(held), values)

    def _searched(
        self, request: gr.Request, picture: dict[str, Any], found: Any, values: tuple[Any, ...]
    ) -> Iterator[Any]:
        idle = {"picture": picture, "found": found, "progress": None}
        try:
            recipe = self._create.alone(values)
            yield [idle | {"progress": {"done": 0, "total": 0, "left": None}}, gr.skip()]
            for step in self._studio.invert(visit_of(request), str(picture.get("path")), recipe):
                if isinstance(step, Inverted):
                    yield [idle | {"found": self._told(recipe, picture, step)}, gr.skip()]
                else:
                    yield [idle | {"progress": asdict(step)}, gr.skip()]
        except Cancelled:
            yield [idle, gr.skip()]
        except Exception:
            yield [idle, gr.skip()]
            raise

    def _told(self, recipe: Recipe, picture: dict[str, Any], found: Inverted) -> dict[str, Any]:
        look = generated(recipe).look
        changes = {"look": look, "picture": found.code} | found.attributes
        drawn = self._studio.preview(_changed(recipe, changes | _PLAIN)).poster
        shown = {"before": picture.get("thumb"), "after": drawn, "word": named(found.score), "score": found.score}
        return {"changes": changes} | shown

    def apply(self, held: Any, *values: Any) -> list[Any]:
        """What was found moves the controls as they are by now: everything."""
        found = _found(held)
        changes = found.get("changes") if isinstance(found, dict) else None
        recipe = self._create.alone(values)
        if not isinstance(changes, dict) or changes.get("picture") in ("", None, generated(recipe).picture):
            return [gr.skip()] * self._create.everything_count
        known = {name: changes[name] for name in ("look", "picture", *ATTRIBUTES) if name in changes}
        return self._create.everything(_changed(recipe, known | _PLAIN), path=gr.skip())

    def remove(self, *values: Any) -> list[Any]:
        """The seed's own picture comes back; the sliders stay: [zone, everything]."""
        recipe = _changed(self._create.alone(values), {"picture": ""})
        return [NOTHING, *self._create.everything(recipe, path=gr.skip())]

    def follow(self, code: str, held: Any) -> Any:
        """The picture of the recipe changed elsewhere: the zone says so."""
        found = _found(held)
        changes = found.get("changes") if isinstance(found, dict) else None
        if isinstance(changes, dict) and changes.get("picture") == code:
            return gr.skip()
        if not code and not found:
            return gr.skip()
        return (held if isinstance(held, dict) else NOTHING) | {
            "found": {"changes": {"picture": code}} if code else None
        }

    def cancel(self, request: gr.Request) -> None:
        """Stop the search; its own event then says so."""
        self._studio.cancel(visit_of(request))


def _found(held: Any) -> Any:
    return held.get("found") if isinstance(held, dict) else None


def _changed(recipe: Recipe, changes: dict[str, Any]) -> Recipe:
    source = generated(recipe).model_dump(mode="json") | changes
    return Recipe.parse(recipe.model_dump(mode="json") | {"source": source})


def wire(parts: Parts, do: PictureActions, every: list[Component], wide: list[Any], stage: Component) -> None:
    """Events. every: values of the tab; wide: what a recipe changes; stage: where faults are told."""
    zone: Any = parts.zone
    asked = [zone, *every]

    def search(event: Any, handler: Callable[..., Any]) -> None:
        careful = in_place(handler, 1, 2)
        done = event(careful, asked, [zone, stage], trigger_mode="once", **IN_LINE)
        done.then(in_place(do.apply, wide.index(stage), len(wide)), asked, wide, **QUICK)

    search(zone.upload, do.take)
    search(zone.submit, do.find)
    zone.clear(do.cancel, [], [], **QUICK)
    gone = [zone, *wide]
    zone.select(in_place(do.remove, gone.index(stage), len(gone)), every, gone, **QUICK)
    parts.code.change(do.follow, [parts.code, zone], [zone], **QUICK)
