"""The app in a process of its own, for what is measured from outside."""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from vgan.settings import PROJECT

STARTED_WITHIN = 180.0  # seconds, on a busy machine
EVERY = 0.02  # seconds between two looks whether it answers


@dataclass(frozen=True)
class App:
    """An app that runs. began: `time.perf_counter()` when it was executed."""

    address: str
    began: float
    process: "subprocess.Popen[bytes]"
    log: IO[str]

    @property
    def age(self) -> float:
        """Seconds since it was executed."""
        return time.perf_counter() - self.began


@contextlib.contextmanager
def running(**more: str) -> Iterator[App]:
    """`python app.py` as it is on a Space, on a free port of 127.0.0.1. more: of its environment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "log").open("w+") as log:
        own = {"GRADIO_SERVER_NAME": "127.0.0.1", "GRADIO_SERVER_PORT": str(port), "VGAN_OUTPUTS": f"{folder}/clips"}
        command = [sys.executable, str(PROJECT / "app.py")]
        began = time.perf_counter()
        process = subprocess.Popen(command, cwd=PROJECT, env=os.environ | own | more, stdout=log, stderr=log)
        try:
            yield App(f"http://127.0.0.1:{port}/", began, process, log)
        finally:
            process.terminate()
            process.wait(30)


def wait_for(app: App) -> None:
    """Until it answers. Raises RuntimeError where it does not start."""
    while app.process.poll() is None and app.age < STARTED_WITHIN:
        with contextlib.suppress(OSError), urllib.request.urlopen(app.address, timeout=5):
            return
        time.sleep(EVERY)
    app.log.seek(0)
    raise RuntimeError(f"the app did not start: {app.log.read()[-2000:]}")
