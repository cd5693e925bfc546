"""`python -m vgan bench load`: the app under many visitors, who are real clients in processes of their own."""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

from vgan.bench import processor
from vgan.bench_app import App, running, wait_for
from vgan.load_visitors import BETWEEN, LOOKING, OWN_CLIPS, PAGES, RENDERS, UPLOADS, Event, Order
from vgan.settings import PROJECT
from vgan.ui.uploads import example

PROCESSES = 4
EVERY = 10.0  # seconds between two looks at the memory
SETTLED = 120.0  # seconds after which memory is to be flat
LATE = 240.0  # seconds that the last answers may take


@dataclass(frozen=True)
class Memory:
    """at: seconds since the first visitor came; bytes: of the app and its children."""

    at: float
    bytes: int


@dataclass(frozen=True)
class LoadBench:
    """previews, clip_previews, renders: seconds from asking to having, 50th, 95th and 99th percentile. waits: in the
    line, the same. outcomes: how many of each kind came to what. waits_each: of every patient visitor, its mean wait;
    greedy: the mean wait of the one who renders on many pages; done_each, done_greedy: clips. memory: over time.
    growth: bytes a minute after SETTLED seconds, a straight line through them. app, clients: processors that they kept
    busy."""

    machine: str
    visitors: int
    seconds: float
    previews: tuple[float, float, float]
    clip_previews: tuple[float, float, float]
    renders: tuple[float, float, float]
    waits: tuple[float, float, float]
    outcomes: dict[str, int]
    waits_each: tuple[float, ...]
    waits_greedy: float
    done_each: tuple[int, ...]
    done_greedy: int
    memory: tuple[Memory, ...]
    growth: float
    app: float
    clients: float


def bench_load(visitors: int = 32, minutes: float = 10) -> LoadBench:
    """Start the app, let `visitors` come for some minutes, and count. Raises RuntimeError where the app does not start
    or ends."""
    seconds = 60 * minutes
    settings = {"VGAN_PUBLIC": "1", "VGAN_OFFLINE": "1", "VGAN_PROXIES": "1", "VGAN_RENDERS_AN_HOUR": "0"}
    with tempfile.TemporaryDirectory() as folder, running(**settings, VGAN_PIXELS_AN_HOUR="0") as app:
        wait_for(app)
        server, start = psutil.Process(app.process.pid), time.time()
        spent = _spent([server])
        clients = _visitors(app, visitors, start + seconds, Path(folder))
        memory = _watched(app, server, clients, start)
        took, used, theirs = time.time() - start, _spent([server]) - spent, psutil.Process().cpu_times()
        events = [Event(**one) for path in sorted(Path(folder).glob("*.json")) for one in json.loads(path.read_text())]
    return _counted(visitors, took, events, memory, used / took, theirs.children_user + theirs.children_system)


def _visitors(app: App, count: int, end: float, folder: Path) -> "list[subprocess.Popen[bytes]]":
    """The processes in which they are, each with its part of them."""
    each, started = -(-count // PROCESSES), []
    for first in range(0, count, each):
        out = str(folder / f"{first:04d}.json")
        order = Order(app.address, first, min(each, count - first), end, out, str(example()))
        command = [sys.executable, "-m", "vgan.load_visitors", json.dumps(asdict(order))]
        started.append(subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.DEVNULL))
    return started


def _watched(
    app: App, server: psutil.Process, clients: "Sequence[subprocess.Popen[bytes]]", start: float
) -> tuple[Memory, ...]:
    """The memory of the app every EVERY seconds, until the last visitor has gone."""
    seen: list[Memory] = []
    try:
        while any(client.poll() is None for client in clients):
            if app.process.poll() is not None:
                app.log.seek(0)
                raise RuntimeError(f"the app ended: {app.log.read()[-2000:]}")
            seen.append(Memory(time.time() - start, _resident(server)))
            with suppress(subprocess.TimeoutExpired):
                clients[0].wait(EVERY)
                time.sleep(1)
    finally:
        for client in clients:
            client.kill()
            client.wait()
    return tuple(seen)


