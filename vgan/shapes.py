"""One recipe in every shape: looks are drawn natively at each, the window of an upload follows what moves."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from vgan.errors import RecipeError, UnknownName
from vgan.recipe import MAX_STEPS, Recipe, Upload
from vgan.recipe_steps import ASPECTS, Crop, Dedupe, Reframe
from vgan.registry import Models
from vgan.render import Clip, Progress, extent_of, render
from vgan.share.formats import FORMATS


def shapes(recipe: Recipe, aspects: Sequence[str]) -> dict[str, Recipe]:
    """`recipe` for each of `aspects` (of `ASPECTS`, in their order, each once): the same moments, words and sound.

    A look has no step for it: it is drawn so. An upload gets `reframe` as its last step, as steady as one that was
    there; before a step that drops frames. A crop to another shape keeps what it cuts off, and no shape. Raises
    RecipeError for an aspect that is none, and where there is no room for one more step.
    """
    for aspect in aspects:
        if aspect not in ASPECTS:
            raise UnknownName("aspect", str(aspect), ASPECTS)
    return {aspect: _shaped(recipe, aspect) for aspect in dict.fromkeys(aspects)}


def render_shapes(
    recipe: Recipe,
    aspects: Sequence[str],
    models: Models,
    folder: Path,
    on_progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    name: str = "clip",
) -> list[Clip]:
    """Make the clip of `recipe` in each of `aspects`, in `folder`: `name`-9x16.mp4, `name`-1x1.mp4 and so on.

    on_progress: called with (frames written, frames in all, of all shapes). What cannot be carried out in one of them
    is refused before the first is begun. After an error, or `cancelled`, the shapes that were finished stay, and
    nothing of the others. Raises as `shapes` and `vgan.render.render` do.
    """
    wanted = shapes(recipe, aspects)
    frames = {aspect: extent_of(shaped).frames for aspect, shaped in wanted.items()}
    clips: list[Clip] = []
    for aspect, shaped in wanted.items():
        before = sum(clip.frames for clip in clips)
        rest = sum(frames.values()) - sum(list(frames.values())[: len(clips) + 1])

        def show(done: int, total: int, before: int = before, rest: int = rest) -> None:
            if on_progress is not None:
                on_progress(before + done, before + total + rest)

        out = folder / file_name(name, aspect, shaped, frames[aspect])
        clips.append(render(shaped, models, out, show, cancelled))
    return clips


def file_name(name: str, aspect: str, recipe: Recipe, frames: int) -> str:
    """`name` with the shape and the ending of the recipe's format."""
    return f"{name}-{aspect.replace(':', 'x')}{FORMATS[recipe.share.format].suffix(frames)}"


def _shaped(recipe: Recipe, aspect: str) -> Recipe:
    steps = [_unshaped(step, aspect) for step in recipe.steps if not isinstance(step, Reframe)]
    done = any(isinstance(step, Crop) and step.aspect == aspect and step.strength == 1 for step in steps)
    if isinstance(recipe.source, Upload) and not done:
        earlier = [step for step in recipe.steps if isinstance(step, Reframe)]
        steady = earlier[-1].steadiness if earlier else Reframe().steadiness
        drops = (index for index, step in enumerate(steps) if isinstance(step, Dedupe) and step.strength)
        steps.insert(next(drops, len(steps)), Reframe(aspect=aspect, steadiness=steady))
        if len(steps) > MAX_STEPS:
            raise RecipeError(
                f"steps: {aspect} needs one step more, reframe, and there are {len(steps) - 1}; at most {MAX_STEPS} "
                "are allowed. Remove one."
            )
    return recipe.model_copy(
        update={"steps": tuple(steps), "share": recipe.share.model_copy(update={"aspect": aspect})}
    )


def _unshaped(step: Any, aspect: str) -> Any:
    """A crop without the shape that it chooses, where that is not `aspect`."""
    other = isinstance(step, Crop) and step.aspect not in (None, aspect)
    return step.model_copy(update={"aspect": None}) if other else step
