"""Training of styles: exact resume, steady pairs, made content, a vector of one's own. Needs the offline classifier."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
import untrained
from resumes import assert_resumes
from safetensors.torch import load_file
from torchvision.io import read_image, write_png
from typer.testing import CliRunner

from vgan.cli import app
from vgan.errors import Cancelled, WeightsError
from vgan.features import classifier
from vgan.models.perceptual import SqueezeTaps
from vgan.models.stylizer import StyleNetwork, StyleParams
from vgan.settings import Settings
from vgan.training.styles import content
from vgan.training.styles.content import Content, overlaps
from vgan.training.styles.fit import fit_style
from vgan.training.styles.paintings import PAINTINGS
from vgan.training.styles.still_life import dead_leaves, textures
from vgan.training.styles.targets import TAPS, target_of
from vgan.training.styles.trainer import StyleTrainer, StyleTraining
from vgan.zoo import STYLES

WEIGHTS = Path("../shared/data/weights/squeezenet1_1.safetensors")
NAMES = tuple(PAINTINGS)[:2]
TINY = StyleTraining(pairs=1, side=48, critic_from=1)


@pytest.fixture(scope="module")
def eyes_state() -> dict[str, torch.Tensor]:
    if not WEIGHTS.is_file():
        pytest.skip(f"{WEIGHTS} is not here: the offline classifier comes with the shared data")
    return load_file(WEIGHTS)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two paintings and two photographs, made of noise and stripes."""
    folder = tmp_path_factory.mktemp("pictures")
    generator = torch.Generator().manual_seed(0)
    for index, name in enumerate(NAMES):
        small = torch.rand(1, 3, 8 * (index + 1), 8 * (index + 1), generator=generator)
        picture = torch.nn.functional.interpolate(small, (300, 320), mode="nearest")[0].mul(255).to(torch.uint8)
        write_png(picture, str(folder / (Path(PAINTINGS[name]).stem + ".png")))
    return folder


@pytest.fixture
def trainer(monkeypatch: pytest.MonkeyPatch, pictures: Path, eyes_state: dict[str, torch.Tensor]):
    monkeypatch.setattr(content, "LOOK_FRAMES", 1)
    for name in NAMES:
        monkeypatch.setitem(PAINTINGS, name, Path(PAINTINGS[name]).stem + ".png")

    def build(**changes: object) -> StyleTrainer:
        model = StyleParams(NAMES, outer=8, inner=8, blocks=1)
        return StyleTrainer(
            replace(TINY, **changes), model, pictures, Content([pictures]), eyes_state, torch.device("cpu")
        )

    return build


def test_gallery_and_training_know_the_same_styles() -> None:
    assert list(STYLES) == list(PAINTINGS)


def test_resume_is_exact(trainer, tmp_path: Path) -> None:
    assert_resumes(trainer, tmp_path)


def test_style_comes_nearer(trainer) -> None:
    run = trainer(content_weight=0.0, steady=0.0, critic=0.0, critic_from=10**6, rate=3e-3)
    losses = [run.step()["style"] for _ in range(30)]
    assert sum(losses[-5:]) < 0.9 * sum(losses[:5])


def test_sheet_shows_two_pictures_in_every_style(trainer) -> None:
    sheet = trainer().sheet()
    assert sheet.shape == (3, 2 * 256, 8 * 256)
    assert sheet.min() >= 0
    assert sheet.max() <= 1


def test_pairs_show_the_same_where_they_overlap(pictures: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "LOOK_FRAMES", 1)
    pairs = Content([pictures]).pairs(4, 64, torch.Generator().manual_seed(2))
    for one, other in overlaps(pairs.frames, pairs.moved):
        assert one.shape == other.shape
        assert min(one.shape[1:]) >= 64 - 16 - 16
        assert (one - other).abs().mean() < 0.06  # the noise of the second


def test_no_pictures_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no JPEG or PNG"):
        Content([tmp_path])


def test_dead_leaves_are_varied_and_repeatable() -> None:
    fills = textures(48)
    one, two = (dead_leaves(fills, 3, torch.Generator().manual_seed(4)) for _ in range(2))
    assert torch.equal(one, two)
    assert one.shape == (3, 3, 48, 48)
    assert one.abs().max() <= 1
    assert one.std() > 0.2
    assert (one[0] - one[1]).abs().mean() > 0.1


