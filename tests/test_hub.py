"""hub.py against a Hub on this machine, through HF_ENDPOINT and the real huggingface_hub client."""

import dataclasses
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
from checkpoints import fastgan
from hub_server import TOKEN, Hub, Repo, serving
from safetensors.torch import load_file, save
from test_registry import write_loop

from vgan.models.srvgg import CompactParams, SRVGGNetCompact
from vgan.style_files import save_style
from vgan.zoo import MODELS, find_enhancer

PROJECT = Path(__file__).parent.parent
WEIGHTS = save({"w": torch.arange(50_000.0)})
OTHER = save({"w": torch.zeros(50_000)})
CONFIG = b'{"family": "loop", "params": {}}'
SHA = hashlib.sha256(WEIGHTS).hexdigest()
PINNED = "c" * 40


class Client:
    """The process that runs `hub_client.py`, and the Hub's cache that it fills."""

    def __init__(self, hub: Hub, home: Path):
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
            env=inherited | settings,
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


def test_found_then_cached(hub: Hub, client: Client) -> None:
    hub.repos["a/found"] = Repo({"model.bin": WEIGHTS})
    answer = client.ask(spec=pinned("a/found", sha256=SHA))
    assert answer["origin"] == "fetched"
    assert Path(answer["weights"]).read_bytes() == WEIGHTS
    done = [now for now, _ in answer["progress"]]
    assert done == sorted(done)
    assert answer["progress"][-1] == [len(WEIGHTS), len(WEIGHTS)]
    hub.log.clear()
    assert client.ask(spec=pinned("a/found", sha256=SHA))["origin"] == "cached"
    assert hub.log == []


def test_bundled_comes_first(hub: Hub, client: Client, tmp_path: Path) -> None:
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "model.safetensors").write_bytes(WEIGHTS)
    (tmp_path / "ours" / "config.json").write_bytes(CONFIG)
    hub.log.clear()
    spec = {"name": "ours", "family": "loop", "folder": "ours", "repo_id": "a/ours", "sha256": SHA}
    answer = client.ask(spec=spec, settings={"weights": str(tmp_path)})
    assert answer["origin"] == "bundled"
    assert answer["weights"] == str(tmp_path / "ours" / "model.safetensors")
    assert hub.log == []
    damaged = client.ask(spec=spec | {"sha256": "0" * 64}, settings={"weights": str(tmp_path)})
    assert SHA in damaged["message"]
    assert "0" * 64 in damaged["message"]
    assert (tmp_path / "ours" / "model.safetensors").exists()  # the project's own file is not ours to delete


def test_bundled_missing_and_nowhere_else(client: Client, tmp_path: Path) -> None:
    answer = client.ask(spec={"name": "ours", "family": "loop", "folder": "ours"}, settings={"weights": str(tmp_path)})
    assert answer["error"] == "WeightsError"
    assert str(tmp_path / "ours") in answer["message"]


REFUSALS = {
    "a/absent": (None, ["no such repository", "Check the name", "HF_TOKEN"]),
    "a/empty": (Repo({}), ["model.bin", "no such file", "/a/empty/tree/main"]),
    "a/rewritten": (Repo({"model.bin": WEIGHTS}, commit="d" * 40), ["pinned revision"]),
    "a/gated": (Repo({"model.bin": WEIGHTS}, gated=True), ["Accept its licence at http", "/a/gated", "HF_TOKEN"]),
    "a/private": (Repo({"model.bin": WEIGHTS}, private=True), ["private", "HF_TOKEN"]),
    "a/lying": (Repo({"model.bin": WEIGHTS}, lie={"model.bin": OTHER}), [SHA, hashlib.sha256(OTHER).hexdigest()]),
    "a/short": (Repo({"model.bin": WEIGHTS}, size=len(WEIGHTS) + 9), ["incomplete", "Nothing was kept", "Try again"]),
    "a/cut": (Repo({"model.bin": WEIGHTS}, cut=60_000, then_broken=True), ["500", "Nothing was kept", "Try again"]),
    "a/dead": (Repo({"model.bin": WEIGHTS}, dead=True), ["connection", "failed", "Go online"]),
    "a/huge": (Repo({"model.bin": WEIGHTS}, size=201_000_000), ["201.0 MB", "200 MB"]),
}


