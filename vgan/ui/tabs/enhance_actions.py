"""What the events of the Enhance tab do beyond those of every tab with a clip."""

from collections.abc import Iterator, Sequence
from typing import Any

import gradio as gr

from vgan import hub
from vgan.errors import Cancelled, RecipeError
from vgan.recipe import Recipe
from vgan.ui import chain, enhance_messages, messages
from vgan.ui.enhance_messages import FIELDS, MARKS
from vgan.ui.presets import PRESETS
from vgan.ui.stills import Still
from vgan.ui.tabs.clip_actions import ClipActions
from vgan.ui.tabs.events import made_clip, told_by, visit_of
from vgan.ui.uploads import check_file
from vgan.zoo import ModelSpec, find_model

CHAIN = FIELDS.index("chain")


class EnhanceActions(ClipActions):
    """Handlers. `values` are those of the components in the order of FIELDS."""

    fields = FIELDS
    shown = 4  # stage, meter, recipe box, damage

    def recipe(self, values: Sequence[Any]) -> Recipe:
        """See `ClipActions`."""
        return enhance_messages.recipe_from(values)

    def steps(self, asked: dict[str, Any], recipe: Recipe) -> list[Any]:
        """See `ClipActions`: the chain at hand, without the frames that were marked in another clip."""
        steps = chain.steps_of(asked["chain"])
        return [{name: held for name, held in step.items() if name not in MARKS} for step in steps]

    def steps_for(self, recipe: Recipe) -> Recipe:
        """See `ClipActions`: every chain can be shown here."""
        return recipe

    def own_values(self, recipe: Recipe, visit: str) -> list[Any]:
        """See `ClipActions`."""
        return [enhance_messages.chain_of(recipe)]

    def compared(self, recipe: Recipe, still: Still) -> dict[str, Any]:
        """See `ClipActions`."""
        return enhance_messages.compared(recipe, still)

    def frame(self, recipe: Recipe, times: Any) -> int:
        """See `ClipActions`."""
        return enhance_messages.frame_at(times, recipe, self._studio.extent(recipe))

    def seen(self, recipe: Recipe, times: Any) -> Recipe:
        """See `ClipActions`. Repair leaves whole frames as they are, to the bit, but has to look at many to know one:
        it is left out where the clip was looked at before, or is about to be, and nothing is wrong with this frame."""
        return enhance_messages.without_repair(recipe, times, self._studio.scans.known(recipe))

    def said(self, visit: str, recipe: Recipe, still: Still) -> list[Any]:
        """Stage, meter, recipe box, damage."""
        return [*super().said(visit, recipe, still), self._damage(visit, recipe)]

    def meter(self, visit: str, recipe: Recipe) -> Any:
        """The estimate, with size and length of the clip."""
        message, extent = super().meter(visit, recipe), self._studio.extent(recipe)
        if not isinstance(message, dict) or "estimate" not in message:
            return message
        facts = {"size": list(extent.size), "frames": extent.frames}
        return message | {"estimate": message["estimate"] | facts}

    # --- the chain

    def choose(self, request: gr.Request, preset: Any, *values: Any) -> list[Any]:
        """A preset takes the place of the chain: chain, and what is shown."""
        if not isinstance(preset, str) or preset not in PRESETS:
            raise RecipeError(f"preset: {str(preset)[:80]!r} is not known. Allowed: {', '.join(PRESETS)}.")
        held = chain.value(PRESETS[preset])
        return [held, *self.show(request, *values[:CHAIN], held, *values[CHAIN + 1 :])]

    def mark(self, event: gr.EventData, request: gr.Request, *values: Any) -> list[Any]:
        """Frames were switched in the list of findings: chain, and what is shown."""
        recipe, now = self.recipe(values), values[CHAIN]
        seconds = {name: told_by(event, name) for name in MARKS}
        if not any(step.kind == "repair" for step in recipe.steps):
            raise RecipeError("steps: none repairs. Add the step Repair first.")
        cards = [card | seconds if card.get("kind") == "repair" else card for card in now["steps"]]
        held = {"steps": cards, "open": now.get("open")}
        return [held, *self.show(request, *values[:CHAIN], held, *values[CHAIN + 1 :])]

    # --- models of others

    def bring(self, request: gr.Request, *values: Any) -> Iterator[list[Any]]:
        """Fetch the models that the chain names and that are not here yet, with progress; then as `show`."""
        visit, idle = visit_of(request), [gr.skip(), messages.IDLE, gr.skip(), gr.skip()]
        try:
            for _, spec in self._missing(self.recipe(values)):
                for step in self._studio.fetch(visit, spec):
                    meter = messages.progress(step, "fetching_model")
                    yield [gr.skip(), meter, gr.skip(), gr.skip()]
        except Cancelled:
            yield idle
            return
        except Exception:
            yield idle
            raise
        yield idle
        yield self.show(request, *values)

    def _missing(self, recipe: Recipe) -> Iterator[tuple[str, ModelSpec]]:
        """Models that `recipe` needs and that have to be fetched first, and the fields that name them."""
        for number, step in enumerate(recipe.steps):
            spec = find_model(step.models["model"]) if "model" in step.models else None
            if spec and spec.repo_id and hub.find_local(spec, self._studio.settings) is None:
                yield f"steps.{number}.model", spec

    def _still(self, visit: str, recipe: Recipe, times: Any) -> Still:
        for field, spec in self._missing(recipe):
            raise RecipeError(
                f"{field}: the weights of {spec.title[:80]!r} are not on this machine yet. Open the step and choose "
                f"the model again to fetch them, or run `python -m vgan models pull {spec.name}`."
            )
        return super()._still(visit, recipe, times)

    # --- damage

    def look(self, request: gr.Request, *values: Any) -> Iterator[Any]:
        """Look for damage in what is repaired, with progress."""
        visit, recipe = visit_of(request), self.recipe(values)
        self._studio.check(recipe, visit)
        message = enhance_messages.damage(recipe, None)
        if message["state"] == "off":
            yield message
            return
        yield enhance_messages.looking(message)
        try:
            for step in self._studio.scans.scan(visit, recipe):
                yield enhance_messages.looking(message, step)
        except Cancelled:
            return  # by another look, which speaks for itself, or by the person, who was answered
        except Exception:
            yield message | {"auto": False}
            raise
        yield enhance_messages.damage(recipe, self._studio.scans.known(recipe))

    def looked(self, request: gr.Request, *values: Any) -> list[Any]:
        """As `show`, if what was found changes the picture."""
        recipe, times = self.recipe(values), values[FIELDS.index("timeline")]
        if self._studio.scans.known(recipe) is None or self.seen(recipe, times) != recipe:
            return [gr.skip()] * self.shown
        return self.show(request, *values)

    def look_no_more(self, request: gr.Request, *values: Any) -> dict[str, Any]:
        """The person does not want to wait for that, nor to be asked again."""
        self._studio.scans.stop(visit_of(request))
        return enhance_messages.damage(self.recipe(values), None) | {"auto": False}

    def _damage(self, visit: str, recipe: Recipe) -> Any:
        if self._studio.scans.running(visit, recipe):
            return gr.skip()
        return enhance_messages.damage(recipe, self._studio.scans.known(recipe))

    # --- clips

    def send(self, event: gr.EventData, request: gr.Request, *values: Any) -> list[Any]:
        """A finished clip of another tab is sent here, as the file that it is."""
        visit, made = visit_of(request), made_clip(self._studio, event, request)
        path = check_file("clip", str(made.clip.path), made.clip.path.parent)
        return [gr.update(selected="enhance"), *self.taken_file(visit, path, "clip", values)]

    def render(self, request: gr.Request, *values: Any) -> Iterator[list[Any]]:
        """Progress in the meter, then the clip on the stage. A look for damage ends: the render looks for itself."""
        self._studio.scans.stop(visit_of(request))
        yield from super().render(request, *values)
