"""Fixtures for tests of what goes to the Hub and comes from it: a Hub on this machine, and a process that asks it."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from hub_server import Hub, serving
from safetensors.torch import save

PROJECT = Path(__file__).parent.parent
WEIGHTS = save({"w": torch.arange(50_000.0)})
OTHER = save({"w": torch.zeros(50_000)})
CONFIG = b'{"family": "loop", "params": {}}'
SHA = hashlib.sha256(WEIGHTS).hexdigest()
PINNED = "c" * 40


class Client:
    """The process that runs `hub_client.py`, and the Hub's cache that it fills."""

    def __init__(self, hub: Hub, home: Path, **environment: str):
        self.cache = home / "cache"
        self.home = home
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "VGAN_"))}
        settings = {
            "HF_ENDPOINT": hub.url,
            "HF_HOME": str(home),
            "HF_HUB_CACHE": str(self.cache),
            "HF_HUB_DISABLE_XET": "1",
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "HF_HUB_DISABLE_PROGRESS_BARS": "1",
            "NO_PROXY": "127.0.0.1",
            "VGAN_DEVICE": "cpu",
            "VGAN_WEIGHTS": str(home / "weights"),
            "PYTHONPATH": str(PROJECT),
            "COLUMNS": "200",
        }
        self._process = subprocess.Popen(
            [sys.executable, str(PROJECT / "tests" / "hub_client.py")],
            env=inherited | settings | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=(home / "stderr").open("w"),
            text=True,
        )

    def ask(self, **request: Any) -> dict[str, Any]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, (self.home / "stderr").read_text()
        answer: dict[str, Any] = json.loads(line)
        return answer

    def kept(self, repo: str) -> list[str]:
        """Every byte that lies in the cache for `repo` and could be taken for a file."""
        folder = self.cache / f"models--{repo.replace('/', '--')}"
        files = [path for part in ("blobs", "snapshots") for path in (folder / part).rglob("*") if not path.is_dir()]
        return sorted(path.name for path in files)

    def close(self) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(60)
        self._process.stdout.close()


@pytest.fixture(scope="module")
def hub() -> Iterator[Hub]:
    with serving() as hub:
        yield hub


@pytest.fixture(scope="module")
def client(hub: Hub, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    client = Client(hub, tmp_path_factory.mktemp("home"))
    yield client
    client.close()


def pinned(repo: str, **more: Any) -> dict[str, Any]:
    """A row like the FastGAN ones: a checkpoint alone, at a pinned revision."""
    return {"name": "thing", "family": "fastgan", "repo_id": repo, "revision": PINNED, "file": "model.bin", **more}


def users(repo: str) -> dict[str, Any]:
    """The row that `find_model` makes for a person's own repository."""
    return {"name": repo, "family": "loop", "repo_id": repo}
