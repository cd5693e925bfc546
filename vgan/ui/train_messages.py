"""What the Train tab's handlers send to its components: clips that came in, the training, the shelf of looks."""

import functools
import itertools
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from vgan import own_looks
from vgan.errors import MediaError, RecipeError, VganError
from vgan.media import reader
from vgan.own_looks import OwnLook
from vgan.recipe import OWN, Recipe
from vgan.ui.folders import address
from vgan.ui.gallery import Gallery
from vgan.ui.services import Studio
from vgan.ui.strip import jpeg, poster_of
from vgan.ui.trainings import MOST_CLIPS, Given, Training, Trainings

LARGEST = 1440  # longer side of a sheet that is sent, pixels
ROWS = 240  # points of the lines that are drawn
LEAST_SECONDS = 0.3
DRAWN = ("loss_G", "loss_D")  # of the losses: the maker's and the judge's
_numbers = itertools.count(1)


def brought(studio: Studio, visit: str, files: list[tuple[Path, str]]) -> dict[str, Any]:
    """Clips that came in, each with moments of it in one picture; what cannot be used is said, and the rest taken.

    files: where they lie, checked, and what they were called.
    """
    taken, faults = [], []
    for path, name in files:
        try:
            taken.append(_clip(studio, visit, path, name[:80]))
        except VganError as error:
            faults.append(str(error))
    message: dict[str, Any] = {"brought": taken, "number": f"clips-{next(_numbers)}"}
    return message | ({"fault": {"title": "This clip cannot be used", "text": "\n".join(faults)}} if faults else {})


def _clip(studio: Studio, visit: str, path: Path, name: str) -> dict[str, Any]:
    facts = reader.facts(path)
    if facts.still or facts.seconds < LEAST_SECONDS:
        raise MediaError(f"{name}: a moving clip of at least {LEAST_SECONDS:g} s is needed to learn how it moves.")
    upload = {"kind": "upload", "path": str(path)}
    recipe = Recipe.parse({"source": upload, "share": OWN | {"format": "mp4"}})
    strip = studio.preview(recipe, visit)
    sheet = {key: getattr(strip, key) for key in ("columns", "frames", "width", "height", "poster")}
    return sheet | {
        "path": str(path),
        "name": name,
        "size": list(facts.size),
        "seconds": round(facts.seconds, 3),
        "strip": strip.data,
    }


def given(value: Any) -> tuple[list[Given], str]:
    """The clips and the crop that the component's value names, their shape checked, but not whose files they are.

    Raises RecipeError.
    """
    clips = value.get("clips") if isinstance(value, dict) else None
    if not isinstance(clips, list) or not clips:
        raise RecipeError("clips: none are here yet. Drop a few, or press the example.")
    if len(clips) > MOST_CLIPS:
        raise RecipeError(f"clips: {len(clips)} were given. Allowed: {MOST_CLIPS}.")
    found = []
    for index, clip in enumerate(clips):
        if not isinstance(clip, dict) or not isinstance(clip.get("path"), str):
            raise RecipeError(f"clips.{index}: this is not a clip. Drop it once more.")
        start, end, seconds = (_number(f"clips.{index}.{name}", clip.get(name)) for name in ("start", "end", "seconds"))
        if end - start < LEAST_SECONDS - 1e-3:
            raise RecipeError(
                f"clips.{index}: {end - start:.2f} s of it are left. Allowed: {LEAST_SECONDS} s and more."
            )
        found.append(Given(Path(clip["path"]), start, None if end >= seconds else end))
    return found, _crop(value.get("crop"))


def _crop(box: Any) -> str:
    """The crop as the engine takes it; empty for the whole picture."""
    if box is None:
        return ""
    if not isinstance(box, list) or len(box) != 4:
        raise RecipeError("crop: this is no window. Allowed: left, top, width and height in shares of the picture.")
    x, y, w, h = (min(1.0, _number("crop", part)) for part in box)
    w, h = min(w, 1 - x), min(h, 1 - y)
    return "" if w > 0.999 and h > 0.999 else f"{x:.4f},{y:.4f},{w:.4f},{h:.4f}"


