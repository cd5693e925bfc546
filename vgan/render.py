"""The one road: a recipe goes in, a finished file comes out. Source -> steps -> overlays -> writer, in chunks."""

import functools
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from vgan.ahead import ahead
from vgan.errors import Cancelled, MediaError
from vgan.media.extent import Extent
from vgan.media.mix import sound_for
from vgan.media.planes import to_planes
from vgan.media.probe import probe
from vgan.media.writer import Job, Writer, resize, writing
from vgan.overlays import Overlays
from vgan.plan import Plan, as_found, as_it_was, check, fitted, paced, plan
from vgan.recipe import Recipe
from vgan.registry import Models
from vgan.share import formats
from vgan.share.formats import FORMATS
from vgan.share.pace import Estimate, Pace, Spent
from vgan.share.provenance import embedded
from vgan.share.signing import sign_in_place, signing_of
from vgan.sources import SOURCES, Source
from vgan.sources.upload import UploadSource
from vgan.steps import STEPS
from vgan.steps.around import Around, At, Plain
from vgan.tensors import to_frames
from vgan.unfinished import Part, unfinished
from vgan.watch import Stage, checked

__all__ = ["Clip", "Estimate", "encode_only", "estimate", "extent_of", "generate_only", "render", "still"]

DEPTH = 2  # chunks drawn ahead of the encoder

OTHER = {"grade", "repair"}  # steps that are asked for other light, or other frames, than there were

_PACE = Pace()

Progress = Callable[[int, int], None]


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
    device = models.runtime.device.type
    return _PACE.estimate(recipe, _planned(recipe, device), device)


def extent_of(recipe: Recipe) -> Extent:
    """How long and large the file of `recipe` will be. Raises RecipeError and MediaError as `render` does."""
    return _planned(recipe, "cpu").final


