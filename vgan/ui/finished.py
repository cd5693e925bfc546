"""Finished clips: what they are called, their small picture, how steady they are."""

import itertools
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

from vgan.media import reader
from vgan.metrics.flicker import flicker
from vgan.recipe import Generate, Recipe
from vgan.recipe_steps import Stylize
from vgan.registry import Models
from vgan.render import Clip, generate_only
from vgan.share.formats import FORMATS
from vgan.ui.strip import poster_of
from vgan.zoo import LOOKS, find_look, find_style

MEASURED_FRAMES = 48
DRAFT, DRAFT_SIDE, DRAFT_RATE = "draft.mp4", 360, 30
FILMS = ("mp4", "webm")  # formats that hold every frame, which is what can be measured


def file_name(recipe: Recipe) -> str:
    """A name that says what is inside: look and seed, or the upload's own name; styles; aspect."""
    source = recipe.source
    if isinstance(source, Generate):
        look = source.keys[0].look
        parts = [look if look in LOOKS else find_look(look).title, str(source.keys[0].seed)]
        ending = FORMATS[recipe.share.format].suffix(recipe.frame_count)
    else:
        parts = [Path(source.path.replace("\\", "/")).stem]
        one = recipe.share.format == "png" and reader.facts(Path(source.path)).still
        ending = FORMATS[recipe.share.format].suffix(1 if one else 2)
    parts += [_done(step) for step in recipe.steps]
    if isinstance(source, Generate):
        parts.append(recipe.share.aspect.replace(":", "x"))
    return "-".join(_safe(part) or "clip" for part in parts)[:100] + ending


def _done(step: Any) -> str:
    """What a step did, in a word for a file's name."""
    if not isinstance(step, Stylize):
        return str(step.kind)
    return find_style(step.style).title if "/" in step.style else step.style


def _safe(text: str) -> str:
    return "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in text.lower()).strip("-")[:40]


def drafted(recipe: Recipe) -> Recipe:
    """`recipe` as a small MP4 of the same length and shape."""
    share = recipe.share
    small = {"short_side": min(DRAFT_SIDE, share.short_side or DRAFT_SIDE), "format": "mp4", "max_mb": None}
    rate = {} if share.fps is None else {"fps": min(share.fps, DRAFT_RATE)}
    return recipe.model_copy(update={"share": share.model_copy(update=small | rate)})


def free_name(folder: Path, name: str) -> Path:
    """A path in `folder` that is not there yet: `name`, or the same with a number."""
    first = folder / name
    names = (first, *(first.with_stem(f"{first.stem}-{n}") for n in range(2, 1000)))
    return next(path for path in names if not path.exists())


def poster(clip: Clip) -> str:
    """A small picture of the clip's first frame, a data URI; empty for a zip of frames."""
    if clip.path.suffix == ".zip":
        return ""
    with closing(reader.frames(clip.path)) as frames:
        return poster_of(next(frames)[1])


def measured(clip: Clip, recipe: Recipe, models: Models) -> float | None:
    """How much the first frames of a restyled clip flicker, over what went in: 1 is as steady as it was.

    None where there is nothing to compare: no steps, a still, or a format that drops frames.
    """
    count = min(MEASURED_FRAMES, clip.frames)
    if (
        not recipe.steps
        or recipe.overlays
        or not all(isinstance(step, Stylize) for step in recipe.steps)
        or clip.format not in FILMS
        or count < 2
    ):
        return None
    plain = recipe.model_copy(update={"steps": ()})
    with closing(_each(generate_only(plain, models))) as before, closing(reader.frames(clip.path)) as after:
        shown = (frame for _, frame in itertools.islice(after, count))
        return flicker(itertools.islice(before, count), shown).ratio


def _each(chunks: Iterator[np.ndarray]) -> Generator[np.ndarray]:
    for chunk in chunks:
        yield from chunk
