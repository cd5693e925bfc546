"""Figures of upscalers and denoisers: known answers, peers of other scales and of grey, cards, and what is refused."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest
import torch
import untrained
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torchvision.io import write_png
from typer.testing import CliRunner, Result

from vgan import measured_enhancers
from vgan.cli import app
from vgan.enhance_cards import write_card
from vgan.errors import MediaError, RecipeError, WeightsError
from vgan.evaluate_enhance import degraded, evaluate_denoise, evaluate_upscale, table
from vgan.measured_enhancers import Enhancer
from vgan.metrics.quality import lpips_squeeze, luma_psnr, psnr, studio_luma
from vgan.models.lpips import Lpips
from vgan.models.srvgg import CompactParams, SRVGGNetCompact
from vgan.runtime import Runtime
from vgan.settings import PROJECT, Settings
from vgan.training.checkpoint import export

PEER = Path("../shared/data/weights/realesr-general-x4v3.safetensors")
GREY_PEER = Path("../shared/data/weights/dncnn_25.safetensors")
CPU = Runtime(torch.device("cpu"), torch.float32)
TRAINING = {"steps": 7, "minutes": 0.1, "device": "cpu", "workers": 1}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two photographs, an untrained classifier, and networks of no training at x1 and x2."""
    root = tmp_path_factory.mktemp("place")
    untrained.write_classifier(root / "classifier.safetensors")
    (root / "photos").mkdir()
    generator = torch.Generator().manual_seed(0)
    for name, side in (("a.PNG", 130), ("b.png", 96)):
        small = torch.rand(1, 3, 20, 20, generator=generator)
        picture = torch.nn.functional.interpolate(small, (side, 131), mode="bicubic").clamp(0, 1)[0]
        write_png(picture.mul(255).to(torch.uint8), str(root / "photos" / name))
    for scale in (1, 2):
        params = CompactParams(scale, 4, 1)
        torch.manual_seed(scale)
        network = SRVGGNetCompact(params)
        nn.init.zeros_(network.body[-1].weight)
        nn.init.zeros_(network.body[-1].bias)  # so that it answers the nearest pixel
        config = {"family": "compact", "params": asdict(params), "version": "fidelity", "training": TRAINING}
        export(root / f"nearest-x{scale}", network.state_dict(), config)
    return root


@pytest.fixture(scope="module")
def lpips(place: Path) -> Lpips:
    return lpips_squeeze(Settings(offline=True, features=place / "classifier.safetensors"))


def ours(place: Path, scale: int) -> Enhancer:
    return measured_enhancers.ours(place / f"nearest-x{scale}", CPU)


class TestQuality:
    def test_psnr_of_a_known_error(self) -> None:
        picture = torch.full((3, 8, 8), 0.5)
        assert psnr(picture + 0.1, picture) == pytest.approx(20.0, abs=1e-4)
        assert psnr(picture, picture) > 100

    def test_luma_is_studio_range(self) -> None:
        ends = studio_luma(torch.stack([torch.zeros(3, 1, 1), torch.ones(3, 1, 1)], 3)[:, 0]) * 255
        assert ends.flatten().tolist() == pytest.approx([16, 235], abs=1e-6)

    def test_the_border_does_not_count(self) -> None:
        wanted = torch.rand(3, 12, 12, generator=torch.Generator().manual_seed(0))
        made = wanted.clone()
        made[:, :2] = 0
        made[:, :, -2:] = 1
        assert luma_psnr(made, wanted, 2) > 100 > 30 > luma_psnr(made, wanted, 1)


