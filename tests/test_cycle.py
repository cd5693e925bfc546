"""Unpaired translation: data, pool, exact resume, learning, the clips' predictors, export that loads and draws."""

from pathlib import Path

import numpy as np
import pytest
import torch
from resumes import assert_resumes
from torch import Tensor
from torchvision.io import write_png

from vgan.errors import MediaError, RecipeError
from vgan.evaluate_cycle import evaluate_cycle, sheet, table
from vgan.models.discriminators.patch_gan import PatchGan
from vgan.models.next_frame import NextFrame
from vgan.models.translators import from_checkpoint, layout_of
from vgan.models.translators.resnet import ResnetParams
from vgan.training import checkpoint, cli
from vgan.training.cycle.domain import Domain
from vgan.training.cycle.pool import ImagePool
from vgan.training.cycle.trainer import CycleTrainer, CycleTraining
from vgan.training.looks.frames import write_frames
from vgan.weights import load_into, read_weights

SIDE = 32
TINY = CycleTraining(side=SIDE, pool=3, critic_width=4)
MODEL = ResnetParams(width=4, blocks=1)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Clips of four frames: a dark square that moves on light ground, and the reverse in colour."""
    made = []
    for name, ground, square in (("a", (230, 230, 230), (20, 20, 20)), ("b", (40, 0, 80), (250, 200, 0))):
        folder = tmp_path_factory.mktemp(name)
        for clip in range(4):
            (folder / f"clip{clip}").mkdir()
            for frame in range(4):
                picture = torch.tensor(ground, dtype=torch.uint8).view(3, 1, 1).repeat(1, 40, 44)
                start = 4 + 3 * frame + clip
                picture[:, 10:24, start : start + 14] = torch.tensor(square, dtype=torch.uint8).view(3, 1, 1)
                write_png(picture, str(folder / f"clip{clip}" / f"{frame + 8}.png"))  # 8, 9, 10, 11
        made.append(folder)
    return made[0], made[1]


def build(folders: tuple[Path, Path], temporal: bool = False, model: ResnetParams = MODEL) -> CycleTrainer:
    a, b = (Domain(folder, 36, 3 if temporal else 1) for folder in folders)
    return CycleTrainer(TINY, model, a, b, torch.device("cpu"))


class TestDomain:
    def test_frames_are_consecutive_in_natural_order(self, folders: tuple[Path, Path]) -> None:
        clip = Domain(folders[0], 40).clips[0]
        lefts = [int((frame[0, 16] < 100).nonzero().min()) for frame in clip]
        assert lefts == [4, 7, 10, 13]

    def test_windows_are_of_one_place_and_in_range(self, folders: tuple[Path, Path]) -> None:
        windows = Domain(folders[0], 36, 3).sample(5, SIDE, torch.Generator().manual_seed(0))
        assert windows.shape == (5, 3, 3, SIDE, SIDE)
        assert windows.abs().max() <= 1
        assert (windows[:, :, :, 0] - windows[:, :1, :, 0]).abs().max() < 0.1  # the ground stays where it is

    def test_pictures_and_arrays_are_read_too(self, tmp_path: Path) -> None:
        write_png(torch.zeros(3, 50, 70, dtype=torch.uint8), str(tmp_path / "one.PNG"))
        np.save(tmp_path / "clip.npy", np.zeros((5, 60, 40, 3), np.uint8))
        (tmp_path / "notes.txt").write_text("not a picture")
        assert [tuple(clip.shape) for clip in Domain(tmp_path, 20).clips] == [(5, 3, 30, 20), (1, 3, 20, 28)]

    def test_every_frame_is_as_likely(self, tmp_path: Path) -> None:
        np.save(tmp_path / "dark.npy", np.zeros((1, 8, 8, 3), np.uint8))
        np.save(tmp_path / "light.npy", np.full((9, 8, 8, 3), 255, np.uint8))
        windows = Domain(tmp_path, 8).sample(400, 8, torch.Generator().manual_seed(0))
        assert 0.85 < float((windows[:, 0, 0, 0, 0] > 0).float().mean()) < 0.95

    @pytest.mark.parametrize(
        ("name", "content", "told"),
        [
            ("bad.png", b"\x89PNG of nothing", "bad.png: cannot be read as a picture"),
            ("bad.npy", b"no array", "bad.npy: cannot be read as an array"),
            ("notes.txt", b"", "no pictures"),
        ],
    )
    def test_bad_files_are_named(self, tmp_path: Path, name: str, content: bytes, told: str) -> None:
        (tmp_path / name).write_bytes(content)
        with pytest.raises(MediaError, match=told):
            Domain(tmp_path, 16)

    def test_array_of_another_kind_is_refused(self, tmp_path: Path) -> None:
        np.save(tmp_path / "x.npy", np.zeros((5, 60, 40), np.float32))
        with pytest.raises(MediaError, match=r"float32 of shape \(5, 60, 40\)"):
            Domain(tmp_path, 16)

    def test_stills_are_no_clips(self, tmp_path: Path) -> None:
        write_png(torch.zeros(3, 50, 70, dtype=torch.uint8), str(tmp_path / "one.png"))
        with pytest.raises(MediaError, match="at least 3 frames"):
            Domain(tmp_path, 16, 3)

    def test_missing_folder_is_said(self, tmp_path: Path) -> None:
        with pytest.raises(MediaError, match="no such folder"):
            Domain(tmp_path / "none", 16)


class TestPool:
    def picture(self, value: float) -> Tensor:
        return torch.full((1, 3, 2, 2), value)

    def test_first_pictures_come_back_and_are_kept(self) -> None:
        pool, generator = ImagePool(3), torch.Generator().manual_seed(0)
        for value in (1.0, 2.0, 3.0):
            assert float(pool.swap(self.picture(value), generator).mean()) == value
        assert len(pool.pictures) == 3

    def test_full_pool_gives_old_ones_half_of_the_time(self) -> None:
        pool, generator = ImagePool(5), torch.Generator().manual_seed(0)
        shown = [float(pool.swap(self.picture(float(value)), generator).mean()) for value in range(405)]
        older = sum(got != value for value, got in enumerate(shown))
        assert 160 <= older <= 240
        assert all(got <= value for value, got in enumerate(shown))  # nothing that was not given before
        assert len(pool.pictures) == 5
        assert max(float(picture.mean()) for picture in pool.pictures) > 380  # the pool moves on


@torch.no_grad()
def test_critic_sees_patches_of_seventy_pixels() -> None:
    torch.manual_seed(0)
    critic = PatchGan(4)
    for layer in critic.modules():  # normalisation spreads a change everywhere
        if isinstance(layer, torch.nn.InstanceNorm2d):
            layer.forward = lambda x: x  # type: ignore[method-assign]
    picture = torch.randn(1, 3, 128, 128)
    changed = picture.clone()
    changed[:, :, 64, 64] += 5.0
    rows = (critic(picture) != critic(changed)).nonzero()[:, 2]
    assert critic(picture).shape == (1, 1, 14, 14)
    assert int(rows.max() - rows.min()) + 1 in (8, 9)  # 70 pixels in steps of 8


@pytest.mark.parametrize("temporal", [False, True])
def test_resume_is_exact(folders: tuple[Path, Path], tmp_path: Path, temporal: bool) -> None:
    assert_resumes(lambda: build(folders, temporal), tmp_path)


def test_resume_with_other_networks_is_refused(folders: tuple[Path, Path]) -> None:
    state = build(folders).state()
    with pytest.raises(RecipeError, match="--temporal"):
        build(folders, temporal=True).restore(state)
    with pytest.raises(RecipeError, match="'width': 4"):
        build(folders, model=ResnetParams(width=8, blocks=1)).restore(state)


def test_pictures_return_better_with_training(folders: tuple[Path, Path]) -> None:
    run = build(folders)
    rows = [run.step() for _ in range(60)]
    for name in ("cycle", "identity"):
        assert sum(row[name] for row in rows[-10:]) < 0.75 * sum(row[name] for row in rows[:10])


def test_clips_return_better_with_training(folders: tuple[Path, Path]) -> None:
    run = build(folders, temporal=True)
    before = [value.clone() for value in run.nets["ahead_a"].parameters()]
    rows = [run.step() for _ in range(40)]
    assert all(np.isfinite(list(row.values())).all() for row in rows)
    assert sum(row["recycled"] for row in rows[-10:]) < 0.75 * sum(row["recycled"] for row in rows[:10])
    assert all((one != other).any() for one, other in zip(before, run.nets["ahead_a"].parameters(), strict=True))


def test_predictor_learns_motion(folders: tuple[Path, Path]) -> None:
    clips, generator = Domain(folders[0], 36, 3), torch.Generator().manual_seed(0)
    torch.manual_seed(0)
    predictor = NextFrame()
    optimiser = torch.optim.Adam(predictor.parameters(), lr=3e-3)
    seen = clips.sample(8, SIDE, torch.Generator().manual_seed(1))
    still = (seen[:, 1] - seen[:, 2]).abs().mean()
    with torch.no_grad():
        assert torch.equal(predictor(seen[:, 0], seen[:, 1]), seen[:, 1])  # begins at: nothing moves
    for _ in range(160):
        batch = clips.sample(4, SIDE, generator)
        loss = (predictor(batch[:, 0], batch[:, 1]) - batch[:, 2]).abs().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    with torch.no_grad():
        assert (predictor(seen[:, 0], seen[:, 1]) - seen[:, 2]).abs().mean() < 0.8 * still


@pytest.mark.parametrize("side", [30, 28, 0])
def test_impossible_side_is_refused(side: int) -> None:
    with pytest.raises(RecipeError, match=f"side: {side}"):
        CycleTraining(side=side)


@pytest.fixture(scope="module")
def trained(folders: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the command leaves behind after a moment."""
    out = tmp_path_factory.mktemp("out")
    a, b = map(str, folders)
    options = ["--minutes", "0.02", "--side", "32", "--width", "4", "--blocks", "1", "--device", "cpu"]
    cli.main(["cycle", "--a", a, "--b", b, "--out", str(out), *options])
    return out


