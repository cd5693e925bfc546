"""The one road: a recipe goes in, a finished file comes out. Source -> steps -> size -> writer, in chunks."""

import functools
import json
import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from vgan.ahead import ahead
from vgan.errors import Cancelled, MediaError
from vgan.media.extent import Extent
from vgan.media.probe import probe
from vgan.media.writer import Job, Writer, writing
from vgan.recipe import Recipe
from vgan.registry import Models
from vgan.share import formats
from vgan.share.formats import FORMATS
from vgan.share.pace import Estimate, Pace, Spent
from vgan.sources import SOURCES, Source
from vgan.steps import STEPS
from vgan.steps.around import Around
from vgan.tensors import to_uint8

__all__ = ["Clip", "Estimate", "encode_only", "estimate", "generate_only", "render", "still"]

DEPTH = 2  # chunks drawn ahead of the encoder

_PACE = Pace()

Progress = Callable[[int, int], None]
At = Callable[[Sequence[int]], Tensor]


@dataclass(frozen=True)
class Clip:
    """A finished file."""

    path: Path
    width: int
    height: int
    fps: float
    frames: int
    seconds: float
    bytes: int
    format: str


def estimate(recipe: Recipe, models: Models) -> Estimate:
    """What `render` will cost, from this process's earlier renders; before the first, from what the tables measured.

    Raises RecipeError as `render` does.
    """
    return _PACE.estimate(recipe, _extent(recipe), models.runtime.device.type)


