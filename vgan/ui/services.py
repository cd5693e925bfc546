"""What all visitors share, and what each of them has running: previews, renders, downloads of weights, clips."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

import numpy as np

from vgan import hub
from vgan.errors import RecipeError
from vgan.recipe import Generate, Recipe, generated
from vgan.registry import Models
from vgan.render import Clip, Estimate, estimate, render
from vgan.settings import Settings
from vgan.share.formats import FORMATS
from vgan.sources.generate import preview
from vgan.ui.folders import new_folder, sweep
from vgan.ui.jobs import Asked, Job, Progress, Report
from vgan.ui.strip import Strip, make_strip
from vgan.zoo import ModelSpec, find_look, find_model, find_style

T = TypeVar("T")
PREVIEW_FRAMES = 16
MAX_WAITING = 32
MAX_VISITS = 500
MAX_CLIPS = 24
CACHED_STRIPS = 64
PAUSE_FOR_PREVIEWS = 0.5


@dataclass(frozen=True)
class Made:
    """A finished clip and the recipe it came from. number: counts the clips of a visit, from 0."""

    clip: Clip
    recipe: Recipe
    number: int


@dataclass
class Visit:
    """What one open page has: its folder (made when first needed), what stops its running job, its clips."""

    folder: Path | None = None
    stop: Callable[[], None] | None = None
    made: list[Made] = field(default_factory=list)


class Studio:
    """The one object behind every handler. Requests never change a network, so previews and renders share them."""

    def __init__(self, models: Models, settings: Settings):
        self.models, self.settings = models, settings
        self._strips: OrderedDict[str, Strip] = OrderedDict()
        self._visits: OrderedDict[str, Visit] = OrderedDict()
        self._guard = threading.Lock()
        self._drawing = threading.Lock()
        self._waiting = 0
        self._quiet = threading.Event()
        self._quiet.set()
        sweep(settings.outputs)

    # --- previews

    def frames(self, recipe: Recipe) -> np.ndarray:
        """One loop of the preview, uint8 (16, H, W, 3). Drawn one at a time, ahead of renders.

        Raises RecipeError, WeightsError.
        """
        source = self._ready(recipe)
        with self._ahead_of_renders():
            return preview(source, recipe.share.aspect, self.models, PREVIEW_FRAMES)

    def preview(self, recipe: Recipe) -> Strip:
        """The same as a strip for the stage, at once when it was drawn lately."""
        source = self._ready(recipe)
        # how long a loop takes changes how fast the strip plays, not what is on it
        key = source.model_copy(update={"seconds": 4.0, "loops": 1}).model_dump_json() + recipe.share.aspect
        with self._guard:
            found = self._strips.get(key)
            if found:
                self._strips.move_to_end(key)
        if not found:
            found = make_strip(self.frames(recipe), source.seconds)
            with self._guard:
                self._strips[key] = found
                while len(self._strips) > CACHED_STRIPS:
                    self._strips.popitem(last=False)
        return replace(found, seconds=source.seconds)

    @contextmanager
    def _ahead_of_renders(self) -> Iterator[None]:
        """One preview draws at a time; renders pause before their next chunk while any waits."""
        with self._guard:
            if self._waiting >= MAX_WAITING:
                raise RecipeError(
                    "preview: too many people are moving sliders at this moment. Try again in a few seconds."
                )
            self._waiting += 1
            self._quiet.clear()
        try:
            with self._drawing:
                yield
        finally:
            with self._guard:
                self._waiting -= 1
                if not self._waiting:
                    self._quiet.set()

    # --- weights that are fetched on first use

    def to_fetch(self, look: str) -> ModelSpec | None:
        """The weights that `look` still needs from the Hub, None when it can play. Raises UnknownName, RecipeError."""
        spec = find_model(find_look(look).model)
        return spec if spec.repo_id and hub.find_local(spec, self.settings) is None else None

    def fetch(self, visit: str, spec: ModelSpec) -> Iterator[Progress]:
        """Progress in bytes of fetching `spec`. Raises Cancelled, RecipeError, WeightsError."""

        def work(report: Report, _: Asked) -> hub.Fetched:
            return hub.fetch(spec, self.settings, report)

        with self._job(visit, work) as job:
            yield from job.updates()

    def _ready(self, recipe: Recipe) -> Generate:
        source = generated(recipe)
        for step in recipe.steps:
            for style in (step.style, step.second):
                if style and find_model(find_style(style).model).path:
                    raise RecipeError(
                        f"steps: the style {style[:80]!r} is a file, and files are not read for visitors. "
                        "Choose a style of the gallery."
                    )
        for key in source.keys:
            spec = self.to_fetch(key.look)
            if spec:
                raise RecipeError(
                    f"look: the weights of {key.look!r} ({spec.bytes / 1e6:.0f} MB) are not on this machine yet. "
                    f"Choose it in the gallery to fetch them, or run `python -m vgan models pull {spec.name}`."
                )
        return source

    # --- renders

    def estimate(self, recipe: Recipe) -> Estimate:
        """Seconds a render will take and bytes its file will have, about."""
        return estimate(recipe, self.models)

    def render(self, visit: str, recipe: Recipe) -> Iterator[Progress | Made]:
        """Progress of a render in frames and, at its end, what was made.

        Raises Cancelled, RecipeError, WeightsError, MediaError; nothing half-written is left behind.
        """
        self._ready(recipe)
        sweep(self.settings.outputs)
        place = self._visit(visit)
        if not place.folder or not place.folder.is_dir():
            place.folder = new_folder(self.settings.outputs)
        out = _free_name(place.folder, recipe)

        def work(report: Report, cancelled: Asked) -> Clip:
            def between_chunks(done: int, total: int) -> None:
                report(done, total)
                self._quiet.wait(PAUSE_FOR_PREVIEWS)

            return render(recipe, self.models, out, between_chunks, cancelled)

        with self._job(visit, work) as job:
            yield from job.updates()
        made = Made(job.result, recipe, place.made[-1].number + 1 if place.made else 0)
        place.made = [*place.made[1 - MAX_CLIPS :], made]
        yield made

    @contextmanager
    def _job(self, visit: str, work: Callable[[Report, Asked], T]) -> Iterator[Job[T]]:
        """One job for each visit at a time; it is stopped when its reader is done or goes away."""
        place = self._visit(visit)
        with self._guard:
            if place.stop:
                raise RecipeError("render: this page has work running already. Cancel it first, or wait.")
            job = Job(work)
            place.stop = job.stop
        try:
            yield job
        finally:
            job.stop()
            place.stop = None

    def made(self, visit: str) -> list[Made]:
        """The clips of this visit, oldest first."""
        return list(self._visit(visit).made)

    def cancel(self, visit: str) -> None:
        """Stop what this visit has running, if anything."""
        stop = self._visit(visit).stop
        if stop:
            stop()

    def leave(self, visit: str) -> None:
        """The page was closed: its work stops. Its files stay until they are old, for downloads still under way."""
        with self._guard:
            gone = self._visits.pop(visit, None)
        if gone and gone.stop:
            gone.stop()

    def _visit(self, name: str) -> Visit:
        with self._guard:
            visit = self._visits.setdefault(name, Visit())
            self._visits.move_to_end(name)
            while len(self._visits) > MAX_VISITS:
                _, oldest = self._visits.popitem(last=False)
                if oldest.stop:
                    oldest.stop()
            return visit


def file_name(recipe: Recipe) -> str:
    """A name that says what is inside: look, seed, aspect."""
    source = generated(recipe)
    look = source.keys[0].look
    look = find_look(look).title if "/" in look else look
    ending = FORMATS[recipe.share.format].suffix(recipe.frame_count)
    safe = (
        "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in look.lower()).strip("-")[:40]
        or "clip"
    )
    return f"{safe}-{source.keys[0].seed}-{recipe.share.aspect.replace(':', 'x')}{ending}"


def _free_name(folder: Path, recipe: Recipe) -> Path:
    first = folder / file_name(recipe)
    names = (first, *(first.with_stem(f"{first.stem}-{n}") for n in range(2, 1000)))
    return next(path for path in names if not path.exists())
