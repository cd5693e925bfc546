"""Training: it resumes exactly, learns, exports what the app reads, and runs where only torch is installed."""

import csv
import json
import subprocess
import sys
from dataclasses import replace

import pytest
import torch
from resumes import assert_resumes

from vgan.models.discriminators.three_frame import ThreeFrameCritic
from vgan.models.generators.loop import LoopParams
from vgan.training import checkpoint, cli, commands, dataset, losses, views
from vgan.training.augment import diff_augment
from vgan.training.looks import LOOKS
from vgan.training.trainer import LooksTrainer, TrainParams

MODEL = LoopParams(tuple(LOOKS), style=32, bend_waves=16, waves=32, channels=(16, 8, 8, 8), base_convs=1)
PARAMS = TrainParams(batch=4, lazy=2, grow_at=(0, 1, 2))


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    dataset.build(folder, per_look=3)
    return folder


def trainer(data):
    return LooksTrainer(PARAMS, MODEL, data, torch.device("cpu"))


def test_resumed_run_is_the_same_run(data, tmp_path):
    assert_resumes(lambda: trainer(data), tmp_path)


def test_sliders_are_learned(data):
    """The attribute loss alone halves the error of brightness within a few steps."""
    run = LooksTrainer(replace(PARAMS, batch=16, grow_at=(0,), rate=3e-3, seed=1), MODEL, data, torch.device("cpu"))
    errors = [run.step()["error_brightness"] for _ in range(45)]
    assert sum(errors[-10:]) < 0.6 * sum(errors[:10])


def test_windows_are_cut_out_of_the_picture_that_the_whole_model_draws(data):
    run = trainer(data)
    model = run.G_ema.float()
    n, frames = 4, 1
    w = model.mapping(torch.randn(n, MODEL.latent), torch.zeros(n).long(), torch.zeros(n, 8))
    style, time, offset = model.style(w, torch.zeros(n, MODEL.motion)), torch.zeros(n), torch.zeros(n, 2)
    place = torch.tensor([[0.0, 0.0], [0.5, 0.5], [0.5, 0.5]])
    with torch.no_grad():
        made = views.made_views(model, style, time, offset, (32, 32), frames, 3, place)
        whole = [model.synthesis(w, torch.zeros(n, MODEL.motion), time, offset, (32, 32), level) for level in (1, 2, 3)]
    assert torch.allclose(made[0][:, 0], whole[0], atol=1e-5)
    middle = whole[1][0:1, :, 32:96, 32:96]  # half of the 128 px picture, from its middle
    assert torch.allclose(made[1][:, 0], middle, atol=1e-4)
    finest = whole[2][1:2, :, 96:160, 96:160]
    assert torch.allclose(made[2][:, 0], finest, atol=1e-4)


def test_command_writes_checkpoint_log_sheet_and_weights(data, tmp_path, monkeypatch):
    monkeypatch.setattr(commands.looks, "LoopParams", lambda looks: MODEL)
    arguments = ["looks", "--minutes", "0.05", "--out", str(tmp_path), "--data", str(data), "--per-look", "3"]
    cli.main([*arguments, "--batch", "4", "--device", "cpu"])
    first = checkpoint.load(tmp_path / "checkpoint.pt")["step"]
    cli.main([*arguments, "--batch", "4", "--device", "cpu", "--resume"])
    assert checkpoint.load(tmp_path / "checkpoint.pt")["step"] > first > 0
    assert list(tmp_path.glob("sheet-*.png"))
    config = json.loads((tmp_path / "export" / "config.json").read_text())
    assert config["family"] == "loop"
    assert config["params"]["looks"] == list(LOOKS)
    assert (tmp_path / "export" / "model.safetensors").stat().st_size > 1000


def test_log_has_a_row_every_fifty_steps(data, tmp_path, monkeypatch):
    from vgan.training import run as module

    monkeypatch.setattr(module, "EVERY", 2)
    module.train(trainer(data), tmp_path, 0.05)
    rows = list(csv.DictReader((tmp_path / "log.csv").open()))
    assert rows
    assert float(rows[0]["step"]) == 2
    assert {"loss_D", "loss_G", "error_hue"} <= set(rows[0])


def test_penalty_is_the_squared_gradient():
    weight = torch.tensor([1.0, 2.0, 3.0])
    frames = torch.randn(5, 3)
    assert losses.gradient_penalty(lambda x: x @ weight, frames).item() == pytest.approx(14.0, rel=1e-5)


def test_relativistic_loss_prefers_better_over_worse():
    high, low = torch.tensor([3.0]), torch.tensor([-3.0])
    assert losses.relativistic(high, low) < losses.relativistic(low, high)


def test_augmentation_moves_and_never_recolours():
    frames = torch.linspace(-1, 1, 2 * 9 * 32 * 24).view(2, 9, 32, 24).requires_grad_()
    seen = diff_augment(frames, torch.Generator().manual_seed(3))
    assert seen.shape == frames.shape
    values = set(frames.detach().flatten().tolist()) | {0.0}
    assert set(seen.detach().flatten().tolist()) <= values
    seen.sum().backward()
    assert frames.grad.abs().sum() > 0


def test_critic_takes_any_shape_and_knows_its_conditions():
    critic = ThreeFrameCritic(looks=3, channels=(8, 8, 8))
    for size in ((64, 64), (112, 64), (64, 112)):
        frames = torch.randn(2, 9, *size)
        score, look = critic(frames, torch.tensor([0, 1]), torch.zeros(2, 8), torch.tensor([0, 2]), torch.zeros(2, 2))
        assert score.shape == (2,)
        assert look.shape == (2, 3)
    other, _ = critic(frames, torch.tensor([2, 1]), torch.zeros(2, 8), torch.tensor([0, 2]), torch.zeros(2, 2))
    assert other[0] != score[0]
    assert other[1] == score[1]


def test_training_imports_nothing_beyond_torch_and_friends():
    """On a bare GPU machine there is no web framework, no pydantic and no typer."""
    code = (
        "import sys\n"
        "class Only:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] in {'gradio', 'pydantic', 'typer', 'moviepy', 'av', 'huggingface_hub'}:\n"
        "            raise ImportError(name)\n"
        "sys.meta_path.insert(0, Only())\n"
        "from vgan.training.cli import main\n"
        "main(['looks', '--help'])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert "--resume" in done.stdout