def render(
    recipe: Recipe,
    models: Models,
    out: Path,
    on_progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Clip:
    """Make the clip of `recipe` and put it at `out`, in place of what was there.

    on_progress: called with (frames written, frames in all). cancelled: asked again and again; True ends the work.
    Meanwhile the file has a temporary name in the same folder; unless all goes well, nothing of it remains. Raises
    RecipeError for a recipe that cannot be carried out, WeightsError for weights that cannot be had, MediaError for an
    output place that cannot be written, Cancelled.
    """

    def tick() -> None:
        if cancelled is not None and cancelled():
            raise Cancelled("The render was stopped. Nothing was written.")

    extent = _extent(recipe)
    tick()
    device = models.runtime.device.type
    with _temporary(out, _PACE.estimate(recipe, extent, device).bytes) as temporary:
        drawing = _Drawing(recipe, models)
        clip, encoding = _finish(recipe, extent, device, iter(drawing), (temporary, out), tick, on_progress)
    _PACE.note(recipe, extent, device, Spent(drawing.seconds, encoding, clip.bytes))
    return clip


def generate_only(recipe: Recipe, models: Models) -> Iterator[np.ndarray]:
    """The frames of `recipe` as they are drawn: chunks of uint8 RGB (n, H, W, 3). Raises as `render`."""
    _extent(recipe)
    return iter(_Drawing(recipe, models))


def still(
    recipe: Recipe, models: Models, frame: int = 0, memory: dict[Any, Any] | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """One frame of `recipe`, before and after its steps: uint8 RGB (H, W, 3) each. Raises as `render`.

    memory: give the same one again for another frame, or other steps, of the same source and share: what is known
    about the clip is then not worked out anew.
    """
    _extent(recipe)
    with torch.inference_mode():
        before, after = _opened(recipe, models, memory)[1:]
        return tuple(to_uint8(at([frame])).cpu().numpy()[0] for at in (before, after))


def encode_only(recipe: Recipe, models: Models, drawn: Iterator[np.ndarray], out: Path) -> Clip:
    """The other half of `render`: enlarge and write what `generate_only` gave. Raises as `render`."""
    extent = _extent(recipe)
    with _temporary(out, 0) as temporary:
        device = models.runtime.device.type
        return _finish(recipe, extent, device, drawn, (temporary, out), lambda: None, None)[0]


def _finish(
    recipe: Recipe,
    extent: Extent,
    device: str,
    drawn: Iterator[np.ndarray],
    places: tuple[Path, Path],
    tick: Callable[[], None],
    on_progress: Progress | None,
) -> tuple[Clip, float]:
    """Write `drawn` to the first of `places`, check it, move it to the second. Returns the seconds of writing too."""
    file_format, (temporary, out) = recipe.share.format, places
    comment = json.dumps(recipe.portable().model_dump(mode="json"))

    def job(drawn: tuple[int, int]) -> Job:
        return Job(temporary, extent.size, drawn, extent.fps, extent.frames, comment, extent.sound)

    encoding = _Encoding(job, out.name, lambda job: FORMATS[file_format].open(job, device))
    encoding.drain(drawn, tick, on_progress)
    _verify(temporary, extent, out.name)
    size = temporary.stat().st_size
    with writing(out.name):
        os.replace(temporary, out)
    fps = round(float(extent.fps), 3)
    return Clip(out, *extent.size, fps, extent.frames, extent.seconds, size, file_format), encoding.seconds


def _extent(recipe: Recipe) -> Extent:
    """How long and large the clip will be; what cannot be carried out is refused here."""
    extent: Extent = SOURCES[recipe.source.kind].extent_of(recipe)
    formats.check(recipe.share.format, extent)
    return extent


class _Drawing:
    """The frames of a recipe, in the size in which they are drawn: uint8 arrays (n, H, W, 3) in host memory.

    seconds: what drawing has taken so far.
    """

    def __init__(self, recipe: Recipe, models: Models):
        self.seconds = 0.0
        self._chunks = _opened(recipe, models)[0]

    def __iter__(self) -> Iterator[np.ndarray]:
        while True:
            start = time.perf_counter()
            with torch.inference_mode():  # belongs to the thread that draws, and must not outlast the turn
                chunk = next(self._chunks, None)
                if chunk is None:
                    return
                frames = to_uint8(chunk).cpu().numpy()  # not enlarged yet, so the copy is small
            self.seconds += time.perf_counter() - start
            yield frames


def _opened(recipe: Recipe, models: Models, memory: dict[Any, Any] | None = None) -> tuple[Iterator[Tensor], At, At]:
    """The frames of `recipe` after all its steps, and single frames before and after them."""
    source: Source = SOURCES[recipe.source.kind](recipe, models)
    memory, chunks = {} if memory is None else memory, source.chunks()
    first = at = functools.partial(_remembered, source.at, memory)
    for index, step in enumerate(recipe.steps):
        around = Around(source.extent, source.loops, at, models, memory.setdefault(index, {}))
        chunks = STEPS[step.kind](chunks, step, around)
        at = functools.partial(_through, step, replace(around, loops=False))  # single frames follow from nothing
    return chunks, first, at


def _remembered(at: At, memory: dict[Any, Any], frames: Sequence[int]) -> Tensor:
    """Pictures at `frames`. The last single one stays in `memory`: it is looked at again and again."""
    if len(frames) != 1:
        return at(frames)
    if memory.get("place") != frames[0]:
        memory |= {"place": frames[0], "picture": at(frames)}
    picture: Tensor = memory["picture"]
    return picture


def _through(step: Any, around: Around, frames: Sequence[int]) -> Tensor:
    """Pictures at `frames`, as `step` leaves them."""
    return torch.cat(list(STEPS[step.kind](iter([around.at(frames)]), step, around)))


class _Encoding:
    """A writer under a clock, whose failures name the file that was asked for. seconds: what it has taken so far."""

    def __init__(self, job: Callable[[tuple[int, int]], Job], name: str, open_writer: Callable[[Job], Writer]):
        self.seconds = 0.0
        self._job, self._name, self._open = job, name, open_writer

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        start = time.perf_counter()
        with writing(self._name):
            yield
        self.seconds += time.perf_counter() - start

    def drain(self, drawing: Iterator[np.ndarray], tick: Callable[[], None], on_progress: Progress | None) -> None:
        """Write all frames of `drawing`, while the next ones are drawn, and finish the file."""
        done, writer = 0, None
        try:
            with closing(ahead(drawing, DEPTH, tick)) as chunks:
                for frames in chunks:
                    tick()
                    with self._at_work():
                        if writer is None:  # the first frames tell how large they are drawn
                            job = self._job((frames.shape[2], frames.shape[1]))
                            writer = self._open(job)
                        writer.write(frames)
                    done += len(frames)
                    if on_progress is not None:
                        on_progress(done, job.frames)
            if writer is not None:
                with self._at_work():
                    writer.close()
        finally:
            if writer is not None:
                writer.abort()


@contextmanager
def _temporary(out: Path, expected: int) -> Iterator[Path]:
    """A path beside `out` to write to, which is gone afterwards, unless it was renamed.

    expected: bytes that will be needed there. Raises MediaError where `out` cannot be written.
    """
    with writing(out.name):
        folder = out.absolute().parent
        if not folder.is_dir():
            raise MediaError(f"there is no folder {str(folder)!r}. Create it, or choose another place.")
        if out.is_dir():
            raise MediaError(f"this is a folder, {str(folder / out.name)!r}. Give the file a name of its own.")
        free = shutil.disk_usage(folder).free
        if free < expected:
            raise MediaError(
                f"the disk is too full: about {expected / 1e6:.1f} MB are needed, {free / 1e6:.1f} MB are free. "
                "Free some space, choose another folder, or make the clip shorter or smaller."
            )
    temporary = folder / f".{secrets.token_hex(8)}.part"
    try:
        with writing(out.name):
            temporary.touch(exist_ok=False)
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def _verify(path: Path, extent: Extent, name: str) -> None:
    """Raises MediaError unless the file at `path` holds the frames that it should."""
    info = probe(path)
    if info.codec == "webp":  # stores equal neighbours as one frame: its time is what counts, and a still has none
        whole = info.seconds is None or abs(info.seconds - extent.seconds) < 1 / extent.fps
    else:
        whole = info.frames == extent.frames
    if not whole or (info.width, info.height) != extent.size:
        raise MediaError(
            f"{name}: {info.frames} frames of {info.width}x{info.height} came out instead of {extent.frames} of "
            f"{extent.size[0]}x{extent.size[1]}. Try again, or another format."
        )
