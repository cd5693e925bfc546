"""The frames of a recipe, drawn: source, steps and overlays, in chunks or one by one."""

import functools
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from vgan.breaks import held_up
from vgan.media.planes import to_planes
from vgan.media.writer import resize
from vgan.overlays import Overlays
from vgan.plan import Plan, as_found, fitted, paced
from vgan.recipe import Recipe
from vgan.registry import Models
from vgan.share.formats import FORMATS
from vgan.sources import SOURCES, Source
from vgan.sources.upload import UploadSource
from vgan.steps import STEPS
from vgan.steps.around import Around, At, Plain
from vgan.tensors import to_frames
from vgan.watch import Stage, checked

OTHER = {"grade", "repair"}  # steps that are asked for other light, or other frames, than there were


class Drawing:
    """The frames of a recipe in the size in which they are drawn: uint8 arrays (n, H, W, 3) in host memory. With
    overlays, in the size of the file, and for video in the planes of its codec (n, 3 * H / 2, W).

    seconds: what drawing has taken so far.
    """

    def __init__(self, recipe: Recipe, planned: Plan, models: Models):
        self.seconds, self._size, self._count = 0.0, planned.final.size, 0
        self._over = Overlays(recipe, planned.final, models) if recipe.overlays else None
        self._enlarge = to_planes if FORMATS[recipe.share.format].even else resize
        chunks = opened(recipe, planned, source_of(recipe, models, {}), models, {})[0]
        self._chunks = paced(chunks, planned.stages[-1], planned.final)

    def __iter__(self) -> Iterator[np.ndarray]:
        while True:
            start = time.perf_counter() - held_up()
            with torch.inference_mode():  # belongs to the thread that draws, and must not outlast the turn
                chunk = next(self._chunks, None)
                if chunk is None:
                    return
                frames = to_frames(fitted(chunk, self._size))  # as drawn: the copy is small
                if self._over:
                    frames = self._enlarge(frames, self._size)  # words are as sharp as the file
                    self._over.lay(frames, self._count)
            self._count += len(frames)
            self.seconds += time.perf_counter() - held_up() - start
            yield frames


@dataclass(frozen=True)
class Begun:
    """A source, and its single frames as they are remembered."""

    source: Source
    at: At


def source_of(recipe: Recipe, models: Models, memory: dict[Any, Any]) -> Begun:
    source: Source = SOURCES[recipe.source.kind](recipe, models)
    return Begun(source, functools.partial(_remembered, source.at, memory))


def opened(
    recipe: Recipe, planned: Plan, begun: Begun, models: Models, memory: dict[Any, Any]
) -> tuple[Iterator[Tensor], At]:
    """The frames of `recipe` after all its steps, and single ones of them."""
    source, at, loops = begun.source, begun.at, begun.source.loops
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
