"""The one training that runs beside the app: a process of its own, begun, followed, paused and gone on with.

It belongs to the machine and not to a visit: it goes on when the page is closed. What is known of it lies in its
folder, so that an app that was ended, or ended itself, finds it again.
"""

import logging
import os
import re
import shutil
import subprocess
import sys
import threading
import time
import unicodedata
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from vgan import own_looks
from vgan.errors import MediaError, RecipeError
from vgan.own_looks import Job, Options, Progress, Trim
from vgan.settings import PROJECT, Settings

log = logging.getLogger(__name__)

MOST_CLIPS = 24
FOOTAGE = ".footage"  # folder among the looks, with the clips that trainings under way learn from
NICE = 10  # so that a render beside it stays quick
PATIENCE = 20.0  # seconds in which a training that was asked to pause does so by itself
REFUSED = (
    "train: this app is open to strangers, and training takes a machine for many minutes: it is for your own. Start "
    "the app there (`make app`), and this tab trains."
)
Begin = Callable[..., Job]


@dataclass(frozen=True)
class Given:
    """A clip to learn from, and which part of it, seconds; end None: to its end."""

    path: Path
    start: float = 0.0
    end: float | None = None


@dataclass(frozen=True)
class Training:
    """One training. state: a phase of `Progress`, or `starting` until its process has told one, or `pausing`.
    resumable: whether it can go on; else it can only be thrown away."""

    name: str
    state: str
    progress: Progress
    resumable: bool = False

    @property
    def working(self) -> bool:
        """Whether a process is at it."""
        return self.state in ("starting", "pausing") or self.progress.working

    @property
    def title(self) -> str:
        """Its name as a person reads it."""
        return title_of(self.name)


