"""One frame before and after its steps, as the stage shows it; quick for a clip that was looked at before."""

import json
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import numpy as np
from PIL import Image

from vgan.recipe import Recipe
from vgan.registry import Models
from vgan.render import extent_of, moments, still
from vgan.sources import SOURCES
from vgan.ui.strip import jpeg, poster_of

KEPT_CLIPS = 4
KEPT_LOOKS = 48  # ways of looking at one clip: styles, canvases
LARGEST = 1440  # longer side of a picture that is sent, pixels
QUALITY = 88
TOGETHER = 4  # moments of a moving preview that are drawn at once
PIXELS_TOGETHER = 8_300_000  # and pixels of theirs: four of 1920x1080


@dataclass(frozen=True)
class Still:
    """before, after: JPEG data URIs; thumb: a small one of the picture before; width, height: of the clip, pixels."""

    before: str
    after: str
    thumb: str
    width: int
    height: int


@dataclass
class _Clip:
    """What is known of a clip, and who may use it."""

    memory: dict[Any, Any] = field(default_factory=dict)
    lock: Any = field(default_factory=Lock)


class Stills:
    """Draws them, those of one clip one at a time: what is known about a clip is one frame's."""

    def __init__(self, models: Models):
        self._models = models
        self._clips: OrderedDict[str, _Clip] = OrderedDict()
        self._guard = Lock()

    def draw(self, recipe: Recipe, frame: int) -> Still:
        """Frame `frame` of `recipe`; the last one for a number beyond the end. Raises as `vgan.render.still`."""
        extent = extent_of(recipe)
        place = min(max(0, frame), extent.frames - 1)
        with self._known(recipe) as memory:
            before, after = still(recipe, self._models, place, memory)
        shown = _reduced(Image.fromarray(after))
        return Still(
            jpeg(Image.fromarray(before).resize(shown.size, Image.Resampling.BICUBIC), QUALITY),
            jpeg(shown, QUALITY),
            poster_of(before),
            *extent.size,
        )

    def moments(self, recipe: Recipe, frames: Sequence[int]) -> np.ndarray:
        """Some frames after the steps, uint8 RGB (n, H, W, 3). Raises as `vgan.render.moments`."""
        with self._known(recipe) as memory:
            return moments(recipe, self._models, frames, memory)

    @staticmethod
    def groups(recipe: Recipe, frames: Sequence[int]) -> list[Sequence[int]]:
        """`frames` in groups that are drawn at once: what lies close together is read in one pass, and the cores share
        it; but others wait meanwhile, and large ones take memory."""
        width, height = SOURCES[recipe.source.kind].extent_of(recipe).size
        count = max(1, min(TOGETHER, PIXELS_TOGETHER // (width * height)))
        return [frames[first : first + count] for first in range(0, len(frames), count)]

    def let_go(self) -> bool:
        """Forget what is known of every clip. Returns whether there was anything."""
        with self._guard:
            held = bool(self._clips)
            self._clips.clear()
        return held

    @contextmanager
    def _known(self, recipe: Recipe) -> Iterator[dict[Any, Any]]:
        """What is known of the clip of `recipe`, for one at a time."""
        share = recipe.share.model_dump(mode="json")
        found = SOURCES[recipe.source.kind].extent_of(recipe)  # steps have a say in what is read of an upload
        driven = recipe.sound.model_dump(mode="json") if recipe.sound and recipe.sound.drives else None
        key = json.dumps([recipe.source.model_dump(mode="json"), driven, share, found.size, str(found.fps)])
        with self._guard:
            clip = self._clips.setdefault(key, _Clip())
            self._clips.move_to_end(key)
            while len(self._clips) > KEPT_CLIPS:
                self._clips.popitem(last=False)
        with clip.lock:
            for looks in clip.memory.values():
                if isinstance(looks, dict) and len(looks) > KEPT_LOOKS:
                    looks.clear()
            yield clip.memory


def _reduced(picture: Image.Image) -> Image.Image:
    picture.thumbnail((LARGEST, LARGEST))
    return picture