@pytest.mark.parametrize("repo", REFUSALS)
def test_refused_with_reason_and_remedy(hub: Hub, client: Client, repo: str) -> None:
    server_side, words = REFUSALS[repo]
    if server_side:
        hub.repos[repo] = server_side
    answer = client.ask(spec=pinned(repo))
    assert answer["error"] == "WeightsError", answer
    for word in [repo.split("/")[1] if "lying" not in repo else "thing", *words]:
        assert word in answer["message"]
    assert "\n" not in answer["message"]
    assert client.kept(repo) == []


def test_huge_file_is_not_even_begun(hub: Hub, client: Client) -> None:
    hub.repos["a/enormous"] = Repo({"model.bin": WEIGHTS}, size=5_000_000_000)
    client.ask(spec=pinned("a/enormous"))
    assert ("GET", f"/a/enormous/resolve/{PINNED}/model.bin") not in hub.log


def test_a_server_that_hides_the_size_is_stopped(hub: Hub, client: Client) -> None:
    hub.repos["me/endless"] = Repo({"model.safetensors": WEIGHTS, "config.json": b" " * 12_000_000}, silent=True)
    answer = client.ask(spec=users("me/endless"))
    assert answer["error"] == "WeightsError"
    assert "config.json" in answer["message"]
    assert "1 MB" in answer["message"]
    assert client.kept("me/endless") == []


def test_gated_opens_with_a_token(hub: Hub, client: Client) -> None:
    hub.repos["a/members"] = Repo({"model.bin": WEIGHTS}, gated=True)
    assert client.ask(spec=pinned("a/members"))["error"] == "WeightsError"
    assert client.ask(spec=pinned("a/members"), environment={"HF_TOKEN": TOKEN})["origin"] == "fetched"


def test_wrong_pinned_hash_names_both_and_keeps_nothing(hub: Hub, client: Client) -> None:
    hub.repos["a/swapped"] = Repo({"model.bin": OTHER})
    answer = client.ask(spec=pinned("a/swapped", sha256=SHA))
    assert SHA in answer["message"]
    assert hashlib.sha256(OTHER).hexdigest() in answer["message"]
    assert client.kept("a/swapped") == []


def test_cut_once_is_resumed(hub: Hub, client: Client) -> None:
    hub.repos["a/wobbly"] = Repo({"model.bin": WEIGHTS}, cut=60_000)
    answer = client.ask(spec=pinned("a/wobbly", sha256=SHA))
    assert answer["origin"] == "fetched"
    assert Path(answer["weights"]).read_bytes() == WEIGHTS


def test_cancelled_leaves_nothing(hub: Hub, client: Client) -> None:
    hub.repos["a/slow"] = Repo({"model.bin": WEIGHTS})
    assert client.ask(spec=pinned("a/slow"), cancel=True)["error"] == "Cancelled"
    assert client.kept("a/slow") == []


def test_offline_with_and_without_a_cache(hub: Hub, client: Client) -> None:
    hub.repos["a/away"] = Repo({"model.bin": WEIGHTS})
    hub.log.clear()
    answer = client.ask(spec=pinned("a/away"), settings={"offline": True})
    assert answer["error"] == "WeightsError"
    assert "VGAN_OFFLINE" in answer["message"]
    assert "models pull thing" in answer["message"]
    assert hub.log == []
    client.ask(spec=pinned("a/away"))
    hub.log.clear()
    assert client.ask(spec=pinned("a/away"), settings={"offline": True}, refresh=True)["origin"] == "cached"
    assert hub.log == []


def test_damaged_cache_is_fetched_anew_or_refused_offline(hub: Hub, client: Client) -> None:
    hub.repos["a/rotten"] = Repo({"model.bin": WEIGHTS})
    path = Path(client.ask(spec=pinned("a/rotten"))["weights"])
    path.write_bytes(WEIGHTS[:1000])
    answer = client.ask(spec=pinned("a/rotten"))
    assert answer["origin"] == "fetched"
    assert path.read_bytes() == WEIGHTS
    path.write_bytes(WEIGHTS[:1000])
    answer = client.ask(spec=pinned("a/rotten"), settings={"offline": True})
    assert answer["error"] == "WeightsError"
    assert SHA in answer["message"]
    assert client.kept("a/rotten") == []


