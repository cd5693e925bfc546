"""What is known of models without loading them: the list, the cards, what a name turns out to be."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import checkpoints
import pytest
import torch
import untrained

from vgan.cards import figures, read_card
from vgan.catalogue import KINDS, catalogue, plays
from vgan.errors import RecipeError, UnknownName, WeightsError
from vgan.public_looks import PUBLIC_LOOKS
from vgan.registry import Models
from vgan.settings import PROJECT, Settings
from vgan.sources.told import tell
from vgan.weights import numbers_in
from vgan.zoo import MODELS

NARROW = """# A thing
## Measured

| what | measured |
|---|---|
| look told rightly, 9:16 | 99.3 % |
| look told rightly, 1:1 | 96.9 % |
| ... of these | 3 |
| loop seam | 1.026 |

## Limits

| nothing | here |
|---|---|
| a | b |
"""
WIDE = """## Measured
| | PSNR | LPIPS |
|---|---|---|
| bicubic x4 | 27.30 | 0.263 |
| upscale-x4 x4 | 28.39 | |
| mean of all | 30 | 0.2 |
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    untrained.write(tmp_path / "weights" / "looks")
    untrained.write(tmp_path / "looks" / "river")
    return Settings(offline=True, device="cpu", weights=tmp_path / "weights", looks=tmp_path / "looks")


def card(folder: Path, text: str) -> Path:
    path = folder / "README.md"
    path.write_text(text)
    return path


# --- the list


def test_it_has_every_model_and_says_what_each_is(settings: Settings) -> None:
    found = {entry.name: entry for entry in catalogue(settings, ["my:river"])}
    assert next(iter(found)) == "my:river"
    assert set(MODELS) <= set(found)
    assert len(found) == 1 + len(MODELS) + len(PUBLIC_LOOKS)
    assert {entry.kind for entry in found.values()} == set(KINDS)
    looks = found["looks"]
    assert (looks.state, looks.origin, looks.sell, looks.look) == ("ready", "shipped", "yes", "aurora")
    assert looks.bytes == (settings.weights / "looks" / "model.safetensors").stat().st_size
    assert looks.parameters == numbers_in(settings.weights / "looks" / "model.safetensors") > 0
    assert "silk" in plays(looks)
    mine = found["my:river"]
    assert (mine.state, mine.origin, mine.sell, mine.look) == ("ready", "mine", "own", "my:river")
    assert (found["styles"].state, found["styles"].bytes) == ("missing", 0)
    faces = next(entry for entry in found.values() if "ffhq" in entry.name)
    assert (faces.state, faces.sell, faces.parameters) == ("fetch", "no", 0)
    assert faces.look.startswith("ZeqiangLai/")
    aurora = found["fastgan-aurora"]
    assert aurora.revision == MODELS["fastgan-aurora"].revision
    assert aurora.bytes > 1e8


def test_what_ships_has_figures_on_its_card() -> None:
    for entry in catalogue(replace(Settings(), offline=True, weights=PROJECT / "weights")):
        if entry.origin == "shipped" and entry.state == "ready":
            said = read_card(entry.card, entry.name)
            assert said, entry.name
            assert said.licence == "apache-2.0"
            assert said.figures, entry.name
            assert entry.parameters > 1000


def test_a_look_that_was_taken_apart_is_missing(settings: Settings) -> None:
    (settings.looks / "river" / "config.json").unlink()
    assert catalogue(settings, ["my:river"])[0].state == "missing"
    (settings.looks / "river" / "config.json").write_text("[")
    assert catalogue(settings, ["my:river"])[0].parameters > 0  # told by the weights
    (settings.looks / "river" / "model.safetensors").write_bytes(b"x" * 99)
    assert catalogue(settings, ["my:river"])[0].parameters == 0


def test_visitors_see_the_public_generators_that_they_may_load(settings: Settings) -> None:
    closed = replace(settings, public=True)
    assert not [entry for entry in catalogue(closed) if entry.name.startswith("look:")]
    opened = replace(closed, allowed_repos=("public-data/TADNE",))
    assert len([entry for entry in catalogue(opened) if entry.name.startswith("look:")]) == 1


# --- cards


def test_figures_are_those_that_say_most() -> None:
    assert figures(NARROW) == (("look told rightly, 9:16", "99.3 %"), ("loop seam", "1.026"))
    assert figures(WIDE, "upscale-x4") == (("PSNR", "28.39"),)
    assert figures(WIDE, "other") == (("PSNR", "30"), ("LPIPS", "0.2"))
    assert figures("## Measured\n\nnothing") == figures("") == figures("## Measured\n| a | b |\n") == ()


