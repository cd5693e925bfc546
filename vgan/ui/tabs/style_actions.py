"""What the events of the Style tab do beyond those of every tab with a clip."""

from collections.abc import Sequence
from typing import Any

import gradio as gr

from vgan.errors import RecipeError
from vgan.recipe import Recipe
from vgan.recipe_steps import Stylize
from vgan.ui import messages, style_messages
from vgan.ui.stills import Still
from vgan.ui.style_messages import FIELDS, STYLE_FIELDS
from vgan.ui.tabs.clip_actions import ClipActions
from vgan.ui.tabs.events import made_clip, visit_of


class StyleActions(ClipActions):
    """Handlers. `values` are those of the components in the order of FIELDS."""

    fields = FIELDS

    def recipe(self, values: Sequence[Any]) -> Recipe:
        """See `ClipActions`."""
        return style_messages.recipe_from(tuple(values))

    def steps(self, asked: dict[str, Any], recipe: Recipe) -> list[Any]:
        """See `ClipActions`: whatever was done to it before, it is painted in the style that is chosen."""
        return [style_messages.step_of(asked)]

    def steps_for(self, recipe: Recipe) -> Recipe:
        """See `ClipActions`: one style, the default one where there is none."""
        if len(recipe.steps) > 1 or not all(isinstance(step, Stylize) for step in recipe.steps):
            kinds = ", ".join(step.kind for step in recipe.steps)
            raise RecipeError(f"steps: {kinds}; this page shows one style. Apply the recipe in the Enhance tab.")
        return recipe if recipe.steps else recipe.model_copy(update={"steps": (Stylize(),)})

    def own_values(self, recipe: Recipe, visit: str) -> list[Any]:
        """See `ClipActions`."""
        held = _style(recipe).model_dump(mode="json")
        return [held[name] or "" if name == "second" else held[name] for name in STYLE_FIELDS]

    def compared(self, recipe: Recipe, still: Still) -> dict[str, Any]:
        """See `ClipActions`."""
        return style_messages.compared(still, _style(recipe))

    def restyle(self, event: gr.EventData, request: gr.Request, *values: Any) -> list[Any]:
        """A finished clip of Create is sent here: not its file, but what it was made from."""
        made = made_clip(self._studio, event, request)
        taken = self.taken(visit_of(request), made.recipe, "clip", values)
        return [gr.update(selected="style"), *taken]

    def measure(self, request: gr.Request) -> Any:
        """How steady the newest clip is, beside its size."""
        visit = visit_of(request)
        return messages.clips(self._studio, visit, show=True) if self._studio.measure(visit) else gr.skip()


def _style(recipe: Recipe) -> Stylize:
    step = recipe.steps[0]
    assert isinstance(step, Stylize)
    return step