def render(
    recipe: Recipe,
    models: Models,
    out: Path,
    on_progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Clip:
    """Make the clip of `recipe` and put it at `out`, in place of what was there.

    on_progress: called with (frames written, frames in all). cancelled: asked again and again; True ends the work.
    Meanwhile the file lies aside, see `vgan.unfinished`; unless all goes well, nothing of it remains. Raises
    RecipeError for a recipe that cannot be carried out, WeightsError for weights that cannot be had, MediaError for an
    output place that cannot be written and for frames that came out black, frozen, not at all or as no numbers,
    SigningError where the host has clips signed and that fails, Cancelled.
    """

    def tick() -> None:
        if cancelled is not None and cancelled():
            raise Cancelled("The render was stopped. Nothing was written.")

    device = models.runtime.device.type
    planned = _planned(recipe, device)
    tick()
    with _part_of(out, _PACE.estimate(recipe, planned, device).bytes) as part:
        drawing = _Drawing(recipe, planned, models)
        clip, encoding = _finish(recipe, planned.final, models, iter(drawing), part, tick, on_progress)
    _PACE.note(recipe, planned, device, Spent(drawing.seconds, encoding, clip.bytes))
    return clip


def generate_only(recipe: Recipe, models: Models) -> Iterator[np.ndarray]:
    """The frames of `recipe` as they are drawn: chunks of uint8 RGB (n, H, W, 3), or of planes as large as the file
    where a video has overlays. Raises as `render`."""
    return iter(_Drawing(recipe, _planned(recipe, models.runtime.device.type), models))


def still(
    recipe: Recipe, models: Models, frame: int = 0, memory: dict[Any, Any] | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """One frame of `recipe`, before and after steps and overlays: uint8 RGB (H, W, 3) each. Raises as `render`.

    The one before is the same moment and window of the source. memory: give the same one again for another frame, or
    other steps, of the same source and share: what is known about the clip is then not worked out anew.
    """
    planned, memory = _planned(recipe, models.runtime.device.type), {} if memory is None else memory
    last, plain = planned.stages[-1], as_it_was(recipe)
    place = min(last.frames - 1, int(frame * last.fps / planned.final.fps))
    with torch.inference_mode():
        source = _source(recipe, models, memory)
        after = _opened(recipe, planned, source, models, memory)[1]([place])
        before = _opened(plain, plan(plain), source, models, memory)[1]([place])
        one, other = (to_frames(fitted(each, planned.final.size)) for each in (before, after))
    if recipe.overlays:
        other = resize(other, planned.final.size)
        Overlays(recipe, planned.final, models).lay(other, frame)
    return one[0], other[0]


def encode_only(recipe: Recipe, models: Models, drawn: Iterator[np.ndarray], out: Path) -> Clip:
    """The other half of `render`: enlarge and write what `generate_only` gave. Raises as `render`."""
    extent = _planned(recipe, models.runtime.device.type).final
    with _part_of(out, 0) as part:
        return _finish(recipe, extent, models, drawn, part, lambda: None, None)[0]


def _finish(
    recipe: Recipe,
    extent: Extent,
    models: Models,
    drawn: Iterator[np.ndarray],
    part: Part,
    tick: Callable[[], None],
    on_progress: Progress | None,
) -> tuple[Clip, float]:
    """Write `drawn` to `part`, check it, and finish that. Returns the seconds of writing too."""
    file_format, temporary, out = recipe.share.format, part.path, part.out

    def told(done: int, total: int) -> None:
        part.note(done, total)
        if on_progress is not None:
            on_progress(done, total)

    device, said, signing = models.runtime.device.type, embedded(recipe, models), signing_of(models.settings)
    sound = sound_for(recipe.sound, extent)
    most_bytes = None if recipe.share.max_mb is None else int(recipe.share.max_mb * 1e6)

    def job(frames: np.ndarray) -> Job:
        planes = frames.ndim == 3
        drawn = extent.size if planes else (frames.shape[2], frames.shape[1])
        return Job(
            temporary,
            extent.size,
            drawn,
            extent.fps,
            extent.frames,
            said.comment,
            sound,
            planes,
            said.xmp,
            most_bytes,
            tick,
        )

    encoding = _Encoding(job, out.name, lambda job: FORMATS[file_format].open(job, device))
    written = encoding.drain(drawn, tick, told)
    if not extent.exact:
        extent = replace(extent, frames=written)
    if encoding.fitted is not None:
        extent = replace(extent, size=encoding.fitted.size, fps=encoding.fitted.fps, frames=encoding.fitted.frames)
    if signing:
        sign_in_place(temporary, signing, recipe, said.source_type)
    _verify(temporary, extent, out.name)
    size = temporary.stat().st_size
    with writing(out.name):
        part.finish()
    fps = round(float(extent.fps), 3)
    return Clip(out, *extent.size, fps, extent.frames, extent.seconds, size, file_format), encoding.seconds


def _planned(recipe: Recipe, device: str) -> Plan:
    """How long and large the clip will be at every stage; what cannot be carried out is refused here."""
    planned = plan(recipe)
    formats.check(recipe.share.format, planned.final)
    sound_for(recipe.sound, planned.final)
    check(recipe, planned, _PACE.estimate(recipe, planned, device).seconds)
    return planned


class _Drawing:
    """The frames of a recipe in the size in which they are drawn: uint8 arrays (n, H, W, 3) in host memory. With
    overlays, in the size of the file, and for video in the planes of its codec (n, 3 * H / 2, W).

    seconds: what drawing has taken so far.
    """

    def __init__(self, recipe: Recipe, planned: Plan, models: Models):
        self.seconds, self._size, self._count = 0.0, planned.final.size, 0
        self._over = Overlays(recipe, planned.final, models) if recipe.overlays else None
        self._enlarge = to_planes if FORMATS[recipe.share.format].even else resize
        chunks = _opened(recipe, planned, _source(recipe, models, {}), models, {})[0]
        self._chunks = paced(chunks, planned.stages[-1], planned.final)

    def __iter__(self) -> Iterator[np.ndarray]:
        while True:
            start = time.perf_counter()
            with torch.inference_mode():  # belongs to the thread that draws, and must not outlast the turn
                chunk = next(self._chunks, None)
                if chunk is None:
                    return
                frames = to_frames(fitted(chunk, self._size))  # as drawn: the copy is small
                if self._over:
                    frames = self._enlarge(frames, self._size)  # words are as sharp as the file
                    self._over.lay(frames, self._count)
            self._count += len(frames)
            self.seconds += time.perf_counter() - start
            yield frames


@dataclass(frozen=True)
class _Opened:
    """A source, and its single frames as they are remembered."""

    source: Source
    at: At


def _source(recipe: Recipe, models: Models, memory: dict[Any, Any]) -> _Opened:
    source: Source = SOURCES[recipe.source.kind](recipe, models)
    return _Opened(source, functools.partial(_remembered, source.at, memory))


def _opened(
    recipe: Recipe, planned: Plan, opened: _Opened, models: Models, memory: dict[Any, Any]
) -> tuple[Iterator[Tensor], At]:
    """The frames of `recipe` after all its steps, and single ones of them."""
    source, at, loops = opened.source, opened.at, opened.source.loops
    stage, before = Stage("source", planned.stages[0]), ""
    plain = Plain(source.onward if isinstance(source, UploadSource) else lambda: source.at)
    plain = replace(plain, memory=memory.setdefault("plain", {}))
    chunks = stage(source.chunks())
    for index, (step, extent, after) in enumerate(zip(recipe.steps, planned.stages, planned.stages[1:], strict=False)):
        kind, before = STEPS[step.kind], f"{before} {step.kind}"
        around = Around(extent, planned.final, loops, at, models, memory.setdefault(before, {}), plain)
        stage = Stage(f"steps.{index}: {step.kind}", after, None if kind.frames_it or step.kind in OTHER else stage)
        chunks = stage(kind.run(chunks, step, around))
        at = functools.partial(_through, step, replace(around, loops=False))  # single frames follow from nothing
        loops = loops and not (kind.frames_it and after.frames < extent.frames)  # a part of a loop is none
        plain = _plainly(step, around, plain)
    return chunks, at


def _plainly(step: Any, around: Around, plain: Plain) -> Plain:
    """`plain` behind `step`, as far as that chooses moments and windows."""
    found = as_found(step)
    if found is None:
        return plain

    def at() -> At:
        return functools.partial(_through, found, replace(around, at=plain.open(), loops=False))

    return replace(plain, open=at, key=f"{plain.key} {found.model_dump_json()}")


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
    kind = STEPS[step.kind]
    if kind.at is not None:
        return checked(kind.at(step, around, frames), step.kind)
    return checked(torch.cat(list(kind.run(iter([around.at(frames)]), step, around))), step.kind)


class _Encoding:
    """A writer under a clock, whose failures name the file that was asked for. seconds: what it has taken so far;
    fitted: what it made, where that is not what it was asked for."""

    def __init__(self, job: Callable[[np.ndarray], Job], name: str, open_writer: Callable[[Job], Writer]):
        self.seconds = 0.0
        self.fitted: Job | None = None
        self._job, self._name, self._open = job, name, open_writer

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        start = time.perf_counter()
        with writing(self._name):
            yield
        self.seconds += time.perf_counter() - start

    def drain(self, drawing: Iterator[np.ndarray], tick: Callable[[], None], on_progress: Progress | None) -> int:
        """Write all frames of `drawing`, while the next ones are drawn, and finish the file. Returns how many."""
        done, writer = 0, None
        try:
            with closing(ahead(drawing, DEPTH, tick)) as chunks:
                for frames in chunks:
                    tick()
                    with self._at_work():
                        if writer is None:  # the first frames tell how large they are drawn
                            job = self._job(frames)
                            writer = self._open(job)
                        writer.write(frames)
                    done += len(frames)
                    if on_progress is not None:
                        on_progress(done, job.frames)
            if writer is not None:
                with self._at_work():
                    writer.close()
                self.fitted = writer.fitted
            return done
        finally:
            if writer is not None:
                writer.abort()


@contextmanager
def _part_of(out: Path, expected: int) -> Iterator[Part]:
    """A place to write `out` in, which is gone afterwards. expected: bytes that will be needed there.

    Raises MediaError where `out` cannot be written.
    """
    with writing(out.name), ExitStack() as opened:
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
        part = opened.enter_context(unfinished(out, "clip"))
        held = opened.pop_all()
    with held:
        yield part


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
