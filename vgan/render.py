"""The one road: a recipe goes in, a finished file comes out. Source -> steps -> overlays -> writer, in chunks."""

import logging
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from vgan import spare
from vgan.ahead import ahead
from vgan.drawing import Drawing, opened, source_of
from vgan.errors import Cancelled, EncoderDied, MediaError
from vgan.media.extent import Extent
from vgan.media.mix import sound_for
from vgan.media.probe import probe
from vgan.media.writer import Job, Writer, resize, writing
from vgan.overlays import Overlays
from vgan.plan import Plan, as_it_was, check, fitted, plan
from vgan.recipe import Recipe
from vgan.registry import Models
from vgan.share import formats
from vgan.share.formats import FORMATS
from vgan.share.pace import Estimate, Pace, Spent
from vgan.share.provenance import embedded
from vgan.share.signing import sign_in_place, signing_of
from vgan.tensors import to_frames
from vgan.unfinished import Part, unfinished

log = logging.getLogger(__name__)

__all__ = ["Clip", "Estimate", "encode_only", "estimate", "extent_of", "generate_only", "moments", "render", "still"]

DEPTH = 2  # chunks drawn ahead of the encoder

_PACE = Pace()

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Clip:
    """A finished file. spared: whether the graphics memory was full, and the processor has drawn it."""

    path: Path
    width: int
    height: int
    fps: float
    frames: int
    seconds: float
    bytes: int
    format: str
    spared: bool = False


def estimate(recipe: Recipe, models: Models) -> Estimate:
    """What `render` will cost, from this process's earlier renders; before the first, from what the tables measured.

    Raises RecipeError as `render` does.
    """
    return estimate_on(recipe, models.runtime.device.type)


def estimate_on(recipe: Recipe, device: str) -> Estimate:
    """The same for a type of device, `cpu` or `cuda`, that need not be the one at hand."""
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
    output place that cannot be written and for frames that came out black, frozen, not at all or as no numbers, its
    EncoderDied where the encoder was ended twice, OutOfMemory where even the processor has no room,
    SigningError where the host has clips signed and that fails, Cancelled.
    """

    def tick() -> None:
        if cancelled is not None and cancelled():
            raise Cancelled("The render was stopped. Nothing was written.")

    def work(models: Models, spared: bool) -> Clip:
        device = models.runtime.device.type
        planned = _planned(recipe, device)
        tick()

        def once(encoder: str) -> Clip:
            with _part_of(out, _PACE.estimate(recipe, planned, device).bytes) as part:
                drawing = Drawing(recipe, planned, models)
                drawn, final = iter(drawing), planned.final
                clip, encoding = _finish(recipe, final, models, drawn, part, tick, on_progress, encoder)
            _PACE.note(recipe, planned, device, Spent(drawing.seconds, encoding, clip.bytes))
            return replace(clip, spared=spared)

        try:
            return once(device)
        except EncoderDied as error:
            log.warning("%s It is begun anew.", error)
        return once("cpu")  # with the encoder that runs everywhere

    return spare.either(work, models, models.on_processor)


def generate_only(recipe: Recipe, models: Models) -> Iterator[np.ndarray]:
    """The frames of `recipe` as they are drawn: chunks of uint8 RGB (n, H, W, 3), or of planes as large as the file
    where a video has overlays. Raises as `render`."""
    return iter(Drawing(recipe, _planned(recipe, models.runtime.device.type), models))


def still(
    recipe: Recipe, models: Models, frame: int = 0, memory: dict[Any, Any] | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """One frame of `recipe`, before and after steps and overlays: uint8 RGB (H, W, 3) each. Raises as `render`.

    The one before is the same moment and window of the source. memory: give the same one again for another frame, or
    other steps, of the same source and share: what is known about the clip is then not worked out anew.
    """

    def work(models: Models, spared: bool) -> tuple[np.ndarray, np.ndarray]:
        before, after = _frames(recipe, models, [frame], {} if spared or memory is None else memory, compared=True)
        return before[0], after[0]

    return spare.either(work, models, models.on_processor)


def moments(recipe: Recipe, models: Models, frames: Sequence[int], memory: dict[Any, Any] | None = None) -> np.ndarray:
    """Some frames of `recipe` after steps and overlays: uint8 RGB (n, H, W, 3). memory: see `still`. Raises as
    `render`."""

    def work(models: Models, spared: bool) -> np.ndarray:
        return _frames(recipe, models, frames, {} if spared or memory is None else memory)[0]

    return spare.either(work, models, models.on_processor)


def _frames(
    recipe: Recipe, models: Models, frames: Sequence[int], memory: dict[Any, Any], compared: bool = False
) -> list[np.ndarray]:
    """Those `frames`; compared: the same moments of the source come first."""
    planned = _planned(recipe, models.runtime.device.type)
    last, plain = planned.stages[-1], as_it_was(recipe)
    places = [min(last.frames - 1, int(frame * last.fps / planned.final.fps)) for frame in frames]
    with torch.inference_mode():
        source = source_of(recipe, models, memory)
        shown = [opened(recipe, planned, source, models, memory)[1](places)]
        if compared:
            shown.insert(0, opened(plain, plan(plain), source, models, memory)[1](places))
        drawn = [to_frames(fitted(each, planned.final.size)) for each in shown]
    if recipe.overlays:
        drawn[-1] = resize(drawn[-1], planned.final.size)
        over = Overlays(recipe, planned.final, models)
        for index, frame in enumerate(frames):
            over.lay(drawn[-1][index : index + 1], frame)
    return drawn


def encode_only(recipe: Recipe, models: Models, drawn: Iterator[np.ndarray], out: Path) -> Clip:
    """The other half of `render`: enlarge and write what `generate_only` gave. Raises as `render`."""
    extent = _planned(recipe, models.runtime.device.type).final
    with _part_of(out, 0) as part:
        return _finish(recipe, extent, models, drawn, part, lambda: None, None, models.runtime.device.type)[0]


def _finish(
    recipe: Recipe,
    extent: Extent,
    models: Models,
    drawn: Iterator[np.ndarray],
    part: Part,
    tick: Callable[[], None],
    on_progress: Progress | None,
    encoder: str = "cpu",
) -> tuple[Clip, float]:
    """Write `drawn` to `part`, check it, and finish that. encoder: the device that may encode. Returns the seconds of
    writing too."""
    file_format, temporary, out = recipe.share.format, part.path, part.out

    def told(done: int, total: int) -> None:
        part.note(done, total)
        if on_progress is not None:
            on_progress(done, total)

    said, signing = embedded(recipe, models), signing_of(models.settings)
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

    encoding = _Encoding(job, out.name, lambda job: FORMATS[file_format].open(job, encoder))
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
