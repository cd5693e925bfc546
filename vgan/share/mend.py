"""What the post-ready check found, mended in the recipe: rendered again, the file passes."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from vgan.errors import MediaError, RecipeError
from vgan.plan import plan
from vgan.recipe import MAX_SECONDS, MAX_STEPS, Generate, Recipe, Upload
from vgan.recipe_sound import Soundtrack
from vgan.recipe_steps import Crop, Interpolate, Reframe, Trim
from vgan.share.check import Report
from vgan.share.judge_clip import nearest_rate
from vgan.share.platforms import Platform
from vgan.share.points import MOVING, Point

ROOM = 0.9  # of the allowed bytes that are aimed at: how many a picture takes is only known when it is written
LEAST_SIDE = 144  # pixels, of a recipe


@dataclass(frozen=True)
class Mended:
    """recipe: the one to render; passing: the points that did not pass and will then; left: those that no change of the
    recipe mends."""

    recipe: Recipe
    passing: tuple[Point, ...]
    left: tuple[Point, ...]


def mended(recipe: Recipe, report: Report) -> Recipe:
    """`recipe`, from which the file of `report` was made, with what can be mended changed. See `mend`."""
    return mend(recipe, report).recipe


def mend(recipe: Recipe, report: Report) -> Mended:
    """`recipe`, from which the file of `report` was made, with all changed that keeps it from passing or makes it warn,
    and its words in the safe zone of that platform. Warnings are mended too; what cannot be is said, not hidden."""
    passing, left = [], []
    recipe = _with_share(recipe, platform=report.platform.name)
    for point in report.having("no", "warns"):
        changed = _mend_point(recipe, point, report)
        if changed is None:
            left.append(point)
        else:
            recipe = changed
            passing.append(point)
    recipe = _settled(recipe, report.platform)
    return Mended(Recipe.parse(recipe.model_dump(mode="json")), tuple(passing), tuple(left))


def _mend_point(recipe: Recipe, point: Point, report: Report) -> Recipe | None:
    if point.mend is None:
        return None
    mender = _MENDERS.get(point.name)
    return recipe if mender is None else mender(recipe, point, report)  # without one, to be made again is enough


def _settled(recipe: Recipe, row: Platform) -> Recipe:
    """`recipe` in a size and at a rate that the platform wants, where another change took it out of them: a window of
    another shape is smaller, and a GIF's rate was not asked about."""
    try:
        final = plan(recipe).final
    except (RecipeError, MediaError):
        return recipe  # its rendering says why
    if min(final.size) < row.side_wanted or max(final.size) > row.side_most:
        recipe = _with_share(recipe, short_side=max(LEAST_SIDE, row.side_wanted))
    near = nearest_rate(float(final.fps), row)
    return recipe if near is None or recipe.share.format in MOVING else _at_rate(recipe, near)


def _with_share(recipe: Recipe, **fields: Any) -> Recipe:
    return recipe.model_copy(update={"share": recipe.share.model_copy(update=fields)})


def _wanted(point: Point, field: str) -> Any:
    return (point.mend or {})[field]


def _format(recipe: Recipe, point: Point, report: Report) -> Recipe:
    return _with_share(recipe, format=_wanted(point, "share.format"))


def _aspect(recipe: Recipe, point: Point, report: Report) -> Recipe:
    """A look is drawn in the shape; the window of an upload follows what moves, where there is room for that step."""
    aspect = _wanted(point, "share.aspect")
    steps: list[Any] = []
    for step in recipe.steps:
        shapes = isinstance(step, Reframe) or (isinstance(step, Crop) and step.aspect is not None)
        steps.append(step.model_copy(update={"aspect": aspect}) if shapes else step)
    if isinstance(recipe.source, Upload) and steps == list(recipe.steps) and len(steps) < MAX_STEPS:
        steps.append(Reframe(aspect=aspect))
    return _with_share(recipe.model_copy(update={"steps": tuple(steps)}), aspect=aspect)


def _side(recipe: Recipe, point: Point, report: Report) -> Recipe:
    return _with_share(recipe, short_side=max(LEAST_SIDE, _wanted(point, "share.short_side")))


def _rate(recipe: Recipe, point: Point, report: Report) -> Recipe:
    return _at_rate(recipe, _wanted(point, "share.fps"))


