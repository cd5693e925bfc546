"""`python -m vgan bench hostile`: real files spoiled in very many ways, and bombs, through all that reads uploads."""

import itertools
import json
import logging
import os
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from vgan.errors import MediaError, VganError
from vgan.hostile_bombs import BOMBS
from vgan.hostile_files import spoiled
from vgan.media import guard, reader
from vgan.media.inside import look_inside
from vgan.media.music import music, sound_facts
from vgan.media.probe import probe, recipe_of, said_in
from vgan.media.raw.trial import READ, REFUSED, Trial
from vgan.media.rgba import read_rgba
from vgan.music.samples import part_of

log = logging.getLogger(__name__)

DEEP = 10  # every so many files is looked at whole, too
WHOLE = 25  # every so many goes the app's own road, a child for each question
STEP = 50  # files between two notes of how far it is
CAUSES = {"VGAN_DECODE_SECONDS": "late", "VGAN_DECODE_MB": "memory", "broke off": "crashed"}


@dataclass
class Tally:
    """What came of files. files: tried; read, refused: of them as clips or pictures; late, memory, crashed: children
    that were ended for it, or broke off; wrong: errors that no file should cause, in the child or in the app, with how
    often; seconds, processor, megabytes: the most that one took, by the clock, of processor time, and of memory."""

    files: int = 0
    read: int = 0
    refused: int = 0
    late: int = 0
    memory: int = 0
    crashed: int = 0
    wrong: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    processor: float = 0.0
    megabytes: int = 0

    def add(self, other: "Tally") -> None:
        """Take in what `other` counted."""
        for name in ("files", "read", "refused", "late", "memory", "crashed"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.wrong = dict(Counter(self.wrong) + Counter(other.wrong))
        for name in ("seconds", "processor", "megabytes"):
            setattr(self, name, max(getattr(self, name), getattr(other, name)))


@dataclass
class HostileBench:
    """by_file: how far each file is, and what came of it; left: files and processes that were there afterwards."""

    by_file: dict[str, Tally]
    left: list[str] = field(default_factory=list)

    @property
    def total(self) -> Tally:
        """All together."""
        total = Tally()
        for tally in self.by_file.values():
            total.add(tally)
        return total


def bench_hostile(data: Path, mutations: int, jobs: int = 1, progress: Path | None = None) -> HostileBench:
    """Every file under `data` spoiled in `mutations` ways, and every bomb, by `jobs` children at once.

    progress: a JSON file in which is noted how far it is, and from which it goes on.
    """
    result, noting = _resumed(progress), threading.Lock()
    sources = {str(path.relative_to(data)): path.read_bytes() for path in sorted(data.rglob("*")) if path.is_file()}
    others = list(sources.values())

    def note(name: str, tally: Tally) -> None:
        with noting:
            result.by_file.setdefault(name, Tally()).add(tally)
            if progress:
                part = progress.with_suffix(".part")
                part.write_text(json.dumps({name: asdict(each) for name, each in result.by_file.items()}))
                os.replace(part, progress)

    def bomb(name: str, folder: Path) -> None:
        note(f"bomb {name}", _tried(BOMBS[name](), folder, name, 0))

    def some(name: str, folder: Path, first: int) -> None:
        tally = Tally()
        for seed in range(first, min(first + STEP, mutations + 1)):
            data = spoiled(name, sources[name], others, seed) if seed else sources[name]  # the first is as it is
            tally.add(_tried(data, folder, name, seed))
        note(name, tally)

    with tempfile.TemporaryDirectory() as made:
        with ThreadPoolExecutor(jobs) as pool:
            begun = {name: tally.files for name, tally in result.by_file.items()}
            work = [pool.submit(bomb, name, Path(made)) for name in BOMBS if f"bomb {name}" not in begun]
            for first in range(0, mutations + 1, STEP):  # all files get their first ones first
                left = [name for name in sources if begun.get(name, 0) <= first]
                work += [pool.submit(some, name, Path(made), first) for name in left]
            for each in work:
                each.result()
        result.left = [path.name for path in Path(made).iterdir()]
    result.left += [f"process {number}" for number in still_there()]
    return result


def still_there() -> tuple[int, ...]:
    """Children that are not gone a moment after their work."""
    end = time.monotonic() + 5
    while guard.children() and time.monotonic() < end:
        time.sleep(0.01)
    return guard.children()


def _resumed(progress: Path | None) -> HostileBench:
    if progress is None or not progress.is_file():
        return HostileBench({})
    return HostileBench({name: Tally(**tally) for name, tally in json.loads(progress.read_text()).items()})


def _tried(data: bytes, folder: Path, name: str, seed: int) -> Tally:
    """One file, and what came of it."""
    path = folder / f"{seed}-{Path(name).name}"
    path.write_bytes(data)
    tally, began = Tally(files=1), time.monotonic()
    wrong: Counter[str] = Counter()
    try:
        trial = guard.one(Trial, "trial", path, seed % DEEP == 0)
        tally.megabytes, tally.processor = trial.megabytes, trial.seconds
        tally.memory += "memory" in trial.found.values()
        for what, came in trial.found.items():
            if came not in (READ, REFUSED, "memory"):
                wrong[f"{what}: {came}"] += 1
        tally.read += trial.found["facts"] == READ
        tally.refused += trial.found["facts"] == REFUSED
    except MediaError as error:
        _count(tally, error)
    tally.seconds = round(time.monotonic() - began, 2)
    if seed % WHOLE == 0:
        for what, ask in ROADS.items():
            try:
                ask(path)
            except VganError as error:
                _count(tally, error, again=True)
            except Exception as error:  # that is what is looked for
                log.exception("%s, %d: %s", name, seed, what)
                wrong[f"app, {what}: {type(error).__name__}: {error}"[:200]] += 1
    path.unlink()
    tally.wrong = dict(wrong)
    if wrong or tally.crashed or tally.late:
        log.error("%s, mutation %d: %s", name, seed, asdict(tally))
    return tally


def _count(tally: Tally, error: VganError, again: bool = False) -> None:
    for said, what in CAUSES.items():
        if said in str(error):
            setattr(tally, what, getattr(tally, what) + 1)
            return
    tally.refused += not again


def _some(parts: Iterator[Any]) -> None:
    with closing(parts) as opened:  # type: ignore[type-var]
        for _ in itertools.islice(opened, 3):
            pass


ROADS: dict[str, Callable[[Path], object]] = {
    "facts": reader.facts,
    "frames": lambda path: _some(reader.frames(path)),
    "seek": lambda path: _some(reader.frames(path, 1.0)),
    "probe": probe,
    "recipe": recipe_of,
    "said": said_in,
    "sound": sound_facts,
    "music": lambda path: _some(music(path, 0.5)),
    "listen": lambda path: part_of(path, 0.0, 5.0),
    "inside": look_inside,
    "picture": read_rgba,
}


def table(result: HostileBench) -> str:
    """The figures as people read them."""
    total = result.total
    rows = {
        "files": f"{total.files:,}",
        "read": f"{total.read:,}",
        "refused in plain words": f"{total.refused:,}",
        "ended for their time": f"{total.late:,}",
        "refused for their memory": f"{total.memory:,}",
        "children that broke off": f"{total.crashed:,}",
        "errors that should not be": f"{sum(total.wrong.values()):,}",
        "longest, all questions": f"{total.seconds:g} s",
        "most processor time": f"{total.processor:g} s",
        "most memory": f"{total.megabytes:,} MB",
        "left behind": ", ".join(result.left) or "nothing",
    }
    lines = [f"{name:28}{value}" for name, value in rows.items()]
    return "\n".join([*lines, *(f"  {count} x {what}" for what, count in total.wrong.items())])


def write_json(result: HostileBench, path: Path) -> None:
    """Write all of it to `path`."""
    path.write_text(json.dumps({"total": asdict(result.total)} | asdict(result), indent=1) + "\n", encoding="utf-8")
