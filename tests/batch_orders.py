"""What tests of batches have in common: tables, orders, plans, and makers whose clips cost little or go wrong."""

import os
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from clips import Waves

from vgan import sources
from vgan.batch import Order, Patience, Plan, Rows, Summary, run_batch
from vgan.batch.cells import Files
from vgan.batch.engine import Engine, Ready, Said, Worker
from vgan.batch.local import LocalEngine
from vgan.batch.order import Task
from vgan.batch.work import Make, Maker, Outcome, Work
from vgan.recipe import Recipe
from vgan.settings import Settings
from vgan.templates import load

TINY: dict[str, Any] = {
    "source": {"kind": "generate", "seconds": 0.5},
    "share": {"aspect": "1:1", "short_side": 144, "fps": 8},
}
CARD = """
title = { en = "Card", zh = "卡片" }
about = { en = "A name and a picture.", zh = "名字与图片。" }
colours = { accent = "#ff4f8b", second = "#ffd54a", ink = "#2a0f2e", paper = "#ffffff" }
fonts = { font = "rounded", text = "sans" }
blanks.name = { label = { en = "Name", zh = "名字" }, default = "Ada", max = 12 }
blanks.wish = { label = { en = "Wish", zh = "祝福" }, kind = "longtext", default = "All the best", optional = true }
blanks.photo = { label = { en = "Photo", zh = "照片" }, kind = "picture", optional = true }
[recipe.source]
kind = "generate"
seconds = 0.5
[recipe.share]
aspect = "1:1"
short_side = 144
fps = 8
[[recipe.overlays]]
with = "photo"
kind = "picture"
path = { "$" = "photo" }
[[recipe.overlays]]
kind = "captions"
colour = "$paper"
cues = [{ text = "{name}" }]
[[recipe.overlays]]
kind = "captions"
cues = [{ text = "{wish}" }]
"""


def card(folder: Path) -> Path:
    """A small template's file in `folder`."""
    path = folder / "card.toml"
    path.write_text(CARD, encoding="utf-8")
    return path


def table(folder: Path, text: str, name: str = "rows.csv") -> Path:
    """The rows' file with that text in `folder`."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def seeds(folder: Path, count: int) -> Path:
    """`count` rows, whose clips differ by their seeds."""
    return table(folder, "id,source.seed\n" + "".join(f"r{number},{number}\n" for number in range(count)))


def order(folder: Path, **changes: Any) -> Order:
    """For rows in `folder`: the tiny recipe with `changes`."""
    files = Files(folder, (folder.resolve(),))
    return replace(Order({"card": load(card(folder))}, files, recipe=Recipe.parse(TINY)), **changes)


def cards(folder: Path, **changes: Any) -> Order:
    """The same for the template `card`."""
    files = Files(folder, (folder.resolve(),))
    return replace(Order({"card": load(card(folder))}, files, template="card"), **changes)


def plan(rows: Path, out: Path | str, made: Order | None = None, **changes: Any) -> Plan:
    """A batch of `rows` on the CPU; none is tried again unless `changes` say so."""
    settings = Settings(device="cpu", offline=True)
    changes = {"patience": Patience(retries=0, seconds=60)} | changes
    return Plan(Rows(rows), made or order(rows.parent), str(out), settings, **changes)


class Events(list[dict[str, Any]]):
    """Everything that was told."""

    def __call__(self, event: dict[str, Any]) -> None:
        self.append(event)

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self if event["event"] == kind]


@dataclass(frozen=True)
class WavesWork:
    """Work whose generated clips are `Waves`, in whatever process. slow: seconds that each takes more; poison: what
    happens at which ids, and at how many tries of each; log: a file with a line for each try that came to an end."""

    work: Work
    slow: float = 0.0
    poison: tuple[tuple[str, str, int], ...] = ()
    log: str = ""

    def __call__(self) -> Maker:
        sources.SOURCES["generate"] = Waves
        return WavesMaker(self)


class WavesMaker(Maker):
    def __init__(self, work: WavesWork):
        super().__init__(work.work)
        self._waves = work

    def make(self, task: Task) -> Outcome:
        time.sleep(self._waves.slow)
        for name, what, tries in self._waves.poison:
            if task.id == name and task.attempt <= tries:
                POISONS[what]()
        outcome = super().make(task)
        if self._waves.log:
            with open(self._waves.log, "a") as file:
                file.write(f"{outcome.kind} {task.id} {os.getpid()}\n")
        return outcome


def _hang() -> None:
    time.sleep(600)


def _crash() -> None:
    os.kill(os.getpid(), 11)


POISONS: dict[str, Callable[[], None]] = {"exit": lambda: os._exit(7), "crash": _crash, "hang": _hang}


class Inline:
    """An engine whose one worker is this process: for what is told, not for what is killed. Needs `waves`."""

    def __init__(self, make: Make):
        self._maker, self._said = make(), deque[Said]()

    def start(self) -> "Inline":
        self._said.append(Ready("here"))
        return self

    def give(self, task: Task) -> None:
        self._said.append(self._maker.make(task))

    def wait(self, workers: Sequence[Worker], seconds: float) -> list[tuple[Worker, Said]]:
        return [(self, self._said.popleft())] if self._said else []

    def room(self) -> int:
        return 1

    def kill(self) -> None:
        return

    def close(self) -> None:
        self._maker.close()


def run(
    asked: Plan, workers: int = 1, engine: Callable[[Make], Engine] | None = None, **work: Any
) -> tuple[Summary, Events]:
    """Run it with `WavesWork` of that kind on local processes, or another engine."""
    events = Events()
    start = engine or (lambda make: LocalEngine(make, workers, 1))
    return run_batch(asked, start, events, lambda plain: WavesWork(plain, **work)), events


def clips_in(out: Path) -> dict[str, int]:
    """Sizes of all files in `out` that people see, by name."""
    found = (path for path in out.rglob("*") if path.is_file() and "_manifest" not in path.parts)
    return {path.relative_to(out).as_posix(): path.stat().st_size for path in found}