def test_a_card_is_shown_without_anything_that_runs(tmp_path: Path) -> None:
    text = (
        "---\nlicense: mit\ntags: [a]\n---\n# Mine\n<script>alert(1)</script> <img src=x onerror=alert(1)>\n\n"
        "![spy](https://evil.example/x.png) [code](javascript:alert(1)) [beside](../looks/README.md) "
        "[ours](https://example.org/a) **bold**\n\n| a | b |\n|---|---|\n| 1 | <b>2</b> |\n"
    )
    said = read_card(card(tmp_path, text))
    assert said
    assert said.licence == "mit"
    assert "license" not in said.html
    for bad in ("<script", "<img", "onerror=alert(1)>", "javascript:", "evil.example", "README.md", "<b>"):
        assert bad not in said.html.replace("&lt;img src=x onerror=alert(1)&gt;", "")
    for good in ("<strong>bold</strong>", '<a href="https://example.org/a">', "<table>", "beside"):
        assert good in said.html


def test_a_card_that_is_none_is_none(tmp_path: Path) -> None:
    assert read_card(None) is read_card(tmp_path / "none.md") is None
    assert read_card(card(tmp_path, "x" * 1_000_001)) is None
    (tmp_path / "README.md").write_bytes(b"\xff\xfe# odd\x00")
    said = read_card(tmp_path / "README.md")
    assert said
    assert said.figures == ()


def test_a_card_is_read_anew_when_it_is_written_anew(tmp_path: Path) -> None:
    for text in ("first", "another"):
        said = read_card(card(tmp_path, text))
        assert said
        assert said.text == text


# --- what a name is


def test_a_look_is_told_without_being_loaded(settings: Settings) -> None:
    found = tell("my:river", settings)
    assert (found.family, found.here, found.licence) == ("loop", True, "yours")
    assert len(found.attributes) == 7
    assert found.found == 6
    assert found.layers > 0
    weights = settings.looks / "river" / "model.safetensors"
    assert (found.parameters, found.bytes) == (numbers_in(weights), weights.stat().st_size)


def test_a_public_checkpoint_is_told_by_its_keys(settings: Settings, tmp_path: Path) -> None:
    torch.save({"g_ema": checkpoints.stylegan2(levels=3)}, tmp_path / "faces.pt")
    found = tell(str(tmp_path / "faces.pt"), settings)
    assert found.family.startswith("StyleGAN2")
    assert (found.side, found.attributes, found.layers > 0) == (32, (), True)
    assert found.parameters > 1000
    assert (found.licence, found.sell) == ("as its owner says", "ask")


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("", RecipeError),
        ("x" * 500, RecipeError),
        ("none", UnknownName),
        ("../etc/passwd", RecipeError),
        ("a/../b", RecipeError),
        ("a/b:c.exe", RecipeError),
        ("<script>/x", RecipeError),
        ("my:../x", RecipeError),
        ("my:none", WeightsError),
        ("owner/name", WeightsError),
        ("owner/name:file.pt", WeightsError),
    ],
)
def test_other_names_are_refused(settings: Settings, name: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        tell(name, settings)


def test_visitors_cannot_ask_for_any_repository(settings: Settings) -> None:
    with pytest.raises(RecipeError, match="VGAN_ALLOWED_REPOS"):
        tell("owner/name", replace(settings, public=True, offline=False))


@pytest.mark.parametrize(
    "changes", [{"family": "style"}, {"family": None}, {"params": {"base": 10**9}}, {"params": []}]
)
def test_configs_that_are_no_looks_are_refused(settings: Settings, changes: dict[str, Any]) -> None:
    path = settings.looks / "river" / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))
    with pytest.raises(WeightsError):
        tell("my:river", settings)


# --- memory


def test_networks_are_let_go_of_and_come_back(settings: Settings) -> None:
    models = Models(settings)
    drawing = models.get("looks")
    models.get("my:river")
    first, second = models.loaded()
    assert (first.name, second.name) == ("my:river", "looks")
    assert first.bytes > first.parameters > 0
    assert models.release() == first.bytes + second.bytes
    assert models.loaded() == []
    assert models.get("looks") is not drawing
    assert sum(part.numel() for part in drawing.parameters()) > 0  # whoever draws with it still can
