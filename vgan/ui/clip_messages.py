"""What the tabs that work on a clip send to their source card, timeline and bar, and what these say about a recipe."""

from pathlib import Path
from typing import Any

from vgan.errors import RecipeError
from vgan.media import reader
from vgan.media.extent import Extent
from vgan.recipe import Generate, Recipe, Share, Upload
from vgan.zoo import find_look

AS_SOURCE = "own"  # the chip that says: as the clip has it
FARTHEST = 1e6  # seconds, beyond any clip
SIZES, RATES = (480, 720, 1080), (24, 30, 60)  # that have chips
SHARE_FIELDS = ("format", "short_side", "fps")


def raw_recipe(asked: dict[str, Any], steps: list[Any]) -> dict[str, Any]:
    """The recipe that source card, timeline and chips describe, with `steps`, unchecked but for its shape.

    asked: their values by field. Raises RecipeError where no source is chosen.
    """
    card, times = asked["source"], asked["timeline"]
    parts = [card.get("source"), card.get("share") or {}] if isinstance(card, dict) else [None]
    if not all(isinstance(part, dict) for part in (*parts, times)):
        raise RecipeError("source: nothing is chosen yet. Drop a clip or picture, or take the look from Create.")
    source, share = dict(card["source"]), dict(card.get("share") or {})
    if times.get("trim"):
        end = times.get("end")
        source |= {"start": times.get("start"), "end": None if end == times.get("seconds") else end}
    share |= {name: asked[name] for name in SHARE_FIELDS if asked[name] != AS_SOURCE}
    return {"source": source, "steps": steps, "share": share}


def moment(times: Any) -> float:
    """The moment that the timeline points at, seconds from the first one used. Raises RecipeError for no number."""
    at, start = ((times.get(name) if isinstance(times, dict) else 0) or 0 for name in ("at", "start"))
    if not all(isinstance(time, (int, float)) and abs(time) < FARTHEST for time in (at, start)):
        raise RecipeError(f"time: {str(at)[:80]!r} is not a number of seconds. Choose another moment.")
    return float(at - start)


def frame_at(times: Any, extent: Extent) -> int:
    """The frame of the clip that the timeline points at, where the clip is as long as its source."""
    return nearest(moment(times), extent)


def nearest(seconds: float, extent: Extent) -> int:
    """The frame of a clip that is shown then, the first or last one for a moment outside."""
    return max(0, min(extent.frames - 1, round(seconds * float(extent.fps))))


def timeline(recipe: Recipe, extent: Extent, at: float | None = None) -> dict[str, Any]:
    """The moments of the recipe's source. at: the one looked at, by default a third into the clip."""
    if isinstance(recipe.source, Upload):
        known = reader.facts(Path(recipe.source.path))
        seconds = 0.0 if known.still else round(known.seconds, 3)
        start, trim = recipe.source.start, not known.still
        end = min(recipe.source.end or seconds, seconds)
    else:
        seconds, start, trim = recipe.source.seconds * recipe.source.loops, 0.0, False
        end = seconds
    at, fps = round(start + (end - start) / 3, 3) if at is None else at, round(float(extent.fps), 3)
    return {"seconds": seconds, "fps": fps, "start": start, "end": end, "at": at, "trim": trim}


def card(recipe: Recipe, extent: Extent, poster: str, origin: str) -> dict[str, Any]:
    """What the source component shows and keeps. extent: of the source. origin: `create`, `example` or `upload`."""
    source, share = recipe.source, recipe.share.model_dump(mode="json")
    kept = source.model_dump(mode="json")
    if isinstance(source, Generate):
        look = find_look(source.keys[0].look)
        label = f"{look.title} #{source.keys[0].seed}"
        facts = [f"{extent.size[0]} × {extent.size[1]}", f"{source.seconds:g} s"]
    else:
        path, kept = Path(source.path), {"kind": "upload", "path": source.path}
        known = reader.facts(path)
        chosen = dict(zip(SHARE_FIELDS, chips(recipe), strict=True))
        share |= {name: None for name in ("short_side", "fps") if chosen[name] != AS_SOURCE}
        label, facts = path.name, [f"{known.size[0]} × {known.size[1]}"]
        if not known.still:
            facts += [f"{float(known.rate):.4g} fps", f"{known.seconds:.1f} s"]
        facts += ["♪"] if known.has_sound else []
    return {
        "label": label,
        "facts": " · ".join(facts),
        "thumb": poster,
        "from": origin,
        "source": kept,
        "share": share,
    }


def chips(recipe: Recipe) -> list[Any]:
    """Values of the bar's chips (format, size, frames a second) for `recipe`."""
    share: Share = recipe.share
    sizes = share.short_side if share.short_side in SIZES else AS_SOURCE
    rates = share.fps if share.fps in RATES else AS_SOURCE
    return [share.format, sizes, rates]
