"""`python -m vgan bench batch`: what workers add to rendering, one node against two, and a node that is killed."""

import csv
import json
import logging
import os
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from vgan.batch import Order, Plan, Rows, Summary, run_batch
from vgan.batch.cells import Files
from vgan.batch.engine import Engine
from vgan.batch.local import LocalEngine
from vgan.batch.manifest import DONE, listing, record_name
from vgan.batch.order import Clips
from vgan.batch.place import place_at
from vgan.batch.ray_engine import RayEngine
from vgan.batch.work import Make
from vgan.bench import processor
from vgan.media.probe import probe
from vgan.registry import Models
from vgan.render import render
from vgan.settings import Settings
from vgan.templates import templates

NAMES = ("Ada", "Björk", "李伟", "Мария", "مريم", "Grace", "José", "さくら", "Ζωή", "Nia", "Tomáš", "अनन्या")
COSTS = (("birthday", 480), ("birthday", 720), ("birthday", 1080), ("quote", 720), ("countdown", 720), ("sale", 720))


@dataclass
class Turn:
    """One batch. wall: seconds from begin to end; starting: until the first clip was begun; rendering: seconds of all
    workers in `render`; storing: in everything else that they did for a clip; added: seconds a clip that the workers
    were not rendering, from the first clip's begin to the last one's end; memory: bytes, the most a worker had."""

    name: str
    workers: int
    clips: int
    wall: float
    starting: float
    rendering: float
    storing: float
    added: float
    memory: int

    @property
    def share(self) -> float:
        """`added` over the seconds of rendering a clip."""
        return self.added / (self.rendering / self.clips)


@dataclass
class BatchBench:
    """costs: by template and size, for one thread on one core: seconds, CPU seconds, bytes, memory; loop: seconds a
    clip of `render` called in a loop; turns: batches; prepared: seconds that a row takes the process that hands out;
    listed: seconds until that knows what of ten thousand clips in a folder is done; killed: what came of the batch
    whose node was killed."""

    machine: str
    template: str
    loop: float
    turns: list[Turn] = field(default_factory=list)
    costs: list[dict[str, Any]] = field(default_factory=list)
    prepared: float = 0.0
    listed: float = 0.0
    killed: dict[str, int] = field(default_factory=dict)

    def turn(self, name: str) -> Turn:
        """The turn called `name`."""
        return next(turn for turn in self.turns if turn.name == name)


