"""Training of upscalers and denoisers: exact resume, learning, what spoils, the layout of the community."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from resumes import assert_resumes
from safetensors.torch import load_file
from stripes import write_photo
from torch import Tensor
from torchvision.io import write_png

from vgan.errors import MediaError, RecipeError, WeightsError
from vgan.models.srvgg import CompactParams, SRVGGNetCompact, from_checkpoint
from vgan.training import cli
from vgan.training.enhance import photos
from vgan.training.enhance.photos import Photos
from vgan.training.enhance.spoil import compressed, noisy, shrunk, some_grey
from vgan.training.enhance.trainer import EnhanceTrainer, EnhanceTraining
from vgan.weights import load_into

PEER = Path("../shared/data/weights/realesr-general-x4v3.safetensors")
TINY = EnhanceTraining(batch=2, side=32)
SMALL = CompactParams(2, features=8, layers=2)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A photograph of stripes in all directions, and one that is too small."""
    folder = tmp_path_factory.mktemp("photos")
    write_photo(folder / "a.PNG", 96, 128)
    write_png(torch.zeros(3, 8, 8, dtype=torch.uint8), str(folder / "b.png"))
    return folder


@pytest.fixture
def build(monkeypatch: pytest.MonkeyPatch, folder: Path):
    monkeypatch.setattr(photos, "LOOK_FRAMES", 1)
    monkeypatch.setattr(photos, "LOOK_SIDE", 64)

    def trainer(params: EnhanceTraining = TINY, model: CompactParams = SMALL) -> EnhanceTrainer:
        return EnhanceTrainer(params, model, Photos([folder], params.side), torch.device("cpu"))

    return trainer


def test_resume_is_exact(build, tmp_path: Path) -> None:
    assert_resumes(build, tmp_path)


@pytest.mark.parametrize(("task", "scale"), [("upscale", 2), ("upscale", 4), ("denoise", 1)])
def test_pictures_come_nearer(build, task: str, scale: int) -> None:
    trainer = build(replace(TINY, task=task), replace(SMALL, scale=scale))
    losses = [trainer.step()["difference"] for _ in range(60)]
    assert sum(losses[-10:]) < 0.9 * sum(losses[:10])
    assert trainer.sheet().shape == (3, 3 * 32, 8 * 32)


def test_another_network_or_task_is_not_resumed(build) -> None:
    state = build().state()
    with pytest.raises(RecipeError, match=r"resume: .*upscale.*choose another --out"):
        build(model=replace(SMALL, layers=3)).restore(state)
    with pytest.raises(RecipeError, match="resume"):
        build(replace(TINY, task="denoise")).restore(state)
    with pytest.raises(RecipeError, match="side: 33 is not a multiple"):
        build(replace(TINY, side=33))


def test_windows_are_repeatable_and_small_pictures_left_out(build, folder: Path) -> None:
    found = build().photos
    one, two = (found.windows(6, 32, torch.Generator().manual_seed(5)) for _ in range(2))
    assert torch.equal(one, two)
    assert one.shape == (6, 3, 32, 32)
    assert 0 <= one.min() < one.max() <= 1
    assert all(window.std() > 0.05 for window in one)
    with pytest.raises(MediaError, match="200 pixels a side"):
        Photos([folder], 200)