class Trainings:
    """All trainings of one app. begin, again: give the command of a training, `own_looks.start` and `resume`."""

    def __init__(self, settings: Settings, begin: Begin = own_looks.start, again: Begin = own_looks.resume):
        self._settings, self._begin, self._again = settings, begin, again
        self._guard = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._name = ""
        self._asked: float | None = None  # when it was asked to pause
        self._last = ""  # whose training was seen last

    # --- what there is

    def now(self) -> Training | None:
        """The training that runs; else the one that was seen last in this app, else one that waits; None without."""
        found = self._all()
        running = next((one for one in found.values() if one.working), None)
        if running:
            self._last = running.name
        waits = next((one for one in found.values() if one.state in ("paused", "failed")), None)
        return running or found.get(self._last) or waits

    def unfinished(self) -> list[Training]:
        """Those that wait, and can go on or be thrown away."""
        return [one for one in self._all().values() if not one.working and one.state != "done"]

    def _all(self) -> dict[str, Training]:
        found = {}
        for name, told in own_looks.trainings(self._settings).items():
            begun = (own_looks.folder_of(name, self._settings) / "asked.json").is_file()
            found[name] = Training(name, told.phase, told, told.resumable or begun)
        with self._guard:
            name, alive = self._name, self._process is not None and self._process.poll() is None
            late = alive and self._asked is not None and time.monotonic() - self._asked > PATIENCE
            if late and self._process:
                self._process.terminate()
        here = found.get(name)
        if alive and self._asked is not None:
            found[name] = Training(name, "pausing", here.progress if here else Progress())
        elif alive and (here is None or not here.progress.working):
            kept = here.progress if here else Progress()
            found[name] = Training(name, "starting", replace(kept, phase="reading", error=""))
        elif name and not alive and here is None and self._failed():
            found[name] = Training(name, "failed", Progress("failed", error=self._failed()))
        return found

    def _failed(self) -> str:
        """What the process said last, where it ended badly without a word in its folder."""
        if self._process is None or self._process.poll() in (None, 0):
            return ""
        try:
            said = (self._settings.looks / FOOTAGE / f"{self._name}.log").read_text(errors="replace").strip()
        except OSError:
            said = ""
        return said.rpartition("\n")[2][:300] or f"It ended with code {self._process.returncode}. Try again."

    # --- what is done

    def allowed(self) -> None:
        """Raises RecipeError where nothing may be trained: on an app for strangers."""
        if self._settings.public:
            raise RecipeError(REFUSED)

    def start(self, clips: Sequence[Given], name: str, options: Options) -> str:
        """Begin to train on `clips`, whose files are kept until it is finished. Returns the name of the look.

        name: as a person writes it; empty: after the first clip. Raises RecipeError where nothing may be trained, for
        too many clips, a name that is taken, options that are not allowed, and while another one runs; MediaError where
        there is no room.
        """
        self.allowed()
        if not 1 <= len(clips) <= MOST_CLIPS:
            raise RecipeError(f"clips: {len(clips)} were given. Allowed: 1 to {MOST_CLIPS}. Drop clips, or try ours.")
        slug = slug_of(name) or self._free(slug_of(clips[0].path.stem) or "look")
        with self._guard:
            self._alone()
            slug = own_looks.checked_name(slug, self._settings)
            own_looks.checked(options)
            if not own_looks.folder_of(slug, self._settings).is_dir():
                self._forget_footage(slug)
            kept = self._keep(clips, slug)
            trims = {path.name: Trim(one.start, one.end) for path, one in zip(kept, clips, strict=True)}
            try:
                job = self._begin(kept, slug, replace(options, trims=trims), self._settings)
                self._launch(job)
            except Exception:
                self._forget_footage(slug)
                raise
        return slug

    def resume(self, name: str, minutes: float | None = None) -> None:
        """Go on with a training that waits. minutes: of it in all. Raises RecipeError, also while another one runs."""
        self.allowed()
        with self._guard:
            self._alone()
            self._launch(self._again(name, self._settings, minutes))

    def pause(self) -> None:
        """Let the training that runs keep a checkpoint and end; nothing happens where none does."""
        self.allowed()
        running = self.now()
        if running and running.working:
            with self._guard:
                if running.name == self._name:
                    self._asked = time.monotonic() if self._asked is None else self._asked
            folder = own_looks.folder_of(running.name, self._settings)
            folder.mkdir(parents=True, exist_ok=True)
            own_looks.pause(folder)

    def discard(self, name: str) -> None:
        """Throw away a training that does not run; a look that came of it stays. Raises RecipeError while it runs."""
        self.allowed()
        name = own_looks.checked_name(name, self._settings, again=True)
        with self._guard:
            if name == self._name and self._process and self._process.poll() is None:
                raise RecipeError(f"train: {name!r} is being trained. Pause it first.")
            own_looks.forget(name, self._settings)
            self._forget_footage(name)
            if name == self._name:
                self._process, self._name = None, ""

    def tidy(self, name: str | None = None) -> None:
        """Forget what finished trainings have left, or the one of `name`: the look is on the shelf."""
        for one in self._all().values():
            if one.state == "done" and name in (None, one.name):
                self.discard(one.name)

    def rename(self, name: str, wanted: str) -> str:
        """Give a look another name. Returns it as recipes say it. Raises RecipeError, UnknownName."""
        self.allowed()
        look, slug = own_looks.own_look(name, self._settings), slug_of(wanted)
        if look.folder.name != slug:
            look.folder.rename(self._settings.looks / own_looks.checked_name(slug, self._settings))
            self.tidy(look.folder.name)
        return own_looks.own_look(slug, self._settings).name

    def remove(self, name: str) -> None:
        """Remove a look, for good. Raises RecipeError, UnknownName."""
        self.allowed()
        own_looks.remove(name, self._settings)
        self.tidy(name.removeprefix("my:"))

    # --- the process

    def _alone(self) -> None:
        """Raises RecipeError while a training runs: two would take each other's time."""
        alive = self._process is not None and self._process.poll() is None
        told = own_looks.trainings(self._settings)
        busy = self._name if alive else next((name for name, one in told.items() if one.working), "")
        if busy:
            raise RecipeError(
                f"train: {busy!r} is being trained on this machine. Pause it first, or wait until it ends."
            )

    def _launch(self, job: Job) -> None:
        """Run the command of `job`, tied to this app and out of the way of everything else."""
        (job.folder / "stop").unlink(missing_ok=True)  # from a pause that came too late
        command = [sys.executable, "-m", "vgan.tied", str(job.folder), *job.command[3:]]
        place = self._settings.looks / FOOTAGE
        place.mkdir(parents=True, exist_ok=True)
        with (place / f"{job.name}.log").open("wb") as log_file:
            self._process = subprocess.Popen(
                command if job.command[1:3] == ("-m", "vgan") else list(job.command),
                stdin=subprocess.PIPE,
                stdout=log_file,
                stderr=subprocess.STDOUT,
                cwd=PROJECT,
                start_new_session=True,  # Ctrl+C is for the app: this one then pauses
            )
        if hasattr(os, "setpriority"):
            os.setpriority(os.PRIO_PROCESS, self._process.pid, NICE)
        self._name, self._asked, self._last = job.name, None, job.name

    # --- footage

    def _keep(self, clips: Sequence[Given], name: str) -> list[Path]:
        """The clips where they stay until the training is over: uploads are removed after a day."""
        folder = self._settings.looks / FOOTAGE / name
        kept = []
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            for number, clip in enumerate(clips):
                path = folder / f"{number:02d}-{slug_of(clip.path.stem) or 'clip'}{clip.path.suffix.lower()[:8]}"
                path.unlink(missing_ok=True)
                try:
                    os.link(clip.path.resolve(), path)
                except OSError:  # another disk
                    shutil.copyfile(clip.path, path)
                kept.append(path)
        except OSError as error:
            self._forget_footage(name)
            raise MediaError(
                f"looks: {self._settings.looks} cannot be written ({error.strerror}). Free some space, or set "
                "VGAN_LOOKS to another folder."
            ) from error
        return kept

    def _forget_footage(self, name: str) -> None:
        shutil.rmtree(self._settings.looks / FOOTAGE / name, ignore_errors=True)
        with suppress(OSError):  # it is not there, or the folder is none
            (self._settings.looks / FOOTAGE / f"{name}.log").unlink()

    def _free(self, name: str) -> str:
        """`name`, or the same with a number, that neither a look nor a training has."""
        taken = {look.folder.name for look in own_looks.own_looks(self._settings)} | set(self._all())
        names = (name, *(f"{name[:36]}-{number}" for number in range(2, 1000)))
        for one in names:
            try:
                if one not in taken:
                    return own_looks.checked_name(one, self._settings)
            except RecipeError:  # a look of the gallery
                continue
        raise RecipeError(f"name: {name!r} is taken. Choose another.")


def slug_of(text: str) -> str:
    """`text` as the name of a look: small letters, digits and hyphens; empty where nothing of it is left."""
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-")


def title_of(name: str) -> str:
    """The name of a look as a person reads it."""
    return name.removeprefix("my:").replace("-", " ").capitalize()
