"""Figures of the styles: known answers where the painting is known, the table, the files, and what is refused."""

import json
from pathlib import Path

import pytest
import torch
import untrained
from test_upload import write_clip
from torch import Tensor
from torchvision.io import write_png
from typer.testing import CliRunner, Result

from vgan import evaluate_styles as measured
from vgan.cli import app
from vgan.errors import MediaError
from vgan.evaluate_styles import Protocol, StyleReport, table
from vgan.models.stylizer import StyleNetwork
from vgan.registry import Models
from vgan.settings import Settings
from vgan.training.styles.paintings import PAINTINGS, read_picture, resized, to_float

NAMES = tuple(PAINTINGS)[:2]
SIDE = 96


class Place:
    """Folders with an untrained network of two styles, their pictures, two photographs, and an untrained classifier."""

    def __init__(self, root: Path):
        self.weights, self.paintings, self.photos = root / "weights", root / "paintings", root / "photos"
        self.features = root / "classifier.safetensors"
        untrained.write_styles(self.weights / "styles", NAMES)
        untrained.write_classifier(self.features)
        generator = torch.Generator().manual_seed(0)
        for folder, names in ((self.paintings, [PAINTINGS[name] for name in NAMES]), (self.photos, ["a.PNG", "b.png"])):
            folder.mkdir()
            for cells, name in enumerate(names, 2):
                small = torch.rand(1, 3, cells**3, cells**3, generator=generator)
                picture = torch.nn.functional.interpolate(small, (90, 110), mode="nearest")[0]
                write_png(picture.mul(255).to(torch.uint8), str(folder / name))

    def models(self) -> Models:
        return Models(Settings(device="cpu", offline=True, weights=self.weights, features=self.features))

    def report(self, clips: tuple[Path, ...] = (), own: tuple[Path, ...] = ()) -> StyleReport:
        protocol = Protocol(photos=2, frames=3, clip_styles=1, own_photos=1)
        return measured.evaluate_styles(self.models(), self.paintings, self.photos, list(clips), list(own), protocol)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setattr(measured, "SIDE", SIDE)
    monkeypatch.setattr(measured, "CLIP_SIDE", 144)
    monkeypatch.setattr(measured, "SECONDS", 0.2)
    return Place(tmp_path)


def painted_by(monkeypatch: pytest.MonkeyPatch, paint: object) -> None:
    monkeypatch.setattr(measured, "paint", paint)


