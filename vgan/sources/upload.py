"""A clip or picture of the person's own comes in."""

import logging
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from fractions import Fraction
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from vgan.errors import MediaError, RecipeError
from vgan.media import reader
from vgan.media.extent import Extent, Sound
from vgan.media.reader import Facts
from vgan.recipe import Recipe, Upload
from vgan.registry import Models
from vgan.settings import Settings
from vgan.share.formats import FORMATS
from vgan.small_files import is_file
from vgan.tensors import to_pictures

log = logging.getLogger(__name__)

LEAST_SIDE = 16  # pixels
STILL_SECONDS = 4.0  # for which a picture is shown in a clip
STILL_RATE = Fraction(30)
CLOSE = 12  # frames between two places that are read in one pass
FAR = 90  # frames ahead beyond which it is sought anew
CHUNK_PIXELS = 2_000_000  # a chunk has about so many, so that a large clip needs no more memory than a small one


class UploadSource:
    """The frames of an uploaded clip at a constant rate: at each moment, the one that the file shows then."""

    loops = False

    def __init__(self, recipe: Recipe, models: Models):
        self._upload, self._path = _uploaded(recipe), Path(_uploaded(recipe).path)
        self.extent = self.extent_of(recipe)
        self._facts = reader.facts(self._path)
        self._window = _window(recipe, self._facts)
        self._device = models.runtime.device

    @staticmethod
    def extent_of(recipe: Recipe) -> Extent:
        """See `vgan.sources.Source`. Raises RecipeError for a part that is not there, and beyond the limits."""
        upload = _uploaded(recipe)
        path = Path(upload.path)
        if not is_file(path):
            raise RecipeError(f"source.path: there is no file {path.name[:80]!r}. Give a clip or picture that exists.")
        facts = reader.facts(path)
        seconds = _seconds(upload, facts, recipe)
        _within_limits(path, facts, seconds)
        rate = STILL_RATE if facts.still else min(Fraction(reader.LARGEST_RATE), max(Fraction(1), facts.rate))
        retimed = any(step.kind == "interpolate" for step in recipe.steps)  # new frames come from the clip's own
        fps = Fraction(recipe.share.fps) if recipe.share.fps and not retimed else rate
        _, _, *size = _window(recipe, facts)
        frames = max(1, round(seconds * fps))
        sound = None
        if facts.has_sound:
            start = facts.begin + Fraction(upload.start).limit_denominator(1_000_000)
            sound = Sound(path, start, frames / fps)
        return Extent(frames, fps, (size[0], size[1]), sound)

    def chunks(self) -> Iterator[Tensor]:
        """Float pictures (n, 3, H, W) in [-1, 1], as large as the clip is."""
        _, _, width, height = self._window
        count = max(1, CHUNK_PIXELS // (width * height))
        waiting: list[np.ndarray] = []
        for frame in self._frames():
            waiting.append(frame)
            if len(waiting) == count:
                yield self._pictures(waiting)
                waiting = []
        if waiting:
            yield self._pictures(waiting)

    def at(self, frames: Sequence[int]) -> Tensor:
        """See `vgan.sources.Source`."""
        places = [place % self.extent.frames for place in frames]
        found: dict[int, np.ndarray] = {}
        for near in _neighbours(sorted(set(places))):
            found |= self._decoded(near)
        return self._pictures([found[place] for place in places])

    def onward(self) -> Callable[[Sequence[int]], Tensor]:
        """`at` for places that rise from call to call: the file is read in one pass."""
        return _Onward(self._path, self._time, lambda frame: self._pictures([self._cropped(frame)])).at

    def _decoded(self, places: list[int]) -> dict[int, np.ndarray]:
        """The frames at rising places that lie close together, in one pass."""
        found: dict[int, np.ndarray] = {}
        waiting, shown = deque(places), None
        with closing(reader.frames(self._path, self._time(places[0]))) as decoded:
            for time, frame in decoded:
                while shown is not None and waiting and self._time(waiting[0]) < time:
                    found[waiting.popleft()] = shown
                if not waiting:
                    break
                shown = self._cropped(frame)
                if len(waiting) == 1 == len(places):
                    break
        if shown is None:
            raise MediaError(f"{self._path.name}: no frame can be decoded at {self._time(places[0]):g} s.")
        return found | dict.fromkeys(waiting, shown)

    def _time(self, place: int) -> float:
        """Seconds from the clip's first frame at which frame `place` is taken."""
        return self._upload.start + float(place / self.extent.fps) + 1e-4  # times in files are rounded down

    def _frames(self) -> Iterator[np.ndarray]:
        """All of them; the last good one again and again where the file breaks off."""
        done, shown, time = 0, None, 0.0
        with closing(reader.frames(self._path, self._upload.start)) as decoded:
            for time, frame in decoded:
                while shown is not None and done < self.extent.frames and self._time(done) < time:
                    yield shown
                    done += 1
                if done == self.extent.frames:
                    return
                shown = self._cropped(frame)
        if shown is None:
            raise MediaError(f"{self._path.name}: no frame can be decoded from {self._upload.start:g} s on.")
        missing = self.extent.frames - done
        if missing > float(self.extent.fps) and time + 1 < self._facts.times[-1]:
            log.warning("%s: the last %d frames are missing; the one before is shown", self._path.name, missing)
        for _ in range(missing):
            yield shown

    def _cropped(self, frame: np.ndarray) -> np.ndarray:
        if frame.shape[1::-1] != self._facts.size:  # streams that were put together change their size on the way
            frame = np.asarray(Image.fromarray(frame).resize(self._facts.size, Image.Resampling.BICUBIC))
        left, top, width, height = self._window
        return frame[top : top + height, left : left + width]

    def _pictures(self, frames: list[np.ndarray]) -> Tensor:
        return to_pictures(torch.from_numpy(np.stack(frames)).to(self._device))


class _Onward:
    """A file that stays open between two looks at it.

    time: of a place, seconds; picture: makes one (1, 3, H, W) of a decoded frame.
    """

    def __init__(self, path: Path, time: Callable[[int], float], picture: Callable[[np.ndarray], Tensor]):
        self._path, self._time, self._picture = path, time, picture
        self._decoded: Generator[tuple[float, np.ndarray]] | None = None
        self._shown: np.ndarray | None = None
        self._next: tuple[float, np.ndarray] | None = None
        self._place = 0

    def at(self, places: Sequence[int]) -> Tensor:
        """Pictures at `places`, from 0 on."""
        pictures = [self._picture(self._frame(place)) for place in places]
        return pictures[0] if len(pictures) == 1 else torch.cat(pictures)

    def _frame(self, place: int) -> np.ndarray:
        if self._decoded is None or not 0 <= place - self._place <= FAR:
            if self._decoded is not None:
                self._decoded.close()
            self._decoded, self._shown = reader.frames(self._path, self._time(place)), None
            self._next = next(self._decoded, None)
        while self._next is not None and (self._shown is None or self._next[0] <= self._time(place)):
            self._shown, self._next = self._next[1], next(self._decoded, None)
        if self._shown is None:
            raise MediaError(f"{self._path.name}: no frame can be decoded at {self._time(place):g} s.")
        self._place = place
        return self._shown


def _neighbours(places: list[int]) -> list[list[int]]:
    """Rising places in groups that lie so close together that to decode what is between costs less than to seek."""
    groups: list[list[int]] = []
    for place in places:
        if groups and place - groups[-1][-1] <= CLOSE:
            groups[-1].append(place)
        else:
            groups.append([place])
    return groups


def _uploaded(recipe: Recipe) -> Upload:
    assert isinstance(recipe.source, Upload)
    return recipe.source


def _seconds(upload: Upload, facts: Facts, recipe: Recipe) -> float:
    """Length of the part that is used."""
    whole = upload.start + STILL_SECONDS if facts.still else facts.seconds
    end = whole if upload.end is None else upload.end if facts.still else min(upload.end, whole)
    if facts.still and recipe.share.format == "png":
        return 0.0
    if upload.start >= whole:
        raise RecipeError(
            f"source.start: {upload.start:g} s is beyond the end; the clip has {facts.seconds:.2f} s. "
            "Choose an earlier moment."
        )
    if end <= upload.start:
        raise RecipeError(
            f"source.end: {end:g} s is not after source.start, {upload.start:g} s. Choose a later moment."
        )
    return end - upload.start


def _window(recipe: Recipe, facts: Facts) -> tuple[int, int, int, int]:
    """(left, top, width, height) of what is used: all of it, or the largest window of the asked shape in the middle,
    where no step chooses one.

    Video codecs store colours by two pixels: a last row or column that is odd is left out, rather than all of the
    picture resampled.
    """
    width, height = facts.size
    shape = recipe.share.aspect
    chosen = any(step.kind in ("crop", "reframe") and step.aspect == shape and step.strength for step in recipe.steps)
    if shape != "source" and not chosen:
        wide, tall = recipe.share.model_copy(update={"short_side": None}).size(facts.size)
        wide, tall = min(wide, width), min(tall, height)
        return (width - wide) // 2, (height - tall) // 2, wide, tall
    if FORMATS[recipe.share.format].even:
        return 0, 0, max(2, width // 2 * 2), max(2, height // 2 * 2)
    return 0, 0, width, height


def _within_limits(path: Path, facts: Facts, seconds: float) -> None:
    limits, (width, height) = Settings(), facts.size
    if min(width, height) < LEAST_SIDE:
        raise MediaError(f"{path.name}: {width}x{height} pixels; both sides must have {LEAST_SIDE} at least.")
    reader.check_size(path, facts.size)
    if seconds > limits.max_seconds:
        raise RecipeError(
            f"source.end: {seconds:.0f} s of {path.name} are asked for; at most {limits.max_seconds:g} are read "
            "(VGAN_MAX_SECONDS). Choose a shorter part with start and end."
        )