def _at_rate(recipe: Recipe, rate: int) -> Recipe:
    """Steps that add frames to a look go to that rate; an upload's frames are shown again or left out."""
    if isinstance(recipe.source, Upload):
        return _with_share(recipe, fps=rate)
    steps: list[Any] = []
    for step in recipe.steps:
        adds = isinstance(step, Interpolate) and not step.slow
        steps.append(step.model_copy(update={"fps": rate}) if adds else step)
    fps = rate if steps == list(recipe.steps) else min(rate, recipe.share.fps or rate)
    return _with_share(recipe.model_copy(update={"steps": tuple(steps)}), fps=fps)


def _length(recipe: Recipe, point: Point, report: Report) -> Recipe | None:
    """A loop plays more or fewer times, or faster; anything else is cut. Nothing becomes longer but a loop."""
    wanted, found = float(_wanted(point, "seconds")), float(point.found.values["value"])
    tries: list[Recipe] = []
    if isinstance(recipe.source, Generate):
        tries += _looped(recipe, recipe.source, wanted, found)
    if wanted < found:
        tries += _cut(recipe, wanted)
    return next((one for one in tries if _as_long(one, report)), None)


def _looped(recipe: Recipe, source: Generate, wanted: float, found: float) -> list[Recipe]:
    loops = source.loops * wanted / found
    if wanted > found:
        changes: dict[str, Any] = {"loops": math.ceil(loops - 1e-6)}
    elif loops >= 1:
        changes = {"loops": math.floor(loops + 1e-6)}
    else:
        changes = {"loops": 1, "seconds": source.seconds * loops}
    new = source.model_copy(update=changes)
    possible = new.loops <= 60 and new.seconds >= 0.5 and new.seconds * new.loops <= MAX_SECONDS
    return [recipe.model_copy(update={"source": new})] if possible else []


def _cut(recipe: Recipe, seconds: float) -> list[Recipe]:
    *before, last = recipe.steps or (None,)
    if isinstance(last, Trim):
        steps = (*before, last.model_copy(update={"end": last.start + seconds}))
    elif len(recipe.steps) < MAX_STEPS:
        steps = (*recipe.steps, Trim(end=seconds))
    else:
        return []
    return [recipe.model_copy(update={"steps": steps})]


def _as_long(recipe: Recipe, report: Report) -> bool:
    """Whether the clip of `recipe` is as long as the platform wants it, as far as its plan tells."""
    least, most = report.platform.seconds
    try:
        final = plan(recipe).final
    except (RecipeError, MediaError):
        return False
    return least - 0.5 / final.fps <= final.seconds <= most + 0.5 / final.fps


def _weight(recipe: Recipe, point: Point, report: Report) -> Recipe | None:
    """A GIF or WebP is fitted to the limit; a clip becomes smaller, not below what the platform takes."""
    if recipe.share.format in MOVING:
        return _with_share(recipe, max_mb=min(recipe.share.max_mb or math.inf, _wanted(point, "share.max_mb")))
    least = max(LEAST_SIDE, report.platform.side_least)
    shorter = recipe.share.short_side or min(int(report["side"].found.values[side]) for side in ("width", "height"))
    ratio = float(point.wanted.values["value"]) / float(point.found.values["value"])
    smaller = int(shorter * math.sqrt(ratio * ROOM)) // 2 * 2
    return _with_share(recipe, short_side=smaller) if smaller >= least else None


def _loudness(recipe: Recipe, point: Point, report: Report) -> Recipe:
    sound = (recipe.sound or Soundtrack()).model_copy(update={"loudness": _wanted(point, "sound.loudness")})
    return recipe.model_copy(update={"sound": sound})


def _disclosure(recipe: Recipe, point: Point, report: Report) -> Recipe:
    return _with_share(recipe, disclose=True)


_MENDERS: dict[str, Callable[[Recipe, Point, Report], Recipe | None]] = {
    "container": _format,
    "codec": _format,
    "aspect": _aspect,
    "side": _side,
    "rate": _rate,
    "length": _length,
    "weight": _weight,
    "bits": _weight,
    "loudness": _loudness,
    "peak": _loudness,
    "disclosure": _disclosure,
}
