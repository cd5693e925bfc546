"""Looks by every name that they can have: the gallery, trained here, the Hub in our format, public checkpoints."""

import os
import pickle
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from checkpoints import fastgan
from safetensors.torch import save_file
from test_registry import write_loop

from vgan import hub
from vgan.errors import RecipeError, UnknownName, WeightsError
from vgan.models.generators.fastgan import FastGAN
from vgan.models.generators.loop import LoopGenerator
from vgan.recipe import Recipe
from vgan.registry import Models
from vgan.settings import Settings
from vgan.share.licences import may_be_sold, sources
from vgan.sources.known import known
from vgan.sources.play_fastgan import FastGanPlayer
from vgan.sources.play_loop import LoopPlayer
from vgan.sources.players import player_for
from vgan.zoo import LOOKS, Look, find_look, find_model


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("VGAN_LOOKS", str(tmp_path / "looks"))
    return Settings(offline=True, public=False, allowed_repos=(), device="cpu", weights=tmp_path / "weights")


@pytest.mark.parametrize(
    ("name", "look", "place"),
    [
        ("aurora", LOOKS["aurora"], {"folder": "looks", "family": "loop"}),
        ("my:rain", Look("my:rain", "rain", "my:rain"), {"own": "rain", "family": "look"}),
        ("my:rain:Silk_2", Look("my:rain:Silk_2", "Silk_2", "my:rain", "Silk_2"), {"own": "rain"}),
        ("me/rain", Look("me/rain", "rain", "me/rain"), {"repo_id": "me/rain", "family": "look"}),
        ("me/rain:silk", Look("me/rain:silk", "silk", "me/rain", "silk"), {"repo_id": "me/rain"}),
        (
            "me/cats:old/cat-f.pt",
            Look("me/cats:old/cat-f.pt", "cat-f", "look:me/cats:old/cat-f.pt"),
            {"repo_id": "me/cats", "file": "old/cat-f.pt", "family": "look-file"},
        ),
        ("/tmp/x/cat.pth", Look("/tmp/x/cat.pth", "cat", "look:/tmp/x/cat.pth"), {"path": "/tmp/x/cat.pth"}),
        ("C:\\x\\cat.bin", Look("C:\\x\\cat.bin", "cat", "look:C:\\x\\cat.bin"), {"path": "C:\\x\\cat.bin"}),
        ("cat.safetensors", Look("cat.safetensors", "cat", "look:cat.safetensors"), {"path": "cat.safetensors"}),
    ],
)
def test_every_kind_of_name(name: str, look: Look, place: dict[str, str]) -> None:
    assert find_look(name) == look
    spec = find_model(look.model)
    assert spec.name == look.model
    assert {field: getattr(spec, field) for field in place} == place
    Recipe.parse({"source": {"kind": "generate", "look": name}})


@pytest.mark.parametrize(
    "name",
    [
        *("my:", "my:../x", "my:a/b", "my:.x", "my:x.pt", "my:x:", "my:a:b:c", f"my:{'x' * 65}", "my:a\nb", "my: x"),
        *("../x/y", "a/../b", "a--b/c", "a/b:../../x.pt", "a/b/c", "a/b:file.exe", "a/b:c/d", "/etc/passwd", "a/b:"),
    ],
)
def test_names_that_can_be_nothing(name: str) -> None:
    if name in ("my:x:", "a/b:"):  # nothing behind a colon is nothing
        assert find_look(name).label is None
        return
    with pytest.raises(RecipeError, match="look:"):
        find_look(name)


def test_a_word_is_taken_for_a_look_of_the_gallery() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'aurora'"):
        find_look("auroa")
    for name in ("my:rain:silk", "me/rain:silk"):
        with pytest.raises(RecipeError, match="names more than a model"):
            find_model(name)


