"""Noise and the blocks of strong compression are taken out."""

from collections.abc import Iterator

from torch import Tensor

from vgan.recipe_steps import Denoise
from vgan.runtime import in_parallel
from vgan.steps.around import Around
from vgan.steps.enhancers import Enhance, community, community_seconds, ours

SECONDS = {"cpu": 0.1, "cuda": 0.004}  # see `vgan.steps.Kind`


def denoise(chunks: Iterator[Tensor], step: Denoise, around: Around) -> Iterator[Tensor]:
    """The pictures of `chunks`, one by one: (1, 3, H, W). At no strength they pass untouched.

    Raises RecipeError for a community model that enlarges, WeightsError for weights that cannot be had.
    """
    if not step.strength:
        return chunks
    pictures = (one for chunk in chunks for one in chunk.split(1))
    return in_parallel(_enhancer(step, around), pictures, around.models.runtime.device)


def denoising_times(step: Denoise, device: str) -> float:
    """See `vgan.steps.Kind`."""
    return community_seconds(step.model, 1, device) / SECONDS[device] if step.model else 1.0


def _enhancer(step: Denoise, around: Around) -> Enhance:
    models = around.models
    if step.model:
        clean = community("denoise.model", step.model, 1, models)
        return lambda picture: picture.float().lerp(clean(picture), step.strength)
    crisp = [("denoise-gan", step.detail)] if models.here("denoise-gan") else []
    return ours([("denoise", 1.0), *crisp], models, step.strength)
