"""Who has the app open, what each page has running, and which files are its own."""

import math
import shutil
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from vgan import hub
from vgan.errors import Cancelled, RecipeError
from vgan.recipe import Generate, Recipe
from vgan.registry import Models
from vgan.render import Clip
from vgan.settings import Settings
from vgan.ui.folders import new_folder, sweep
from vgan.ui.jobs import Job
from vgan.ui.own_styles import OwnStyle
from vgan.ui.uploads import check_file, check_files
from vgan.zoo import ModelSpec, find_look, find_model

T = TypeVar("T")
MAX_VISITS = 500


@dataclass(frozen=True)
class Made:
    """A finished clip and the recipe it came from.

    number: counts the clips of a visit, from 0. poster: a small picture of it, a data URI. flicker: over that of what
    went in, None where it was not measured. waited: in the line, seconds.
    """

    clip: Clip
    recipe: Recipe
    number: int
    poster: str = ""
    flicker: float | None = None
    waited: float = 0.0


@dataclass
class Visit:
    """What one open page has: its folder (made when first needed), the job that runs, its clips, its own styles, the
    draft that was made last, and when it was told to stop and was used last, of a clock that only rises."""

    folder: Path | None = None
    draft: Path | None = None
    job: Job[Any] | None = None
    made: list[Made] = field(default_factory=list)
    styles: list[OwnStyle] = field(default_factory=list)
    stopped: float = 0.0
    used: float = 0.0


class Visits:
    """All open pages, by the names of their sessions."""

    def __init__(self, models: Models, settings: Settings):
        self.models, self.settings = models, settings
        self._visits: OrderedDict[str, Visit] = OrderedDict()
        self._guard = threading.Lock()
        self.sweep()

    # --- what a visit may ask for

    def to_fetch(self, look: str) -> ModelSpec | None:
        """The weights that `look` still needs from the Hub, None when it can play. Raises UnknownName, RecipeError."""
        spec = find_model(find_look(look).model)
        return spec if spec.repo_id and hub.find_local(spec, self.settings) is None else None

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

    # --- what it has

    def folder_of(self, visit: str) -> Path:
        """Where the files of a visit lie. Raises MediaError where it cannot be made."""
        place = self._visit(visit)
        if not place.folder or not place.folder.is_dir():
            place.folder = new_folder(self.settings.outputs)
        return place.folder

    @contextmanager
    def _job(self, visit: str, begin: Callable[[], Job[T]], asked: float = math.inf) -> Iterator[Job[T]]:
        """One job for each visit at a time; it is stopped when its reader is done or goes away, unless it is kept.

        asked: when it was asked for. Raises Cancelled where the visit was told to stop since then.
        """
        place = self._visit(visit)
        with self._guard:
            if place.stopped > asked:
                raise Cancelled("Stopped before it began. Nothing was kept.")
            if place.job:
                raise RecipeError("render: this page has work running already. Cancel it first, or wait.")
            job = place.job = begin()
        try:
            yield job
        finally:
            if not job.paused:
                job.stop()
            place.job = None

    def sweep(self) -> None:
        """Remove old files, but none of a page that was used lately, whatever the clock of the day says."""
        keep, now = self.settings.keep_hours * 3600, time.monotonic()
        with self._guard:
            for name, visit in list(self._visits.items()):
                if now - visit.used >= keep and not visit.job:
                    del self._visits[name]
            alive = [visit.folder for visit in self._visits.values() if visit.folder]
        sweep(self.settings.outputs, keep, alive=alive)

    def forget(self, visit: str) -> None:
        """The person wants nothing kept: the work of a visit stops, and its files are deleted."""
        with self._guard:
            gone = self._visits.pop(visit, None)
        if gone and gone.job:
            gone.job.stop()
        if gone and gone.folder:
            shutil.rmtree(gone.folder, ignore_errors=True)

    def made(self, visit: str) -> list[Made]:
        """The clips of this visit, oldest first."""
        return list(self._visit(visit).made)

    def cancel(self, visit: str) -> None:
        """Stop what this visit has running or is about to begin, if anything."""
        job = self._told_to_stop(visit)
        if job:
            job.stop()

    def pause(self, visit: str) -> None:
        """Let what this visit has running wait, see `render`, or stop what cannot, and what is about to begin."""
        job = self._told_to_stop(visit)
        if job:
            job.leave()

    def leave(self, visit: str) -> None:
        """The page was closed: its work stops. Its files stay until they are old, for downloads still under way."""
        with self._guard:
            gone = self._visits.pop(visit, None)
        if gone and gone.job:
            gone.job.leave()

    def _told_to_stop(self, visit: str) -> Job[Any] | None:
        place = self._visit(visit)
        with self._guard:
            place.stopped = time.monotonic()
            return place.job

    def _visit(self, name: str) -> Visit:
        with self._guard:
            visit = self._visits.setdefault(name, Visit())
            visit.used = time.monotonic()
            self._visits.move_to_end(name)
            if len(self._visits) > MAX_VISITS:  # but nobody whose work runs or waits
                idle = (known for known, other in self._visits.items() if not other.job and other is not visit)
                self._visits.pop(next(idle, ""), None)
            return visit
