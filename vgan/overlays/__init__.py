"""What is laid over the finished picture, at the size of the file.

An overlay is a function `(fields, onto) -> Layer`: what it lays over each frame. A new one is one file, one row here,
and its fields in `vgan.recipe_overlays`.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from vgan.media.extent import Extent
from vgan.overlays.around import Box, Layer, Onto
from vgan.overlays.blend import lay
from vgan.overlays.captions import open_captions
from vgan.overlays.countdown import open_countdown
from vgan.overlays.mark import open_mark
from vgan.overlays.picture import open_picture
from vgan.overlays.wave import open_wave
from vgan.recipe import Recipe
from vgan.registry import Models
from vgan.share.platforms import safe_box

Open = Callable[[Any, Onto], Layer]

OVERLAYS: dict[str, Open] = {
    "captions": open_captions,
    "countdown": open_countdown,
    "mark": open_mark,
    "picture": open_picture,
    "wave": open_wave,
}

SECONDS = 12e-9  # a pixel of the file, to lay words over it: measured on two CPU cores


class Overlays:
    """All overlays of a recipe, opened for its file. Nothing of it changes while frames are drawn."""

    def __init__(self, recipe: Recipe, extent: Extent, models: Models):
        onto = Onto(extent, Box(*safe_box(recipe.share.platform, extent.size)), recipe, models)
        self._layers = [OVERLAYS[overlay.kind](overlay, onto) for overlay in recipe.overlays]

    def lay(self, frames: np.ndarray, first: int) -> None:
        """Blend them into uint8 frames as large as the file, RGB (n, H, W, 3) or planes (n, 3 * H / 2, W), in place.
        first: which frame it is that they begin with, counted from 0."""
        for index, frame in enumerate(frames, first):
            for layer in self._layers:
                lay(frame, layer.at(index))