def bench_batch(template: str = "birthday", clips: int = 24, short_side: int = 720, costs: bool = True) -> BatchBench:
    """Batches of `clips` clips of `template`, 9:16: in a loop, with processes, on Ray nodes of one core each.

    costs: whether some other templates and sizes are measured, too.
    """
    with tempfile.TemporaryDirectory() as folder:
        home, cores = Path(folder), sorted(os.sched_getaffinity(0))
        with _pinned(cores[:1]):
            found = BatchBench(processor(), template, _loop(home, template, max(4, clips // 4), short_side))
            found.costs = [_cost(home, name, side) for name, side in COSTS if costs]
            found.turns.append(_turn("one process", 1, _plan(home, template, clips, short_side), _processes(1)))
        found.prepared, found.listed = _prepared(home, template), _listed(home / "many")
        both = _plan(home, template, clips, short_side)
        found.turns.append(_turn("two processes", 2, both, _processes(2)))
        _on_ray(found, home, template, clips, short_side, cores)
    return found


def table(result: BatchBench) -> str:
    """The result as Markdown tables."""
    lines = [f"{result.machine}; {result.template}, 9:16; nodes of one core", "", "| batch | measured |", "|---|---|"]
    lines.append(f"| `render` in a loop, one core | {result.loop:.2f} s a clip |")
    for turn in result.turns:
        each = turn.rendering / turn.clips
        lines.append(
            f"| {turn.name}: {turn.clips} clips | {turn.wall:.1f} s, {turn.starting:.1f} s of it to start; {each:.2f} "
            f"s a clip to render, {turn.added:.3f} s ({turn.share:.1%}) added |"
        )
    one, two = result.turn("one node"), result.turn("two nodes")
    lines += [
        f"| two nodes over one | {one.wall / two.wall:.2f} x; without the start {_steady(one) / _steady(two):.2f} x |",
        f"| a row, in the process that hands out | {1000 * result.prepared:.1f} ms |",
        f"| what of 10,000 clips in a folder is done | {result.listed:.2f} s |",
        f"| a node killed | {json.dumps(result.killed)} |",
        "",
        "| cost of a clip, one thread on one core | seconds | CPU seconds | MB | memory of the worker |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {row['template']}, {row['short_side']} px, {row['length']:g} s | {row['seconds']:.2f} | {row['cpu']:.2f} | "
        f"{row['bytes'] / 1e6:.2f} | {row['memory'] / 2**20:.0f} MiB |"
        for row in result.costs
    ]
    return "\n".join(lines) + "\n"


def _steady(turn: Turn) -> float:
    return turn.wall - turn.starting


def _plan(home: Path, template: str, clips: int, short_side: int) -> Plan:
    """A table of `clips` rows in a folder of its own, and a place for them."""
    folder = Path(tempfile.mkdtemp(dir=home))
    listed = {name: row.template for name, row in templates().items() if row.template is not None}
    blanks = listed[template].blanks
    with (folder / "rows.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        first = "name" if "name" in blanks else None
        writer.writerow(["id", "source.seed", "share.short_side", *([first] if first else [])])
        for number in range(clips):
            writer.writerow([f"r{number}", number, short_side, *([NAMES[number % len(NAMES)]] if first else [])])
    order = Order(listed, Files(folder, (folder.resolve(),)), template, aspects=("9:16",))
    return Plan(Rows(folder / "rows.csv"), order, str(folder / "out"), Settings(device="cpu"))


def _loop(home: Path, template: str, clips: int, short_side: int) -> float:
    """Seconds a clip of `render` in a loop, with one thread, once everything is loaded."""
    plan, models = _plan(home, template, clips + 1, short_side), Models(Settings(device="cpu"))
    prepared = Clips(plan.order)
    tasks = [task for row in plan.rows for task in prepared.of(row)]
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        render(tasks[0].recipe, models, home / "warm.mp4")
        start = time.perf_counter()
        for task in tasks[1:]:
            render(task.recipe, models, home / "loop.mp4")
        return (time.perf_counter() - start) / clips
    finally:
        torch.set_num_threads(threads)


def _cost(home: Path, template: str, short_side: int) -> dict[str, Any]:
    """What a clip costs: the second one of a worker."""
    plan, events = _plan(home, template, 2, short_side), list[dict[str, Any]]()
    run_batch(plan, _processes(1), events.append)
    made = [event for event in events if event["event"] == "made"][-1]
    length = probe(Path(plan.out) / made["file"]).seconds
    kept = {name: made[name] for name in ("seconds", "cpu", "bytes", "memory")}
    return {"template": template, "short_side": short_side, "length": round(length or 0, 1)} | kept


def _prepared(home: Path, template: str) -> float:
    """Seconds that a row takes before it is handed out."""
    plan = _plan(home, template, 200, 720)
    clips, start = Clips(plan.order), time.perf_counter()
    count = sum(len(clips.of(row)) for row in plan.rows)
    return (time.perf_counter() - start) / count


def _listed(folder: Path) -> float:
    """Seconds of looking at ten thousand clips and their records."""
    (folder / DONE).mkdir(parents=True)
    for number in range(10_000):
        (folder / f"r{number}.mp4").write_bytes(b".")
        (folder / record_name(f"r{number}", "0" * 16)).write_bytes(b"{}")
    start = time.perf_counter()
    there = listing(place_at(str(folder)))
    if not all(there.has(f"r{number}", "0" * 16, f"r{number}.mp4") for number in range(10_000)):
        raise RuntimeError("not all records were found")
    return time.perf_counter() - start


def _processes(workers: int) -> Callable[[Make], Engine]:
    return lambda make: LocalEngine(make, workers, 1)


def _turn(
    name: str,
    workers: int,
    plan: Plan,
    engine: Callable[[Make], Engine],
    tell: Callable[[dict[str, Any]], None] = lambda event: None,
) -> Turn:
    """Run `plan` and take its times."""
    made: list[tuple[float, dict[str, Any]]] = []

    def told(event: dict[str, Any]) -> None:
        if event["event"] == "made":
            made.append((time.perf_counter(), event))
        tell(event)

    start = time.perf_counter()
    summary: Summary = run_batch(plan, engine, told)
    wall = time.perf_counter() - start
    first = min(when - event["seconds"] - event["storing"] for when, event in made)
    spent = (made[-1][0] - first) * workers - summary.rendering
    return Turn(
        name,
        workers,
        len(made),
        round(wall, 2),
        round(first - start, 2),
        round(summary.rendering, 2),
        round(summary.storing, 3),
        round(spent / len(made), 4),
        summary.memory,
    )


def _on_ray(found: BatchBench, home: Path, template: str, clips: int, short_side: int, cores: list[int]) -> None:
    """Nodes of one core each: one, two, and two of which one is killed when a third of the clips is there."""
    import ray
    from ray.cluster_utils import Cluster

    os.environ |= {"RAY_USAGE_STATS_ENABLED": "0", "RAY_worker_niceness": "0"}  # as polite as those in a loop
    with _pinned(cores[:1]):
        cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    try:
        ray.init(address=cluster.address, log_to_driver=False, logging_level=logging.ERROR)

        def engine(make: Make) -> Engine:
            return RayEngine(make, "", None)

        found.turns.append(_turn("one node", 1, _plan(home, template, clips, short_side), engine))
        with _pinned(cores[-1:]):
            node = cluster.add_node(num_cpus=1)
        found.turns.append(_turn("two nodes", 2, _plan(home, template, clips, short_side), engine))
        plan, made = _plan(home, template, clips, short_side), list[str]()

        def kill(event: dict[str, Any]) -> None:
            if event["event"] == "made":
                made.append(event["id"])
                if len(made) == clips // 3:
                    _end(node)
                    cluster.worker_nodes.discard(node)

        summary = run_batch(plan, engine, kill)
        found.killed = _looked_at(Path(plan.out), clips, made, summary)
    finally:
        ray.shutdown()
        with suppress(OSError):
            cluster.shutdown()


def _end(node: Any) -> None:
    """End a node as a machine that loses its power: its raylet and the workers below it."""
    for process in node.all_processes["raylet"]:
        first = process.process.pid
        for each in (first, *_below(first)):
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)


def _below(process: int) -> list[int]:
    """The processes that `process` has started, and theirs."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [each for child in map(int, children) for each in (child, *_below(child))]


def _looked_at(out: Path, clips: int, made: list[str], summary: Summary) -> dict[str, int]:
    """What lies in `out`: every clip is opened and its frames are counted."""
    files = [path for path in out.iterdir() if path.is_file()]
    return {
        "rows": clips,
        "clips": len(files),
        "whole": sum(probe(path).frames > 1 for path in files),
        "told twice": len(made) - len(set(made)),
        "records": len(list((out / DONE).iterdir())),
        "tried again": summary.retries,
        "failed": summary.failed,
    }


@contextmanager
def _pinned(cores: list[int]) -> Iterator[None]:
    """On these cores only, with all processes that are started meanwhile."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