def test_command_exports_both_directions_in_the_public_layout(trained: Path) -> None:
    for name in ("a-to-b", "b-to-a"):
        state = read_weights(trained / "export" / name / "model.safetensors")
        model, wanted = from_checkpoint(state)
        load_into(model, wanted, name)
        pictures = torch.rand(1, 3, 33, 50) * 2 - 1
        with torch.inference_mode():
            made = layout_of(model).draw(model, pictures)
        assert layout_of(model).name == "resnet"
        assert made.shape == pictures.shape
        assert made.isfinite().all()
    assert list(trained.glob("sheet-*.png"))


def test_command_resumes(trained: Path, folders: tuple[Path, Path], tmp_path: Path) -> None:
    before = checkpoint.load(trained / "checkpoint.pt")["step"]
    (tmp_path / "checkpoint.pt").write_bytes((trained / "checkpoint.pt").read_bytes())
    a, b = map(str, folders)
    options = ["--minutes", "0.005", "--side", "32", "--width", "4", "--blocks", "1", "--device", "cpu", "--resume"]
    cli.main(["cycle", "--a", a, "--b", b, "--out", str(tmp_path), *options])
    assert checkpoint.load(tmp_path / "checkpoint.pt")["step"] > before


class Colours(torch.nn.Module):
    """Mean and spread of each colour: enough to tell these two sets apart."""

    num_features = 6

    def forward(self, frames: Tensor) -> Tensor:
        values = frames.float().flatten(2) / 255
        return torch.cat([values.mean(2), values.std(2)], 1)


