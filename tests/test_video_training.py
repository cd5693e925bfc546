"""The trainer of video families: every loss, optimiser and augmentation trains a tiny family, which learns."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from resumes import assert_resumes
from safetensors.torch import load_file
from tiny_family import TINY, TinyParams
from video_folders import write_clips

from vgan.errors import RecipeError, TrainingFailed, WeightsError
from vgan.models.video_families import VIDEO_FAMILIES
from vgan.training import checkpoint, cli
from vgan.training.run import Budget, train
from vgan.training.video.clips import ClipArrays, read_clips
from vgan.training.video.losses import LOSSES
from vgan.training.video.params import FamilyTraining
from vgan.training.video.trainer import FamilyTrainer
from vgan.training.video.watch import Seen, advice, look


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> ClipArrays:
    folder = tmp_path_factory.mktemp("clips")
    write_clips(folder)
    return read_clips(folder)


def trainer(clips: ClipArrays, **changes: Any) -> FamilyTrainer:
    params = FamilyTraining(**{"batch": 4, "watch": 2, **changes})
    return FamilyTrainer(params, TinyParams(clips.names, 16, 8, 8, 4, 8), TINY, clips, torch.device("cpu"))


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("augment", ["none", "ada"])
def test_a_resumed_run_is_the_same_run(clips: ClipArrays, tmp_path: Path, loss: str, augment: str) -> None:
    assert_resumes(lambda: trainer(clips, loss=loss, augment=augment, longest=5.0, warm_up=3), tmp_path)


@pytest.mark.parametrize("name", ["adam", "adamw", "rmsprop"])
def test_every_optimiser_and_diffaugment_train(clips: ClipArrays, name: str) -> None:
    run = trainer(clips, optimiser=name, augment="diffaugment", precision="bf16")
    before = {key: value.clone() for key, value in run.G.named_parameters()}
    facts = run.step()
    assert all(value.isfinite().all() for value in run.G.state_dict().values())
    assert any(not torch.equal(value, before[key]) for key, value in run.G.named_parameters())
    assert {"loss_D", "loss_G", "penalty", "margin", "coverage", "spread", "augmented"} <= facts.keys()


def test_it_learns(clips: ClipArrays) -> None:
    """Made clips come as near to real ones in their mean picture as half of what they were at first."""
    run = trainer(clips, batch=8, rate=2e-3, watch=0, precision="float32")
    real = clips.pictures(torch.arange(len(clips))).mean((0, 1))

    def off() -> float:
        made = torch.cat(list(run.drawn(48, torch.Generator().manual_seed(0))))
        return (made.mean((0, 1)) - real).square().mean().item()

    first = off()
    for _ in range(60):
        run.step()
    assert off() < 0.5 * first


@pytest.mark.parametrize(("part", "called"), [("G", "the generator"), ("D", "the critics")])
def test_nan_stops_at_once_and_says_where(clips: ClipArrays, tmp_path: Path, part: str, called: str) -> None:
    """In the gradients of one network, as an overflow leaves them; no checkpoint is written over the last good one."""
    run = trainer(clips, loss="hinge")
    checkpoint.save(tmp_path / "checkpoint.pt", run.state())
    good = (tmp_path / "checkpoint.pt").read_bytes()
    for weight in getattr(run, part).parameters():
        weight.register_hook(lambda gradient: gradient * float("nan"))
    with pytest.raises(TrainingFailed, match=rf"the gradient of {called} \(hinge\) is not a number at step 0"):
        train(run, tmp_path, Budget(steps=3))
    assert (tmp_path / "checkpoint.pt").read_bytes() == good


def test_a_loss_that_is_no_number_is_named(clips: ClipArrays) -> None:
    run = trainer(clips, loss="least-squares")
    with torch.no_grad():
        next(run.G.parameters()).fill_(float("nan"))
    with pytest.raises(TrainingFailed, match=r"the loss of the critics \(least-squares\) is not a number \(nan\)"):
        run.step()


def test_nan_is_never_written(clips: ClipArrays, tmp_path: Path) -> None:
    run = trainer(clips)
    with torch.no_grad():
        next(run.G_ema.parameters()).fill_(float("inf"))
    with pytest.raises(TrainingFailed, match=r"G_ema\.first\.weight holds what is not a number, at step 0"):
        checkpoint.save(tmp_path / "checkpoint.pt", run.state())
    assert not list(tmp_path.iterdir())


def test_progress_is_told_to_all(clips: ClipArrays, tmp_path: Path) -> None:
    run = trainer(clips, watch=0)
    train(run, tmp_path, Budget(steps=4))
    assert run.G.told == run.G_ema.told == 0.75  # of the last step, as it began
    assert run.progress == 1
    train(run, tmp_path, Budget(steps=4))
    assert run.step_count == 4


def test_budgets() -> None:
    assert Budget(minutes=10).used(5, 99, 99) == 0.5
    assert Budget(cpu_minutes=4, steps=10).used(99, 1, 7) == 0.7
    assert Budget(minutes=0).used(0, 0, 0) == float("inf")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"loss": "hinges"}, "Did you mean 'hinge'"),
        ({"augment": "all"}, "augment: 'all' is not known"),
        ({"batch": 0}, "batch: 0 cannot be trained with. Allowed: 1 to 4096"),
        ({"rate": float("nan")}, "rate: nan"),
        ({"longest": -1.0}, "longest: -1.0"),
    ],
)
def test_what_cannot_be_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(RecipeError, match=message):
        FamilyTraining(**changes)


def test_clips_of_other_sizes_are_refused(clips: ClipArrays) -> None:
    with pytest.raises(RecipeError, match="cannot train a network of"):
        FamilyTrainer(FamilyTraining(), TinyParams(clips.names, 32, 8), TINY, clips, torch.device("cpu"))


class Shell:
    """What a hostile pickle would run."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (Path("ran"),))


