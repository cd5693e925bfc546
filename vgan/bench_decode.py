"""`python -m vgan bench decode`: what it costs that clips are read in child processes."""

import functools
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from vgan.media import guard, reader
from vgan.media.guard import client
from vgan.recipe import Recipe, Share, Upload
from vgan.registry import Models
from vgan.render import render

STILLS = 25
TURNS = 4  # the best of each counts: other work on the machine comes and goes
SECONDS = 4.0  # of the render


@dataclass
class DecodeBench:
    """Of one clip, in a child and in the app's own process: milliseconds to one frame somewhere in it, frames a second
    from its first to its last, seconds of a render that only cuts and encodes."""

    clip: str
    still: tuple[float, float]
    frames: tuple[float, float]
    render: tuple[float, float]


def bench_decode(clips: list[Path], models: Models) -> list[DecodeBench]:
    """Every one of `clips`, both ways in turns. Raises MediaError for one that cannot be read."""
    guard.warm()
    found = []
    for clip in clips:
        best: dict[str, list[float]] = {}
        for _ in range(TURNS):
            for name, work in (("still", _still), ("frames", _frames), ("render", lambda path: _render(path, models))):
                now = [work(clip)]
                with _in_process():
                    now.append(work(clip))
                best[name] = [min(pair) for pair in zip(best.get(name, now), now, strict=True)]
        count = len(reader.facts(clip).times)
        rates = [round(count / seconds, 1) for seconds in best["frames"]]
        still, made = ([round(each, 3) for each in best[name]] for name in ("still", "render"))
        found.append(DecodeBench(clip.name, (still[0], still[1]), (rates[0], rates[1]), (made[0], made[1])))
    return found


@contextmanager
def _in_process() -> Iterator[None]:
    client.GUARDED = False
    try:
        yield
    finally:
        client.GUARDED = True


def _timed(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _still(clip: Path) -> float:
    times = reader.facts(clip).times

    def one(time: float) -> None:
        with closing(reader.frames(clip, time)) as frames:
            next(frames)

    moments = [times[place * 37 % len(times)] for place in range(STILLS)]
    return 1000 * statistics.median(_timed(functools.partial(one, moment)) for moment in moments)


def _frames(clip: Path) -> float:
    return _timed(lambda: sum(1 for _ in reader.frames(clip)))


def _render(clip: Path, models: Models) -> float:
    side = min(reader.facts(clip).size) // 2 * 2
    recipe = Recipe(
        source=Upload(path=str(clip), end=SECONDS), share=Share(aspect="source", short_side=min(side, 1080))
    )
    with tempfile.TemporaryDirectory() as folder:
        return _timed(lambda: render(recipe, models, Path(folder) / "out.mp4"))


def table(found: list[DecodeBench]) -> str:
    """The figures as people read them."""
    lines = []
    for one in found:
        still, frames, made = one.still, one.frames, one.render
        lines += [
            one.clip,
            f"  one frame         {still[0]:.1f} ms, in this process {still[1]:.1f}: {still[0] - still[1]:+.1f} ms",
            f"  all frames        {frames[0]:.0f} fps, {frames[1]:.0f}: {frames[1] / frames[0]:.2f} x the time",
            f"  {SECONDS:g} s rendered    {made[0]:.2f} s, {made[1]:.2f}: {made[0] / made[1]:.2f} x",
        ]
    return "\n".join(lines)


def write_json(found: list[DecodeBench], path: Path) -> None:
    """Write all of it to `path`."""
    path.write_text(json.dumps([asdict(one) for one in found], indent=1) + "\n", encoding="utf-8")
