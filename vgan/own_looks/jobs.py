"""Trainings of looks of one's own: each is a process of its own, told by its folder."""

import secrets
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from vgan.errors import RecipeError
from vgan.own_looks.options import NAME, TRAININGS, Options, checked, checked_name
from vgan.settings import Settings
from vgan.training.own.progress import Progress, ask_to_pause, read


@dataclass(frozen=True)
class Job:
    """A training that can be started. command: of the process, to be run with the app's own environment; it returns 0
    when it is done or paused. folder: where it tells how far it is."""

    name: str
    command: tuple[str, ...]
    folder: Path


def start(
    footage: Path | Iterable[Path],
    name: str,
    options: Options,
    settings: Settings | None = None,
    device: str | None = None,
) -> Job:
    """The command that trains the look `name` on `footage`. Nothing is begun, read or written by this.

    Raises RecipeError for a name that is taken or not allowed, options out of bounds, and a training of that name that
    is under way already: `resume` goes on with that one.
    """
    settings = settings or Settings()
    name, options = checked_name(name, settings), checked(options)
    folder = folder_of(name, settings)
    if (found := read(folder)) and (found.working or found.resumable):
        raise RecipeError(f"name: a training of {name!r} was begun. Resume it, remove it, or choose another name.")
    paths = [footage] if isinstance(footage, Path) else list(footage)
    given = ["--minutes", f"{options.minutes:g}", "--start", f"{options.trim.start:g}"]
    given += ["--loop-seconds", f"{options.loop_seconds:g}", "--seed", str(options.seed)]
    if options.trim.end is not None:
        given += ["--end", f"{options.trim.end:g}"]
    for clip, trim in options.trims.items():
        given.append(f"--trim={trim.start:g},{'' if trim.end is None else f'{trim.end:g}'},{clip}")
    if options.crop:
        given.append(f"--crop={options.crop}")
    if options.rate is not None:
        given += ["--rate", f"{options.rate:g}"]
    given += [] if options.mirror else ["--no-mirror"]
    given += ["--scratch"] if options.scratch else []
    return _job(name, folder, settings, ["--data", *(str(path.absolute()) for path in paths), *given], device)


def resume(name: str, settings: Settings | None = None, minutes: float | None = None, device: str | None = None) -> Job:
    """The command that goes on with the training of `name`, exactly where its last checkpoint is.

    minutes: of training in all, from its beginning, in place of what was said then. Raises RecipeError where there is
    none to go on with.
    """
    settings = settings or Settings()
    name = checked_name(name, settings, again=True)
    folder = folder_of(name, settings)
    found = read(folder)
    if found is None or not (found.resumable or (folder / "asked.json").is_file()):
        raise RecipeError(f"name: no training of {name!r} was begun in {folder}. Start one.")
    if found.working:
        raise RecipeError(f"name: the training of {name!r} is under way. Pause it first.")
    return _job(name, folder, settings, ["--resume", *(["--minutes", f"{minutes:g}"] if minutes else [])], device)


def _job(name: str, folder: Path, settings: Settings, given: list[str], device: str | None) -> Job:
    place = ["--name", name, "--looks", str(settings.looks), "--out", str(folder)]
    place += ["--device", device] if device else []
    return Job(name, (sys.executable, "-m", "vgan", "train", "look", *place, *given), folder)


def folder_of(name: str, settings: Settings) -> Path:
    """Where the training of `name` is told and kept."""
    return settings.looks / TRAININGS / name


def progress(folder: Path) -> Progress | None:
    """The training in `folder` as it stands, None where none was begun."""
    return read(folder)


def pause(folder: Path) -> None:
    """Ask the training in `folder` to keep a checkpoint and end; its progress then says `paused`."""
    ask_to_pause(folder)


def trainings(settings: Settings | None = None) -> dict[str, Progress]:
    """Every training that was begun and not removed, by name."""
    place = (settings or Settings()).looks / TRAININGS
    if not place.is_dir():
        return {}
    found = {path.name: read(path) for path in sorted(place.iterdir()) if NAME.fullmatch(path.name)}
    return {name: told for name, told in found.items() if told}


def forget(name: str, settings: Settings | None = None) -> None:
    """Remove the training of `name` with its checkpoint; a finished look stays. Raises RecipeError while it works."""
    settings = settings or Settings()
    folder = folder_of(checked_name(name, settings, again=True), settings)
    if (found := read(folder)) and found.working:
        raise RecipeError(f"name: the training of {name!r} is under way. Pause it first.")
    clear(folder)


def clear(folder: Path) -> None:
    """Remove a folder, which is gone from its place at once."""
    if not folder.is_dir():
        return
    aside = folder.with_name(f".{secrets.token_hex(8)}.gone")
    folder.rename(aside)
    shutil.rmtree(aside)
