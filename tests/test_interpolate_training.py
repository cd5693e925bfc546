"""Training of the interpolator: exact resume, learning, motion that is known, the command; and how it is measured."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from resumes import assert_resumes
from safetensors.torch import load_file
from stripes import write_photo, write_scene
from torchvision.io import read_image
from typer.testing import CliRunner

from vgan.cli import app
from vgan.errors import MediaError, RecipeError
from vgan.metrics.interpolation import FlowWarp, blended
from vgan.models.interpolator import Interpolator, InterpolatorParams, warp
from vgan.training import checkpoint, cli
from vgan.training.interpolate import layers
from vgan.training.interpolate.layers import Layers
from vgan.training.interpolate.trainer import InterpolatorTrainer, InterpolatorTraining
from vgan.training.interpolate.triplets import Clips, moments

TINY = InterpolatorTraining(clips=1, layers=1, side=32, warm=1)
SMALL = InterpolatorParams((4, 8, 8, 8), (8, 8, 8), 8)
REAL = Path("../shared/data/video/good")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two scenes of stripes that drift, and a photograph of stripes."""
    folder = tmp_path_factory.mktemp("data")
    for scene in range(2):
        write_scene(folder / "frames" / "clip" / f"{scene}", scene)
    (folder / "photos").mkdir()
    write_photo(folder / "photos" / "a.png", 64, 96)
    return folder


