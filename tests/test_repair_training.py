"""Training of the repair generator: exact resume, learning, damage in windows, the command."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from resumes import assert_resumes
from safetensors.torch import load_file, save_file
from stripes import write_photo, write_scene
from torch import Tensor
from torchvision.models import squeezenet1_1

from vgan.errors import RecipeError, WeightsError
from vgan.models.generators.repair import RepairGenerator, RepairParams
from vgan.models.interpolator import Interpolator, InterpolatorParams
from vgan.training import checkpoint, cli
from vgan.training.interpolate import layers
from vgan.training.interpolate.layers import Layers
from vgan.training.interpolate.triplets import Clips
from vgan.training.repair.damage import damaged
from vgan.training.repair.spoil import KINDS, spoil
from vgan.training.repair.trainer import RepairTrainer, RepairTraining

TINY = RepairTraining(clips=1, layers=1, side=64, alone=2, rate=2e-3)
SMALL = RepairParams((8, 8, 8))
MOVES = InterpolatorParams((4, 8, 8, 8), (8, 8, 8), 8)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scene of stripes that drift, a photograph of stripes, an untrained interpolator and classifier."""
    folder = tmp_path_factory.mktemp("data")
    write_scene(folder / "frames" / "clip" / "0")
    (folder / "photos").mkdir()
    write_photo(folder / "photos" / "a.png", 64, 96)
    torch.manual_seed(0)
    config = {"family": "interpolate", "params": asdict(MOVES)}
    checkpoint.export(folder / "interpolator", Interpolator(MOVES).state_dict(), config)
    save_file(squeezenet1_1(weights=None).state_dict(), folder / "eyes.safetensors")
    return folder


@pytest.fixture
def build(data: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(layers, "SHORT_SIDE", 96)
    clips, photos = Clips([data / "frames" / "clip"], 64), Layers([data / "photos"])

    def trainer(params: RepairTraining = TINY, model: RepairParams = SMALL) -> RepairTrainer:
        torch.manual_seed(0)
        return RepairTrainer(params, model, Interpolator(MOVES), clips, photos, None, torch.device("cpu"))

    return trainer


def test_resume_is_exact(build, tmp_path: Path) -> None:
    assert_resumes(build, tmp_path)
    with pytest.raises(RecipeError, match=r"resume: .*choose another --out"):
        build(model=replace(SMALL, channels=(8, 8, 16))).restore(build().state())


def test_network_learns_from_what_is_kept_beside_it() -> None:
    """The prediction is too pale everywhere: how much, can be seen where nothing is lost."""
    torch.manual_seed(0)
    random = torch.Generator().manual_seed(0)
    network = RepairGenerator(SMALL)
    optimiser = torch.optim.Adam(network.parameters(), lr=2e-3, betas=(0.9, 0.99))
    mask = torch.zeros(2, 1, 64, 64)
    mask[..., 16:48, 16:48] = 1
    losses = []
    for _ in range(40):
        rough = torch.rand(2, 3, 8, 8, generator=random) * 2 - 1
        true = torch.nn.functional.interpolate(rough, (64, 64), mode="bilinear")
        pale = 0.7 * true
        loss = ((network(true * (1 - mask), mask, pale, (pale, pale)) - true).abs() * mask).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert sum(losses[-5:]) < 0.7 * sum(losses[:5])


def test_sheet_shows_four_rows(build) -> None:
    assert build().sheet().shape == (3, 4 * 64, 8 * 64)


def test_windows_are_damaged_where_masks_say() -> None:
    random = torch.Generator().manual_seed(1)
    pictures = torch.rand(12, 3, 64, 64, generator=random).mul(0.4).sub(0.2)
    lost, masks = damaged(pictures, pictures.flip(0), random)
    rounded = pictures.mul(127.5).add(127.5).round().div(127.5).sub(1)
    assert masks.shape == (12, 1, 64, 64)
    assert set(masks.unique().tolist()) == {0, 1}
    kept = (masks == 0).expand_as(lost)
    assert (lost - rounded)[kept].abs().max() < 1e-6
    assert (masks.mean((1, 2, 3)) == 1).any()


@pytest.mark.parametrize("kind", list(KINDS))
def test_damage_is_repeatable_varied_and_inside_its_mask(kind: str) -> None:
    clip = np.random.default_rng(0).integers(60, 200, (6, 90, 160, 3), np.uint8)
    found = [spoil(clip, kind, 3, 1, np.random.default_rng(seed)) for seed in (1, 1, 2)]
    assert np.array_equal(found[0][0], found[1][0])
    assert kind in {"frozen", "dropped"} or not np.array_equal(found[0][0], found[2][0])
    for frames, masks in found:
        assert frames.dtype == np.uint8
        assert masks.shape == (1, 90, 160)
        assert masks.any()
        assert np.array_equal(frames[~masks], clip[3:4][~masks])


def test_network_begins_at_the_prediction_and_takes_any_size() -> None:
    torch.manual_seed(0)
    network, pictures = RepairGenerator(SMALL), torch.rand(3, 1, 3, 37, 51)
    mask = torch.ones(1, 1, 37, 51)

    def drawn() -> Tensor:
        return network(pictures[0], mask, pictures[1], (pictures[1], pictures[2]))

    assert torch.allclose(drawn(), pictures[1], atol=1e-5)
    torch.nn.init.normal_(network.last.weight, std=0.1)
    assert not torch.allclose(drawn(), pictures[1], atol=0.01)
    with torch.no_grad():
        same = network(pictures[0], mask * 0, pictures[0], (pictures[0], pictures[0]))
    assert torch.allclose(same, pictures[0], atol=1e-5), "nothing is changed where everything agrees"
    assert sum(value.numel() for value in RepairGenerator(RepairParams()).parameters()) < 1_000_000


def test_command_exports_what_it_trained(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layers, "SHORT_SIDE", 96)
    asked = ["repair", "--minutes", "0", "--out", str(tmp_path), "--frames", str(data / "frames" / "clip")]
    asked += ["--photos", str(data / "photos"), "--features", str(data / "eyes.safetensors"), "--short-side", "64"]
    asked += ["--side", "32", "--clips", "1", "--layers", "1"]
    with pytest.raises(WeightsError, match=r"interpolator: .* is no export"):
        cli.main([*asked, "--interpolator", str(data / "photos")])
    cli.main([*asked, "--interpolator", str(data / "interpolator")])
    config = json.loads((tmp_path / "export" / "config.json").read_text())
    assert config["family"] == "repair"
    params = RepairParams(**{name: tuple(value) for name, value in config["params"].items()})
    state = {name: value.float() for name, value in load_file(tmp_path / "export" / "model.safetensors").items()}
    RepairGenerator(params).load_state_dict(state)
