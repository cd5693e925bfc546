"""GAN versions of upscalers and denoisers: exact resume, where they begin, the critic, how footage goes bad."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
import untrained
from resumes import assert_resumes
from safetensors.torch import load_file
from test_enhance_training import SMALL, folder  # noqa: F401  a fixture
from torch import Tensor
from torchmetrics.functional.image import lpips as published

from vgan.errors import RecipeError, WeightsError
from vgan.metrics.quality import lpips_squeeze
from vgan.models.discriminators.unet import UNetCritic, says_made, says_real
from vgan.models.lpips import TAPS, Lpips
from vgan.models.srvgg import CompactParams, SRVGGNetCompact
from vgan.settings import Settings
from vgan.training import checkpoint, cli
from vgan.training.enhance import gan, photos
from vgan.training.enhance import video as video_file
from vgan.training.enhance.degrade import Degrader
from vgan.training.enhance.gan import GanTrainer, GanTraining, starting_weights
from vgan.training.enhance.photos import Photos

TINY = GanTraining(batch=1, side=32, critic_from=1)  # the critic's steps are 1, 3, 5


@pytest.fixture(scope="module")
def features(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("features") / "classifier.safetensors"
    untrained.write_classifier(path)
    return path


@pytest.fixture
def build(monkeypatch: pytest.MonkeyPatch, folder: Path, features: Path):  # noqa: F811
    monkeypatch.setattr(photos, "LOOK_FRAMES", 1)
    monkeypatch.setattr(photos, "LOOK_SIDE", 64)
    monkeypatch.setattr(gan, "LISTENING", 2)
    torch.manual_seed(5)
    weights = SRVGGNetCompact(SMALL).state_dict()

    def trainer(params: GanTraining = TINY, start: dict[str, Tensor] = weights) -> GanTrainer:
        found = Photos([folder], params.side)
        return GanTrainer(params, start, found, Lpips(load_file(features)), torch.device("cpu"))

    return trainer


def test_resume_is_exact_with_its_critic(build, tmp_path: Path) -> None:
    assert_resumes(build, tmp_path)


def test_the_critic_is_heard_after_its_first_steps(build) -> None:
    trainer = build()
    before = [value.clone() for value in trainer.D.parameters()]
    first, second = trainer.step(), trainer.step()
    assert first["critic"] == first["fooled"] == second["fooled"] == 0
    assert second["critic"] > 0
    assert any(not torch.equal(a, b) for a, b in zip(before, trainer.D.parameters(), strict=True))
    assert trainer.step()["critic"] == second["critic"]  # between its steps, the last figures are told again
    assert trainer.step()["fooled"] > 0
    assert all(weight.requires_grad for weight in trainer.D.parameters())


def test_denoisers_have_it_too(build) -> None:
    torch.manual_seed(0)
    trainer = build(replace(TINY, task="denoise"), SRVGGNetCompact(replace(SMALL, scale=1)).state_dict())
    for _ in range(3):
        assert all(value == value for value in trainer.step().values())
    assert trainer.sheet().shape == (3, 3 * 32, 8 * 32)


class TestWhereItBegins:
    def test_at_the_weights_given(self, build) -> None:
        start = SRVGGNetCompact(SMALL).state_dict()
        for name, value in build(start=start).G_ema.state_dict().items():
            assert torch.equal(value, start[name])

    def test_from_an_export_folder_or_a_checkpoint(self, tmp_path: Path) -> None:
        weights = SRVGGNetCompact(SMALL).state_dict()
        checkpoint.export(tmp_path / "export", weights, {})
        checkpoint.save(tmp_path / "c.pt", {"G_ema": weights})
        for path in (tmp_path / "export", tmp_path / "export" / "model.safetensors", tmp_path / "c.pt"):
            assert starting_weights(path).keys() == weights.keys()

    def test_not_from_anything_else(self, tmp_path: Path) -> None:
        (tmp_path / "model.safetensors").write_bytes(b"nothing")
        (tmp_path / "c.pt").write_bytes(b"nothing")
        checkpoint.save(tmp_path / "other.pt", {"step": 1})
        for path in (tmp_path, tmp_path / "c.pt", tmp_path / "other.pt", tmp_path / "missing"):
            with pytest.raises(WeightsError, match=r"start: .*Allowed"):
                starting_weights(path)

    def test_a_wrong_task_or_window_is_refused(self, build) -> None:
        with pytest.raises(RecipeError, match="cannot denoise"):
            build(replace(TINY, task="denoise"))
        with pytest.raises(RecipeError, match="side: 40 is not a multiple of 16"):
            build(replace(TINY, side=40))
        with pytest.raises(WeightsError, match="another network"):
            build(start={"x": torch.zeros(1)})

    def test_a_checkpoint_of_the_other_version_is_not_resumed(self, build) -> None:
        state = build().state()
        with pytest.raises(RecipeError, match="without a critic"):
            build().restore({name: value for name, value in state.items() if name != "D"})
        with pytest.raises(RecipeError, match="'layers': 1"):
            build().restore(state | {"model": state["model"] | {"layers": 1}})


class TestCritic:
    def test_learns_to_tell_sharp_from_soft(self) -> None:
        torch.manual_seed(0)
        critic = UNetCritic(8, 2)
        optimiser = torch.optim.Adam(critic.parameters(), 2e-3)
        for _ in range(40):
            sharp = torch.rand(2, 3, 32, 32)
            soft = torch.nn.functional.avg_pool2d(sharp, 3, 1, 1)
            loss = says_real(critic(sharp)) + says_made(critic(soft))
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        assert critic(sharp).mean() > critic(soft).mean() + 0.5

    def test_scores_every_place(self) -> None:
        critic = UNetCritic(4, 2)
        picture = torch.rand(1, 3, 64, 48)
        scores = critic(picture)
        assert scores.shape == (1, 1, 32, 24)
        assert scores.dtype == torch.float32


class TestLpips:
    @pytest.mark.filterwarnings("ignore:The parameter 'pretrained'")
    def test_is_the_published_measure(self, features: Path) -> None:
        """Against torchmetrics' own arithmetic, which carries the same heads, on an untrained classifier."""
        theirs = published._LPIPS(net="squeeze", pnet_rand=True)
        layers = {name.removeprefix("features."): value for name, value in load_file(features).items()}
        for piece in theirs.net.slices:
            for name, layer in piece.named_children():
                own = {
                    key.removeprefix(f"{name}."): value
                    for key, value in layers.items()
                    if key.startswith(f"{name}.") and not key.startswith("classifier")
                }
                layer.load_state_dict(own)
        ours = lpips_squeeze(Settings(offline=True, features=features))
        one, other = torch.rand(2, 2, 3, 65, 48, generator=torch.Generator().manual_seed(0)) * 2 - 1
        with torch.inference_mode():
            assert torch.allclose(ours(one, other), theirs(one, other).flatten(), rtol=1e-4, atol=1e-6)
            assert ours(one, one).abs().max() < 1e-6

    @pytest.mark.parametrize("fault", ["missing", "shape", "negative"])
    def test_wrong_heads_are_refused(self, features: Path, fault: str) -> None:
        heads = {f"lin{i}.model.1.weight": torch.ones(1, c, 1, 1) for i, c in enumerate(TAPS.values())}
        if fault == "missing":
            del heads["lin6.model.1.weight"]
        else:
            heads["lin6.model.1.weight"] = -torch.ones(1, 512, 1, 1) if fault == "negative" else torch.ones(1, 9, 1, 1)
        with pytest.raises(WeightsError, match=r"lin6\.model\.1\.weight"):
            Lpips(load_file(features), heads)