def _counted(
    visitors: int, seconds: float, events: Sequence[Event], memory: tuple[Memory, ...], app: float, clients: float
) -> LoadBench:
    patient = [[one for one in events if one.visitor == number] for number in range(1, visitors)]
    waits = [[one.waited for one in mine if one.waited is not None] for mine in patient]
    greedy = [one.waited for one in events if one.visitor == 0 and one.waited is not None]
    done = [one for one in events if one.outcome == "done"]
    return LoadBench(
        machine=processor(),
        visitors=visitors,
        seconds=seconds,
        previews=_percentiles(one.seconds for one in done if one.kind == "preview"),
        clip_previews=_percentiles(one.seconds for one in done if one.kind == "clip preview"),
        renders=_percentiles(one.seconds for one in done if one.kind == "render" and one.visitor),
        waits=_percentiles(wait for mine in waits for wait in mine),
        outcomes=dict(sorted(Counter(f"{one.kind}: {one.outcome}" for one in events).items())),
        waits_each=tuple(statistics.fmean(mine) for mine in waits if mine),
        waits_greedy=statistics.fmean(greedy) if greedy else 0.0,
        done_each=tuple(map(len, waits)),
        done_greedy=len(greedy),
        memory=memory,
        growth=_growth([one for one in memory if one.at >= SETTLED]),
        app=app,
        clients=clients / seconds,
    )


def _percentiles(values: Iterable[float]) -> tuple[float, float, float]:
    found = sorted(values)
    if len(found) < 2:
        one = found[0] if found else float("nan")
        return one, one, one
    cuts = statistics.quantiles(found, n=100, method="inclusive")
    return cuts[49], cuts[94], cuts[98]


def _growth(memory: Sequence[Memory]) -> float:
    """Bytes a minute of a straight line through them; 0 for too few."""
    if len(memory) < 3:
        return 0.0
    return 60 * statistics.linear_regression([one.at for one in memory], [one.bytes for one in memory]).slope


def _resident(server: psutil.Process) -> int:
    total = 0
    for process in (server, *server.children(recursive=True)):
        with suppress(psutil.Error):
            total += process.memory_info().rss
    return total


def _spent(processes: Iterable[psutil.Process]) -> float:
    """Processors' seconds so far, those of children that have ended among them."""
    return sum(sum(process.cpu_times()[:4]) for process in processes)


def table(result: LoadBench) -> str:
    """The result as Markdown tables."""
    mb = [one.bytes / 1e6 for one in result.memory]
    later = [one.bytes / 1e6 for one in result.memory if one.at >= SETTLED] or mb
    rows: list[tuple[str, Any]] = [
        ("previews, asked to answered, p50 / p95 / p99", _shown(result.previews)),
        ("16 moments of a clip of one's own, the same", _shown(result.clip_previews)),
        ("renders of patient visitors, asked to answered, the same", _shown(result.renders)),
        ("of that in the line", _shown(result.waits)),
        ("clips a patient visitor got, least / median / most", _spread(result.done_each)),
        ("mean wait of each, least / median / most", _spread(result.waits_each, " s")),
        (f"the visitor with {PAGES} pages: clips, mean wait", f"{result.done_greedy}, {result.waits_greedy:.1f} s"),
        ("memory of the app, first / after two minutes / last", f"{mb[0]:.0f} / {later[0]:.0f} / {mb[-1]:.0f} MB"),
        ("most, and growth after two minutes", f"{max(mb):.0f} MB, {result.growth / 1e6:+.1f} MB a minute"),
        ("processors kept busy by the app, by the clients beside it", f"{result.app:.2f}, {result.clients:.2f}"),
    ]
    rows += [(f"*{name}*", count) for name, count in result.outcomes.items()]
    head = (
        f"{result.machine}; {result.visitors} visitors, {result.seconds / 60:.1f} minutes; sliders every "
        f"{BETWEEN[0]:g} to {BETWEEN[1]:g} s, then {LOOKING[0]:g} to {LOOKING[1]:g} s of looking; "
        f"{RENDERS:.0%} of them render; of a clip of their own "
        f"{UPLOADS:.0%} of previews (16 moments) and {OWN_CLIPS:.0%} of renders"
    )
    return "\n".join([head, "", "| what | |", "|---|---|", *(f"| {what} | {value} |" for what, value in rows)]) + "\n"


def _shown(values: tuple[float, float, float]) -> str:
    return " / ".join(f"{value:.2f}" for value in values) + " s"


def _spread(values: Sequence[float], unit: str = "") -> str:
    if not values:
        return "none"
    return f"{min(values):.3g} / {statistics.median(values):.3g} / {max(values):.3g}{unit}"
