"""One recipe in every shape: looks are drawn natively at each, the window of an upload follows what moves."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from annotated_types import Ge

from vgan.errors import RecipeError, UnknownName
from vgan.recipe import MAX_STEPS, Recipe, Upload
from vgan.recipe_overlays import Mark, Text
from vgan.recipe_steps import ASPECTS, Crop, Dedupe, Reframe
from vgan.registry import Models
from vgan.render import Clip, Progress, extent_of, render
from vgan.share.formats import FORMATS


def shapes(recipe: Recipe, aspects: Sequence[str]) -> dict[str, Recipe]:
    """`recipe` for each of `aspects` (of `ASPECTS`, in their order, each once): the same moments, words and sound.

    Words and pictures that stand together become smaller where there is less room.

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
    share = recipe.share.model_copy(update={"aspect": aspect})
    return recipe.model_copy(update={"steps": tuple(steps), "overlays": _fitting(recipe, aspect), "share": share})


def _fitting(recipe: Recipe, aspect: str) -> tuple[Any, ...]:
    """The overlays for another shape: where several stand together they become smaller with the room that they have, so
    that they keep clear of each other. Places are shares of the picture already."""
    placed = [overlay for overlay in recipe.overlays if not isinstance(overlay, Mark)]
    if len(placed) < 2 or recipe.share.aspect == aspect:
        return recipe.overlays
    here, there = (_sides(size) for size in (_size(recipe), ASPECTS[aspect]))
    share = min(1.0, *(new / old for old, new in zip(here, there, strict=True)))
    wide = share * here[0] / there[0]
    return tuple(_smaller(overlay, share, wide) for overlay in recipe.overlays)


def _size(recipe: Recipe) -> tuple[int, int]:
    return ASPECTS[recipe.share.aspect] if recipe.share.aspect in ASPECTS else extent_of(recipe).size


def _sides(size: tuple[int, int]) -> tuple[float, float]:
    """Width and height in shorter sides."""
    return size[0] / min(size), size[1] / min(size)


def _smaller(overlay: Any, share: float, wide: float) -> Any:
    """share: of what is measured in shorter sides; wide: of what is measured in widths."""
    sizes = {"size": share, "height": share}
    if not isinstance(overlay, Text):  # lines may be as long as before
        sizes["width"] = wide
    kind, changed = type(overlay), {}
    for field in sizes.keys() & kind.model_fields.keys():
        least = next(mark.ge for mark in kind.model_fields[field].metadata if isinstance(mark, Ge))
        changed[field] = max(least, getattr(overlay, field) * sizes[field])
    return overlay.model_copy(update=changed)


def _unshaped(step: Any, aspect: str) -> Any:
    """A crop without the shape that it chooses, where that is not `aspect`."""
    other = isinstance(step, Crop) and step.aspect not in (None, aspect)
    return step.model_copy(update={"aspect": None}) if other else step
