"""hub.py against a Hub on this machine, through HF_ENDPOINT and the real huggingface_hub client."""

import hashlib
from pathlib import Path

import pytest
from hub_home import CONFIG, OTHER, PINNED, SHA, WEIGHTS, Client, pinned, users
from hub_server import TOKEN, Hub, Repo

pytest_plugins = ["hub_home"]


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
