"""`python -m vgan train look`: footage in, a look out; the program that the Train tab runs as a process of its own."""

import argparse
import logging
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch

from vgan.errors import Cancelled, RecipeError, VganError
from vgan.own_looks.asked import Asked, read_asked, write_asked
from vgan.own_looks.jobs import folder_of
from vgan.own_looks.options import Options, Trim, checked, checked_name
from vgan.own_looks.work import Work, train_look
from vgan.settings import Settings
from vgan.training.own.progress import CHECKPOINT, Progress, ask_to_pause, asked_to_pause, read, tell

log = logging.getLogger(__name__)


def program(arguments: Sequence[str] | None = None) -> None:
    """Parse and run. Exit code 0: done, or paused; 2: refused as asked; 1: failed. The folder's progress says the same
    in words."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    parser = _parser()
    given = parser.parse_args(arguments)
    if not given.resume and not given.data:
        parser.error("--data is needed, or --resume")
    try:
        work = _work(given)
    except VganError as error:  # nothing was begun, and what is told of another training is left alone
        sys.stderr.write(f"{error}\n")
        sys.exit(2 if isinstance(error, RecipeError) else 1)
    _run(work)


def _run(work: Work) -> None:
    asked_to_pause(work.folder)  # a pause from before is over
    before = read(work.folder) or Progress()
    signs = (signal.SIGTERM, signal.SIGINT)
    handlers = [signal.signal(sign, lambda *_: ask_to_pause(work.folder)) for sign in signs]
    try:
        result = train_look(work)
        log.info("%s", result if result else f"paused; go on with --resume --name {work.asked.name}")
    except Cancelled:
        tell(work.folder, replace(before, phase="paused", error=""))
        log.info("paused before training began; go on with --resume --name %s", work.asked.name)
    except Exception as error:
        known = isinstance(error, (VganError, OSError))
        said = str(error) if known else f"Something unexpected went wrong: {type(error).__name__}: {str(error)[:300]}"
        tell(work.folder, replace(read(work.folder) or before, phase="failed", error=said))
        if not known:
            raise
        sys.stderr.write(f"{said}\n")
        sys.exit(2 if isinstance(error, RecipeError) else 1)
    finally:
        for sign, handler in zip(signs, handlers, strict=True):
            signal.signal(sign, handler)


def _work(given: argparse.Namespace) -> Work:
    """What is to be done. Raises RecipeError, before anything is written, for what is not allowed."""
    settings = Settings()
    settings = replace(settings, looks=given.looks or settings.looks, features=given.features or settings.features)
    name = checked_name(given.name, settings, again=given.resume)
    folder = given.out or folder_of(name, settings)
    told = read(folder)
    if told and told.working:
        raise RecipeError(f"out: the training in {folder} is under way. Pause it first, or name another --out.")
    if given.resume:
        asked = read_asked(folder, given.minutes)
        if asked.name != name:
            raise RecipeError(f"name: the training in {folder} is of {asked.name!r}, not of {name!r}.")
    else:
        if (folder / CHECKPOINT).is_file():
            raise RecipeError(f"out: {folder} holds a training already. Go on with --resume, or name another --out.")
        options = checked(_options(given))
        start_from = (given.start_from or settings.weights / "looks").absolute()
        paths = tuple(path.absolute() for path in given.data)
        asked = Asked(name, paths, options, start_from, given.batch)
        folder.mkdir(parents=True, exist_ok=True)
        write_asked(folder, asked)
    return Work(asked, folder, settings, torch.device(given.device), given.steps, given.cpu_time)


def _options(given: argparse.Namespace) -> Options:
    trims = dict(_trim(text) for text in given.trim)
    minutes = Options.minutes if given.minutes is None else given.minutes
    return Options(
        minutes,
        Trim(given.start, given.end),
        trims,
        given.crop,
        given.loop_seconds,
        given.mirror,
        given.scratch,
        given.rate,
        given.seed,
    )


def _trim(text: str) -> tuple[str, Trim]:
    """START,END,FILE as the file's name and its part."""
    start, _, rest = text.partition(",")
    end, _, clip = rest.partition(",")
    try:
        trim = Trim(float(start), float(end) if end else None)
    except ValueError:
        clip = ""
    if not clip:
        raise RecipeError(f"trim: {text[:80]!r} is not allowed. Allowed: START,END,FILE, such as 1.5,8,river.mp4.")
    return clip, trim


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m vgan train look", description="Train a look on footage of your own; recipes say my:NAME."
    )
    add = parser.add_argument
    add("--data", type=Path, nargs="+", help="a folder with clips and pictures, or clips by name")
    add("--name", required=True, help="what the look is called: small letters, digits and hyphens")
    add("--minutes", type=float, help=f"of training in all, over all sittings (default: {Options.minutes:g})")
    add("--cpu-time", action="store_true", help="count minutes of processor time, which a busy machine does not change")
    add("--steps", type=int, help="end after so many steps, if the minutes are not over before")
    add("--start", type=float, default=0.0, help="first moment of every clip that is used, seconds")
    add("--end", type=float, help="last one; default: the clip's end")
    add("--trim", action="append", default=[], metavar="START,END,FILE", help="the same for one clip. Repeatable")
    add("--crop", default="", help="the part of the picture used: an aspect such as 1:1, or x,y,w,h in shares of it")
    add("--loop-seconds", type=float, default=Options.loop_seconds, help="seconds of footage that one loop lasts")
    add("--no-mirror", dest="mirror", action="store_false", help="never turn pictures left to right: for lettering")
    add("--scratch", action="store_true", help="begin at nothing, not at looks that were trained already")
    add("--start-from", type=Path, help="folder of looks to begin at (default: those that ship)")
    add("--rate", type=float, help="learning rate")
    add("--batch", type=int, default=Asked.batch, choices=range(4, 65), metavar="4..64", help="clips a step")
    add("--seed", type=int, default=0, help="of all that is drawn by lot")
    add("--features", type=Path, help="SqueezeNet 1.1 weights (safetensors): for a critic that learns faster")
    add("--looks", type=Path, help="folder in which looks of one's own lie (default: VGAN_LOOKS)")
    add("--out", type=Path, help="folder of the training (default: among the looks)")
    add("--device", default="cuda" if torch.cuda.is_available() else "cpu", choices=("cpu", "cuda"))
    add("--resume", action="store_true", help="go on with a training that was paused or ended by force")
    return parser
