"""A smaller loop generator out of a larger one: what is kept, that it learns, exact resume, the command."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import torch
from resumes import assert_resumes
from safetensors.torch import save_file
from torchvision.models import squeezenet1_1

from vgan.errors import RecipeError, WeightsError
from vgan.families import FAMILIES
from vgan.models.generators.loop import LoopGenerator, LoopParams
from vgan.models.lpips import Lpips
from vgan.training import checkpoint, cli
from vgan.training.commands.distill import read_loop
from vgan.training.distill.prune import prune
from vgan.training.distill.trainer import Distilling, DistillTrainer, drawn

LARGE = LoopParams(("a", "b"), 8, 8, 16, 4, 16, 16, 16, channels=(12, 8, 8, 6))
SMALL = replace(LARGE, channels=(12, 6, 4, 4), last_convs=1)
TINY = Distilling(batch=2)


@pytest.fixture
def teacher() -> LoopGenerator:
    torch.manual_seed(3)
    return LoopGenerator(LARGE)


@pytest.fixture(scope="module")
def classifier() -> dict[str, torch.Tensor]:
    torch.manual_seed(0)
    return squeezenet1_1(weights=None).state_dict()


@pytest.fixture
def build(teacher: LoopGenerator, classifier: dict[str, torch.Tensor]):
    def trainer(params: Distilling = TINY) -> DistillTrainer:
        return DistillTrainer(params, SMALL, teacher, Lpips(classifier), torch.device("cpu"))

    return trainer


def test_all_channels_draw_the_same_pictures(teacher: LoopGenerator, build) -> None:
    asked = build()._requests(2, torch.Generator().manual_seed(0))
    for one, other in zip(drawn(prune(teacher, LARGE), asked, (16, 16)), drawn(teacher, asked, (16, 16)), strict=True):
        torch.testing.assert_close(one, other)


def test_what_is_read_most_is_kept(teacher: LoopGenerator) -> None:
    with torch.no_grad():  # the finest level's second channel is all that its picture reads
        teacher.levels[2].rgb.weight.zero_()
        teacher.levels[2].rgb.weight[:, 1] = 1.0
    student = prune(teacher, replace(LARGE, channels=(12, 8, 8, 1)))
    assert student.levels[2].rgb.weight.shape[1] == 1
    assert torch.equal(student.levels[2].rgb.weight, teacher.levels[2].rgb.weight[:, 1:2])
    assert torch.equal(student.levels[2].convs[1].bias, teacher.levels[2].convs[1].bias[1:2])


def test_the_base_and_its_styles_stay_the_teachers(teacher: LoopGenerator, build) -> None:
    trainer = build()
    trainer.step()
    asked = trainer._requests(2, torch.Generator().manual_seed(0))
    assert torch.equal(drawn(trainer.G, asked, (16, 16))[0], drawn(teacher, asked, (16, 16))[0])


@pytest.mark.parametrize(
    "change", [{"channels": (16, 6, 4, 4)}, {"base_convs": 4}, {"latent": 9}, {"channels": (4, 4)}]
)
def test_no_part_of_the_teacher(teacher: LoopGenerator, change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="no part of"):
        prune(teacher, replace(LARGE, **change))


def test_it_learns(build) -> None:
    trainer = build(replace(TINY, batch=4, rate=5e-3, looked=0.0))
    losses = [trainer.step()["difference"] for _ in range(40)]
    assert sum(losses[-8:]) < 0.7 * sum(losses[:8])
    sheet = trainer.sheet()
    assert sheet.shape[0] == 3
    assert 0 <= float(sheet.min()) <= float(sheet.max()) <= 1


def test_resumes_exactly(build, tmp_path: Path) -> None:
    assert_resumes(build, tmp_path)


def test_the_command(teacher: LoopGenerator, classifier: dict[str, torch.Tensor], tmp_path: Path) -> None:
    config = {"family": "loop", "params": asdict(LARGE), "knots": {"a": [[0.5]]}}
    checkpoint.export(tmp_path / "large", teacher.state_dict(), config)
    save_file(classifier, tmp_path / "eyes.safetensors")
    shared = ["distill", "--teacher", str(tmp_path / "large"), "--features", str(tmp_path / "eyes.safetensors")]
    shared += ["--minutes", "0.01", "--out", str(tmp_path / "out"), "--batch", "1"]
    cli.main([*shared, "--channels", "12", "6", "4", "4"])
    written = json.loads((tmp_path / "out" / "export" / "config.json").read_text())
    assert (written["knots"], written["taught_by"]) == (config["knots"], "large")
    network, _ = read_loop(tmp_path / "out" / "export")
    assert network.params == SMALL
    model, state = FAMILIES["loop"].build(written, network.state_dict())
    assert set(model.state_dict()) == set(state)
    with pytest.raises(RecipeError, match="no more than the teacher has"):
        cli.main([*shared, "--channels", "99", "6", "4", "4"])


def test_a_teacher_of_another_kind(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"family": "repair"}')
    with pytest.raises(WeightsError, match=r"holds no loop generator.*repair"):
        read_loop(tmp_path)