class TestDegrade:
    def windows(self, count: int) -> Tensor:
        ramp = torch.linspace(0.1, 0.9, 64)
        window = torch.stack([ramp.expand(64, 64), ramp[:, None].expand(64, 64), torch.full((64, 64), 0.5)])
        return window.mul(255).round().div(255).expand(count, -1, -1, -1)

    @pytest.mark.parametrize("scale", [1, 2, 4])
    def test_sizes_levels_and_repeatable(self, scale: int) -> None:
        spoil, good = Degrader(scale, 0.35), self.windows(12)
        one, two = (spoil(good, torch.Generator().manual_seed(3)) for _ in range(2))
        assert torch.equal(one, two)
        assert one.shape == (12, 3, 64 // scale, 64 // scale)
        assert 0 <= one.min() < one.max() <= 1
        assert torch.allclose(one * 255, (one * 255).round(), atol=1e-3)

    def test_some_stay_clean_and_some_go_bad(self) -> None:
        good = self.windows(40)
        error = (Degrader(1, 0.35)(good, torch.Generator().manual_seed(0)) - good).abs().mean((1, 2, 3))
        assert 5 < (error < 1e-6).sum() < 25
        assert error.max() > 0.015

    def test_without_the_video_library_jpeg_alone_is_learned(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        monkeypatch.setitem(sys.modules, "av", None)
        with caplog.at_level("INFO"):
            spoil = Degrader(2, 0.0)
        assert "JPEG alone" in caplog.text
        assert spoil(self.windows(20), torch.Generator().manual_seed(0)).shape == (20, 3, 32, 32)

    def test_video_is_worse_at_a_higher_rate_factor(self) -> None:
        if not video_file.can_encode():
            pytest.skip("PyAV has no encoder of H.264 here")
        picture = (
            torch.rand(3, 32, 48, generator=torch.Generator().manual_seed(0)) * 0.2 + self.windows(1)[0, :, :32, :48]
        )

        def error(rate: int) -> float:
            found = video_file.as_video(picture, rate, torch.Generator().manual_seed(1))
            assert found.shape == picture.shape
            return float((found - picture).abs().mean())

        assert error(40) > 1.2 * error(12)


def test_command_exports_a_version_that_blends(folder: Path, features: Path, tmp_path: Path) -> None:  # noqa: F811
    weights = SRVGGNetCompact(CompactParams(2, 8, 1)).state_dict()
    checkpoint.export(tmp_path / "fidelity", weights, {})
    common = ["--minutes", "0", "--photos", str(folder), "--batch", "1", "--side", "32", "--features", str(features)]
    start = ["--gan", "--start", str(tmp_path / "fidelity")]
    cli.main(["upscale", *common, *start, "--out", str(tmp_path / "gan")])
    config = json.loads((tmp_path / "gan" / "export" / "config.json").read_text())
    assert (config["version"], config["params"]) == ("gan", {"scale": 2, "features": 8, "layers": 1})
    exported = load_file(tmp_path / "gan" / "export" / "model.safetensors")
    assert {name: value.shape for name, value in exported.items()} == {n: v.shape for n, v in weights.items()}


def test_a_gan_begins_somewhere(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="--gan needs --start"):
        cli.main(["upscale", "--minutes", "0", "--photos", str(tmp_path), "--out", str(tmp_path), "--gan"])
