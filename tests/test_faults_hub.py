"""The Hub is down, slow, busy or confused: what ships goes on working, it is said soon, and nothing half is kept."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from faults import process
from hub_home import SHA, WEIGHTS, Client, pinned
from hub_server import Hub, Repo, serving

SOON = 15.0  # seconds, of which the client's own patience is the most


@pytest.fixture(scope="module")
def hub() -> Iterator[Hub]:
    with serving() as hub:
        yield hub


@pytest.fixture(scope="module")
def client(hub: Hub, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    home = tmp_path_factory.mktemp("home")
    client = Client(hub, home, HF_HUB_DOWNLOAD_TIMEOUT="1", HF_HUB_ETAG_TIMEOUT="1")
    yield client
    client.close()


def refused(client: Client, repo: str, *words: str) -> None:
    """It is refused soon, in one line with these words, and nothing of it is kept."""
    began = time.monotonic()
    answer = client.ask(spec=pinned(repo, sha256=SHA))
    assert answer.get("error") == "WeightsError", answer
    assert time.monotonic() - began < SOON
    assert all(word in answer["message"] for word in (repo, "model.bin", *words)), answer["message"]
    assert "\n" not in answer["message"]
    assert client.kept(repo) == []


def fetched(client: Client, repo: str) -> None:
    answer = client.ask(spec=pinned(repo, sha256=SHA))
    assert answer.get("origin") == "fetched", answer
    assert Path(answer["weights"]).read_bytes() == WEIGHTS


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_broken_answer(hub: Hub, client: Client, status: int) -> None:
    hub.repos[f"a/broken-{status}"] = Repo({"model.bin": WEIGHTS}, plagues=[("ANY", status, {})])
    refused(client, f"a/broken-{status}", f"({status})", "Try again later")
    fetched(client, f"a/broken-{status}")


def test_broken_once_it_has_begun(hub: Hub, client: Client) -> None:
    hub.repos["a/begun"] = Repo({"model.bin": WEIGHTS}, plagues=[("GET", 500, {})])
    refused(client, "a/begun", "(500)", "Try again later")
    fetched(client, "a/begun")


def test_busy_for_a_moment_is_waited_for(hub: Hub, client: Client) -> None:
    hub.repos["a/moment"] = Repo({"model.bin": WEIGHTS}, plagues=[("GET", 429, {"Retry-After": "0"})])
    fetched(client, "a/moment")


@pytest.mark.parametrize(
    "headers",
    [{"Retry-After": "3600"}, {"ratelimit": '"api";r=0;t=3600', "ratelimit-policy": '"fixed window";"api";q=5;w=3600'}],
    ids=["retry-after", "ratelimit"],
)
@pytest.mark.parametrize("method", ["HEAD", "GET"])
def test_busy_for_an_hour_is_said(hub: Hub, client: Client, method: str, headers: dict[str, str]) -> None:
    name = f"a/hour-{method}-{len(headers)}"
    hub.repos[name] = Repo({"model.bin": WEIGHTS}, plagues=[(method, 429, headers)])
    refused(client, name, "too many requests", "60 min", "HF_TOKEN")
    fetched(client, name)


def test_busy_without_a_word(hub: Hub, client: Client) -> None:
    hub.repos["a/wordless"] = Repo({"model.bin": WEIGHTS}, plagues=[("HEAD", 429, {})])
    refused(client, "a/wordless", "429", "Wait some minutes")


def test_a_stall_is_gone_on_from(hub: Hub, client: Client) -> None:
    hub.repos["a/stall"] = Repo({"model.bin": WEIGHTS}, stalls=1)
    fetched(client, "a/stall")


def test_silence_is_not_waited_for(hub: Hub, client: Client) -> None:
    hub.repos["a/silent"] = Repo({"model.bin": WEIGHTS}, stalls=99, stall=0, seconds=1.05)
    refused(client, "a/silent", "failed", "Nothing was kept", "ry again")


def test_a_circle_of_addresses(hub: Hub, client: Client) -> None:
    place = f"{hub.url}/a/circle/resolve/{'c' * 40}/model.bin"
    hub.repos["a/circle"] = Repo({"model.bin": WEIGHTS}, plagues=[("ANY", 302, {"Location": place})] * 50)
    refused(client, "a/circle", "Nothing was kept")


def test_answers_without_sense(hub: Hub, client: Client) -> None:
    hub.repos["a/senseless"] = Repo({"model.bin": WEIGHTS}, plagues=[("HEAD", 200, {}), ("HEAD", 204, {})])
    refused(client, "a/senseless", "Nothing was kept")


@pytest.mark.parametrize("where", ["no-such-name", "nobody-listens"])
def test_no_way_to_it(hub: Hub, tmp_path: Path, where: str) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    endpoint = "http://hub.invalid" if where == "no-such-name" else address
    away = Client(hub, tmp_path, HF_ENDPOINT=endpoint)
    try:
        away.ask(args=["list"])  # until it has started
        refused(away, "a/thing", f"the connection to {endpoint} failed", "Go online and try again")
    finally:
        away.close()


STARTS = """
import sys
from pathlib import Path
from vgan.recipe import Generate, Recipe
from vgan.registry import Models
from vgan.render import render
from vgan.settings import Settings
from vgan.ui import build
settings = Settings(device="cpu", outputs=Path(sys.argv[1]) / "outputs", looks=Path(sys.argv[1]) / "looks")
models = Models(settings)
build(models, settings)
small = Recipe.parse({"source": {"kind": "generate", "seconds": 0.5}, "share": {"short_side": 144, "fps": 8}})
print("made", render(small, models, Path(sys.argv[1]) / "clip.mp4").frames)
"""


def test_the_app_starts_and_renders_without_asking(hub: Hub, tmp_path: Path) -> None:
    hub.log.clear()
    environment = {"HF_ENDPOINT": hub.url, "HF_HOME": str(tmp_path / "hub"), "VGAN_OFFLINE": ""}
    with process(STARTS, tmp_path, **environment) as child:
        said, errors = child.communicate()
    assert "made 4" in said, errors
    assert hub.log == []