class TestUpscale:
    def test_gain_is_over_bicubic_and_nearest_is_worse(self, place: Path, lpips: Lpips) -> None:
        report = evaluate_upscale([ours(place, 2)], [], place / "photos", lpips)
        bicubic, nearest = report.rows
        assert (bicubic.name, bicubic.kind, nearest.name) == ("bicubic", "yardstick", "nearest-x2")
        assert bicubic.figures["psnr_gain"] == 0
        assert nearest.figures["psnr_gain"] == pytest.approx(nearest.figures["psnr"] - bicubic.figures["psnr"])
        assert nearest.figures["psnr_gain"] < -1
        assert report.photos == 2

    def test_a_peer_that_enlarges_more_is_shrunk(self, place: Path, lpips: Lpips) -> None:
        class Four(nn.Module):
            def forward(self, x: Tensor) -> Tensor:
                return torch.nn.functional.interpolate(x, scale_factor=4, mode="bicubic")

        four = Enhancer("four", 4, 3, Four(), CPU)
        rows = evaluate_upscale([ours(place, 2)], [four], place / "photos", lpips, most=1).rows
        assert [row.name for row in rows] == ["bicubic", "nearest-x2", "four"]
        assert rows[2].figures["psnr_gain"] > rows[1].figures["psnr_gain"] + 1  # in its place: no pixel off

    def test_degraded_pictures_may_be_denoised_first(self, place: Path, lpips: Lpips) -> None:
        class Grey(nn.Module):
            def forward(self, x: Tensor) -> Tensor:
                return torch.full_like(x, 0.5)

        before = Enhancer("grey", 1, 3, Grey(), CPU)
        bicubic, row = evaluate_upscale([ours(place, 2)], [], place / "photos", lpips, most=1, before=before).rows
        assert "lpips_denoised" not in bicubic.figures
        assert row.figures["lpips_denoised"] > row.figures["lpips_degraded"]

    def test_denoisers_are_refused(self, place: Path, lpips: Lpips) -> None:
        with pytest.raises(RecipeError, match="nearest-x1 does not enlarge"):
            evaluate_upscale([ours(place, 1)], [], place / "photos", lpips)

    def test_photos_must_be_there_and_large_enough(self, place: Path, lpips: Lpips, tmp_path: Path) -> None:
        with pytest.raises(MediaError, match="no JPEG or PNG"):
            evaluate_upscale([ours(place, 2)], [], tmp_path, lpips)
        write_png(torch.zeros(3, 40, 90, dtype=torch.uint8), str(tmp_path / "a.png"))
        with pytest.raises(MediaError, match=r"90x40 pixels; 64 a side"):
            evaluate_upscale([ours(place, 2)], [], tmp_path, lpips)


class TestDenoise:
    def test_doing_nothing_gains_nothing(self, place: Path, lpips: Lpips) -> None:
        as_it_is, nothing = evaluate_denoise([ours(place, 1)], [], place / "photos", lpips).rows
        for name, value in as_it_is.figures.items():
            assert nothing.figures[name] == pytest.approx(value, abs=0.05), name
        assert as_it_is.figures["colour"] == pytest.approx(20.3, abs=0.3)  # noise of 25 levels, some of it clipped

    def test_a_network_that_sees_grey_is_asked_about_grey_alone(self, place: Path, lpips: Lpips) -> None:
        class Smooth(nn.Module):
            def forward(self, x: Tensor) -> Tensor:
                return torch.nn.functional.avg_pool2d(x, 3, 1, 1)

        grey = Enhancer("grey", 1, 1, Smooth(), CPU)
        *_, row = evaluate_denoise([ours(place, 1)], [grey], place / "photos", lpips, most=1).rows
        assert set(row.figures) == {"grey"}
        assert row.figures["grey"] > 24
        with pytest.raises(RecipeError, match="grey does not keep"):
            evaluate_denoise([grey], [], place / "photos", lpips)