def test_the_paintings_themselves_are_right_and_near(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """A painter who shows the style's own picture has its style and nothing of the photograph."""
    pictures = [to_float(resized(read_picture(place.paintings / PAINTINGS[name]), 256)) for name in NAMES]

    def shown(network: StyleNetwork, picture: Tensor, code: Tensor, dtype: torch.dtype) -> Tensor:
        index = next(index for index, one in enumerate(network.codes) if torch.equal(one, code[0]))
        return pictures[index][:, : picture.shape[1], : picture.shape[2]]

    painted_by(monkeypatch, shown)
    report = place.report()
    assert report.right == 1
    assert report.distance < 0.8
    assert report.structure < 0.7


def test_the_photograph_itself_is_all_structure_and_as_far_as_before(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted_by(monkeypatch, lambda network, picture, code, dtype: picture)
    report = place.report()
    assert report.right == 0.5  # each photograph is nearest to one of the two styles
    assert report.distance == pytest.approx(1)
    assert report.structure == pytest.approx(1, abs=1e-4)


def test_every_figure_is_there_and_possible(place: Place, tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4", 5)
    report = place.report((clip,), (place.photos / "b.png",))
    assert set(report.by_style) == set(NAMES)
    for row in (report.by_style[name] for name in NAMES):
        assert 0 <= row["right"] <= 1
        assert row["distance"] > 0
        assert -1 <= row["structure"] <= 1
    assert set(report.flicker["clip"]) == {"steady", "frame by frame"}
    assert all(value >= 0 for value in report.flicker["clip"].values())
    own = report.own["b"]
    assert own["seconds"] >= 0.2
    assert own["right"] in {0.0, 1.0}
    assert own["distance"] > 0


def test_table_names_the_worst_style_and_has_a_row_for_each_clip_and_own_style() -> None:
    report = StyleReport({}, 0.5, 0.25, 0.75)
    report.by_style = {"near": {"distance": 0.1}, "far": {"distance": 0.9}}
    report.flicker = {"street": {"steady": 1.25, "frame by frame": 2.5}}
    report.own = {"carpet": {"seconds": 61.2, "right": 1.0, "distance": 0.125}}
    lines = table(report).splitlines()
    assert lines[:2] == ["| what | measured |", "|---|---|"]
    assert len(lines) == 2 + 4 + 2
    assert [line.split("| ")[-1].removesuffix(" |") for line in lines[2:]] == [
        "50.0 %",
        "0.250",
        "0.750",
        "far, 0.900",
        "1.25; frame by frame 2.50",
        "61 s; right 100 %; distance 0.125",
    ]


class TestRefused:
    def test_a_picture_as_a_clip(self, place: Place) -> None:
        with pytest.raises(MediaError, match=r"a\.PNG: one frame does not flicker"):
            place.report(clips=(place.photos / "a.PNG",))

    def test_an_own_picture_that_is_tiny(self, place: Place, tmp_path: Path) -> None:
        write_png(torch.zeros(3, 20, 90, dtype=torch.uint8), str(tmp_path / "tiny.png"))
        with pytest.raises(MediaError, match=r"tiny\.png: 90x20 pixels; a style needs 64"):
            place.report(own=(tmp_path / "tiny.png",))


class TestCommand:
    @pytest.fixture(autouse=True)
    def _settings(self, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("VGAN_WEIGHTS", str(place.weights))
        monkeypatch.setenv("VGAN_DEVICE", "cpu")
        monkeypatch.setenv("VGAN_OFFLINE", "1")

    def run(self, place: Place, **changes: object) -> Result:
        given = {"paintings": place.paintings, "photos": place.photos, "features": place.features} | changes
        options = [part for name, value in given.items() for part in (f"--{name}", str(value))]
        return CliRunner().invoke(app, ["evaluate", "styles", *options])

    def test_table_and_json(self, place: Place, tmp_path: Path) -> None:
        ended = self.run(place, json=tmp_path / "figures.json")
        assert ended.exit_code == 0, ended.output
        found = json.loads((tmp_path / "figures.json").read_text())
        assert set(found) == {"protocol", "right", "distance", "structure", "by_style", "flicker", "own"}
        assert f"{found['distance']:.3f}" in ended.output
        assert found["protocol"]["photos"] == Protocol().photos

    @pytest.mark.parametrize(
        ("option", "name", "code", "said"),
        [
            ("paintings", "none", 1, "there is no such file"),
            ("photos", "none", 1, "there are no JPEG or PNG photographs"),
            ("photos", "spoilt", 1, "a.jpg: cannot be read as a picture"),
            ("features", "none.safetensors", 1, "none.safetensors: there is no such file"),
            ("features", "weights/styles/model.safetensors", 1, "do not fit the network"),
            ("features", "spoilt/a.jpg", 1, "a.jpg: weights end in .safetensors"),
            ("clip", "none.mp4", 1, "none.mp4: this cannot be read as a clip"),
            ("clip", "spoilt/a.jpg", 1, "a.jpg: this cannot be read as a clip"),
            ("own", "none.png", 1, "none.png: there is no such file"),
            ("own", "spoilt/a.jpg", 1, "a.jpg: cannot be read as a picture"),
            ("json", "none/figures.json", 2, "there is no folder"),
        ],
    )
    def test_bad_input(self, place: Place, tmp_path: Path, option: str, name: str, code: int, said: str) -> None:
        (tmp_path / "spoilt").mkdir()
        (tmp_path / "spoilt" / "a.jpg").write_text("no picture")
        ended = self.run(place, **{option: tmp_path / name})
        assert ended.exit_code == code, ended.output
        assert said in ended.output
        assert "Traceback" not in ended.output
