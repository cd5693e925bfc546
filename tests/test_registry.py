"""registry.py: networks are built from files alone, strictly, once, and leave in the order of disuse."""

import json
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from checkpoints import fastgan
from safetensors.torch import save_file
from torch import nn

from vgan import zoo
from vgan.errors import UnknownName, WeightsError
from vgan.families import FAMILIES
from vgan.models.generators.fastgan import FastGAN
from vgan.models.generators.loop import LoopGenerator, LoopParams
from vgan.registry import Models
from vgan.settings import Settings
from vgan.zoo import ModelSpec

PARAMS: dict[str, Any] = {
    "looks": ["aurora", "silk"],
    "latent": 8,
    "style": 16,
    "motion": 4,
    "base": 8,
    "bend_waves": 8,
    "waves": 8,
    "channels": [8, 4],
    "base_convs": 1,
}


def write_loop(folder: Path, change: Callable[[dict[str, Any]], object] = lambda config: None) -> None:
    """A tiny loop model in the format of our own weights; `change` spoils its config afterwards."""
    torch.manual_seed(0)
    shape = PARAMS | {"looks": tuple(PARAMS["looks"]), "channels": tuple(PARAMS["channels"])}
    folder.mkdir(parents=True, exist_ok=True)
    state = {key: value.bfloat16() for key, value in LoopGenerator(LoopParams(**shape)).state_dict().items()}
    save_file(state, folder / "model.safetensors")
    config: dict[str, Any] = {"family": "loop", "params": dict(PARAMS), "hours": 2}
    change(config)
    (folder / "config.json").write_text(json.dumps(config))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(offline=True, public=False, allowed_repos=(), device="cpu", weights=tmp_path)


def add_row(monkeypatch: pytest.MonkeyPatch, name: str, family: str, file: str = "model.safetensors") -> None:
    spec = ModelSpec(name, family, name, "none", may_sell=False, folder=name, file=file)
    monkeypatch.setitem(zoo.MODELS, name, spec)


def test_every_row_of_the_zoo_has_a_family() -> None:
    assert {spec.family for spec in zoo.MODELS.values()} <= FAMILIES.keys()


def test_loop_model_from_its_files(settings: Settings) -> None:
    write_loop(settings.weights / "looks")
    models = Models(settings)
    model = models.get("looks")
    assert isinstance(model, LoopGenerator)
    assert model.params.looks == ("aurora", "silk")
    assert not model.training
    assert not any(parameter.requires_grad for parameter in model.parameters())
    assert {tensor.dtype for tensor in model.state_dict().values()} == {torch.float32}
    assert models.get("looks") is model
    assert models.config("looks")["hours"] == 2


def test_fastgan_from_a_pickle(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    add_row(monkeypatch, "photos", "fastgan", file="pytorch_model.bin")
    (settings.weights / "photos").mkdir()
    torch.save(fastgan(1024, huggan=True), settings.weights / "photos" / "pytorch_model.bin")
    models = Models(settings)
    model = models.get("photos")
    assert isinstance(model, FastGAN)
    assert model.params.size == 1024
    assert models.config("photos") == {}


def test_a_model_keeps_its_numbers_when_its_file_is_replaced(settings: Settings) -> None:
    write_loop(settings.weights / "looks")
    model = Models(settings).get("looks")
    before = {key: value.clone() for key, value in model.state_dict().items()}
    (settings.weights / "looks" / "model.safetensors").write_bytes(b"\0" * 50_000)
    assert all(torch.equal(value, before[key]) for key, value in model.state_dict().items())


def test_many_threads_load_once(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    write_loop(settings.weights / "looks")
    models = Models(settings)
    found: list[nn.Module] = []
    with caplog.at_level(logging.INFO, "vgan.registry"):
        threads = [threading.Thread(target=lambda: found.append(models.get("looks"))) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(found) == 8
    assert len(set(map(id, found))) == 1
    assert [record.message for record in caplog.records].count("looks: loaded, bundled") == 1


def test_least_recently_used_leaves(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("one", "two", "three"):
        add_row(monkeypatch, name, "loop")
        write_loop(settings.weights / name)
    models = Models(settings, capacity=2)
    one, two = models.get("one"), models.get("two")
    assert models.get("one") is one
    models.get("three")
    assert models.get("one") is one
    assert models.get("two") is not two


def test_names_that_no_table_has(settings: Settings) -> None:
    with pytest.raises(UnknownName, match="Did you mean 'looks'"):
        Models(settings).get("loks")


def test_missing_weights_can_come_later(settings: Settings) -> None:
    models = Models(settings)
    with pytest.raises(WeightsError, match="looks"):
        models.get("looks")
    write_loop(settings.weights / "looks")
    assert models.get("looks")


def params(**changes: Any) -> Callable[[dict[str, Any]], object]:
    return lambda config: config["params"].update(changes)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda config: config.pop("family"), "family is 'None'"),
        (lambda config: config.update(family="stylegan"), "family is 'stylegan'"),
        (lambda config: config.pop("params"), "params should be an object"),
        (lambda config: config["params"].pop("looks"), "params.looks is missing"),
        (params(layers=3), "params.layers is unknown"),
        (params(style=10**9), "params.style is '1000000000'; allowed: a whole number from 1 to 1024"),
        (params(style=-1), "params.style"),
        (params(style=16.0), "params.style"),
        (params(style="16"), "params.style"),
        (params(style=True), "params.style"),
        (params(style=None), "params.style"),
        (params(style=float("nan")), "params.style"),
        (params(base=1024), "1 to 128"),
        (params(channels=[8] * 40), "a list of 1 to 6"),
        (params(base=128, channels=[8] * 6), "4096 px; allowed: up to 1024"),
        (params(style=4), "params.style is 4; allowed: 8 or more"),
        (params(channels=8), "params.channels"),
        (params(channels=[]), "params.channels"),
        (params(looks=["x"] * 257), "a list of 1 to 256"),
        (params(looks=["x" * 1000]), "params.looks"),
        (params(looks=[{}]), "params.looks"),
        (params(style=1024), "of a wrong shape"),
        (params(channels=[8, 4, 4]), "missing: "),
        (params(base_convs=2), "missing: base_convs.1"),
    ],
)
def test_hostile_configs(settings: Settings, change: Callable[[dict[str, Any]], object], words: str) -> None:
    write_loop(settings.weights / "looks", change)
    with pytest.raises(WeightsError) as error:
        Models(settings).get("looks")
    assert words in str(error.value)
    assert str(error.value).startswith("looks: ")


@pytest.mark.parametrize("odd", [{"waves": 9}, {"attributes": 5}])
def test_sizes_that_fit_the_weights_but_cannot_draw(settings: Settings, odd: dict[str, int]) -> None:
    folder = settings.weights / "looks"
    folder.mkdir()
    shape = LoopParams(**PARAMS | {"looks": ("aurora",), "channels": (8, 4)} | odd)
    save_file(LoopGenerator(shape).state_dict(), folder / "model.safetensors")
    config = {"family": "loop", "params": PARAMS | {"looks": ["aurora"]} | odd}
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(WeightsError, match="cannot draw"):
        Models(settings).get("looks")
