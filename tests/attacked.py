"""The real app in a process of its own, for tests that attack it from outside. Run as a program, it is that process.

The process notes every address that it connects to, so that tests can say that it asked nobody.
"""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

PROJECT = Path(__file__).resolve().parent.parent
START_SECONDS = 120
API = "/gradio_api"


@dataclass
class App:
    """url: where it listens. folder: everything it may write lies there; canary: a secret file beside that. routes:
    (path, methods) of all that it serves. events: of its page, by number: their name, whether they
    queue, the kinds of their inputs, and the values of these when the page opens."""

    url: str
    folder: Path
    canary: Path
    pid: int
    routes: list[tuple[str, list[str]]] = field(default_factory=list)
    events: dict[int, dict[str, Any]] = field(default_factory=dict)

    def visitor(self) -> httpx.Client:
        """A browser that has opened the page, and has its cookie."""
        client = httpx.Client(base_url=self.url, timeout=60)
        client.get("/config").raise_for_status()
        return client

    def asked(self) -> set[str]:
        """Addresses that the process has connected to, but for its own."""
        seen = (self.folder / "asked").read_text().split() if (self.folder / "asked").exists() else []
        return {address for address in seen if not address.endswith(f":{httpx.URL(self.url).port}")}

    def secret(self) -> bytes:
        """What nobody may read."""
        return self.canary.read_bytes()


@contextmanager
def serving(folder: Path, **settings: str) -> Iterator[App]:
    """The app with its places in `folder`, until the block ends. settings: environment variables."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    inside = folder / "app"
    inside.mkdir()
    canary = folder / "canary.mp4"
    canary.write_bytes(b"CANARY " + os.urandom(24).hex().encode())
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment = {
        "GRADIO_TEMP_DIR": str(inside / "gradio"),
        "VGAN_OUTPUTS": str(inside / "clips"),
        "VGAN_LOOKS": str(inside / "looks"),
        "HF_HOME": str(inside / "hub"),
        "VGAN_OFFLINE": "1",
        "VGAN_INVERT_SECONDS": "1",
        "VGAN_FIT_SECONDS": "1",
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": str(PROJECT),
    }
    log = (folder / "log").open("wb")
    command = [sys.executable, __file__, str(inside), str(port)]
    process = subprocess.Popen(command, env=kept | environment | settings, stdout=log, stderr=log, cwd=inside)
    app = App(f"http://127.0.0.1:{port}", inside, canary, process.pid)
    try:
        end = time.monotonic() + START_SECONDS
        while not (inside / "ready").exists():
            if process.poll() is not None or time.monotonic() > end:
                pytest.fail(f"the app did not start: {(folder / 'log').read_text()[-2000:]}")
            time.sleep(0.1)
        known = json.loads((inside / "ready").read_text())
        app.routes = [(path, methods) for path, methods in known["routes"]]
        app.events = {int(number): event for number, event in known["events"].items()}
        yield app
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()
        log.close()


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """One app for all attacks that leave it as it was."""
    with serving(tmp_path_factory.mktemp("attacked")) as app:
        yield app


@pytest.fixture
def visitor(app: App) -> Iterator[httpx.Client]:
    """Somebody who has opened the page."""
    client = app.visitor()
    yield client
    client.close()


def call(client: httpx.Client, name: str, *data: Any, session: str | None = None) -> tuple[str, Any]:
    """(event, data) of a named endpoint: `complete` or `error`, and what it answered."""
    body = {"data": list(data)} | ({"session_hash": session} if session else {})
    begun = client.post(f"{API}/call/{name}", json=body)
    if begun.status_code != 200:
        return "refused", begun.json()
    event = ""
    with client.stream("GET", f"{API}/call/{name}/{begun.json()['event_id']}") as lines:
        for line in lines.iter_lines():
            if line.startswith("event: "):
                event = line[7:]
            elif line.startswith("data: ") and event in {"complete", "error"}:
                return event, json.loads(line[6:])
    return "ended", None


def upload(client: httpx.Client, name: str, content: bytes) -> str:
    """Where the app says that an uploaded file lies."""
    answer = client.post(f"{API}/upload", files={"files": (name, content)})
    answer.raise_for_status()
    path: str = answer.json()[0]
    return path


def _serve(folder: Path, port: int) -> None:
    noted = os.open(folder / "asked", os.O_CREAT | os.O_WRONLY | os.O_APPEND)

    def note(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "socket.connect" and isinstance(arguments[1], tuple):
            os.write(noted, f"{arguments[1][0]}:{arguments[1][1]}\n".encode())
        elif event == "socket.getaddrinfo":
            os.write(noted, f"{arguments[0]}:{arguments[1]}\n".encode())

    sys.addaudithook(note)

    from vgan import ui

    app, _, _ = ui.launch(prevent_thread_lock=True, quiet=True, server_name="127.0.0.1", server_port=port)
    routes: list[tuple[str, list[str]]] = []

    def walk(parts: Any, before: str = "") -> None:
        for part in parts:
            path = before + str(getattr(part, "path", "") or "")
            if hasattr(part, "original_router"):
                walk(part.original_router.routes, before)
            elif getattr(part, "routes", None):
                walk(part.routes, path)
            else:
                routes.append((path, sorted(getattr(part, "methods", None) or ["GET", "POST"])))

    walk(app.routes)
    shown = {one["id"]: one.get("props", {}).get("value") for one in app.blocks.config["components"]}
    events = {
        number: {
            "name": str(made.api_name),
            "queue": made.queue,
            "inputs": [type(one).__name__ for one in made.inputs],
            "values": [shown.get(one._id) for one in made.inputs],
        }
        for number, made in app.blocks.fns.items()
    }
    (folder / "partly").write_text(json.dumps({"routes": routes, "events": events}, default=str))
    (folder / "partly").rename(folder / "ready")
    while True:
        time.sleep(1)


if __name__ == "__main__":
    _serve(Path(sys.argv[1]), int(sys.argv[2]))