class TestSpoil:
    def picture(self) -> Tensor:
        grey = torch.rand(2, 1, 32, 32, generator=torch.Generator().manual_seed(1))
        return grey.expand(-1, 3, -1, -1)

    def test_shrinking_keeps_what_is_even(self) -> None:
        even = torch.full((1, 3, 32, 32), 100 / 255)
        assert torch.allclose(shrunk(even, 4), torch.full((1, 3, 8, 8), 100 / 255))
        levels = shrunk(self.picture(), 2) * 255
        assert torch.allclose(levels, levels.round(), atol=1e-3)

    def test_compression_is_stronger_at_low_quality(self) -> None:
        picture = self.picture()[0]
        worse, better = ((compressed(picture, quality) - picture).abs().mean() for quality in (10, 95))
        assert worse > 2 * better

    def test_noise_differs_from_picture_to_picture(self) -> None:
        picture = self.picture().repeat(8, 1, 1, 1)
        spread = (noisy(picture, torch.Generator().manual_seed(0)) - picture).flatten(1).std(1)
        assert spread.max() > 0.1
        assert spread.max() > 3 * spread.min()

    def test_some_noise_and_some_windows_are_grey(self) -> None:
        picture = torch.rand(1, 3, 32, 32, generator=torch.Generator().manual_seed(1)).expand(64, -1, -1, -1)
        added = noisy(picture, torch.Generator().manual_seed(0)) - picture
        same = (added[:, 0] - added[:, 2]).abs().amax((1, 2)) < 1e-5
        assert 0 < (same & (added.abs().amax((1, 2, 3)) > 0.01)).sum() < 32
        grey = some_grey(picture, torch.Generator().manual_seed(0))
        colourless = (grey[:, 0] - grey[:, 1]).abs().amax((1, 2)) < 1e-6
        assert 0 < colourless.sum() < 20
        assert torch.equal(grey[~colourless], picture[~colourless])


def test_layout_is_that_of_public_weights() -> None:
    if not PEER.is_file():
        pytest.skip(f"{PEER} is not here: public weights come with the shared data")
    state = load_file(PEER)
    network = SRVGGNetCompact(CompactParams(4, features=64, layers=32))
    assert {name: value.shape for name, value in network.state_dict().items()} == {
        name: value.shape for name, value in state.items()
    }
    network.load_state_dict({name: value.float() for name, value in state.items()})
    ramp = torch.linspace(0.2, 0.8, 24).expand(1, 3, 24, 24)
    with torch.inference_mode():
        large = network(ramp)
    assert (large - torch.nn.functional.interpolate(ramp, scale_factor=4.0, mode="bilinear")).abs().mean() < 0.02


class TestSizesAreReadFromTensors:
    @pytest.mark.parametrize("params", [SMALL, CompactParams(4, 16, 0), CompactParams(1, 4, 3)])
    def test_as_they_were(self, params: CompactParams) -> None:
        network = SRVGGNetCompact(params)
        found, wanted = from_checkpoint(network.state_dict())
        assert found.params == params
        assert all(tensor.is_meta for tensor in found.parameters())
        load_into(found, wanted, "file")
        picture = torch.rand(1, 3, 8, 8)
        assert torch.equal(found(picture), network(picture))

    @pytest.mark.parametrize(
        ("shape", "message"),
        [((5, 2, 3, 3), "5 numbers for each pixel"), ((48, 9, 3, 3), "wrong shape"), ((48,), "another network")],
    )
    def test_other_networks_are_refused(self, shape: tuple[int, ...], message: str) -> None:
        state = SRVGGNetCompact(SMALL).state_dict() | {"body.6.weight": torch.zeros(shape)}
        with pytest.raises(WeightsError, match=message):
            load_into(*from_checkpoint(state), "file")

    def test_sizes_out_of_bounds_are_refused(self) -> None:
        wide = {"body.0.weight": torch.zeros(1).expand(300, 3, 3, 3), "body.2.weight": torch.zeros(12, 300, 3, 3)}
        deep = {"body.0.weight": torch.zeros(8, 3, 3, 3), "body.900.weight": torch.zeros(12, 8, 3, 3)}
        for state in (wide, deep, {}, {"conv.weight": torch.zeros(1)}):
            with pytest.raises(WeightsError, match="compact enhancer"):
                from_checkpoint(state)


def test_command_exports_what_it_trained(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "LOOK_FRAMES", 1)
    sizes = ["--channels", "8", "--layers", "1", "--batch", "1", "--side", "32"]
    cli.main(["upscale", "--scale", "4", "--minutes", "0", "--out", str(tmp_path), "--photos", str(folder), *sizes])
    config = json.loads((tmp_path / "export" / "config.json").read_text())
    assert (config["family"], config["task"]) == ("compact", "upscale")
    SRVGGNetCompact(CompactParams(**config["params"])).load_state_dict(
        {name: value.float() for name, value in load_file(tmp_path / "export" / "model.safetensors").items()}
    )
