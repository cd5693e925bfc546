"""What is done to the frames between source and file.

A step is a function `(chunks, step, around) -> chunks`: an iterator of float pictures (n, 3, H, W) in [-1, 1] on the
runtime's device becomes another. A new one is one file, one row here, and its fields in `vgan.recipe_steps`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from vgan.media.extent import Extent
from vgan.recipe import Recipe
from vgan.steps.around import Around
from vgan.steps.crop import crop, cropped
from vgan.steps.dedupe import SECONDS as DEDUPE_SECONDS
from vgan.steps.dedupe import any_at, dedupe, deduped
from vgan.steps.denoise import SECONDS as DENOISE_SECONDS
from vgan.steps.denoise import denoise, denoising_times
from vgan.steps.grade import SECONDS as GRADE_SECONDS
from vgan.steps.grade import grade, graded_at
from vgan.steps.interpolate import SECONDS as INTERPOLATE_SECONDS
from vgan.steps.interpolate import interpolate, interpolated, interpolated_at
from vgan.steps.reframe import SECONDS as REFRAME_SECONDS
from vgan.steps.reframe import reframe, reframed, reframed_at
from vgan.steps.repair import SECONDS as REPAIR_SECONDS
from vgan.steps.repair import repair, repaired_at
from vgan.steps.scale import SECONDS as SCALE_SECONDS
from vgan.steps.scale import scale, scaled
from vgan.steps.sharpen import SECONDS as SHARPEN_SECONDS
from vgan.steps.sharpen import sharpen
from vgan.steps.stylize import SECONDS as STYLIZE_SECONDS
from vgan.steps.stylize import stylize, stylized
from vgan.steps.trim import trim, trimmed, trimmed_at
from vgan.steps.upscale import SECONDS as UPSCALE_SECONDS
from vgan.steps.upscale import upscale, upscaled, upscaling_times

Step = Callable[[Iterator[Tensor], Any, Around], Iterator[Tensor]]


def unchanged(extent: Extent, step: Any, recipe: Recipe) -> Extent:
    """As long and as large as before."""
    return extent


@dataclass(frozen=True)
class Kind:
    """A row: what a step does and what becomes of the clip.

    run: the step. extent: of the clip after it, before any frame is read; raises RecipeError for what it cannot do.
    at: pictures at places counted after the step; None where they are those of the same places before it.
    seconds: for a frame of 512 x 512 that comes out, by device, on the slow side of what was measured on two CPU cores.
    frames_it: it chooses moments and windows, and a comparison shows what it shows; else it mends what is there.
    fine: nothing of it is seen in a small preview. times: how many times as many seconds a step takes with its fields,
    on a type of device.
    """

    run: Step
    seconds: dict[str, float]
    extent: Callable[[Extent, Any, Recipe], Extent] = unchanged
    at: Callable[[Any, Around, Sequence[int]], Tensor] | None = None
    frames_it: bool = False
    fine: bool = False
    times: Callable[[Any, str], float] = lambda step, device: 1.0


AT_ONCE = {"cpu": 0.0005, "cuda": 0.0001}  # seconds of what only chooses pictures, or parts of them

STEPS: dict[str, Kind] = {
    "stylize": Kind(stylize, STYLIZE_SECONDS, stylized),
    "interpolate": Kind(interpolate, INTERPOLATE_SECONDS, interpolated, interpolated_at, fine=True),
    "repair": Kind(repair, REPAIR_SECONDS, at=repaired_at),
    "denoise": Kind(denoise, DENOISE_SECONDS, fine=True, times=denoising_times),
    "upscale": Kind(upscale, UPSCALE_SECONDS, upscaled, fine=True, times=upscaling_times),
    "grade": Kind(grade, GRADE_SECONDS, at=graded_at),
    "sharpen": Kind(sharpen, SHARPEN_SECONDS, fine=True),
    "dedupe": Kind(dedupe, DEDUPE_SECONDS, deduped, any_at, frames_it=True),
    "trim": Kind(trim, AT_ONCE, trimmed, trimmed_at, frames_it=True),
    "crop": Kind(crop, AT_ONCE, cropped, frames_it=True),
    "reframe": Kind(reframe, REFRAME_SECONDS, reframed, reframed_at, frames_it=True),
    "scale": Kind(scale, SCALE_SECONDS, scaled, frames_it=True),
}