@pytest.mark.parametrize("scale", [1, 2, 4])
def test_the_degraded_set_is_fixed(scale: int) -> None:
    picture = torch.rand(3, 64, 64, generator=torch.Generator().manual_seed(0))
    one, two, other = degraded(picture, scale, 3), degraded(picture, scale, 3), degraded(picture, scale, 4)
    assert torch.equal(one, two)
    assert one.shape == (3, 64 // scale, 64 // scale)
    assert not torch.equal(one, other)


class TestPeers:
    def test_ours_load_in_spandrel_from_the_file_alone(self, place: Path) -> None:
        picture = torch.rand(3, 24, 32, generator=torch.Generator().manual_seed(0))
        for folder in (place / "nearest-x1", place / "nearest-x2", *shipped()):
            found = measured_enhancers.peer(folder / "model.safetensors", CPU)
            mine = measured_enhancers.ours(folder, CPU)
            assert (found.scale, found.channels) == (mine.scale, 3)
            assert (found(picture) - mine(picture)).abs().max() < 1.5 / 255, folder

    def test_public_networks(self) -> None:
        for path, scale, channels in ((PEER, 4, 3), (GREY_PEER, 1, 1)):
            if not path.is_file():
                pytest.skip(f"{path} is not here: public weights come with the shared data")
            found = measured_enhancers.peer(path, CPU)
            assert (found.scale, found.channels) == (scale, channels)
            even = torch.full((channels, 24, 24), 0.5)
            assert (found(even)[:, 8:-8, 8:-8] - 0.5).abs().max() < 0.05

    def test_other_files_are_refused(self, place: Path, tmp_path: Path) -> None:
        save_file({"conv.weight": torch.zeros(3)}, tmp_path / "odd.safetensors")
        with pytest.raises(WeightsError, match=r"odd\.safetensors: no network that spandrel knows"):
            measured_enhancers.peer(tmp_path / "odd.safetensors", CPU)
        with pytest.raises(WeightsError, match="no such file"):
            measured_enhancers.ours(tmp_path, CPU)


def shipped() -> list[Path]:
    """Folders of the bundled weights in this layout."""
    configs = (PROJECT / "weights").glob("*/config.json")
    return sorted(path.parent for path in configs if json.loads(path.read_text()).get("family") == "compact")


@pytest.mark.parametrize("folder", shipped(), ids=lambda folder: folder.name)
def test_shipped_weights_are_what_their_cards_say(folder: Path) -> None:
    state, config = load_file(folder / "model.safetensors"), json.loads((folder / "config.json").read_text())
    network = SRVGGNetCompact(CompactParams(**config["params"]))
    assert {name: value.shape for name, value in network.state_dict().items()} == {n: v.shape for n, v in state.items()}
    assert (folder / "model.safetensors").stat().st_size < 10_000_000
    assert str(f"{config['training']['steps']:,} steps") in (folder / "README.md").read_text()


class TestCommand:
    def run(self, place: Path, task: str, *options: str) -> Result:
        features = ["--features", str(place / "classifier.safetensors")]
        return CliRunner().invoke(app, ["evaluate", task, "--data", str(place / "photos"), *features, *options])

    @pytest.mark.parametrize(("task", "scale"), [("upscale", 2), ("denoise", 1)])
    def test_writes_figures_and_card(self, place: Path, tmp_path: Path, task: str, scale: int) -> None:
        folder = place / f"nearest-x{scale}"
        where = ["--json", str(tmp_path / "r.json"), "--card", "--most", "1"]
        if task == "upscale":
            where += ["--before", str(place / "nearest-x1")]
        result = self.run(place, task, "--model", str(folder), *where)
        assert result.exit_code == 0, result.output
        assert f"| nearest-x{scale} x{scale} |" in result.output
        report = json.loads((tmp_path / "r.json").read_text())
        assert (report["task"], report["photos"], len(report["rows"])) == (task, 1, 2)
        card = (folder / "README.md").read_text()
        assert f"| nearest-x{scale} x{scale} |" in card
        assert "7 steps, 0.1 minutes on cpu with 1 process " in card
        assert "{" not in card

    def test_refuses_with_exit_code_2(self, place: Path) -> None:
        result = self.run(place, "denoise", "--model", str(place / "nearest-x2"))
        assert result.exit_code == 2
        assert "nearest-x2" in result.output


def test_no_card_without_training_facts(place: Path, lpips: Lpips, tmp_path: Path) -> None:
    report = evaluate_upscale([ours(place, 2)], [], place / "photos", lpips, most=1)
    export(tmp_path, load_file(place / "nearest-x2" / "model.safetensors"), {})
    with pytest.raises(WeightsError, match="no version and training facts"):
        write_card(report, tmp_path, "photos")
    assert table(report, 4).count("\n") == 2
