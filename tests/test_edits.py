"""Saved edits, and layers in words: what is written comes back, and files of others are believed nothing."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from checkpoints import stylegan2
from pydantic import ValidationError
from test_registry import write_loop

from vgan.edits import MOST_BYTES, Edit, read_edit
from vgan.errors import RecipeError
from vgan.public_looks import PUBLIC_LOOKS
from vgan.recipe import Generate, Recipe
from vgan.registry import Models
from vgan.settings import Settings
from vgan.share.licences import may_be_sold, sources
from vgan.sources.bands import bands, chip_of, range_of, start_chip, start_of
from vgan.sources.known import known
from vgan.sources.players import player_for
from vgan.ui.links import to_query

SOURCE = Generate(look="silk", seed=3, variation=(1, 0, -2, 0, 0, 0.5), basis="pca", layers=(2, 5), hue=0.1)
GOOD: dict[str, Any] = {"kind": "edit", "name": "warmer", "variation": [0.5, 0, 0, 0, 0, 0]}


def test_out_and_in_and_on_another_seed(tmp_path: Path) -> None:
    edit = Edit.of(SOURCE, "  smoother  ")
    path = tmp_path / "smoother.edit.json"
    path.write_text(edit.to_json())
    assert read_edit(path) == edit
    assert (edit.name, edit.look) == ("smoother", "silk")
    other = Generate(look="ink", seed=99, mix_seed=4)
    applied = read_edit(path).applied(other)
    assert (applied.variation, applied.basis, applied.layers) == (SOURCE.variation, "pca", (2, 5))
    assert applied.model_copy(update={"variation": other.variation, "basis": "closed", "layers": None}) == other


def test_a_files_folder_stays_at_home() -> None:
    for look in ("/home/me/faces.pt", "C:\\me\\faces.pt"):
        assert Edit.of(Generate(look=look), "x").look == "faces.pt"
    assert Edit.of(Generate(look="me/faces:f.pt"), "x").look == "me/faces:f.pt"


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "a\nb", "a\x00b"])
def test_names_that_are_none(name: str) -> None:
    with pytest.raises(RecipeError, match="name"):
        Edit.of(SOURCE, name)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 4000, "not JSON"),
        (b"[]", "kind is not 'edit'"),
        (b'{"kind": "recipe"}', "kind is not 'edit'"),
        (b" " * (MOST_BYTES + 1), "too long"),
        ({"name": None}, "name"),
        ({"variation": [1] * 7}, "variation"),
        ({"variation": [9, 0, 0, 0, 0, 0]}, "variation.0"),
        ({"variation": [float("nan"), 0, 0, 0, 0, 0]}, "variation.0"),
        ({"layers": [5, 2]}, "layers"),
        ({"layers": [0, 10**30]}, "layers.1"),
        ({"basis": "ica"}, "basis"),
        ({"look": "x" * 1000}, "look"),
        ({"path": "/etc/passwd"}, "path"),
    ],
)
def test_files_of_others(tmp_path: Path, content: Any, words: str) -> None:
    path = tmp_path / "theirs.json"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(GOOD | content).encode())
    with pytest.raises(RecipeError) as error:
        read_edit(path)
    assert words in str(error.value)
    assert str(error.value).startswith("theirs.json: ")
    assert len(str(error.value)) < 500


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match=r"nothing\.json"):
        read_edit(tmp_path / "nothing.json")
    with pytest.raises(ValidationError):
        Edit.model_validate(GOOD | {"name": "a\tb"})


class TestBands:
    @pytest.mark.parametrize("look", ["silk", "x.pt", "fastgan-aurora"])
    def test_words_mean_layers_and_back(self, look: str) -> None:
        named = bands(look)
        assert named.keys() == ({"coarse", "middle", "fine"} if known(look).layers else set())
        ends = [layer for span in named.values() for layer in range(span[0], span[1] + 1)]
        assert ends == list(range(known(look).layers))
        for name, span in named.items():
            assert (range_of(name, look), chip_of(span, look)) == (span, name)
            assert (start_of(name, look), start_chip(span[0], look)) == (span[0], name)
        assert range_of("1-1", look) == (1, 1)
        assert chip_of((1, 1), look) == "1-1"
        assert (range_of("all", look), chip_of(None, look)) == (None, "all")
        assert (start_of("17", look), start_chip(17, look)) == (17, "17")
        assert [start_of(odd, look) for odd in ("", None, "x", "-3", "999")] == [None] * 5
        assert [range_of(odd, look) for odd in ("", None, "x", "3-", "-3")] == [None] * 5

    def test_as_many_layers_as_the_player_has(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("VGAN_LOOKS", str(tmp_path))
        write_loop(tmp_path / "tiny")
        torch.save(stylegan2(levels=4), tmp_path / "small.pt")
        models = Models(Settings(offline=True, public=False, device="cpu"))
        for look in ("my:tiny", str(tmp_path / "small.pt")):
            player: Any = player_for(look, models)
            assert known(look).layers == player._directions.layers


def test_public_generators_say_their_licence() -> None:
    verdicts = {name: may_be_sold(sources(Recipe.parse(_asked(name)))) for name in PUBLIC_LOOKS}
    assert {verdict for name, verdict in verdicts.items() if "StyleGAN2" in name} == {"no"}
    assert {verdict for name, verdict in verdicts.items() if "TADNE" in name} == {"yes"}
    credit = sources(Recipe.parse(_asked("ZeqiangLai/StyleGAN2:stylegan2-ffhq-config-f.pt")))[0]
    assert "not for commercial use" in credit.licence


def _asked(look: str) -> dict[str, Any]:
    return {"source": {"kind": "generate", "look": look}}


def test_a_link_names_no_folder() -> None:
    asked = Recipe.parse(_asked("/home/me/faces.pt") | {"share": {"fps": 24}})
    assert "faces.pt" in to_query(asked.portable())
    assert "home" not in to_query(asked.portable())
