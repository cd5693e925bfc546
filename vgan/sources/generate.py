"""A look plays: chunks of frames for a render, or sixteen small ones for a preview."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from threading import Lock
from weakref import WeakKeyDictionary

import numpy as np
import torch
from torch import Tensor, nn

from vgan import spare
from vgan.media.extent import Extent
from vgan.recipe import Generate, Recipe, generated
from vgan.recipe_sound import Soundtrack
from vgan.registry import Models
from vgan.runtime import in_parallel
from vgan.sources.driven import Moments, check_drives, moments
from vgan.sources.known import known
from vgan.sources.pictured import check_pictures
from vgan.sources.play_loop import LoopPlayer
from vgan.sources.players import Player, player_for, player_of
from vgan.sources.steadied import steadied
from vgan.tensors import to_frames

PREVIEW_FRAMES = 16


_moments: "WeakKeyDictionary[nn.Module, OrderedDict[str, Moments]]" = WeakKeyDictionary()
_moments_lock = Lock()
KEPT = 8  # clips whose moments are kept for each model: single frames of one are asked for again and again


class GenerateSource:
    """The frames of a whole generated clip, loop after loop, or moved by its music from its start to its end."""

    loops: bool

    def __init__(self, recipe: Recipe, models: Models):
        self._source, self._aspect, self._device = generated(recipe), recipe.share.aspect, models.runtime.device
        self._player = player_for(self._source.keys[0].look, models)
        check_pictures(self._source, models)
        check_drives(recipe, self._player.attributes)
        self.extent, self._moments = self.extent_of(recipe), _shown(self._player, recipe, self._aspect)
        self.loops = self._moments.closes

    @staticmethod
    def extent_of(recipe: Recipe) -> Extent:
        """See `vgan.sources.Source`."""
        look = known(generated(recipe).keys[0].look)
        check_drives(recipe, look.attributes)
        drawn = player_of(look.module).size(look.side, recipe.share.aspect)
        return Extent(recipe.frame_count, Fraction(recipe.share.fps or 0), drawn)

    def chunks(self) -> Iterator[Tensor]:
        """Float pictures (n, 3, H, W) in [-1, 1] at the model's own size, in order."""
        yield from self._pictures(torch.arange(self.extent.frames))

    def at(self, frames: Sequence[int]) -> Tensor:
        """See `vgan.sources.Source`."""
        return torch.cat(list(self._pictures(torch.tensor(frames))))

    def _pictures(self, frames: Tensor) -> Iterator[Tensor]:
        parts = (frames % self.extent.frames).split(self._player.CHUNK)
        yield from in_parallel(self._draw, parts, self._device, alone=len(parts) > 1)

    def _draw(self, frames: Tensor) -> Tensor:
        return _drawn(self._player, self._source, self._moments, frames, self._aspect, preview=False)


def preview(
    source: Generate, aspect: str, models: Models, frames: int = PREVIEW_FRAMES, sound: Soundtrack | None = None
) -> np.ndarray:
    """One loop in `frames` small frames: uint8 RGB (frames, H, W, 3); the whole clip where `sound` has drives.

    Raises RecipeError, MediaError for music that cannot be read, OutOfMemory.
    """

    def work(models: Models, spared: bool) -> np.ndarray:
        return _previewed(source, aspect, models, frames, sound)

    return spare.either(work, models, models.on_processor)


def _previewed(source: Generate, aspect: str, models: Models, frames: int, sound: Soundtrack | None) -> np.ndarray:
    player = player_for(source.keys[0].look, models)
    check_pictures(source, models)
    if sound is not None and sound.drives:
        recipe = Recipe(source=source, sound=sound)
        check_drives(recipe, player.attributes)
        shown, places = _shown(player, recipe, aspect), torch.arange(frames) * recipe.frame_count // frames
    else:
        shown, places = Moments(torch.arange(frames) / frames), torch.arange(frames)

    def draw(part: Tensor) -> np.ndarray:
        return to_frames(_drawn(player, source, shown, part, aspect, preview=True))

    device = models.runtime.device
    parts = torch.get_num_threads() if device.type == "cpu" else 1  # small frames: more parts cost more than they save
    return np.concatenate(list(in_parallel(draw, places.chunk(parts), device, alone=True)))


def _shown(player: Player, recipe: Recipe, aspect: str) -> Moments:
    """Every frame of the clip of `recipe`, as its music moves it."""
    shown = moments(recipe)
    if shown.moved is None or not isinstance(player, LoopPlayer):
        return shown
    music = Path(recipe.sound.music if recipe.sound else "").stat()
    key = f"{recipe.model_dump_json(include={'source', 'sound', 'share'})} {aspect} {music.st_mtime_ns} {music.st_size}"
    with _moments_lock:
        kept = _moments.setdefault(player.model, OrderedDict())
        if key in kept:
            kept.move_to_end(key)
            return kept[key]
    steady = steadied(player, generated(recipe), aspect, shown)
    with _moments_lock:
        kept[key] = steady
        while len(kept) > KEPT:
            kept.popitem(last=False)
    return steady


def _drawn(player: Player, source: Generate, shown: Moments, frames: Tensor, aspect: str, preview: bool) -> Tensor:
    moved = None if shown.moved is None else shown.moved[frames]
    return player.draw(source, shown.phases[frames], aspect, preview, moved)
