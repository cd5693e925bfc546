"""Work that nobody wants any more, over real HTTP: it ends, the next one begins, and nothing of it stays."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from gradio_client import Client

from vgan import ui
from vgan.bench_load import bench_load, table
from vgan.settings import Settings
from vgan.ui.line import Visitor
from vgan.ui.previews import AT_ONCE
from vgan.ui.services import Studio

pytest_plugins = ["enhance_app"]

LONG = {"source": {"kind": "generate", "seconds": 12, "loops": 8}, "share": {"short_side": 720}}
SHORT = {"source": {"kind": "generate", "seconds": 1}, "share": {"short_side": 144, "fps": 12, "aspect": "1:1"}}
SOON = 20.0  # seconds: nothing here is timed


class App:
    """The app, and those who call it from addresses of their own."""

    def __init__(self, address: str, studio: Studio):
        self.address, self.studio = address, studio

    def client(self, number: int) -> Client:
        return Client(self.address, headers=told(number), verbose=False, download_files=False)

    def begin(self, number: int, recipe: dict[str, Any]) -> socket.socket:
        """Ask for a render and listen to what becomes of it, as a browser does."""
        body = {"data": [recipe, None, None]}
        asked = httpx.post(f"{self.address}gradio_api/call/render", json=body, headers=told(number), timeout=30)
        place = urlsplit(self.address)
        line = socket.create_connection((place.hostname, place.port))
        path = f"/gradio_api/call/render/{asked.json()['event_id']}"
        more = "".join(f"{name}: {value}\r\n" for name, value in told(number).items())
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: {place.netloc}\r\n{more}\r\n".encode())
        return line

    def render(self, number: int, recipe: dict[str, Any] = SHORT) -> dict[str, Any]:
        return self.client(number).predict(recipe, None, None, api_name="/render")[1]

    @property
    def works(self) -> bool:
        return not self.studio.line.idle.is_set()

    def left(self) -> list[Path]:
        return [path for path in self.studio.settings.outputs.rglob("*") if path.is_file() and ".part" in str(path)]


def told(number: int) -> dict[str, str]:
    return {"X-Forwarded-For": f"203.0.113.{number}"}


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + SOON
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.fixture(scope="module")
def app(settings: Settings) -> Iterator[App]:
    strict = replace(settings, proxies=1, line=2, renders_an_hour=6)
    web, url, _ = ui.launch(strict, prevent_thread_lock=True, quiet=True, server_name="127.0.0.1", mcp_server=False)
    try:
        yield App(url, web.get_blocks().studio)
    finally:
        web.get_blocks().close()


def drawing() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name in ("vgan-job", "ahead")]


def test_client_that_cancels_frees_the_device(app: App) -> None:
    job = app.client(1).submit(LONG, None, None, api_name="/render")
    until(lambda: app.works)
    job.cancel()
    until(lambda: not app.works)
    assert not drawing()
    assert not app.left()


def test_client_that_hangs_up_frees_the_device_for_the_next(app: App) -> None:
    line = app.begin(2, LONG)
    until(lambda: app.works)
    waits = app.begin(3, SHORT)
    until(lambda: len(app.studio.line) == 1)
    line.close()
    with waits, waits.makefile() as answer:
        facts = next(json.loads(said[5:]) for said in answer if said.startswith("data:") and "waited" in said)[1]
    assert facts["waited"] > 0
    until(lambda: not app.works)
    assert not app.left()


def test_client_that_hangs_up_while_it_waits_leaves_the_line(app: App) -> None:
    line, waits = app.begin(4, LONG), app.begin(5, LONG)
    until(lambda: len(app.studio.line) == 1)
    waits.close()
    until(lambda: len(app.studio.line) == 0)
    assert app.works
    line.close()
    until(lambda: not app.works)


def test_full_line_says_so_and_previews_go_on(app: App) -> None:
    lines = [app.begin(number, LONG) for number in (6, 7, 8)]
    until(lambda: len(app.studio.line) == 2)
    with pytest.raises(Exception, match="line: it is full, 2 others wait"):
        app.render(9)
    strip = app.client(9).predict({"source": {"kind": "generate", "seed": 5}}, "strip", None, api_name="/preview")
    assert strip["frames"] == 16
    for line in lines:
        line.close()
    until(lambda: not app.works)
    assert app.render(9)["frames"] == 12, "what was refused was not counted, and the line is free"


def test_previews_of_many_clients_wait_in_our_own_line(app: App) -> None:
    """And not in Gradio's, which knows nothing of visitors and would let one after another through."""
    drawing = [app.studio.ahead.join(Visitor(f"drawing {number}"), 1, lambda: None) for number in range(AT_ONCE)]
    asked = [
        app.client(number).submit({"source": {"kind": "generate", "seed": number}}, "strip", None, api_name="/preview")
        for number in (30, 31, 32)
    ]
    until(lambda: len(app.studio.ahead) == 3)
    for turn in drawing:
        turn.leave()
    assert [job.result(60)["frames"] for job in asked] == [16] * 3


def test_limit_of_a_visitor_holds_for_all_clients_of_an_address(app: App) -> None:
    for _ in range(6):
        app.render(20)
    with pytest.raises(Exception, match="renders: you have used 6 of 6 an hour"):
        app.render(20)
    assert app.render(21)["frames"] == 12


def test_header_of_a_stranger_is_not_believed(app: App) -> None:
    """Before what our own proxy adds, anybody can write anything."""
    headers = {"X-Forwarded-For": "198.51.100.77, 203.0.113.20"}
    with pytest.raises(Exception, match="renders: you have used 6 of 6 an hour"):
        Client(app.address, headers=headers, verbose=False).predict(SHORT, None, None, api_name="/render")


def test_a_few_visitors_for_ten_seconds() -> None:
    result = bench_load(visitors=3, minutes=10 / 60)
    done = {name: count for name, count in result.outcomes.items() if count}
    assert done["preview: done"] >= 2
    assert done["render: done"] >= 1
    fates = ("preview: done", "clip preview: done", "render: done", "render: full", "render: cancelled")
    assert done.keys() <= {*fates, "render: vanished"}
    assert result.memory
    assert "| previews, asked to answered" in table(result)
