"""`styles tiles` and `styles fit`: what they write, and that bad input is refused in a sentence and leaves nothing."""

from pathlib import Path

import pytest
import torch
import untrained
from PIL import Image
from safetensors.torch import load_file
from typer.testing import CliRunner, Result

from vgan.cli import app
from vgan.errors import Cancelled, MediaError
from vgan.fitting import fit_picture
from vgan.models.stylizer import StyleNetwork
from vgan.registry import Models
from vgan.ui.own_styles import TILE_SHOWN
from vgan.ui.style_gallery import build_style_tiles
from vgan.zoo import STYLES


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with untrained weights in weights/, an untrained classifier, a picture, and files that are none."""
    untrained.write(tmp_path / "weights" / "looks")
    untrained.write_styles(tmp_path / "weights" / "styles")
    untrained.write_classifier(tmp_path / "classifier.safetensors")
    (tmp_path / "made").mkdir()
    (tmp_path / "text.png").write_text("no picture")
    Image.effect_noise((90, 70), 90).convert("RGB").save(tmp_path / "picture.png")
    Image.new("RGB", (90, 20)).save(tmp_path / "tiny.png")
    settings = {"WEIGHTS": "weights", "FEATURES": "classifier.safetensors"}
    for name, path in settings.items():
        monkeypatch.setenv(f"VGAN_{name}", str(tmp_path / path))
    monkeypatch.setenv("VGAN_DEVICE", "cpu")
    monkeypatch.setenv("VGAN_OFFLINE", "1")
    return tmp_path


def run(*arguments: object) -> Result:
    ended = CliRunner().invoke(app, ["styles", *map(str, arguments)])
    assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
    assert "Traceback" not in ended.output
    return ended


def still_ticks(done: int, total: int) -> None:
    """Progress that nobody looks at."""


class TestTiles:
    def test_each_style_gets_a_tile_of_its_own(self, place: Path) -> None:
        names = tuple(STYLES)[:3]
        written = build_style_tiles(Models(), place / "made" / "tiles", names)
        assert [path.name for path in written] == [f"{name}.jpg" for name in names]
        assert {path.name for path in written} == {path.name for path in (place / "made" / "tiles").iterdir()}
        pixels = []
        for path in written:
            with Image.open(path) as tile:
                assert (tile.format, tile.size) == ("JPEG", (TILE_SHOWN, TILE_SHOWN))
                pixels.append(tile.tobytes())
        assert len(set(pixels)) == 3

    def test_command_writes_all(self, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("vgan.ui.style_gallery.painted_tile", lambda models, name: Image.new("RGB", (8, 8)))
        ended = run("tiles", "--folder", place / "made")
        assert ended.exit_code == 0
        assert f"{len(STYLES)} files" in ended.output
        assert {path.stem for path in (place / "made").iterdir()} == set(STYLES)

    def test_a_file_in_the_place_of_the_folder(self, place: Path) -> None:
        refused = run("tiles", "--folder", place / "text.png")
        assert refused.exit_code == 1
        assert "text.png" in refused.output
        assert "Choose another place" in refused.output

    def test_without_weights(self, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("VGAN_WEIGHTS", str(place / "none"))
        refused = run("tiles", "--folder", place / "made")
        assert refused.exit_code == 1
        assert "missing" in refused.output
        assert not list((place / "made").iterdir())


class TestFit:
    def test_writes_a_vector_for_this_network(self, place: Path) -> None:
        out, models, told = place / "made" / "mine.safetensors", Models(), []
        fit_picture(models, place / "picture.png", out, lambda done, total: told.append((done, total)), 0.5)
        style, network = load_file(out), models.get("styles")
        assert isinstance(network, StyleNetwork)
        assert style["code"].shape == (1, 2, network.channels)
        assert style["code"].isfinite().all()
        assert bytes(style["network"].tolist()) == models.fingerprint("styles")
        assert told == sorted(told)
        assert (told[0], told[-1]) == ((0, 100), (100, 100))
        assert [path.name for path in out.parent.iterdir()] == [out.name]

    def test_stopped_writes_nothing(self, place: Path) -> None:
        def stop(done: int, total: int) -> None:
            raise Cancelled("stopped")

        with pytest.raises(Cancelled):
            fit_picture(Models(), place / "picture.png", place / "made" / "mine.safetensors", stop)
        assert not list((place / "made").iterdir())

    def test_a_style_is_no_picture(self, place: Path) -> None:
        with pytest.raises(MediaError, match=r"classifier\.safetensors: this is a style already"):
            fit_picture(Models(), place / "classifier.safetensors", place / "made" / "x.safetensors", still_ticks)

    def test_a_large_picture_is_made_smaller_first(self, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        seen: list[torch.Size] = []

        def noted(network: StyleNetwork, picture: torch.Tensor, *rest: object) -> torch.Tensor:
            seen.append(picture.shape)
            return network.codes[:1]

        monkeypatch.setattr("vgan.fitting.fit_style", noted)
        Image.new("RGB", (2048, 1000)).save(place / "large.png")
        fit_picture(Models(), place / "large.png", place / "made" / "x.safetensors", still_ticks)
        assert seen == [(3, 500, 1024)]

    @pytest.mark.parametrize(
        ("picture", "out", "options", "code", "said"),
        [
            ("none.png", "made/x.safetensors", [], 2, "none.png: there is no such file"),
            ("made", "made/x.safetensors", [], 2, "made: there is no such file"),
            ("text.png", "made/x.safetensors", [], 1, "text.png: this cannot be read"),
            ("tiny.png", "made/x.safetensors", [], 2, "90x20 is too small: 64 at least"),
            ("picture.png", "made/x.pt", [], 2, "x.pt: a style file ends in .safetensors"),
            ("picture.png", "none/x.safetensors", [], 1, "there is no folder"),
            ("picture.png", "made/x.safetensors", ["--seconds", "0"], 2, "--seconds"),
            ("picture.png", "made/x.safetensors", ["--features", "none.safetensors"], 1, "there is no such file"),
            ("picture.png", "made/x.safetensors", ["--features", "text.png"], 1, "weights end in"),
        ],
    )
    def test_bad_input(self, place: Path, picture: str, out: str, options: list[str], code: int, said: str) -> None:
        refused = run("fit", place / picture, "-o", place / out, *options)
        assert refused.exit_code == code, refused.output
        assert said in " ".join(refused.output.split())
        assert not list((place / "made").iterdir())

    def test_an_output_that_is_a_folder(self, place: Path) -> None:
        (place / "made" / "x.safetensors").mkdir()
        refused = run("fit", place / "picture.png", "-o", place / "made" / "x.safetensors", "--seconds", "1")
        assert refused.exit_code == 1
        assert [path.name for path in (place / "made").iterdir()] == ["x.safetensors"]
