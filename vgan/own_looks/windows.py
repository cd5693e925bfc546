"""Windows out of footage: a few moments of one place in a scene, kept as bytes, as `vgan.training.dataset` reads them.

Footage does not loop. A loop plays at the footage's own speed, and what is learned from is never more than half a loop
away from its first moment, before or after it: so near, a loop and endless footage look alike, nothing runs backwards
and nothing is faded into anything. That the ends meet is the generator's own doing, which cannot draw anything else.
Only in a scene shorter than that does time turn back at its ends.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from vgan.errors import MediaError
from vgan.media import reader
from vgan.models.attributes import STEP
from vgan.own_looks.footage import LEAST_SIDE, Plan
from vgan.own_looks.options import Options, window
from vgan.own_looks.split import Stretch
from vgan.runtime import generator
from vgan.training import dataset

REACH = 0.5  # loops between a window's first moment and the others
ZOOM = 0.7  # a window is at least this share of the largest one of its shape
Report = Callable[[float, str], None]


@dataclass(frozen=True)
class Size:
    """Of a set of windows. count: of all shapes; frames: moments of each; short_side: pixels; shapes: shares of all."""

    count: int = 240
    frames: int = dataset.FRAMES
    short_side: int = dataset.SHORT_SIDE
    shapes: tuple[tuple[str, float], ...] = tuple(dataset.SHARES.items())


LEARNED = Size()
HELD_OUT = Size(256, 2, 128, (("square", 1.0),))


@dataclass(frozen=True)
class Moment:
    """One frame of one window. wanted: seconds in the clip; way: 1, or -1 where time runs back; box: (left, top, right,
    bottom) in shares of the frame."""

    wanted: float
    way: int
    shape: str
    row: int
    column: int
    box: tuple[float, float, float, float]
    mirrored: bool


def write_windows(
    folder: Path,
    name: str,
    plan: Plan,
    stretches: Sequence[Stretch],
    options: Options,
    size: Size,
    on_progress: Report | None = None,
) -> None:
    """Cut windows of `stretches` into the new `folder`: what `options.seed` says, the same from the same footage.

    on_progress: called with (share done, file name); what it raises ends the work. Raises MediaError for footage that
    cannot be read any more. Another's half-written folder is in nobody's way: the caller moves a whole one in place.
    """
    draw = generator(options.seed + 1)
    folder.mkdir(parents=True)
    arrays: dict[str, np.ndarray] = {}
    times: dict[str, Tensor] = {}
    moments: dict[int, list[Moment]] = {}
    weights = torch.tensor([stretch.weight(options.loop_seconds) for stretch in stretches])
    for shape, share in size.shapes:
        count = max(4, round(size.count * share))
        tall, wide = (round(size.short_side * side) for side in dataset.SHAPES[shape])
        arrays[shape] = np.lib.format.open_memmap(
            folder / f"{shape}.npy", "w+", np.uint8, (count, size.frames, tall, wide, 3)
        )
        times[shape] = torch.zeros(count, size.frames)
        for row in range(count):
            stretch = stretches[int(torch.multinomial(weights, 1, generator=draw))]
            whole = plan.clips[stretch.clip]
            box = _box(whole.size, dataset.SHAPES[shape], options, draw)
            mirrored = options.mirror and bool(torch.rand((), generator=draw) < 0.5)
            offsets = [0.0, STEP, *((torch.rand(size.frames - 2, generator=draw) * 2 - 1) * REACH).tolist()]
            first = _first(stretch, offsets, options.loop_seconds, draw)
            times[shape][row] = torch.rand((), generator=draw) + torch.tensor(offsets)
            for column, offset in enumerate(offsets):
                wanted, way = _there_and_back(first + offset * options.loop_seconds, stretch)
                moments.setdefault(stretch.clip, []).append(Moment(wanted, way, shape, row, column, box, mirrored))
    for place, (clip, asked) in enumerate(sorted(moments.items())):
        found = plan.clips[clip]
        for at, moment, frame in _frames(found.path, asked, found.rate):
            array = arrays[moment.shape]
            array[moment.row, moment.column] = _cut(frame, moment, array.shape[3], array.shape[2])
            late = moment.way * (at - moment.wanted) / options.loop_seconds
            times[moment.shape][moment.row, moment.column] += late
            if on_progress:
                done = (at - asked[0].wanted) / max(1e-6, asked[-1].wanted - asked[0].wanted)
                on_progress((place + min(1.0, max(0.0, done))) / len(moments), found.path.name)
    for shape, array in arrays.items():
        array.flush()  # type: ignore[attr-defined]
        looks = torch.zeros(len(array), dtype=torch.long)
        torch.save({"times": times[shape].remainder(1.0), "look": looks}, folder / f"{shape}.pt")
    (folder / "done.json").write_text(json.dumps({"looks": [name], "short_side": size.short_side}))


def _first(stretch: Stretch, offsets: list[float], loop_seconds: float, draw: torch.Generator) -> float:
    """A moment from which all others lie inside the stretch, where it is long enough for that."""
    low, high = stretch.start - min(offsets) * loop_seconds, stretch.end - max(offsets) * loop_seconds
    if low > high:
        low, high = stretch.start, max(stretch.start, stretch.end - STEP * loop_seconds)
    return low + float(torch.rand((), generator=draw)) * (high - low)


def _there_and_back(time: float, stretch: Stretch) -> tuple[float, int]:
    """`time`, mirrored at the ends of the stretch, and which way it runs there."""
    length = stretch.end - stretch.start
    if length <= 0:
        return stretch.start, 1
    place = (time - stretch.start) % (2 * length)
    return (stretch.start + place, 1) if place <= length else (stretch.start + 2 * length - place, -1)


def _box(
    size: tuple[int, int], shape: tuple[float, float], options: Options, draw: torch.Generator
) -> tuple[float, float, float, float]:
    """A window of `shape` (height, width) anywhere in the part of the picture that is used."""
    left, top, width, height = window(options.crop, size)
    tall, wide = shape
    unit = min(width / wide, height / tall)
    low = min(1.0, max(ZOOM, LEAST_SIDE / unit))
    zoom, across, down = torch.rand(3, generator=draw).tolist()
    unit *= low + zoom * (1 - low)
    x, y = left + across * (width - wide * unit), top + down * (height - tall * unit)
    return x / size[0], y / size[1], (x + wide * unit) / size[0], (y + tall * unit) / size[1]


def _frames(path: Path, wanted: list[Moment], rate: float) -> Iterator[tuple[float, Moment, np.ndarray]]:
    """The frame nearest to each moment, with its time, in their order; past the clip's end, its last frame."""
    wanted.sort(key=lambda moment: moment.wanted)
    half, at, last = 0.5 / rate if rate else 0.0, 0, None
    for time, frame in reader.frames(path, max(0.0, wanted[0].wanted - 2 * half)):
        while at < len(wanted) and wanted[at].wanted <= time + half:
            yield time, wanted[at], frame
            at += 1
        last = time, frame
        if at == len(wanted):
            return
    if last is None:
        raise MediaError(f"{path.name}: there is nothing to be read in it any more. Put it back, or begin anew.")
    for moment in wanted[at:]:
        yield last[0], moment, last[1]


def _cut(frame: np.ndarray, moment: Moment, width: int, height: int) -> np.ndarray:
    tall, wide = frame.shape[:2]
    left, top, right, bottom = moment.box
    box = (left * wide, top * tall, min(right * wide, wide), min(bottom * tall, tall))
    cut = Image.fromarray(frame).resize((width, height), Image.Resampling.BICUBIC, box=box, reducing_gap=3.0)
    return np.asarray(cut)[:, ::-1] if moment.mirrored else np.asarray(cut)
