"""A part of the clip."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from torch import Tensor

from vgan.errors import RecipeError
from vgan.media.extent import Extent
from vgan.recipe import Recipe
from vgan.recipe_steps import Trim
from vgan.steps.around import Around


def trim(chunks: Iterator[Tensor], step: Trim, around: Around) -> Iterator[Tensor]:
    """The pictures of `chunks` that stay; nothing after the last of them is asked for.

    Raises RecipeError where the steps before left so few frames that none of them stays.
    """
    first, stop = _part(around.extent, step)
    done = 0
    for chunk in chunks:
        part = chunk[max(0, first - done) : stop - done]
        done += len(chunk)
        if len(part):
            yield part
        if done >= stop:
            return
    if done <= first:
        raise _beyond(step, float(done / around.extent.fps))


def trimmed(extent: Extent, step: Trim, recipe: Recipe) -> Extent:
    """Only what stays, picture and sound. Raises RecipeError for a start beyond the end."""
    if step.strength and step.start * extent.fps >= extent.frames:
        raise _beyond(step, extent.seconds)
    first, stop = _part(extent, step)
    sound = extent.sound
    if sound is not None:
        start = sound.start + first / extent.fps * sound.speed
        sound = replace(sound, start=start, seconds=(stop - first) / extent.fps)
    return replace(extent, frames=stop - first, sound=sound)


def trimmed_at(step: Trim, around: Around, places: Sequence[int]) -> Tensor:
    """Pictures at places counted within the part that stays."""
    first, stop = _part(around.extent, step)
    return around.at([first + place % (stop - first) for place in places])


def _part(extent: Extent, step: Trim) -> tuple[int, int]:
    """First frame that stays, and the first one after it that does not."""
    first = min(extent.frames - 1, round(step.start * step.strength * extent.fps))
    cut = 0.0 if step.end is None else max(0.0, float(extent.frames - step.end * extent.fps))
    return first, max(first + 1, extent.frames - round(cut * step.strength))


def _beyond(step: Trim, seconds: float) -> RecipeError:
    return RecipeError(
        f"trim.start: {step.start:g} s is beyond the end; the clip has {seconds:.2f} s there. Choose an earlier moment."
    )
