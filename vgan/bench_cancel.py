"""`python -m vgan bench cancel`: how long the device is still held by work that nobody wants any more."""

import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psutil

from vgan.bench import machine
from vgan.errors import Cancelled, WeightsError
from vgan.recipe import Recipe
from vgan.registry import Models
from vgan.ui.services import Studio
from vgan.ui.uploads import EXAMPLES, example

AFTER = 0.7  # seconds of work before it is cancelled
QUIET = 0.3  # seconds in which nothing may be computed any more
ROUNDS = 3
LOOK: dict[str, Any] = {"kind": "generate", "seconds": 12, "loops": 8}
STEPS: dict[str, list[dict[str, Any]]] = {
    "stylize": [{"kind": "stylize"}],
    "repair": [{"kind": "repair"}],
    "denoise": [{"kind": "denoise"}],
    "sharpen": [{"kind": "sharpen"}],
    "grade": [{"kind": "grade", "auto": 0.6}],
    "dedupe": [{"kind": "dedupe"}],
    "interpolate": [{"kind": "interpolate", "fps": 60}],
    "reframe": [{"kind": "reframe"}],
    "upscale x4": [{"kind": "upscale", "factor": 4}],
    "all at once": [
        {"kind": "repair"},
        {"kind": "denoise"},
        {"kind": "grade", "auto": 0.6},
        {"kind": "stylize"},
        {"kind": "upscale", "factor": 2},
    ],
}
FORMATS = ("mp4", "webm", "gif", "webp", "png")


@dataclass(frozen=True)
class Freed:
    """One kind of work. seconds: from the cancelling until the next one may begin, the longest of some rounds; busy:
    processors' seconds in a second after that; left: encoders and files that stayed."""

    work: str
    seconds: float
    busy: float
    left: int


@dataclass(frozen=True)
class CancelBench:
    """All of them. missing: works whose weights are not on this machine."""

    machine: str
    works: tuple[Freed, ...]
    missing: tuple[str, ...]


def bench_cancel(models: Models) -> CancelBench:
    """Cancel every kind of work after a while, ROUNDS times each."""
    with tempfile.TemporaryDirectory() as folder:
        settings = replace(models.settings, outputs=Path(folder), renders_an_hour=0, pixels_an_hour=0)
        studio = Studio(models, settings)
        found = [(name, _freed(studio, name, begin)) for name, begin in _works(studio).items()]
    missing = tuple(name for name, freed in found if freed is None)
    return CancelBench(machine(models), tuple(freed for _, freed in found if freed), missing)


def _works(studio: Studio) -> dict[str, Callable[[str], Iterator[Any]]]:
    """Every kind of work, by name: begins it for a visit."""
    clip, picture = str(example()), str(EXAMPLES / "training.jpg")

    def rendered(raw: dict[str, Any]) -> Callable[[str], Iterator[Any]]:
        return lambda visit: studio.render(visit, Recipe.parse(raw))

    upload = {"kind": "upload", "path": clip}
    works = {f"look, {kind}": rendered({"source": LOOK, "share": {"format": kind}}) for kind in FORMATS}
    works |= {name: rendered({"source": upload, "steps": steps}) for name, steps in STEPS.items()}
    words = {"kind": "captions", "cues": [{"start": 0, "end": 8, "text": "Words over it"}]}
    works["captions"] = rendered({"source": LOOK, "overlays": [words]})
    works["draft"] = lambda visit: studio.draft(visit, Recipe.parse({"source": LOOK, "overlays": [words]}))
    works["scan for damage"] = lambda visit: studio.scans.scan(
        visit, Recipe.parse({"source": upload, "steps": STEPS["repair"]})
    )
    works["style fit"] = lambda visit: studio.fit(visit, picture)
    works["search for a picture"] = lambda visit: studio.invert(visit, picture, Recipe.parse({}))
    return works


def _freed(studio: Studio, name: str, begin: Callable[[str], Iterator[Any]]) -> Freed | None:
    seconds, busy, left = 0.0, 0.0, 0
    for round_ in range(ROUNDS):
        visit = f"{name} {round_}"
        failed: list[WeightsError] = []
        reader = threading.Thread(target=_read, args=(begin(visit), failed))
        reader.start()
        while studio.line.idle.is_set() and reader.is_alive():
            time.sleep(0.01)
        time.sleep(AFTER)
        start = time.perf_counter()
        studio.cancel(visit)
        studio.scans.stop(visit)
        studio.line.idle.wait()
        seconds = max(seconds, time.perf_counter() - start)
        reader.join()
        if failed:
            return None
        start, spent = time.perf_counter(), _spent()
        time.sleep(QUIET)
        for one in studio.made(visit):  # it was done sooner than it was cancelled
            one.clip.path.unlink()
        busy = max(busy, (_spent() - spent) / (time.perf_counter() - start))
        left = max(left, _encoders() + sum(path.is_file() for path in studio.settings.outputs.rglob("*")))
    return Freed(name, seconds, busy, left)


def _read(work: Iterator[Any], failed: list[WeightsError]) -> None:
    try:
        for _ in work:
            continue
    except Cancelled:
        return
    except WeightsError as error:
        failed.append(error)


def _spent() -> float:
    """Processors' seconds of this process and its children so far."""
    total = 0.0
    for process in (psutil.Process(), *psutil.Process().children(recursive=True)):
        with suppress(psutil.Error):
            times = process.cpu_times()
            total += times.user + times.system
    return total


def _encoders() -> int:
    names = []
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            names.append(child.name())
    return sum("ffmpeg" in name for name in names)


def table(result: CancelBench) -> str:
    """As BENCHMARKS.md shows it."""
    head = f"{result.machine}\n\n| work | freed, s | busy after | left |\n|---|---|---|---|\n"
    rows = [f"| {one.work} | {one.seconds:.2f} | {one.busy:.2f} | {one.left} |" for one in result.works]
    return head + "\n".join([*rows, *(f"| {name} | weights are missing | | |" for name in result.missing)])