def test_foreign_checkpoints_are_refused(clips: ClipArrays, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    place = tmp_path / "checkpoint.pt"
    torch.save({"G": Shell()}, place)
    with pytest.raises(WeightsError, match="holds code, which is never run"):
        checkpoint.load(place)
    assert not (tmp_path / "ran").exists()
    for spoiled in (b"", b"no pickle", place.read_bytes()[:200]):
        place.write_bytes(spoiled)
        with pytest.raises(WeightsError, match="no checkpoint"):
            checkpoint.load(place)
    torch.save([1, 2], place)
    with pytest.raises(WeightsError, match="not list"):
        checkpoint.load(place)
    with pytest.raises(RecipeError, match="another training: it has no opt_D"):
        trainer(clips).restore({key: value for key, value in trainer(clips).state().items() if key != "opt_D"})


def test_the_watch_sees_collapse() -> None:
    generator = torch.Generator().manual_seed(0)
    real = torch.randn(64, 20, generator=generator)
    same, other = real[:1] + 0.01 * real, torch.randn(64, 20, generator=generator)
    well = look(real, other)
    assert well.coverage > 0.8
    assert well.spread == pytest.approx(1, abs=0.1)
    assert not well.collapsed(1000)
    badly = look(real, same, well.best)
    assert badly.coverage < 0.3
    assert badly.spread < 0.1
    assert badly.collapsed(1000)
    assert not look(real, same).collapsed(0) or look(real, same).best >= 0.1
    text = advice(badly, 750, "none")
    assert "mode collapse" in text
    assert "--augment ada" in text


def test_the_log_warns_of_collapse(clips: ClipArrays, caplog: pytest.LogCaptureFixture) -> None:
    run = trainer(clips, watch=1)
    run.seen = Seen(0.5, 1.0, 0.9)  # it once made all kinds
    for network in (run.G, run.G_ema):
        torch.nn.init.zeros_(network.first.weight)
    run.step()
    assert "mode collapse" in caplog.text
    assert run.seen.spread < 0.4


def test_command_exports_what_the_hub_holds(clips: ClipArrays, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(VIDEO_FAMILIES, "tiny", TINY)
    write_clips(tmp_path / "data")
    asked = ["family", "tiny", "--data", str(tmp_path / "data"), "--out", str(tmp_path), "--device", "cpu"]
    cli.main([*asked, "--steps", "3", "--batch", "4", "--width", "4", "--clip", "2", "--cpu-minutes", "9"])
    config = json.loads((tmp_path / "export" / "config.json").read_text())
    assert config["family"] == "tiny"
    assert config["params"]["labels"] == ["left", "right"]
    assert config["training"]["steps"] == 3
    params = TinyParams(**{**config["params"], "labels": tuple(config["params"]["labels"])})
    network = TINY.generator(params)
    network.load_state_dict(load_file(tmp_path / "export" / "model.safetensors"))
    card = (tmp_path / "export" / "README.md").read_text()
    assert "# Tiny" in card
    assert "| loss | non-saturating |" in card
    assert list(tmp_path.glob("sheet-000003.png"))


def test_command_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["family", "framegan", "--data", str(tmp_path), "--out", str(tmp_path / "out")]
    for more, message in ((["--steps", "1"], "facts.json"), ([], "Give --minutes, --cpu-minutes or --steps")):
        with pytest.raises(SystemExit) as stopped:
            cli.program([*asked, *more])
        assert stopped.value.code == 2
        assert message in capsys.readouterr().err


def test_a_failure_is_a_message_and_code_1(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def fail(arguments: object) -> None:
        raise TrainingFailed("training: the loss of the critics is not a number")

    monkeypatch.setattr(cli, "main", fail)
    with pytest.raises(SystemExit) as stopped:
        cli.program([])
    assert stopped.value.code == 1
    assert capsys.readouterr().err == "training: the loss of the critics is not a number\n"
