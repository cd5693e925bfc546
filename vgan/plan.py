"""How long and large a clip is at every stage between its source and its file, before any of it is made."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from torch import Tensor

from vgan.errors import RecipeError
from vgan.media.extent import Extent
from vgan.recipe import Recipe
from vgan.recipe_steps import Interpolate
from vgan.settings import Settings
from vgan.share.formats import FORMATS
from vgan.sources import SOURCES
from vgan.steps import STEPS

LARGEST_SIDE = 16_384  # pixels; encoders have such limits
OFF_SHAPE = 1.02  # a picture longer or wider than the file by more than this is cut, not stretched


@dataclass(frozen=True)
class Plan:
    """stages: of the source, then after each step; final: of the finished file."""

    stages: tuple[Extent, ...]
    final: Extent

    @property
    def pixels(self) -> int:
        """The most pixels of all frames together, at any stage."""
        return max(extent.pixels for extent in (*self.stages, self.final))


def plan(recipe: Recipe) -> Plan:
    """What the clip of `recipe` is at each stage, from the head of its source alone.

    Raises RecipeError for a step or a size that cannot be, MediaError for a source that cannot be read.
    """
    stages: list[Extent] = [SOURCES[recipe.source.kind].extent_of(recipe)]
    for step in recipe.steps:
        stages.append(STEPS[step.kind].extent(stages[-1], step, recipe))
    share, last = recipe.share, stages[-1]
    width, height = share.size(last.size)
    if (width, height) == last.size and FORMATS[share.format].even:
        width, height = (max(2, side // 2 * 2) for side in (width, height))
    # A look is drawn at share.fps already: steps that add frames to it make the file's rate higher.
    fps = Fraction(share.fps) if share.fps and recipe.source.kind == "upload" else last.fps
    frames = last.frames if fps == last.fps else max(1, round(last.frames / last.fps * fps))
    return Plan(tuple(stages), replace(last, frames=frames, fps=fps, size=(width, height)))


def check(recipe: Recipe, planned: Plan, seconds: float) -> None:
    """Raises RecipeError, naming the step, for frames or clips larger than this host allows. seconds: what making it
    would take, for the message."""
    limits = Settings()
    places = ["source", *(f"steps.{index}: {step.kind}" for index, step in enumerate(recipe.steps))]
    places.append(f"share.short_side: {recipe.share.short_side or min(planned.final.size)}")
    for place, extent in zip(places, (*planned.stages, planned.final), strict=True):
        width, height = extent.size
        too_long = extent is planned.final and max(width, height) > LARGEST_SIDE
        how = f"{place} makes {width}x{height} pixels, {extent.frames:,} frames, about {spoken(seconds)} of work"
        if width * height > limits.max_pixels or too_long:
            raise RecipeError(
                f"{how}; at most {limits.max_pixels:,} pixels a frame (VGAN_MAX_PIXELS) and {LARGEST_SIDE:,} a side "
                "are made. Choose a smaller factor or size, or crop or scale the clip first."
            )
        if extent.pixels > limits.max_clip_pixels:
            raise RecipeError(
                f"{how}; at most {limits.max_clip_pixels:,} pixels in all frames together are made "
                "(VGAN_MAX_CLIP_PIXELS). Choose a shorter part, or a smaller factor or size."
            )


def as_it_was(recipe: Recipe) -> Recipe:
    """`recipe` with the same moments and windows of its source, and nothing mended or restyled: for comparison."""
    steps = (as_found(step) for step in recipe.steps)
    return recipe.model_copy(update={"steps": tuple(step for step in steps if step is not None)})


def as_found(step: Any) -> Any | None:
    """What of `step` chooses moments and windows: all of it, itself without its new frames, or None."""
    if isinstance(step, Interpolate):
        return step.model_copy(update={"strength": 0.0})
    return step if STEPS[step.kind].frames_it else None


def roughly(recipe: Recipe) -> Recipe:
    """`recipe` without what cannot be seen in a small preview."""
    steps = tuple(step for step in recipe.steps if not STEPS[step.kind].fine)
    return recipe.model_copy(update={"steps": steps})


def paced(chunks: Iterator[Tensor], last: Extent, final: Extent) -> Iterator[Tensor]:
    """Frames at the rate of the file: at each of its moments, the one that is shown then."""
    if last.fps == final.fps:
        yield from chunks
        return
    made, count, shown = 0, 0, None
    for count, picture in enumerate((one for chunk in chunks for one in chunk.split(1)), 1):
        while shown is not None and made < final.frames and made * last.fps < (count - 1) * final.fps:
            yield shown
            made += 1
        shown = picture
    frames = min(final.frames, max(1, round(count / last.fps * final.fps)))  # fewer than planned may have come
    while shown is not None and made < frames:
        yield shown
        made += 1


def fitted(pictures: Tensor, size: tuple[int, int]) -> Tensor:
    """The middle of pictures (n, 3, H, W) in the shape of `size` (width, height), where theirs is another; a last row
    or column that is one too many is cut off."""
    height, width = pictures.shape[-2:]
    if 0 <= width - size[0] <= 1 and 0 <= height - size[1] <= 1:
        return pictures[..., : size[1], : size[0]]
    ratio = (width / height) / (size[0] / size[1])
    if 1 / OFF_SHAPE < ratio < OFF_SHAPE:
        return pictures
    wide = min(width, round(height * size[0] / size[1]))
    tall = min(height, round(width * size[1] / size[0]))
    top, left = (height - tall) // 2, (width - wide) // 2
    return pictures[..., top : top + tall, left : left + wide]


def spoken(seconds: float) -> str:
    """A length of time in a sentence: `20 s`, `3 minutes`."""
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} minutes"