@pytest.fixture
def build(data: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(layers, "SHORT_SIDE", 96)
    clips, photos = Clips([data / "frames" / "clip"], 64), Layers([data / "photos"])

    def trainer(params: InterpolatorTraining = TINY, model: InterpolatorParams = SMALL) -> InterpolatorTrainer:
        return InterpolatorTrainer(params, model, clips, photos, torch.device("cpu"))

    return trainer


def test_resume_is_exact(build, tmp_path: Path) -> None:
    assert_resumes(build, tmp_path)


def test_it_learns(build) -> None:
    trainer = build(replace(TINY, rate=3e-3, known=0.5))
    losses = []
    for _ in range(30):
        trainer.step_count = 5  # the same triplets again
        losses.append(trainer.step())
    assert losses[-1]["picture"] < 0.9 * losses[0]["picture"]
    assert losses[-1]["flow"] < losses[0]["flow"]
    assert trainer.sheet().shape == (3, 3 * 32, 8 * 32)


def test_another_network_is_not_resumed(build) -> None:
    state = build().state()
    with pytest.raises(RecipeError, match=r"resume: .*choose another --out"):
        build(model=replace(SMALL, painting=4)).restore(state)
    with pytest.raises(RecipeError, match="side: 40 is not a multiple of 16"):
        build(replace(TINY, side=40))


def test_triplets_are_repeatable_and_in_order(build) -> None:
    trainer = build()
    for source in (trainer.clips, trainer.layers):
        one, two = (source.triplets(6, 32, torch.Generator().manual_seed(5)) for _ in range(2))
        assert torch.equal(one.middle, two.middle)
        assert one.ends.shape == (6, 2, 3, 32, 32)
        assert one.middle.shape == (6, 3, 32, 32)
        assert ((one.t > 0) & (one.t < 1)).all()
        assert one.ends.abs().max() <= 1
    generator = torch.Generator().manual_seed(0)
    for _ in range(200):
        first, middle, last = moments(generator)
        assert 0 <= first < middle < last < 9
    with pytest.raises(MediaError, match="side: windows of 80 pixels"):
        trainer.clips.triplets(1, 80, generator)


def test_the_known_flow_is_where_things_are(build) -> None:
    found = build().layers.triplets(8, 64, torch.Generator().manual_seed(2))
    assert found.flow is not None
    away = [
        float((warp(found.ends[:, index], found.flow[:, 2 * index : 2 * index + 2]) - found.middle).abs().median())
        for index in (0, 1)
    ]
    blend = torch.lerp(found.ends[:, 0], found.ends[:, 1], found.t.view(-1, 1, 1, 1))
    assert max(away) < 0.3 * float((blend - found.middle).abs().median())


def test_folders_without_material_are_refused(tmp_path: Path, data: Path) -> None:
    with pytest.raises(MediaError, match="clips of at least 9 frames"):
        Clips([data / "photos"], 64)
    with pytest.raises(MediaError, match="no JPEG or PNG"):
        Layers([tmp_path])


def test_command_exports_what_it_trained(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layers, "SHORT_SIDE", 64)
    sizes = ["--side", "32", "--clips", "1", "--layers", "1", "--short-side", "64"]
    places = ["--frames", str(data / "frames" / "clip"), "--photos", str(data / "photos"), "--out", str(tmp_path)]
    cli.main(["interpolate", "--minutes", "0", *places, *sizes])
    config = json.loads((tmp_path / "export" / "config.json").read_text())
    assert config["family"] == "interpolate"
    params = {name: tuple(v) if isinstance(v, list) else v for name, v in config["params"].items()}
    assert asdict(InterpolatorParams(**params)) == asdict(InterpolatorParams())
    Interpolator(InterpolatorParams(**params)).load_state_dict(
        {name: value.float() for name, value in load_file(tmp_path / "export" / "model.safetensors").items()}
    )


def textured(shift: int) -> np.ndarray:
    noise = torch.rand(1, 3, 30, 40, generator=torch.Generator().manual_seed(0))
    picture = torch.nn.functional.interpolate(noise, (120, 160), mode="bicubic").clamp(0, 1)[0]
    return picture[:, :, 20 + shift : 140 + shift].mul(255).byte().permute(1, 2, 0).contiguous().numpy()


def test_flow_finds_what_moves_and_blending_does_not() -> None:
    one, middle, other = (textured(shift).astype(np.float32) for shift in (0, 4, 8))
    away = [
        np.abs(made - middle)[10:-10, 16:-16].mean()
        for made in (
            FlowWarp()(one.astype(np.uint8), other.astype(np.uint8), 0.5),
            blended(one.astype(np.uint8), other.astype(np.uint8), 0.5),
        )
    ]
    assert away[0] < 0.2 * away[1]


class TestCommands:
    def clip(self) -> Path:
        path = REAL / "bbb_800x640_768kbps_30fps_avc_pyramid_3b.mp4"
        if not path.is_file():
            pytest.skip(f"{path} is not here: real clips come with the shared data")
        return path

    def test_frames_of_clips_are_split_at_cuts(self, tmp_path: Path) -> None:
        answer = CliRunner().invoke(
            app, ["clips", "frames", str(self.clip()), str(tmp_path / "a"), "--until", "0.2", "--short-side", "64"]
        )
        assert answer.exit_code == 0, answer.output
        (scene,) = (tmp_path / "a").iterdir()  # the first one has six frames, which is too few
        pictures = sorted(scene.iterdir())
        assert len(pictures) == 18
        assert min(read_image(str(pictures[0])).shape[1:]) == 64
        assert f"{len(pictures)} pictures" in answer.output

    def test_evaluate_names_every_clip(self, tmp_path: Path) -> None:
        folder = tmp_path / "clips"
        folder.mkdir()
        (folder / "a.mp4").symlink_to(self.clip().resolve())
        torch.manual_seed(0)
        config = {"family": "interpolate", "params": asdict(SMALL), "training": {}}
        checkpoint.export(tmp_path / "model", Interpolator(SMALL).state_dict(), config)
        out = tmp_path / "out.json"
        asked = ["evaluate", "interpolate", "--data", str(folder), "--model", str(tmp_path / "model"), "--most", "2"]
        answer = CliRunner().invoke(app, [*asked, "--json", str(out)])
        assert answer.exit_code == 0, answer.output
        assert "a.mp4" in answer.output
        (row,) = json.loads(out.read_text())["rows"]
        assert set(row["psnr"]) == {"blend", "flow", "ours"}
        nothing = CliRunner().invoke(app, [*asked[:3], str(tmp_path / "none")])
        assert nothing.exit_code == 1
        assert "there are no clips" in nothing.output