def test_evaluation_tells_the_sets_apart(trained: Path, folders: tuple[Path, Path]) -> None:
    report = evaluate_cycle(trained / "export", *folders, Colours(), SIDE)
    for row in report.values():
        assert row.frames == 8
        assert row.share_before == 0  # no frame of one set is taken for the other's
        assert row.floor < row.before
        assert row.flicker is not None
        assert row.flicker >= 0
        assert row.returned > 0
    assert table(report).count("\n") == 11
    assert sheet(trained / "export", *folders, SIDE, count=2).shape == (3, 6 * SIDE, 2 * SIDE)


def test_evaluation_needs_two_clips(trained: Path, tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.zeros((2, 40, 40, 3), np.uint8))
    with pytest.raises(MediaError, match="two clips"):
        evaluate_cycle(trained / "export", tmp_path, tmp_path, Colours(), SIDE)


def test_frames_of_looks_move_a_little(tmp_path: Path) -> None:
    assert write_frames(tmp_path, "silk", 2, 3, 48) == 6
    clips = Domain(tmp_path, 48).clips
    assert [len(clip) for clip in clips] == [3, 3]
    steps = (clips[0][1:].float() - clips[0][:-1].float()).abs().mean()
    assert 0 < steps < (clips[0].float() - clips[1].float()).abs().mean()


def test_frames_of_one_colour(tmp_path: Path) -> None:
    write_frames(tmp_path, "silk", 3, 1, 64, hue=0.67)
    for clip in Domain(tmp_path, 64).clips:
        red, green, blue = clip.float().mean((0, 2, 3))
        assert blue > red
        assert blue > green
