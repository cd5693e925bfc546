"""The end of the app, and the bench of its start."""

import asyncio
import json
import logging
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from typer.testing import CliRunner

from vgan import bench_app, bench_start
from vgan.cli import app as cli
from vgan.errors import Cancelled
from vgan.recipe import Generate, Recipe, Share
from vgan.registry import Models
from vgan.settings import Settings
from vgan.ui.counters import Counters
from vgan.ui.health import Health
from vgan.ui.jobs import Progress
from vgan.ui.observed import Observed
from vgan.ui.serving import end, no_fault_of_ours, private_folders

LONG = Recipe(source=Generate(look="silk", seconds=8, loops=15), share=Share(short_side=720, fps=60))
ANSWERS = """
import json, os
from http.server import BaseHTTPRequestHandler, HTTPServer

class Handler(BaseHTTPRequestHandler):
    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"data": [{"image": "data:image/jpeg;base64,"}]}).encode())
    do_GET = do_POST = answer
    def log_message(self, *args): pass

HTTPServer(("127.0.0.1", int(os.environ["GRADIO_SERVER_PORT"])), Handler).serve_forever()
"""


class TestEnd:
    @pytest.fixture
    def app(self, tmp_path: Path) -> Iterator[Any]:
        """A small page over a real studio, served."""
        studio = Observed(Models(Settings()), replace(Settings(), outputs=tmp_path))
        with gr.Blocks() as blocks:
            gr.Markdown("here")
        blocks.studio = studio  # type: ignore[attr-defined]
        blocks.counters = Counters(Health(studio).now)  # type: ignore[attr-defined]
        blocks.launch(prevent_thread_lock=True, quiet=True, server_name="127.0.0.1")
        yield blocks
        blocks.close(verbose=False)

    def test_renders_end_and_leave_nothing(self, app: Any, tmp_path: Path) -> None:
        ended: list[type[BaseException]] = []
        begun = threading.Event()

        def watch() -> None:
            try:
                for step in app.studio.render("visit", LONG):
                    if isinstance(step, Progress) and step.done:
                        begun.set()
            except BaseException as error:
                ended.append(type(error))

        thread = threading.Thread(target=watch)
        thread.start()
        assert begun.wait(60)
        port = app.server_port
        assert end(app)
        thread.join(20)
        assert ended == [Cancelled]
        assert not [path for path in tmp_path.rglob("*") if path.is_file()]
        with socket.socket() as free:
            free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            free.bind(("127.0.0.1", port))

    def test_paused_ones_too(self, app: Any, tmp_path: Path) -> None:
        going = app.studio.render("visit", LONG, keep=True)
        for step in going:
            if isinstance(step, Progress) and step.done:
                break
        going.close()
        assert app.studio.waits(LONG)
        assert end(app)
        assert not app.studio.waits(LONG)
        assert not [path for path in tmp_path.rglob("*") if path.is_file()]

    def test_a_work_that_does_not_hear_is_told_of(self, app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("vgan.ui.serving.WORKS", 0.1)
        hold = threading.Event()
        threading.Thread(target=hold.wait, name="vgan-job", daemon=True).start()
        assert not end(app)
        hold.set()


@pytest.mark.parametrize(
    ("words", "error", "kept"),
    [
        ("Cancel %s running task(s), timeout graceful shutdown exceeded", None, False),
        ("Exception in ASGI application", asyncio.CancelledError(), False),
        ("Exception in ASGI application", ValueError(), True),
        ("Shutting down", None, True),
    ],
)
def test_answers_that_are_cut_off_at_the_end_are_no_faults(words: str, error: BaseException | None, kept: bool) -> None:
    told = (type(error), error, None) if error else None
    record = logging.LogRecord("uvicorn.error", logging.ERROR, "", 0, words, (1,) if "%" in words else (), told)
    assert no_fault_of_ours(record) == kept


def test_private_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "uploads"))
    (tmp_path / "link").symlink_to(tmp_path)
    found = private_folders(replace(Settings(), outputs=tmp_path / "link" / "clips"))
    assert {tmp_path / "uploads", tmp_path / "link" / "clips", tmp_path / "clips"} <= set(found)


class TestBench:
    def project(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: str) -> None:
        (tmp_path / "app.py").write_text(code)
        monkeypatch.setattr(bench_app, "PROJECT", tmp_path)
        monkeypatch.setattr(bench_start, "BROWSERS", ())
        monkeypatch.setitem(__import__("sys").modules, "playwright.sync_api", None)  # as where it is not installed

    def test_times_a_start(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        self.project(monkeypatch, tmp_path, ANSWERS)
        begun = time.perf_counter()
        said = CliRunner().invoke(cli, ["bench", "start", "--runs", "2", "--json", str(tmp_path / "out.json")])
        assert said.exit_code == 0, said.output
        assert "no browser here" in said.output
        found = json.loads((tmp_path / "out.json").read_text())
        assert 0 < found["answers"] <= found["preview"] < time.perf_counter() - begun
        assert found["page"] is None
        assert found["memory"] > 0

    def test_an_app_that_does_not_start(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        self.project(monkeypatch, tmp_path, "import sys; sys.exit('no weights here')")
        with pytest.raises(RuntimeError, match="no weights here"):
            bench_start.bench_start(1)