class TestOwn:
    def test_plays_and_is_read_anew_when_it_was_trained_again(self, settings: Settings) -> None:
        write_loop(settings.looks / "rain")
        models = Models(settings)
        first = models.get("my:rain")
        assert isinstance(first, LoopGenerator)
        assert models.get("my:rain") is first
        assert isinstance(player_for("my:rain", models), LoopPlayer)
        assert isinstance(player_for("my:rain:silk", models), LoopPlayer)
        assert known("my:rain").side == 16
        os.utime(settings.looks / "rain" / "model.safetensors", ns=(1, 1))
        assert models.get("my:rain") is not first

    def test_missing(self, settings: Settings) -> None:
        with pytest.raises(WeightsError, match=r"my:rain: .* is missing from rain .*Train it first"):
            Models(settings).get("my:rain")
        assert known("my:rain").attributes  # the most likely, until it is there

    def test_a_host_of_strangers_lends_its_own(self, settings: Settings) -> None:
        write_loop(settings.looks / "rain")
        assert Models(replace(settings, public=True)).get("my:rain")

    def test_belongs_to_the_person(self, settings: Settings) -> None:
        credits = sources(Recipe.parse({"source": {"kind": "generate", "look": "my:rain"}}))
        assert (credits[0].licence, credits[0].origin) == ("yours", "a look of your own")
        assert may_be_sold(credits) == "yes"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda config: config.update(family="stylegan9"), "family is 'stylegan9'; a look's is one of loop"),
        (lambda config: config.update(family=["loop"]), "a look's is one of loop"),
        (lambda config: config.pop("family"), "family is 'None'"),
        (lambda config: config["params"].update(style=10**9), "params.style"),
        (lambda config: config.update(params=[]), "params should be an object"),
    ],
)
def test_hostile_configs(settings: Settings, change: Callable[[dict[str, object]], object], words: str) -> None:
    write_loop(settings.looks / "rain", change)
    with pytest.raises(WeightsError) as error:
        Models(settings).get("my:rain")
    assert words in str(error.value)
    assert str(error.value).startswith(("my:rain: ", "rain: "))
    known("my:rain")


class TestCheckpoints:
    @pytest.mark.parametrize(("size", "huggan"), [(256, False), (1024, True)])
    def test_a_fastgan_by_its_keys(self, settings: Settings, tmp_path: Path, size: int, huggan: bool) -> None:
        path = tmp_path / "mine.pt"
        torch.save({"g": fastgan(size, huggan)}, path)
        models = Models(settings)
        model = models.get(find_look(str(path)).model)
        assert isinstance(model, FastGAN)
        assert model.params.size == known(str(path)).side == size
        assert isinstance(player_for(str(path), models), FastGanPlayer)

    def test_another_network(self, settings: Settings, tmp_path: Path) -> None:
        save_file({"conv.weight": torch.zeros(3)}, tmp_path / "vgg.safetensors")
        with pytest.raises(WeightsError, match=r"vgg: no generator that is known here.*FastGAN.*Found: conv.weight"):
            Models(settings).get(find_look(str(tmp_path / "vgg.safetensors")).model)

    def test_code_in_a_pickle_never_runs(self, settings: Settings, tmp_path: Path) -> None:
        class Hostile:
            def __reduce__(self) -> tuple[object, tuple[str]]:
                return os.system, (f"touch {tmp_path / 'ran'}",)

        path = tmp_path / "evil.pt"
        for write in (torch.save, lambda what, file: file.write_bytes(pickle.dumps(what))):
            write({"g_ema": {"x": torch.zeros(1)}, "evil": Hostile()}, path)
            known(str(path))
            with pytest.raises(WeightsError, match="holds more than tensors"):
                Models(settings).get(find_look(str(path)).model)
        assert not (tmp_path / "ran").exists()

    def test_strangers_may_name_only_allowed_repositories(self, settings: Settings) -> None:
        strict = replace(settings, public=True, allowed_repos=("me/fine",))
        for name in ("me/rain", "me/cats:cat.pt"):
            with pytest.raises(RecipeError, match=r"look: .* may not be loaded on this public app"):
                hub.fetch(find_model(find_look(name).model), strict)
        with pytest.raises(WeightsError, match="VGAN_OFFLINE"):
            hub.fetch(find_model(find_look("me/fine:cat.pt").model), strict)

    def test_where_a_file_lies_is_nobody_elses_business(self) -> None:
        asked = Recipe.parse(
            {
                "source": {
                    "kind": "generate",
                    "look": "/home/me/cat.pt",
                    "path": [{"look": "/home/me/cat.pt"}, {"look": "/home/me/cat.pt", "seed": 2}],
                }
            }
        )
        assert "/home" not in asked.portable().to_json()
        plain = Recipe()
        assert plain.portable() == plain

    def test_nobody_has_looked_at_its_licence(self) -> None:
        credit = sources(Recipe.parse({"source": {"kind": "generate", "look": "me/cats:cat.pt"}}))[0]
        assert credit.may_sell == "unknown"
        assert "me/cats" in credit.origin
