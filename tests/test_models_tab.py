"""The Models tab without a browser: what the list says, own looks, names that are typed, the memory, a public app."""

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest
import untrained
from train_app import alone

from vgan.errors import RecipeError, UnknownName, VganError
from vgan.registry import Models
from vgan.settings import Settings
from vgan.ui.gallery import Gallery
from vgan.ui.i18n import bundle, word
from vgan.ui.i18n_models import MODELS_WORDS
from vgan.ui.model_messages import ModelMessages
from vgan.ui.services import Studio
from vgan.ui.style_gallery import StyleGallery
from vgan.ui.tabs.look_shelf import LookShelf
from vgan.ui.tabs.models_actions import ModelsActions
from vgan.ui.trainings import Trainings
from vgan.zoo import MODELS

VISIT: Any = SimpleNamespace(session_hash="someone")
CARD = """---
license: mit
---
# River

<script>alert(1)</script>

## Measured

| what | measured |
|---|---|
| distance | 5 |
"""


def told(**data: Any) -> gr.EventData:
    return gr.EventData(None, data)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Folders of its own for every test, with one look that was trained here, `my:river`."""
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "gradio"))
    settings = alone(tmp_path)
    untrained.write(settings.looks / "river")
    (settings.looks / "river" / "README.md").write_text(CARD)
    return settings


def actions(settings: Settings) -> ModelsActions:
    studio = Studio(Models(settings), settings)
    gallery = Gallery(studio, settings.outputs / "tiles")
    styles = StyleGallery(studio.models, settings.outputs / "tiles")
    say = ModelMessages(studio, gallery, styles)
    return ModelsActions(studio, Trainings(settings), LookShelf(studio, gallery), say)


@pytest.fixture
def do(settings: Settings) -> ModelsActions:
    return actions(settings)


def rows(do: ModelsActions) -> dict[str, dict[str, Any]]:
    models, *_ = do.opened()
    return {row["name"]: row for row in models["models"]}


# --- the list


def test_every_model_has_a_name_and_a_purpose_in_both_languages() -> None:
    for name in MODELS:
        for key in (f"model_{name}", f"about_{name}"):
            english, chinese = MODELS_WORDS[key]
            assert english
            assert chinese
            assert word(key)
    for name in ("models", "bring", "memory"):
        assert bundle(name)


def test_the_list_says_what_there_is(do: ModelsActions, settings: Settings) -> None:
    found = rows(do)
    assert set(MODELS) < set(found)
    mine = found["my:river"]
    assert (mine["title"], mine["kind"], mine["sell"], mine["state"]) == ("River", "mine", "own", "ready")
    assert mine["pictures"][0]["moving"].startswith("gradio_api/file=")
    assert len(found["looks"]["pictures"]) == 6
    assert found["styles"]["state"] == "missing"
    whole = json.dumps(list(found.values()))
    assert "data:" not in whole  # the page is heavy enough
    assert str(settings.weights) not in whole
    assert len(whole) < 30_000


def test_networks_in_memory_are_marked_and_let_go_of(do: ModelsActions) -> None:
    rows(do)  # the tile of the look was drawn with it
    models, shelf, memory, *_ = do.opened()
    assert [one["name"] for one in shelf["looks"]] == ["my:river"]
    assert [one["title"] for one in memory["models"]] == ["River"]
    assert next(row for row in models["models"] if row["name"] == "my:river")["loaded"]
    used = memory["models"][0]["bytes"]
    memory, models = do.free()
    assert (memory["models"], memory["freed"]) == ([], used)
    assert not [row for row in models["models"] if row.get("loaded")]


def test_a_model_is_shown_with_its_figures_and_its_card(do: ModelsActions) -> None:
    message, _ = do.show(told(name="my:river"))
    shown = message["open"]
    assert shown["figures"] == [["distance", "5"]]
    assert "<h1>River</h1>" in shown["card"]
    assert "<script" not in shown["card"]
    assert shown["sheet"] == ""
    message, _ = do.show(told(name="looks"))
    assert len(message["open"]["drawn"]) == 12


def test_only_models_of_the_list_are_shown_or_fetched(do: ModelsActions) -> None:
    for name in ("", "none", "../x", "my:none", None, 7, "a/b", "x" * 10_000):
        with pytest.raises(UnknownName):
            do.show(told(name=name))
        with pytest.raises(RecipeError, match="not in the list"):
            list(do.fetch(told(name=name), VISIT))


def test_fetching_says_why_it_cannot(do: ModelsActions) -> None:
    said = []

    def follow() -> None:
        for answer in do.fetch(told(name="fastgan-aurora"), VISIT):
            said.append(answer[0])

    with pytest.raises(VganError, match="VGAN_OFFLINE"):
        follow()
    assert said[-1] == {"fetching": None}  # after as much progress as there was time for


def test_it_leads_to_tabs_that_there_are(do: ModelsActions) -> None:
    assert do.go(told(tab="style"))["selected"] == "style"
    for tab in ("x", None, [], 7):
        assert "selected" not in do.go(told(tab=tab))


# --- looks that were trained here


def test_a_look_is_renamed_saved_and_removed(do: ModelsActions, settings: Settings) -> None:
    shelf, _ = do.zipped(told(name="my:river"), VISIT)
    assert shelf["zip"]["name"] == "river.zip"
    models, shelf, _memory, push, gallery = do.rename(told(name="my:river", title="Night Traffic"))
    assert [one["title"] for one in shelf["looks"]] == ["Night traffic"]
    assert models["models"][0]["name"] == "my:night-traffic"
    assert push["choices"] == [("Night traffic", "my:night-traffic")]
    assert gallery["looks"][0]["name"] == "my:night-traffic"
    models, shelf, *_ = do.delete(told(name="my:night-traffic"))
    assert shelf["looks"] == []
    assert models["models"][0]["kind"] != "mine"
    assert not (settings.looks / "night-traffic").exists()


def test_only_looks_that_are_there_can_be_touched(do: ModelsActions, settings: Settings) -> None:
    for name in ("my:../../x", "../x", "my:", "", "aurora", "looks", None, 7):
        for act in (do.delete, do.rename, lambda event: do.zipped(event, VISIT)):
            with pytest.raises((UnknownName, RecipeError)):
                act(told(name=name, title="x"))
    assert (settings.looks / "river" / "model.safetensors").is_file()


def test_pushing_needs_a_look_and_a_token(do: ModelsActions) -> None:
    for name, repository, token in (("", "me/x", "hf"), ("my:river", "me/x", " "), ("my:river", "no-owner", "hf")):
        with pytest.raises(RecipeError):
            do.push(name, repository, token)


# --- a generator that is brought


def test_a_name_is_told_before_it_is_loaded(do: ModelsActions) -> None:
    message, _ = do.check(told(name=" my:river "), VISIT)
    found = message["told"]
    assert (found["name"], found["family"], found["here"], found["sell"]) == ("my:river", "loop", True, "own")
    assert (found["attributes"], found["found"]) == (7, 6)
    assert found["parameters"] > 1000
    assert do._studio.models.loaded() == []


def test_hostile_names_are_refused_in_words(do: ModelsActions) -> None:
    wrong = (None, 7, "", " ", "x" * 401, "none", "../etc", "a/../b", "<img src=x>/y", "my:../x", "a/b:c.exe", "a/b")
    for name in wrong:
        with pytest.raises(VganError, match=r"Allowed|VGAN_OFFLINE|look"):
            do.check(told(name=name), VISIT)


def test_files_are_taken_only_where_create_takes_them(do: ModelsActions, settings: Settings, tmp_path: Path) -> None:
    secret = tmp_path / "secret.pt"
    secret.write_bytes(b"x")
    for name in (str(secret), str(settings.weights / "looks" / "model.safetensors"), "/etc/x.bin", "secret.pt"):
        with pytest.raises(RecipeError, match="not a file that you uploaded"):
            do.check(told(name=name), VISIT)


# --- an app for strangers


def test_strangers_change_nothing(settings: Settings) -> None:
    do = actions(replace(settings, public=True))
    before = sorted(settings.looks.rglob("*"))
    for act in (do.delete, do.rename):
        with pytest.raises(RecipeError, match="your own"):
            act(told(name="my:river", title="x"))
    with pytest.raises(RecipeError, match="everybody"):
        do.free()
    with pytest.raises(RecipeError, match="public"):
        do.push("my:river", "me/x", "hf")
    with pytest.raises(RecipeError, match="VGAN_ALLOWED_REPOS"):
        do.check(told(name="owner/name"), VISIT)
    assert sorted(settings.looks.rglob("*")) == before
    assert not [name for name in rows(do) if name.startswith("look:")]
