"""Looking for damage beside the page, and what was found, kept for as long as somebody may ask again."""

import itertools
import json
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image

from vgan.damage import Finding, judge
from vgan.plan import plan
from vgan.recipe import Recipe, Upload
from vgan.recipe_steps import Repair
from vgan.registry import Models
from vgan.render import generate_only
from vgan.ui.jobs import Asked, Job, Progress, Report, Work
from vgan.ui.strip import jpeg
from vgan.ui.visitors import gone

KEPT = 12
MOST_THUMBS = 40  # for so many of the first runs
THUMB = (96, 96)
BEHIND = 48  # frames of which a small picture is kept until they are judged


@dataclass(frozen=True)
class Run:
    """Frames in a row that are broken alike. confidence: of the surest; thumb: of the first, a data URI or empty."""

    reason: str
    first: int
    last: int
    confidence: float
    thumb: str


@dataclass(frozen=True)
class Scan:
    """What was found. scores: of every frame, in [0, 1]."""

    runs: tuple[Run, ...]
    scores: tuple[float, ...]

    @property
    def found(self) -> set[int]:
        """The frames that are broken."""
        return {frame for run in self.runs for frame in range(run.first, run.last + 1)}


@dataclass(frozen=True)
class Place:
    """Where frames of a repair lie in time. start: of the first one, seconds of the source; fps: frames a second;
    frames: how many."""

    start: float
    fps: float
    frames: int

    def second(self, frame: int) -> float:
        """Of the source, at which a frame is shown."""
        return round(self.start + frame / self.fps, 4)

    def frame(self, second: float) -> int | None:
        """The frame that is shown at a second of the source; None outside."""
        frame = round((second - self.start) * self.fps)
        return frame if 0 <= frame < self.frames else None


def repair_of(recipe: Recipe) -> tuple[int, Repair] | None:
    """The first step that repairs and its place in the chain."""
    return next(((place, step) for place, step in enumerate(recipe.steps) if isinstance(step, Repair)), None)


def before_repair(recipe: Recipe) -> Recipe:
    """What the first repair of `recipe` is given, as a recipe of its own."""
    found = repair_of(recipe)
    steps = recipe.steps[: found[0]] if found else ()
    share = recipe.share
    if isinstance(recipe.source, Upload):
        retimed = any(step.kind == "interpolate" for step in recipe.steps)
        share = share.model_copy(update={"short_side": None} | ({"fps": None} if retimed else {}))
    return recipe.model_copy(update={"steps": steps, "share": share})


def place_of(recipe: Recipe) -> Place:
    """Where the frames lie that the first repair of `recipe` is given. Raises RecipeError, MediaError."""
    plain = before_repair(recipe)
    stages = plan(plain).stages
    start, extent = plain.source.start if isinstance(plain.source, Upload) else 0.0, stages[-1]
    for step, before in zip(plain.steps, stages, strict=False):  # there is one more, after all of them
        if step.kind == "trim":
            start += float(round(step.start * step.strength * before.fps) / before.fps)
    return Place(start, float(extent.fps), extent.frames)


class Scans:
    """Scans of all visits. begin: makes a visit's job of work on a recipe, which waits for its turn."""

    def __init__(self, models: Models, begin: Callable[[str, Work[Scan], Recipe], Job[Scan]]):
        self._models, self._begin = models, begin
        self._known: OrderedDict[str, Scan] = OrderedDict()
        self._running: dict[str, tuple[str, Job[Scan]]] = {}
        self._lock = threading.Lock()

    def known(self, recipe: Recipe) -> Scan | None:
        """What was found in what `recipe` repairs, if it was looked at."""
        with self._lock:
            scan = self._known.get(_key(recipe))
            if scan:
                self._known.move_to_end(_key(recipe))
            return scan

    def running(self, visit: str, recipe: Recipe) -> bool:
        """Whether this visit is looking at just that."""
        with self._lock:
            return visit in self._running and self._running[visit][0] == _key(recipe)

    def scan(self, visit: str, recipe: Recipe) -> Iterator[Progress]:
        """Progress in frames of looking at what `recipe` repairs; then it is `known`. The visit's earlier look ends.

        Raises Cancelled, and as `vgan.render.render` does for a source that cannot be read.
        """
        plain, found, key = before_repair(recipe), repair_of(recipe), _key(recipe)
        sensitivity = found[1].sensitivity if found else Repair().sensitivity
        total = place_of(recipe).frames

        def work(report: Report, _: Asked) -> Scan:
            def tick(done: int) -> None:
                report(min(done, total), total)

            return looked(generate_only(plain, self._models), sensitivity, tick)

        self.stop(visit)
        job = self._begin(visit, work, plain)
        with self._lock:
            self._running[visit] = (key, job)
        try:
            yield from job.updates(gone=gone)
            with self._lock:
                self._known[key] = job.result
                while len(self._known) > KEPT:
                    self._known.popitem(last=False)
        finally:
            job.stop()
            with self._lock:
                if self._running.get(visit, (key, None))[1] is job:
                    del self._running[visit]

    def stop(self, visit: str) -> None:
        """End what this visit is looking at, if anything."""
        with self._lock:
            _, job = self._running.pop(visit, ("", None))
        if job:
            job.stop()


def looked(chunks: Iterator[np.ndarray], sensitivity: float, tick: Callable[[int], None]) -> Scan:
    """What is found in `chunks` of uint8 frames (n, H, W, 3). tick: called with the number of frames judged."""
    small: deque[tuple[int, Image.Image]] = deque(maxlen=BEHIND)
    scores: list[float] = []
    runs: list[Run] = []

    def shown() -> Iterator[np.ndarray]:
        for index, frame in enumerate(itertools.chain.from_iterable(chunks)):
            thumb = Image.fromarray(frame)
            thumb.thumbnail(THUMB, reducing_gap=1.0)
            small.append((index, thumb))
            yield frame

    for judged in judge(shown(), sensitivity):
        scores.append(judged.score)
        if judged.finding:
            _note(runs, judged.finding, small)
        tick(len(scores))
    return Scan(tuple(runs), tuple(scores))


def _note(runs: list[Run], finding: Finding, small: deque[tuple[int, Image.Image]]) -> None:
    """Add a finding to the run that it continues, or begin one."""
    last = runs[-1] if runs else None
    if last and (last.last + 1, last.reason) == (finding.index, finding.reason):
        runs[-1] = Run(last.reason, last.first, finding.index, max(last.confidence, finding.confidence), last.thumb)
        return
    picture = next((thumb for index, thumb in small if index == finding.index), None)
    thumb = jpeg(picture) if picture and len(runs) < MOST_THUMBS else ""
    runs.append(Run(finding.reason, finding.index, finding.index, finding.confidence, thumb))


def _key(recipe: Recipe) -> str:
    plain, found = before_repair(recipe), repair_of(recipe)
    sensitivity = found[1].sensitivity if found else Repair().sensitivity
    raw = plain.model_dump(mode="json")
    share = {name: raw["share"][name] for name in ("aspect", "short_side", "fps")}
    return json.dumps([raw["source"], raw["steps"], share, sensitivity])
