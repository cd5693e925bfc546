"""What the Enhance tab's handlers send to components of its own, and the recipe that its components describe."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from vgan.errors import RecipeError
from vgan.media import reader
from vgan.media.extent import Extent
from vgan.recipe import Recipe, Upload
from vgan.recipe_steps import MAX_FRAMES_NAMED
from vgan.ui import chain
from vgan.ui.clip_messages import SHARE_FIELDS, moment, nearest, raw_recipe
from vgan.ui.jobs import Progress
from vgan.ui.scans import Place, Scan, place_of, repair_of
from vgan.ui.stills import Still

FIELDS = ("source", "timeline", "chain", *SHARE_FIELDS)
MARKS = ("leave", "mend")  # of a repair: frames in the recipe, seconds of the source on the page
PLOTTED = 600  # points of the plot


def recipe_from(values: Sequence[Any]) -> Recipe:
    """The checked recipe that the tab's components describe: `values` in the order of FIELDS. Raises RecipeError."""
    asked = dict(zip(FIELDS, values, strict=True))
    return marked(raw_recipe(asked, chain.steps_of(asked["chain"])))


def marked(raw: dict[str, Any]) -> Recipe:
    """The checked recipe of `raw`, in whose repair frames are named by seconds of the source: they keep their meaning
    when another part of the clip is chosen. Raises RecipeError."""
    marks = [{name: step.pop(name, []) for name in MARKS if step.get("kind") == "repair"} for step in raw["steps"]]
    recipe = Recipe.parse(raw)
    if not any(held for one in marks for held in one.values()):
        return recipe
    place, steps = place_of(recipe), []
    for step, one in zip(recipe.steps, marks, strict=True):
        frames = {name: _frames(name, seconds, place) for name, seconds in one.items()}
        steps.append(step.model_copy(update=frames))
    return recipe.model_copy(update={"steps": tuple(steps)})


def _frames(name: str, seconds: Any, place: Place) -> tuple[int, ...]:
    ok = isinstance(seconds, list) and len(seconds) <= MAX_FRAMES_NAMED
    if not ok or not all(isinstance(one, (int, float)) and math.isfinite(one) for one in seconds):
        raise RecipeError(f"steps: {name} of repair must be a list of at most {MAX_FRAMES_NAMED} moments.")
    frames = {place.frame(one) for one in seconds}
    return tuple(sorted(frame for frame in frames if frame is not None))


def chain_of(recipe: Recipe, opened: int | None = None) -> dict[str, Any]:
    """The chain that shows the steps of `recipe`. opened: the place of the card that is open."""
    steps = [step.model_dump(mode="json") for step in recipe.steps]
    named = [step for step in steps if step["kind"] == "repair" and (step["leave"] or step["mend"])]
    if named:
        place = place_of(recipe)
        for step in named:
            step |= {name: [place.second(frame) for frame in step[name]] for name in MARKS}
    return chain.value(steps, opened)


def frame_at(times: Any, recipe: Recipe, extent: Extent) -> int:
    """The frame of the finished clip at the moment of the source that the timeline points at. extent: of the clip."""
    seconds = moment(times)
    for step in recipe.steps:
        if step.kind == "trim":
            seconds -= step.start * step.strength
        elif step.kind == "interpolate" and step.slow:
            seconds *= step.factor
    return nearest(seconds, extent)


def without_repair(recipe: Recipe, times: Any, scan: Scan | None) -> Recipe:
    """`recipe` without its first repair where that leaves the moment that the timeline points at as it is.

    scan: of what is repaired; None where nobody has looked yet: then only frames marked by hand are mended.
    """
    found = repair_of(recipe)
    if found is None:
        return recipe
    number, step = found
    place, start = place_of(recipe), recipe.source.start if isinstance(recipe.source, Upload) else 0.0
    here = round((start + moment(times) - place.start) * place.fps)
    broken = (scan.found if scan else set()) - set(step.leave) | set(step.mend)
    if broken & {here - 1, here, here + 1}:
        return recipe
    return recipe.model_copy(update={"steps": (*recipe.steps[:number], *recipe.steps[number + 1 :])})


def compared(recipe: Recipe, still: Still) -> dict[str, Any]:
    """The stage shows a frame before and after the whole chain."""
    facts = {"steps": len(recipe.steps), "width": still.width, "height": still.height}
    return facts | {"before": still.before, "after": still.after}


def damage(recipe: Recipe, scan: Scan | None) -> dict[str, Any]:
    """What the plot and the list of findings show for what `recipe` repairs. scan: None where nobody has looked yet."""
    found = repair_of(recipe)
    if found is None:
        return {"state": "off"}
    place, step = place_of(recipe), found[1]
    facts: dict[str, Any] = {"start": place.start, "fps": place.fps, "frames": place.frames}
    facts |= {"leave": list(step.leave), "mend": list(step.mend), "auto": _moves(recipe)}
    if scan is None:
        return facts | {"state": "unknown"}
    runs = [
        {"reason": run.reason, "first": run.first, "last": run.last, "sure": round(100 * run.confidence)}
        | {"thumb": run.thumb}
        for run in scan.runs
    ]
    return facts | {"state": "known", "runs": runs, "scores": plotted(scan.scores)}


def looking(message: dict[str, Any], step: Progress | None = None) -> dict[str, Any]:
    """`message` while somebody looks; None before the first step."""
    return message | {"state": "looking", "progress": asdict(step or Progress(0, 0, None))}


def _moves(recipe: Recipe) -> bool:
    """Whether it is looked for damage unasked: what a look plays is whole, and a picture has no neighbours."""
    return isinstance(recipe.source, Upload) and not reader.facts(Path(recipe.source.path)).still


def plotted(scores: Sequence[float]) -> list[float]:
    """At most PLOTTED of them, the highest of each part, with two decimals."""
    each = max(1, math.ceil(len(scores) / PLOTTED))
    return [round(max(scores[at : at + each]), 2) for at in range(0, len(scores), each)]


def mended(recipe: Recipe, scan: Scan | None) -> dict[str, int]:
    """How many frames a finished clip of `recipe` had mended, by reason; empty where that is not known."""
    found = repair_of(recipe)
    if found is None or scan is None:
        return {}
    step = found[1]
    counted = Counter(
        run.reason for run in scan.runs for frame in range(run.first, run.last + 1) if frame not in step.leave
    )
    counted.update({"asked": len(set(step.mend) - scan.found)})
    return {reason: count for reason, count in counted.items() if count}
