"""`models list` and `models verify`; `pull` and `push` are in test_hub_commands.py, beside the Hub they talk to."""

from pathlib import Path

import pytest
import torch
from checkpoints import fastgan
from huggingface_hub import constants
from test_registry import write_loop
from typer.testing import CliRunner, Result

from vgan import zoo
from vgan.cli_models import models_app

AURORA = zoo.MODELS["fastgan-aurora"]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Empty weights and an empty Hub cache."""
    monkeypatch.setenv("VGAN_WEIGHTS", str(tmp_path / "weights"))
    monkeypatch.setenv("VGAN_DEVICE", "cpu")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    return tmp_path


def run(*args: str) -> Result:
    result = CliRunner().invoke(models_app, list(args))
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output
    return result


def cache(home: Path, content: bytes | dict[str, torch.Tensor]) -> Path:
    """Put the aurora row's file where the Hub's client keeps it."""
    folder = home / "cache" / f"models--{AURORA.repo_id.replace('/', '--')}" / "snapshots" / AURORA.revision
    folder.mkdir(parents=True)
    path = folder / AURORA.file
    path.write_bytes(content) if isinstance(content, bytes) else torch.save(content, path)
    return path


def line(result: Result, name: str) -> str:
    return next(line for line in result.output.splitlines() if line.startswith((f"{name} ", f"{name}:")))


def test_list_says_where_each_model_is(home: Path) -> None:
    write_loop(home / "weights" / "looks")
    path = cache(home, fastgan(1024, huggan=True))
    result = run("list")
    assert result.exit_code == 0
    for spec in zoo.MODELS.values():
        assert spec.family in line(result, spec.name)
        assert spec.licence in line(result, spec.name)
    assert "bundled" in line(result, "looks")
    assert "Silk" in line(result, "looks")
    assert "cached" in line(result, AURORA.name)
    assert f"{path.stat().st_size / 1e6:.1f} MB" in line(result, AURORA.name)
    assert "to fetch" in line(result, "fastgan-shells")
    assert "117.1 MB" in line(result, "fastgan-shells")


def test_list_without_any_weights(home: Path) -> None:
    result = run("list")
    assert result.exit_code == 0
    assert "missing" in line(result, "looks")


def test_verify_whole(home: Path) -> None:
    write_loop(home / "weights" / "looks")
    cache(home, fastgan(1024, huggan=True))
    result = run("verify")
    assert result.exit_code == 0
    assert "whole" in line(result, "looks")
    assert "whole" in line(result, AURORA.name)
    assert "nothing to check" in line(result, "fastgan-shells")


@pytest.mark.parametrize("damage", ["truncated", "a picture of NaN", "another network"])
def test_verify_tells_damage_by_name(home: Path, damage: str) -> None:
    write_loop(home / "weights" / "looks")
    state = fastgan(1024, huggan=True)
    if damage == "a picture of NaN":
        state["_init._layers.1.bias"][0] = float("nan")
    path = cache(home, {"x": torch.ones(1)} if damage == "another network" else state)
    if damage == "truncated":
        path.write_bytes(path.read_bytes()[:5000])
    result = run("verify")
    assert result.exit_code == 1
    assert line(result, AURORA.name)
    assert "whole" not in line(result, AURORA.name)
    assert "whole" in line(result, "looks")  # the rest is still checked


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (["verify", "loks"], 2, "Did you mean 'looks'"),
        (["verify", "../looks"], 2, "neither a look nor a Hub repository"),
        (["verify", "looks"], 1, "missing"),
        (["pull", "nothing"], 2, "not known"),
        (["push", "looks"], 2, "Missing argument"),
    ],
)
def test_exit_codes(home: Path, args: list[str], code: int, words: str) -> None:
    result = run(*args)
    assert result.exit_code == code
    assert words in result.output