def test_own_repository_weights_and_config_of_one_commit(hub: Hub, client: Client) -> None:
    hub.repos["me/looks"] = Repo({"model.safetensors": WEIGHTS, "config.json": CONFIG}, commit="1" * 40)
    first = client.ask(spec=users("me/looks"))
    assert Path(first["config"]).read_bytes() == CONFIG
    assert Path(first["config"]).parent == Path(first["weights"]).parent
    hub.repos["me/looks"] = Repo({"model.safetensors": OTHER, "config.json": CONFIG}, commit="2" * 40)
    assert client.ask(spec=users("me/looks"))["weights"] == first["weights"]  # same recipe, same frames
    newest = client.ask(spec=users("me/looks"), refresh=True)
    assert newest["origin"] == "fetched"
    assert Path(newest["weights"]).read_bytes() == OTHER
    assert client.ask(spec=users("me/looks"), settings={"offline": True})["weights"] == newest["weights"]


def test_own_repository_in_another_format(hub: Hub, client: Client) -> None:
    hub.repos["me/pickles"] = Repo({"pytorch_model.bin": WEIGHTS})
    answer = client.ask(spec=users("me/pickles"))
    assert answer["error"] == "WeightsError"
    assert "config.json" in answer["message"]
    assert ("GET", "/me/pickles/resolve/main/pytorch_model.bin") not in hub.log


def test_public_app_loads_only_what_its_host_allows(hub: Hub, client: Client) -> None:
    hub.repos["me/allowed"] = hub.repos["me/other"] = Repo({"model.safetensors": WEIGHTS, "config.json": CONFIG})
    public = {"public": True, "allowed_repos": ["me/allowed"]}
    assert client.ask(spec=users("me/allowed"), settings=public)["origin"] == "fetched"
    hub.log.clear()
    answer = client.ask(spec=users("me/other"), settings=public)
    assert answer["error"] == "RecipeError"
    assert "me/other" in answer["message"]
    assert "me/allowed" in answer["message"]
    assert hub.log == []


def test_a_name_that_cannot_be_a_repository(client: Client) -> None:
    answer = client.ask(spec=users("me/../../etc"))
    assert answer["error"] == "RecipeError"
    assert "owner/name" in answer["message"]


def _bundle_looks(client: Client) -> Path:
    folder = client.home / "weights" / "looks"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.safetensors").write_bytes(WEIGHTS)
    (folder / "config.json").write_bytes(CONFIG)
    (folder / "README.md").write_text("---\nlicense: apache-2.0\n---\n# Looks\n")
    return folder


def test_push_then_fetch_back(hub: Hub, client: Client) -> None:
    _bundle_looks(client)
    refused = client.ask(args=["push", "looks", "me/new"])
    assert refused["code"] == 1
    assert "HF_TOKEN" in refused["output"]
    assert refused["crash"] is None
    assert "me/new" not in hub.repos
    answer = client.ask(args=["push", "looks", "me/new"], environment={"HF_TOKEN": TOKEN})
    assert answer["code"] == 0, answer
    repo = hub.repos["me/new"]
    assert repo.private
    assert repo.files.keys() == {"model.safetensors", "config.json", "README.md"}
    assert repo.files["model.safetensors"] == WEIGHTS
    assert f'revision="{repo.commit}"' in answer["output"]
    assert f'sha256="{SHA}"' in answer["output"]
    spec = users("me/new") | {"revision": repo.commit, "sha256": SHA}
    assert client.ask(spec=spec, environment={"HF_TOKEN": TOKEN})["origin"] == "fetched"


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (["push", "fastgan-aurora", "me/x"], 2, "not ours to push"),
        (["push", "looks", "ownerless"], 2, "owner/name"),
        (["push", "loks", "me/x"], 2, "Did you mean 'looks'"),
        (["push", "looks", "me/x--y"], 2, "owner/name"),
        (["pull", "lokks"], 2, "Did you mean 'looks'"),
        (["pull", "me/nowhere"], 1, "no such repository"),
        (["pull", "fastgan-shells"], 1, "no such repository"),
    ],
)
def test_commands_refuse_without_traceback(client: Client, args: list[str], code: int, words: str) -> None:
    _bundle_looks(client)
    answer = client.ask(args=args, environment={"HF_TOKEN": TOKEN})
    assert answer["code"] == code
    assert answer["crash"] is None
    assert words in answer["output"]
    assert "Traceback" not in answer["output"]


def test_own_style_goes_to_the_hub_and_back(hub: Hub, client: Client, tmp_path: Path) -> None:
    path = tmp_path / "mine.safetensors"
    save_style(path, torch.ones(1, 2, 4), bytes(range(32)))
    answer = client.ask(app="styles", args=["push", str(path), "me/mine"], environment={"HF_TOKEN": TOKEN})
    assert answer["code"] == 0, answer
    assert hub.repos["me/mine"].files.keys() == {"style.safetensors"}
    spec = {"name": "mine", "family": "style-file", "repo_id": "me/mine", "file": "style.safetensors"}
    fetched = client.ask(spec=spec, environment={"HF_TOKEN": TOKEN})
    assert fetched["origin"] == "fetched", fetched
    assert set(load_file(fetched["weights"])) == {"code", "network"}


