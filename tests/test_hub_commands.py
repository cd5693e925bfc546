"""Commands that push to a Hub on this machine and pull from it, and models of the community from there."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest
import torch
from checkpoints import fastgan
from hub_home import CONFIG, OTHER, SHA, WEIGHTS, Client, users
from hub_server import TOKEN, Hub, Repo
from safetensors.torch import load_file, save
from test_registry import write_loop

from vgan.models.srvgg import CompactParams, SRVGGNetCompact
from vgan.style_files import save_style
from vgan.zoo import MODELS, find_enhancer

pytest_plugins = ["hub_home"]


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