def _number(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 36_000:
        raise RecipeError(f"{name}: {str(value)[:40]!r} is not allowed. Allowed: 0 to 36000.")
    return float(value)


def training(one: Training | None, known: Any = "", fresh: bool = False) -> dict[str, Any]:
    """The stage shows a training. known: version of the sheet that the page has; fresh: it has just been begun."""
    if one is None:
        return {"training": None}
    told = one.progress
    version = f"{one.name} {told.sheet.stat().st_mtime_ns}" if told.sheet and told.sheet.is_file() else ""
    message = {"name": one.name, "title": one.title, "state": one.state, "working": one.working, "step": told.step}
    message |= {"left": told.left if one.state == "training" and told.step else None, "distance": told.distance}
    message |= {"losses": _rows(told.losses), "error": told.error, "fresh": fresh, "version": version}
    if version and told.sheet and version != known:
        message["sheet"] = sheet_picture(told.sheet, version)
    return {"training": message}


def _rows(losses: tuple[dict[str, float], ...]) -> list[list[float]]:
    """[minute, maker, judge] of each row, of which at most ROWS are told; rows without these are left out."""
    every = -(-len(losses) // ROWS) or 1
    chosen = [row for row in losses[::every] if row.keys() >= {"seconds", *DRAWN}]
    return [[round(row["seconds"] / 60, 3), *(round(row[name], 4) for name in DRAWN)] for row in chosen]


@functools.lru_cache(maxsize=4)
def sheet_picture(path: Path, version: str) -> str:
    """The sheet at `path` as a data URI. version: of what is in it, so that it is read anew when it is another."""
    with Image.open(path, formats=("PNG", "JPEG")) as picture:
        shown = picture.convert("RGB")
    shown.thumbnail((LARGEST, LARGEST))
    return jpeg(shown)


def meter(one: Training | None) -> dict[str, Any]:
    """The bar says how far a training is, or that it waits."""
    if one is None or one.state == "done":
        return {}
    if not one.working:
        return {"waits": True} if one.resumable else {}
    told, doing = one.progress, f"train_{one.state}"
    if one.state == "training" and told.step:
        done, total, left = told.trained, told.trained + told.left, told.left
        return {"progress": {"done": done, "total": total, "left": left, "doing": doing}}
    share = told.share if one.state in ("reading", "measuring", "finishing") else 0.0
    return {"progress": {"done": share, "total": 1 if share else 0, "left": None, "doing": doing}}


def shelf(trainings: Trainings, studio: Studio, gallery: Gallery, **more: Any) -> dict[str, Any]:
    """What was trained here, newest first, and what waits to be gone on with. more: zip."""
    waiting = [
        {"name": one.name, "title": one.title, "state": one.state, "error": one.progress.error, "goes": one.resumable}
        for one in waits(trainings)
    ]
    return finished(studio, gallery) | {"waiting": waiting} | more


def finished(studio: Studio, gallery: Gallery) -> dict[str, Any]:
    """The looks that were trained here, newest first."""
    looks = sorted(own_looks.own_looks(studio.settings), key=lambda look: -look.folder.stat().st_mtime)
    return {"looks": [_row(look, gallery) for look in looks]}


def waits(trainings: Trainings) -> list[Training]:
    """Those that can go on, by name."""
    return sorted(trainings.unfinished(), key=lambda one: one.name)


def _row(look: OwnLook, gallery: Gallery) -> dict[str, Any]:
    minutes = look.facts.get("minutes")
    row = {"name": look.name, "title": look.title, "minutes": minutes if isinstance(minutes, (int, float)) else None}
    return (
        row
        | {key: value for key, value in gallery.own_tile(look).items() if key in ("moving", "still")}
        | _picture(look)
    )


def _picture(look: OwnLook) -> dict[str, Any]:
    """A small picture of its sheet, for a look without a tile."""
    if look.sheet is None:
        return {}
    return {"sheet": _thumb(look.sheet, look.sheet.stat().st_mtime_ns)}


@functools.lru_cache(maxsize=64)
def _thumb(path: Path, version: int) -> str:
    with Image.open(path, formats=("PNG", "JPEG")) as picture:
        return poster_of(np.asarray(picture.convert("RGB")))


def link(file: Path, name: str) -> dict[str, Any]:
    """A file that the browser is to save."""
    return {"url": address(file), "name": name, "number": next(_numbers)}


def signature(trainings: Trainings, studio: Studio) -> str:
    """Changes when the shelf does."""
    looks = own_looks.own_looks(studio.settings)
    kept = [f"{look.name} {look.folder.stat().st_mtime_ns}" for look in looks]
    return " ".join([*kept, *(f"{one.name} {one.state}" for one in waits(trainings))])
