"""The one object behind every handler: visits and previews, and the long work, which tells how far it is."""

import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from vgan import hub
from vgan.breaks import take_a_break
from vgan.inversion import Inverted, invert
from vgan.memory import Memory, give_back, left
from vgan.recipe import Recipe, generated
from vgan.registry import Models
from vgan.render import Clip, Estimate, estimate, render
from vgan.settings import Settings
from vgan.ui.finished import DRAFT, drafted, file_name, free_name, measured, poster
from vgan.ui.jobs import Asked, Job, Progress, Report, Work
from vgan.ui.limits import Allowances, Cost
from vgan.ui.line import Called, Line, LineFull, Turn
from vgan.ui.own_styles import OwnStyle, fit, opened, style_tile
from vgan.ui.parked import Parked
from vgan.ui.previews import Previews
from vgan.ui.scans import Scan, Scans
from vgan.ui.uploads import check_file, check_files
from vgan.ui.visitors import asking, gone
from vgan.ui.visits import Made
from vgan.zoo import ModelSpec, find_model, find_style

__all__ = ["Made", "Studio"]

MAX_CLIPS = 24
MAX_STYLES = 12
T = TypeVar("T")
Drawer = Callable[[Recipe, Path, Report, Asked], Clip]


class Studio(Previews):
    """Previews of all visits, and what each of them has running: renders, downloads of weights, styles, searches."""

    def __init__(self, models: Models, settings: Settings):
        super().__init__(models, settings)
        self.line = Line(settings.line)
        self._parked = Parked()
        self._allowances = Allowances(settings)
        lets_go = (
            ("what was drawn", self._forget),
            ("a render that waits", self._parked.let_go),
            ("a network", models.let_go),
        )
        self._memory = Memory(lets_go, lambda: left(settings))
        self.scans = Scans(models, self._scan)

    # --- weights that are fetched on first use

    def fetch(self, visit: str, spec: ModelSpec) -> Iterator[Progress]:
        """Progress in bytes of fetching `spec`. Raises Cancelled, RecipeError, WeightsError."""

        def work(report: Report, _: Asked) -> hub.Fetched:
            return hub.fetch(spec, self.settings, report)

        with self._job(visit, lambda: Job(work)) as job:
            yield from job.updates(gone=gone)

    # --- the line before the device

    def _begin(self, visit: str, work: Work[T], cost: Cost, keep: bool = False) -> Job[T]:
        """`work`, which begins when its turn has come and there is memory for it, and gives way to previews. Raises
        LineFull, and RecipeError where the visitor has had as much as one may have."""
        visitor = asking(self.settings, visit)
        taken = self._allowances.take(visitor, cost)

        def careful(report: Report, asked: Asked) -> T:
            self._memory.make_room(take_a_break)
            try:
                return work(report, asked)
            finally:
                give_back()

        try:
            return Job(careful, keep, lambda called: self.line.join(visitor, cost.seconds, called), self._between)
        except LineFull:
            self._allowances.give_back(visitor, taken)
            raise

    def _between(self) -> None:
        """At every break of a work."""
        self._previews_first()
        self._memory.watch()

    def _cost(self, recipe: Recipe, works: int = 1) -> Cost:
        """What making the clip of `recipe` takes."""
        return Cost(estimate(recipe, self.models).seconds, self.extent(recipe).pixels, works)

    def _scan(self, visit: str, work: Work[Scan], recipe: Recipe) -> Job[Scan]:
        return self._begin(visit, work, self._cost(recipe, works=0))

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

        cost = Cost(self.settings.fit_seconds)
        with self._job(visit, lambda: self._begin(visit, work, cost)) as job:
            yield from job.updates(gone=gone)
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
            seconds, aspect = self.settings.invert_seconds, recipe.share.aspect
            return invert(self.models, source.look, path, report, seconds, aspect)

        cost = Cost(self.settings.invert_seconds)
        with self._job(visit, lambda: self._begin(visit, work, cost)) as job:
            yield from job.updates(gone=gone)
        yield job.result

    # --- renders

    def estimate(self, recipe: Recipe, visit: str = "") -> Estimate:
        """Seconds a render will take and bytes its file will have, about. Raises as `render`."""
        check_files(recipe, self._visit(visit).folder if visit else None)
        return estimate(recipe, self.models)

    def render(
        self, visit: str, recipe: Recipe, keep: bool = False, asked: float | None = None
    ) -> Iterator[Progress | Made]:
        """Progress of a render in frames and, at its end, what was made.

        keep: when it is paused, or its reader goes away, it waits for a while and goes on where it was once the same
        recipe is rendered again. asked: when it was, of the clock that only rises, now by default: it does not begin
        if the visit was told to stop since then. Raises Cancelled, Paused, RecipeError, WeightsError, MediaError;
        nothing half-written is left behind.
        """
        place = self._visit(visit)
        clip, waited = yield from self._make(visit, recipe, file_name(recipe), keep, asked)
        small = poster(clip) or self.preview(recipe, visit).poster
        made = Made(clip, recipe, place.made[-1].number + 1 if place.made else 0, small, waited=waited)
        place.made = [*place.made[1 - MAX_CLIPS :], made]
        yield made

    def draft(self, visit: str, recipe: Recipe) -> Iterator[Progress | Made]:
        """As `render`, small and as MP4, to be looked at and heard once: the next one takes its place."""
        place, small = self._visit(visit), drafted(recipe)
        clip, waited = yield from self._make(visit, small, DRAFT, keep=False)
        if place.draft:
            place.draft.unlink(missing_ok=True)
        place.draft = clip.path
        yield Made(clip, small, -1, poster(clip), waited=waited)

    def _make(
        self, visit: str, recipe: Recipe, name: str, keep: bool, asked: float | None = None
    ) -> Generator[Progress, None, tuple[Clip, float]]:
        """Progress, and in the end the clip, in the folder of the visit under `name` or one like it, and the seconds
        that it has waited."""
        asked = time.monotonic() if asked is None else asked
        self.check(recipe, visit)
        self.sweep()
        draw = self.drawer()

        def work(report: Report, cancelled: Asked) -> Clip:  # who is refused gets no folder
            return draw(recipe, free_name(self.folder_of(visit), name), report, cancelled)

        key, cost = self._parked_as(recipe), self._cost(recipe)

        def again(called: Called) -> Turn:
            return self.line.join(asking(self.settings, visit), cost.seconds, called)

        def begin() -> Job[Clip]:
            return self._parked.take(key, again) or self._begin(visit, work, cost, keep)

        with self._job(visit, begin, asked) as job:
            try:
                yield from job.updates(gone=gone)
            finally:
                if job.paused:
                    self._parked.put(key, job)
        return self._own(visit, job.result), job.waited

    def drawer(self) -> Drawer:
        """What carries out a render, asked for while the visitor's request is at hand."""

        def draw(recipe: Recipe, out: Path, report: Report, cancelled: Asked) -> Clip:
            return render(recipe, self.models, out, report, cancelled)

        return draw

    def measure(self, visit: str) -> bool:
        """Measure how steady the newest clip of a visit is, where that is not known and nobody waits for the device.
        Returns whether it is known now."""
        place = self._visit(visit)
        made = place.made[-1] if place.made else None
        if made is None or made.flicker is not None or not self.line.idle.is_set():
            return False
        ratio = measured(made.clip, made.recipe, self.models)
        place.made = [replace(one, flicker=ratio) if one.number == made.number else one for one in place.made]
        return ratio is not None

    def _parked_as(self, recipe: Recipe) -> str:
        """What a paused render goes by: strangers who ask for the same clip neither get it nor end it."""
        return f"{asking(self.settings).address} {recipe.to_json()}"

    def waits(self, recipe: Recipe) -> bool:
        """Whether a render of `recipe` was paused and can go on."""
        return self._parked_as(recipe) in self._parked

    def discard(self, recipe: Recipe) -> None:
        """Forget a paused render of `recipe`, and what it has written."""
        self._parked.drop(self._parked_as(recipe))

    def _own(self, visit: str, clip: Clip) -> Clip:
        """`clip` in the folder of the visit: one that waited was begun by an earlier page."""
        folder = self.folder_of(visit)
        if clip.path.parent == folder:
            return clip
        return replace(clip, path=clip.path.replace(free_name(folder, clip.path.name)))