class TestFit:
    def network(self) -> StyleNetwork:
        torch.manual_seed(0)
        network = StyleNetwork(StyleParams(NAMES, outer=8, inner=8, blocks=1)).requires_grad_(False)
        torch.nn.init.normal_(network.codes, std=0.3)
        return network

    def test_vector_moves_towards_the_picture(self, eyes_state: dict[str, torch.Tensor]) -> None:
        eyes, network = SqueezeTaps(eyes_state, TAPS), self.network()
        picture = dead_leaves(textures(160), 1, torch.Generator().manual_seed(9))[0].mul(127).add(128).to(torch.uint8)
        before = [weight.clone() for weight in network.parameters()]
        told: list[int] = []
        code = fit_style(network, picture, eyes, lambda done, total: told.append(done), seconds=8)
        assert code.shape == (1, 2, network.channels)
        assert code.isfinite().all()
        assert told[0] == 0
        assert told[-1] == 100
        assert all(torch.equal(a, b) for a, b in zip(before, network.parameters(), strict=True))
        from vgan.training.styles import fit

        shown = dead_leaves(textures(160), 2, torch.Generator().manual_seed(5))
        grams = list(target_of(picture, eyes).grams)
        with torch.no_grad():
            fitted, *others = (
                float(fit._losses(network, one, shown, grams, eyes)[0]) for one in (code, *network.codes.split(1))
            )
        assert fitted < min(others)

    def test_cancel_stops_it(self, eyes_state: dict[str, torch.Tensor]) -> None:
        def stop(done: int, total: int) -> None:
            raise Cancelled("stopped")

        picture = torch.zeros(3, 100, 100, dtype=torch.uint8)
        with pytest.raises(Cancelled):
            fit_style(self.network(), picture, SqueezeTaps(eyes_state, TAPS), stop)

    def test_tiny_picture_is_refused(self, eyes_state: dict[str, torch.Tensor]) -> None:
        with pytest.raises(ValueError, match="20x10"):
            fit_style(
                self.network(),
                torch.zeros(3, 10, 20, dtype=torch.uint8),
                SqueezeTaps(eyes_state, TAPS),
                lambda done, total: None,
            )


def test_classifier_offline_without_a_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="VGAN_FEATURES"):
        classifier(Settings(offline=True, features=None))
    with pytest.raises(WeightsError, match="none"):
        classifier(Settings(features=tmp_path / "none.safetensors"))


def test_fit_by_command_and_use_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not WEIGHTS.is_file():
        pytest.skip(f"{WEIGHTS} is not here: the offline classifier comes with the shared data")
    untrained.write_styles(tmp_path / "weights" / "styles")
    monkeypatch.setenv("VGAN_WEIGHTS", str(tmp_path / "weights"))
    monkeypatch.setenv("VGAN_OFFLINE", "1")
    picture, out = tmp_path / "picture.png", tmp_path / "mine.safetensors"
    write_png((torch.rand(3, 120, 90) * 255).to(torch.uint8), str(picture))
    run = CliRunner()
    options = ["-o", str(out), "--seconds", "1", "--features", str(WEIGHTS)]
    fitted = run.invoke(app, ["styles", "fit", str(picture), *options])
    assert fitted.exit_code == 0, fitted.output
    recipe = {
        "source": {"kind": "upload", "path": str(picture)},
        "steps": [{"kind": "stylize", "style": str(out)}],
        "share": {"format": "png"},
    }
    made = run.invoke(app, ["render", "-", "-o", str(tmp_path / "made.png")], input=json.dumps(recipe))
    assert made.exit_code == 0, made.output
    assert read_image(str(tmp_path / "made.png")).shape == (3, 120, 90)
    for arguments, said in (
        ([str(picture), "-o", "mine.pt"], "ends in .safetensors"),
        ([str(tmp_path / "gone.png"), "-o", str(out)], "no such file"),
    ):
        refused = run.invoke(app, ["styles", "fit", *arguments])
        assert refused.exit_code == 2
        assert said in refused.output
    listed = run.invoke(app, ["styles", "list"])
    assert all(name in listed.output for name in STYLES)
