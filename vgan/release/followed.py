"""The README, followed by the letter: `make app` until it answers, a render over HTTP, what is marked to be run."""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from vgan.release.pages import Block, blocks
from vgan.release.result import Place, Result, judged, run, skipped

STARTED_WITHIN = 240.0  # seconds
USUAL = "127.0.0.1:7860"


def check(place: Place) -> Result:
    """`make app` in the clone, then every marked block of a page while it runs; each must end well."""
    if not shutil.which("make"):
        return skipped("make is not installed")
    marked = [block for block in blocks(place) if block.marked]
    shutil.copy(place.root / "assets" / "examples" / "sailing.mp4", place.root / "in.mp4")
    findings = []
    with _app(place) as (address, complaint):
        if complaint:
            return judged("make app", [complaint])
        if (state := _health(address)) != "ok":
            findings.append(f"/health: {state}")
        for block in marked:
            done = _run(place, block, address.split("/")[2])
            if done.returncode:
                said = (done.stderr or done.stdout).strip().splitlines()[-1:]
                findings.append(
                    f"{block.page}: {block.text.strip().splitlines()[0]} … ended with {done.returncode}: {said}"
                )
    if not marked:
        findings.append("no page has a block under <!-- run -->")
    return judged(f"make app answered; {len(marked)} marked blocks of pages run whole", findings)


def _run(place: Place, block: Block, host: str) -> "subprocess.CompletedProcess[str]":
    """Run a block of a page in the clone, as somebody does who types it there."""
    text = block.text.replace(USUAL, host)
    command = ["python", "-c", text] if block.kind == "python" else ["sh", "-e", "-c", text]
    return run(command, place.root, 300, environment(place))


def environment(place: Place, **more: str) -> dict[str, str]:
    """This process' one without its own settings, and with the release's Python first."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("VGAN_", "GRADIO_", "VIRTUAL_ENV"))
    }
    return kept | {"PATH": f"{place.python.parent}{os.pathsep}{kept.get('PATH', '')}", "PYTHONPATH": ""} | more


@contextmanager
def _app(place: Place) -> Iterator[tuple[str, str]]:
    """The app as `make app` opens it: its address, and what is wrong where it does not answer."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address, log = f"http://127.0.0.1:{port}/", place.scratch / "make-app.log"
    own = environment(place, GRADIO_SERVER_PORT=str(port), VGAN_OUTPUTS=str(place.scratch / "clips"))
    with log.open("w") as out:
        process = subprocess.Popen(
            ["make", "app"], cwd=place.root, env=own, stdout=out, stderr=out, start_new_session=True
        )
        try:
            yield address, _wait(process, address, log)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(30)


def _wait(process: "subprocess.Popen[bytes]", address: str, log: Path) -> str:
    end = time.monotonic() + STARTED_WITHIN
    while time.monotonic() < end and process.poll() is None:
        with suppress(OSError), urllib.request.urlopen(address, timeout=5):
            return ""
        time.sleep(0.25)
    return f"make app does not answer: {log.read_text(errors='replace').strip()[-300:]}"


def _health(address: str) -> str:
    try:
        with urllib.request.urlopen(f"{address}health", timeout=10) as answer:
            return str(json.load(answer)["status"])
    except urllib.error.HTTPError as error:
        return error.read().decode(errors="replace")[:200]
