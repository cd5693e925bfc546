"""What all visitors share, and what each of them has running: previews, renders, downloads of weights, clips."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from vgan import hub
from vgan.errors import RecipeError
from vgan.inversion import Inverted, invert
from vgan.media.extent import Extent
from vgan.plan import roughly
from vgan.recipe import Generate, Recipe, generated
from vgan.registry import Models
from vgan.render import Clip, Estimate, estimate, extent_of, render
from vgan.settings import Settings
from vgan.sources.generate import preview
from vgan.ui.finished import DRAFT, drafted, file_name, free_name, measured, poster
from vgan.ui.folders import new_folder, sweep
from vgan.ui.jobs import Asked, Job, Progress, Report
from vgan.ui.own_styles import OwnStyle, fit, opened, style_tile
from vgan.ui.parked import Parked
from vgan.ui.scans import Scans
from vgan.ui.stills import Still, Stills
from vgan.ui.strip import Strip, make_strip
from vgan.ui.uploads import check_file, check_files
from vgan.zoo import ModelSpec, find_look, find_model, find_style

T = TypeVar("T")
PREVIEW_FRAMES = 16
PREVIEW_SIDE = 288  # shorter side at which moving previews of restyled clips are painted, pixels
MAX_WAITING = 32
MAX_VISITS = 500
MAX_CLIPS = 24
MAX_STYLES = 12
CACHED_STRIPS = 64
PAUSE_FOR_PREVIEWS = 0.5


@dataclass(frozen=True)
class Made:
    """A finished clip and the recipe it came from.

    number: counts the clips of a visit, from 0. poster: a small picture of it, a data URI. flicker: over that of what
    went in, None where it was not measured.
    """

    clip: Clip
    recipe: Recipe
    number: int
    poster: str = ""
    flicker: float | None = None


@dataclass
class Visit:
    """What one open page has: its folder (made when first needed), the job that runs, its clips, its own styles, and
    the draft that was made last."""

    folder: Path | None = None
    draft: Path | None = None
    job: Job[Any] | None = None
    made: list[Made] = field(default_factory=list)
    styles: list[OwnStyle] = field(default_factory=list)


class Studio:
    """The one object behind every handler. Requests never change a network, so previews and renders share them."""

    def __init__(self, models: Models, settings: Settings):
        self.models, self.settings = models, settings
        self._strips: OrderedDict[str, Strip] = OrderedDict()
        self._stills = Stills(models)
        self._visits: OrderedDict[str, Visit] = OrderedDict()
        self._parked = Parked()
        self._guard = threading.Lock()
        self._drawing = threading.Lock()
        self._waiting = 0
        self._quiet = threading.Event()
        self._quiet.set()
        self.scans = Scans(models, lambda: self._quiet.wait(PAUSE_FOR_PREVIEWS))
        sweep(settings.outputs)

    # --- previews

    def frames(self, recipe: Recipe, visit: str = "") -> np.ndarray:
        """One loop of the preview, or the whole of a clip that music moves, uint8 (16, H, W, 3). Drawn one at a time,
        ahead of renders.

        A clip that is restyled or uploaded is painted small, in 16 moments at most. visit: whose files it may name.
        Raises RecipeError, WeightsError, MediaError.
        """
        self.check(recipe, visit)
        recipe = roughly(recipe)
        with self._ahead_of_renders():
            if isinstance(recipe.source, Generate) and not recipe.steps and not recipe.overlays:
                return preview(recipe.source, recipe.share.aspect, self.models, PREVIEW_FRAMES, recipe.sound)
            share = recipe.share.model_copy(update={"short_side": min(PREVIEW_SIDE, recipe.share.short_side or 10_000)})
            small = recipe.model_copy(update={"share": share})
            count = self.extent(small).frames
            places = [index * count // PREVIEW_FRAMES for index in range(PREVIEW_FRAMES)] if count > 1 else [0]
            return np.stack([self._stills.frames(small, place)[1] for place in places])

    def preview(self, recipe: Recipe, visit: str = "") -> Strip:
        """The same as a strip for the stage, at once when it was drawn lately."""
        self.check(recipe, visit)
        # how long a loop takes changes how fast the strip plays, not what is on it, unless music moves it
        alike = isinstance(recipe.source, Generate) and not (recipe.sound and recipe.sound.drives)
        always = {"seconds": 4.0, "loops": 1} if alike else {}
        source, seconds = recipe.source.model_copy(update=always), self.seconds(recipe)
        steps = [step.model_dump_json() for step in roughly(recipe).steps]
        over = recipe.model_dump_json(include={"overlays", "sound"})
        key = f"{source.model_dump_json()} {recipe.share.aspect} {steps} {over}"
        with self._guard:
            found = self._strips.get(key)
            if found:
                self._strips.move_to_end(key)
        if not found:
            found = make_strip(self.frames(recipe, visit), seconds)
            with self._guard:
                self._strips[key] = found
                while len(self._strips) > CACHED_STRIPS:
                    self._strips.popitem(last=False)
        return replace(found, seconds=seconds)

    @staticmethod
    def seconds(recipe: Recipe) -> float:
        """Of one loop of a look, of all of them where music moves it, or of the part of an upload that is used. Raises
        as `render`."""
        if isinstance(recipe.source, Generate):
            return recipe.source.seconds * (recipe.source.loops if recipe.sound and recipe.sound.drives else 1)
        return Studio.extent(recipe).seconds

    @staticmethod
    def extent(recipe: Recipe) -> Extent:
        """How long and large the clip will be. Its files are checked before. Raises RecipeError, MediaError."""
        return extent_of(recipe)

    def still(self, visit: str, recipe: Recipe, frame: int) -> Still:
        """One frame before and after the steps, as the render will have it. Drawn as `frames` is, raises as it does."""
        self.check(recipe, visit)
        with self._ahead_of_renders():
            return self._stills.draw(recipe, frame)

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

        with self._job(visit, lambda: Job(work)) as job:
            yield from job.updates()

    def check(self, recipe: Recipe, visit: str = "") -> None:
        """Refuse what cannot be drawn now, and files that are not this visit's. Raises RecipeError, UnknownName."""
        check_files(recipe, self._visit(visit).folder if visit else None)
        if not isinstance(recipe.source, Generate):
            return
        for key in recipe.source.keys:
            spec = self.to_fetch(key.look)
            if spec:
                raise RecipeError(
                    f"look: the weights of {key.look!r} ({spec.bytes / 1e6:.0f} MB) are not on this machine yet. "
                    f"Choose it in the gallery to fetch them, or run `python -m vgan models pull {spec.name}`."
                )

    def has(self, visit: str, name: str) -> bool:
        """Whether a file of that name may be used by the visit, and is there."""
        try:
            check_file("file", name, self._visit(visit).folder)
        except RecipeError:
            return False
        return True

    # --- styles of a visit's own

    def styles(self, visit: str) -> list[OwnStyle]:
        """The styles that this visit has brought or fitted, newest first."""
        return list(self._visit(visit).styles)

    def fit(self, visit: str, picture: str) -> Iterator[Progress | OwnStyle]:
        """Progress of fitting a style to the uploaded `picture`, in hundredths, and then the style.

        Raises Cancelled, RecipeError for a file that is not the visitor's or too small, MediaError for one that is no
        picture, WeightsError where the classifier cannot be had.
        """
        path = check_file("picture", picture)
        folder = self.folder_of(visit)

        def work(report: Report, _: Asked) -> Path:
            return fit(self.models, path, folder, report, self.settings.fit_seconds)

        with self._job(visit, lambda: Job(work)) as job:
            yield from job.updates()
        yield self.add_style(visit, str(job.result))

    def add_style(self, visit: str, name: str) -> OwnStyle:
        """Take in a style by its name in recipes: a file of this visit, or a Hub repository whose weights are here.

        Raises RecipeError, UnknownName, WeightsError.
        """
        place, style = self._visit(visit), find_style(name)
        if path := find_model(style.model).path:
            check_file("style", path, place.folder)
        kind = opened(self.models, style)
        with self._ahead_of_renders():
            tile = style_tile(self.models, name)
        own = OwnStyle(name, style.title, Path(path) if path else None, kind, tile)
        place.styles = [own, *(other for other in place.styles if other.name != name)][:MAX_STYLES]
        return own

    # --- pictures of a visit's own

    def invert(self, visit: str, picture: str, recipe: Recipe) -> Iterator[Progress | Inverted]:
        """Progress of searching for the uploaded `picture` in the look and aspect of `recipe`, then what was found.

        Raises Cancelled, RecipeError for a file that is not the visitor's, and as `vgan.inversion.invert`.
        """
        path, source = check_file("picture", picture), generated(recipe)
        self.check(recipe.model_copy(update={"source": source.model_copy(update={"picture": ""})}), visit)

        def work(report: Report, _: Asked) -> Inverted:
            def between_steps(done: int, total: int) -> None:
                report(done, total)
                self._quiet.wait(PAUSE_FOR_PREVIEWS)

            seconds, aspect = self.settings.invert_seconds, recipe.share.aspect
            return invert(self.models, source.look, path, between_steps, seconds, aspect)

        with self._job(visit, lambda: Job(work)) as job:
            yield from job.updates()
        yield job.result

    # --- renders

    def estimate(self, recipe: Recipe, visit: str = "") -> Estimate:
        """Seconds a render will take and bytes its file will have, about. Raises as `render`."""
        check_files(recipe, self._visit(visit).folder if visit else None)
        return estimate(recipe, self.models)

    def render(self, visit: str, recipe: Recipe, keep: bool = False) -> Iterator[Progress | Made]:
        """Progress of a render in frames and, at its end, what was made.

        keep: when it is paused, or its reader goes away, it waits for a while and goes on where it was once the same
        recipe is rendered again. Raises Cancelled, Paused, RecipeError, WeightsError, MediaError; nothing half-written
        is left behind.
        """
        place = self._visit(visit)
        clip = yield from self._make(visit, recipe, file_name(recipe), keep)
        small = poster(clip) or self.preview(recipe, visit).poster
        made = Made(clip, recipe, place.made[-1].number + 1 if place.made else 0, small)
        place.made = [*place.made[1 - MAX_CLIPS :], made]
        yield made

    def draft(self, visit: str, recipe: Recipe) -> Iterator[Progress | Made]:
        """As `render`, small and as MP4, to be looked at and heard once: the next one takes its place."""
        place, small = self._visit(visit), drafted(recipe)
        clip = yield from self._make(visit, small, DRAFT, keep=False)
        if place.draft:
            place.draft.unlink(missing_ok=True)
        place.draft = clip.path
        yield Made(clip, small, -1, poster(clip))

    def _make(self, visit: str, recipe: Recipe, name: str, keep: bool) -> Generator[Progress, None, Clip]:
        """Progress, and in the end the clip, in the folder of the visit under `name` or one like it."""
        self.check(recipe, visit)
        sweep(self.settings.outputs)
        out = free_name(self.folder_of(visit), name)

        def work(report: Report, cancelled: Asked) -> Clip:
            def between_chunks(done: int, total: int) -> None:
                report(done, total)
                self._quiet.wait(PAUSE_FOR_PREVIEWS)

            return render(recipe, self.models, out, between_chunks, cancelled)

        key = recipe.to_json()
        with self._job(visit, lambda: self._parked.take(key) or Job(work, keep)) as job:
            try:
                yield from job.updates()
            finally:
                if job.paused:
                    self._parked.put(key, job)
        return self._own(visit, job.result)

    def measure(self, visit: str) -> bool:
        """Measure how steady the newest clip of a visit is, where that is not known. Returns whether it is now."""
        place = self._visit(visit)
        made = place.made[-1] if place.made else None
        if made is None or made.flicker is not None:
            return False
        ratio = measured(made.clip, made.recipe, self.models)
        place.made = [replace(one, flicker=ratio) if one.number == made.number else one for one in place.made]
        return ratio is not None

    def waits(self, recipe: Recipe) -> bool:
        """Whether a render of `recipe` was paused and can go on."""
        return recipe.to_json() in self._parked

    def discard(self, recipe: Recipe) -> None:
        """Forget a paused render of `recipe`, and what it has written."""
        self._parked.drop(recipe.to_json())

    def _own(self, visit: str, clip: Clip) -> Clip:
        """`clip` in the folder of the visit: one that waited was begun by an earlier page."""
        folder = self.folder_of(visit)
        if clip.path.parent == folder:
            return clip
        return replace(clip, path=clip.path.replace(free_name(folder, clip.path.name)))

    def folder_of(self, visit: str) -> Path:
        """Where the files of a visit lie. Raises MediaError where it cannot be made."""
        place = self._visit(visit)
        if not place.folder or not place.folder.is_dir():
            place.folder = new_folder(self.settings.outputs)
        return place.folder

    @contextmanager
    def _job(self, visit: str, begin: Callable[[], Job[T]]) -> Iterator[Job[T]]:
        """One job for each visit at a time; it is stopped when its reader is done or goes away, unless it is kept."""
        place = self._visit(visit)
        with self._guard:
            if place.job:
                raise RecipeError("render: this page has work running already. Cancel it first, or wait.")
            job = place.job = begin()
        try:
            yield job
        finally:
            if not job.paused:
                job.stop()
            place.job = None

    def made(self, visit: str) -> list[Made]:
        """The clips of this visit, oldest first."""
        return list(self._visit(visit).made)

    def cancel(self, visit: str) -> None:
        """Stop what this visit has running, if anything."""
        job = self._visit(visit).job
        if job:
            job.stop()

    def pause(self, visit: str) -> bool:
        """Let what this visit has running wait, see `render`, or stop what cannot. Returns whether it waits."""
        job = self._visit(visit).job
        if job:
            job.leave()
        return job is not None and job.paused

    def leave(self, visit: str) -> None:
        """The page was closed: its work stops. Its files stay until they are old, for downloads still under way."""
        with self._guard:
            gone = self._visits.pop(visit, None)
        if gone and gone.job:
            gone.job.leave()

    def _visit(self, name: str) -> Visit:
        with self._guard:
            visit = self._visits.setdefault(name, Visit())
            self._visits.move_to_end(name)
            while len(self._visits) > MAX_VISITS:
                _, oldest = self._visits.popitem(last=False)
                if oldest.job:
                    oldest.job.leave()
            return visit
