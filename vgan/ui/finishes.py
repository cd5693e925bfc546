"""How the edges of a look come out: as steps of its recipe, by a name that a chip and a link can carry."""

from vgan.errors import RecipeError
from vgan.recipe import Recipe
from vgan.recipe_steps import Step, Upscale

SOFT = "soft"
FINISHES: dict[str, tuple[Step, ...]] = {SOFT: (), "crisp": (Upscale(factor=4, strength=0.3),)}


def finish_of(recipe: Recipe) -> str:
    """The finish whose steps `recipe` has. Raises RecipeError where it has others."""
    found = next((name for name, steps in FINISHES.items() if steps == recipe.steps), None)
    if found is None:
        kinds = ", ".join(step.kind for step in recipe.steps)
        tab = "Style" if {step.kind for step in recipe.steps} == {"stylize"} else "Enhance"
        raise RecipeError(f"steps: {kinds}; this page has no controls for that. Apply the recipe in the {tab} tab.")
    return found
