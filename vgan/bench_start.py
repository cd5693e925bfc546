"""`python -m vgan bench start`: how long somebody waits for an app that has just been started."""

import contextlib
import json
import os
import shutil
import statistics
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vgan.bench import processor
from vgan.bench_app import STARTED_WITHIN, running, wait_for

SHOWN = "#vgan-stage canvas[data-part=canvas][data-shown]"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Start:
    """One start; seconds since `python app.py` was executed. page: None where no browser drives the page."""

    answers: float
    processor: float
    preview: float
    page: float | None
    memory: int


@dataclass
class StartBench:
    """Seconds from the first instruction of `python app.py`; medians of `runs` starts, with the slowest beside them.

    answers: until HTTP does. processor: time of all cores that this took, which other work on the machine hardly
    changes; 0 where the system does not say. preview: until the first new preview came back over HTTP. page: until the
    first frame is drawn in a browser that was open, None without one. memory: resident bytes then.
    """

    machine: str
    runs: int
    answers: float
    answers_slowest: float
    processor: float
    preview: float
    preview_slowest: float
    page: float | None
    page_slowest: float | None
    memory: int


def bench_start(runs: int = 5) -> StartBench:
    """Start the app `runs` times, after once that does not count: files are then in the disk's cache, and compiled."""
    starts = [_start() for _ in range(1 + runs)][1:]
    pages = [start.page for start in starts if start.page is not None]
    return StartBench(
        machine=processor(),
        runs=runs,
        answers=_middle([start.answers for start in starts]),
        answers_slowest=round(max(start.answers for start in starts), 2),
        processor=_middle([start.processor for start in starts]),
        preview=_middle([start.preview for start in starts]),
        preview_slowest=round(max(start.preview for start in starts), 2),
        page=_middle(pages) if pages else None,
        page_slowest=round(max(pages), 2) if pages else None,
        memory=int(statistics.median(start.memory for start in starts)),
    )


def table(result: StartBench) -> str:
    """The result as a Markdown table."""
    rows = [
        ("`python app.py` to an answer over HTTP", result.answers, result.answers_slowest),
        ("to the first preview over HTTP", result.preview, result.preview_slowest),
        ("to the first frame on a page in Chromium", result.page, result.page_slowest),
    ]
    shown = [f"| {what} | {_seconds(middle)} | {_seconds(slowest)} |" for what, middle, slowest in rows]
    shown.insert(1, f"| processor time until then | {_seconds(result.processor)} | |")
    head = [f"{result.machine}; {result.runs} starts, warm disk", "", "| what | median | slowest |", "|---|---|---|"]
    return "\n".join([*head, *shown, f"| memory then | {result.memory / 2**20:.0f} MiB | |"]) + "\n"


def _middle(seconds: list[float]) -> float:
    return round(statistics.median(seconds), 2)


def _seconds(value: float | None) -> str:
    return "no browser here" if value is None else f"{value:.2f} s"


def _start() -> Start:
    """The page and the preview are of a start each: neither waits for what the other warms up."""
    with _browser() as browser:
        page = None
        if browser is not None:
            with running() as app:
                wait_for(app)
                browser.goto(app.address)
                browser.wait_for_selector(SHOWN, state="attached", timeout=1000 * STARTED_WITHIN)
                page = app.age
    with running() as app:
        wait_for(app)
        answers, spent = app.age, processor_time(app.process.pid)
        _preview(app.address)
        return Start(answers, spent, app.age, page, _resident(app.process.pid))


def _preview(address: str) -> None:
    """The first preview that somebody asks for, of a look that no start has drawn."""
    body = json.dumps({"data": [{"source": {"kind": "generate", "look": "silk", "seed": 41}}, "strip", None]}).encode()
    request = urllib.request.Request(
        f"{address}gradio_api/run/preview", body, {"Content-Type": "application/json"}, method="POST"
    )
    with urllib.request.urlopen(request, timeout=STARTED_WITHIN) as answer:
        if not json.load(answer)["data"][0]["image"].startswith("data:image/"):
            raise RuntimeError("no picture came back")


def processor_time(process: int) -> float:
    """Seconds of processor time that a process has had, 0 where the system does not say."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        user, system = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
    return 0.0


def _resident(process: int) -> int:
    """Bytes of memory that a process holds, 0 where the system does not say."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0


@contextlib.contextmanager
def _browser() -> Iterator[Any]:
    """A page of a Chromium that is open already; None where there is none, or nothing to drive it with."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        yield None
        return
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        except Error:
            yield None
            return
        page = browser.new_page()
        page.goto("about:blank")
        yield page
        browser.close()