def test_only_styles_are_pushed_as_styles(hub: Hub, client: Client, tmp_path: Path) -> None:
    path = tmp_path / "other.safetensors"
    path.write_bytes(WEIGHTS)
    for file, said in ((path, "not a style"), (tmp_path / "none.safetensors", "none.safetensors")):
        answer = client.ask(app="styles", args=["push", str(file), "me/nothing"], environment={"HF_TOKEN": TOKEN})
        assert answer["code"] == 1
        assert answer["crash"] is None
        assert said in answer["output"]
    assert "me/nothing" not in hub.repos


def test_push_without_a_card(hub: Hub, client: Client) -> None:
    (_bundle_looks(client) / "README.md").unlink()
    answer = client.ask(args=["push", "looks", "me/cardless"], environment={"HF_TOKEN": TOKEN})
    assert answer["code"] == 1
    assert "README.md" in answer["output"]
    assert "me/cardless" not in hub.repos


def test_pull_a_fastgan_and_a_repository_of_looks(hub: Hub, client: Client, tmp_path: Path) -> None:
    row = MODELS["fastgan-universe"]
    torch.save(fastgan(1024, huggan=True), tmp_path / row.file)
    hub.repos[row.repo_id] = Repo({row.file: (tmp_path / row.file).read_bytes()}, commit=row.revision)
    write_loop(tmp_path)
    files = {name: (tmp_path / name).read_bytes() for name in ("model.safetensors", "config.json")}
    hub.repos["me/mine"] = Repo(files)
    for name in (row.name, "me/mine"):
        pulled = client.ask(args=["pull", name])
        assert pulled["code"] == 0, pulled
        assert "fetched" in pulled["output"]
        checked = client.ask(args=["verify", name], environment={"VGAN_OFFLINE": "1"})
        assert checked["code"] == 0, checked
        assert f"{name}: whole" in checked["output"]


def test_pull_refuses_a_network_that_does_not_load(hub: Hub, client: Client) -> None:
    hub.repos["me/odd"] = Repo({"model.safetensors": WEIGHTS, "config.json": CONFIG})
    answer = client.ask(args=["pull", "me/odd"])
    assert answer["code"] == 1
    assert "params.looks is missing" in answer["output"]


class TestCommunityModels:
    def row(self, repo: str) -> dict[str, Any]:
        return dataclasses.asdict(find_enhancer(f"{repo}:x4.safetensors", 4))

    def test_fetched_by_its_file_alone(self, hub: Hub, client: Client) -> None:
        hub.repos["a/x4"] = Repo({"x4.safetensors": WEIGHTS, "other.safetensors": OTHER})
        answer = client.ask(spec=self.row("a/x4"))
        assert (answer["origin"], answer["config"]) == ("fetched", "None")
        assert Path(answer["weights"]).read_bytes() == WEIGHTS
        assert client.ask(spec=self.row("a/x4"), settings={"offline": True})["origin"] == "cached"

    def test_the_row_takes_nothing_but_its_own_bytes(self, hub: Hub, client: Client) -> None:
        spec = MODELS["realesr-general-x4v3"]
        hub.repos[spec.repo_id] = Repo({spec.file: WEIGHTS}, commit=spec.revision)
        answer = client.ask(spec=dataclasses.asdict(spec))
        assert answer["error"] == "WeightsError"
        assert spec.sha256 in answer["message"]
        assert SHA not in client.kept(spec.repo_id)

    def test_strangers_name_none(self, hub: Hub, client: Client) -> None:
        hub.repos["a/x4s"] = Repo({"x4.safetensors": WEIGHTS})
        answer = client.ask(spec=self.row("a/x4s"), settings={"public": True})
        assert answer["message"].startswith("model: 'a/x4s' may not be loaded")

    def test_pulled_and_tried_by_name(self, hub: Hub, client: Client) -> None:
        network = SRVGGNetCompact(CompactParams(4, features=8, layers=2))
        hub.repos["a/mine"] = Repo({"x4.safetensors": save(network.state_dict())})
        answer = client.ask(args=["pull", find_enhancer("a/mine:x4.safetensors", 4).name])
        assert answer["code"] == 0, answer["output"]
        assert "fetched" in answer["output"]
