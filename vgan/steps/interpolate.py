"""Frames in between: smoother motion, another rate, slow motion."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

import torch
from torch import Tensor

from vgan.media.extent import Extent
from vgan.models.interpolator import Drawn, Interpolator, draw_between
from vgan.recipe import Recipe
from vgan.recipe_steps import Interpolate
from vgan.runtime import Runtime, in_parallel
from vgan.scene import is_cut
from vgan.steps.around import Around
from vgan.steps.between import Gap, Timing, by_factor, gaps, to_rate

MODEL = "interpolate"  # the row of the zoo
TORN = 0.8  # of the difference of two frames that may be left when they were moved over each other
APART = 0.12  # mean difference in [0, 2] that may be left in any case: less is no cut
SECONDS = {"cpu": 0.12, "cuda": 0.01}  # see `vgan.steps.Kind`


def interpolate(chunks: Iterator[Tensor], step: Interpolate, around: Around) -> Iterator[Tensor]:
    """The pictures of `chunks`, and those in between, one by one: (1, 3, H, W).

    Frames at a moment of the clip's own are passed as they came, to the bit. Between different scenes the nearer frame
    is shown. Raises WeightsError.
    """
    pictures = (one for chunk in chunks for one in chunk.split(1))
    found = gaps(pictures, timing_of(step, around.extent), around.loops)
    painter = Filler(step.strength, around)
    for drawn in in_parallel(painter.fill, found, around.models.runtime.device):
        yield from drawn


def interpolated(extent: Extent, step: Interpolate, recipe: Recipe) -> Extent:
    """The clip with its new count of frames, rate, and sound."""
    timing = timing_of(step, extent)
    sound = extent.sound
    if step.slow and sound is not None:
        slower = replace(sound, seconds=sound.seconds * step.factor, speed=sound.speed / step.factor)
        sound = None if step.sound == "drop" else slower
    return replace(extent, frames=timing.frames, fps=timing.fps, sound=sound)


def interpolated_at(step: Interpolate, around: Around, places: Sequence[int]) -> Tensor:
    """Pictures at `places`, counted after the step, negative ones from the end."""
    timing, filler, drawn = timing_of(step, around.extent), Filler(step.strength, around), []
    last = around.extent.frames - 1
    for place in places:
        before, part = timing.place(place % timing.frames)
        after = 0 if around.loops and before == last else before + 1
        if not part or (before == last and not around.loops):
            drawn.append(around.at([before]))
            continue
        one, other = around.at([before, after]).split(1)
        drawn += filler.fill(Gap(one, other, (part,)))
    return torch.cat(drawn)


def timing_of(step: Interpolate, extent: Extent) -> Timing:
    """Which frames a clip gets."""
    if step.fps is not None:
        return to_rate(extent.frames, extent.fps, Fraction(step.fps))
    return by_factor(extent.frames, extent.fps, step.factor, step.slow)


class Filler:
    """Fills the gaps between neighbours. strength: from the nearest frame, for which no network is needed, to a new
    one."""

    def __init__(self, strength: float, around: Around):
        self._strength, self._runtime = strength, around.models.runtime
        self._model = around.models.get(MODEL) if strength else None

    @torch.inference_mode()
    def fill(self, gap: Gap) -> list[Tensor]:
        """A picture (1, 3, H, W) at each of the gap's places."""
        return fill(gap, self._model, self._strength, self._runtime)  # type: ignore[arg-type]


def fill(gap: Gap, model: Interpolator | None, strength: float, runtime: Runtime) -> list[Tensor]:
    """See `Filler.fill`. model: None shows the nearest frame again."""
    one, other = gap.one, gap.other
    inner = [float(part) for part in gap.places if part]
    drawn: list[Drawn] = []
    if model is not None and inner and other is not None and not torch.equal(one, other):
        if not is_cut(one[0], other[0]):
            drawn = draw_between(model, one[0], other[0], inner, runtime.dtype)
        if any(each.torn > TORN and each.apart > APART for each in drawn):
            drawn = []
    found = iter(drawn)
    return [_at(part, gap, next(found) if part and drawn else None, strength) for part in gap.places]


def _at(part: Fraction, gap: Gap, drawn: Drawn | None, strength: float) -> Tensor:
    nearest = gap.one if gap.other is None or part <= Fraction(1, 2) else gap.other
    if drawn is None:
        return nearest
    return torch.lerp(nearest.float(), drawn.picture[None], strength) if strength < 1 else drawn.picture[None]
