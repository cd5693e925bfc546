"""Every frame larger, with the edges that a larger picture would have."""

from collections.abc import Iterator
from dataclasses import replace

from torch import Tensor

from vgan.media.extent import Extent
from vgan.recipe import Recipe
from vgan.recipe_steps import Upscale
from vgan.runtime import in_parallel
from vgan.steps.around import Around
from vgan.steps.enhancers import Enhance, community, community_seconds, ours

SECONDS = {"cpu": 0.03, "cuda": 0.003}  # enlarged twice; see `vgan.steps.Kind`
FOUR_TIMES = 0.5  # of that: a fourth of the pixels come in


def upscale(chunks: Iterator[Tensor], step: Upscale, around: Around) -> Iterator[Tensor]:
    """The pictures of `chunks`, one by one: (1, 3, factor * H, factor * W).

    Raises RecipeError for a community model of another factor, WeightsError for weights that cannot be had.
    """
    enhance = _enhancer(step, around)
    pictures = (one for chunk in chunks for one in chunk.split(1))
    return in_parallel(enhance, pictures, around.models.runtime.device)


def upscaled(extent: Extent, step: Upscale, recipe: Recipe) -> Extent:
    """So many times larger, and as long."""
    return replace(extent, size=(extent.size[0] * step.factor, extent.size[1] * step.factor))


def upscaling_times(step: Upscale, device: str) -> float:
    """See `vgan.steps.Kind`."""
    if step.model:
        return community_seconds(step.model, step.factor, device) / SECONDS[device]
    return FOUR_TIMES if step.factor == 4 else 1.0


def _enhancer(step: Upscale, around: Around) -> Enhance:
    """Ours, or the model that the step names. Of ours, the crisp and the clean versions count where they are here: the
    faithful one serves alone. The clean one comes last: what is to be taken out is not made crisp."""
    models = around.models
    if step.model:
        return community("upscale.model", step.model, step.factor, models)
    name = f"upscale-x{step.factor}"
    versions = [(f"{name}-gan", step.strength), (f"{name}-clean", step.clean)]
    return ours([(name, 1.0), *(version for version in versions if models.here(version[0]))], models)
