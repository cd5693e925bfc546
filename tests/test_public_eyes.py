"""Networks that FID and FVD look through: layouts as published, strict loading, no code out of files."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import nn
from torchvision.models import inception_v3
from typer.testing import CliRunner

from vgan.cli import app
from vgan.errors import WeightsError
from vgan.metrics.i3d import I3d, I3dEyes, same
from vgan.metrics.inception import InceptionEyes


def clips(frames: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(0)
    return torch.randint(0, 256, (2, frames, 3, 16, 16), generator=generator).to(torch.uint8)


@pytest.fixture(scope="module")
def i3d(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(0)
    path = tmp_path_factory.mktemp("i3d") / "i3d.safetensors"
    save_file(I3d().state_dict(), path)
    return path


class TestI3d:
    def test_its_layout_is_the_public_ports(self) -> None:
        state = {name: tuple(value.shape) for name, value in I3d().state_dict().items()}
        assert state["Conv3d_1a_7x7.conv3d.weight"] == (64, 3, 7, 7, 7)
        assert state["Mixed_3b.b1b.conv3d.weight"] == (128, 96, 3, 3, 3)
        assert state["Mixed_4f.b3b.bn.running_var"] == (128,)
        assert state["Mixed_5c.b2b.conv3d.weight"] == (128, 48, 3, 3, 3)
        assert state["logits.conv3d.weight"] == (400, 1024, 1, 1, 1)
        assert state["logits.conv3d.bias"] == (400,)
        assert len(state) == 344

    def test_padding_is_tensorflows(self) -> None:
        # Size 16, window 7, step 2: eight places, five more zeros, two of them in front.
        line = same(torch.ones(1, 1, 16, 1, 1), (7, 1, 1), (2, 1, 1))[0, 0, :, 0, 0]
        assert line.tolist() == [0] * 2 + [1] * 16 + [0] * 3

    def test_clips_become_answers(self, i3d: Path) -> None:
        eyes = I3dEyes(i3d)
        seen = eyes(clips(9))
        assert seen.shape == (2, 400)
        assert not torch.allclose(seen[0], seen[1])
        with pytest.raises(ValueError, match="at least 9"):
            eyes(clips(8))

    def test_programmes_and_other_networks_are_refused(self, tmp_path: Path) -> None:
        torch.jit.script(nn.Linear(2, 2)).save(str(tmp_path / "i3d_torchscript.pt"))
        with pytest.raises(WeightsError, match="refused"):
            I3dEyes(tmp_path / "i3d_torchscript.pt")
        save_file({"logits.conv3d.weight": torch.zeros(2)}, tmp_path / "other.safetensors")
        with pytest.raises(WeightsError, match=r"i3d: other\.safetensors"):
            I3dEyes(tmp_path / "other.safetensors")
        asked = ["compare-families", "--out", str(tmp_path / "runs"), "--i3d", str(tmp_path / "i3d_torchscript.pt")]
        result = CliRunner().invoke(app, asked)
        assert result.exit_code == 1
        assert not (tmp_path / "runs").exists()


def test_inception_sees_every_fourth_frame(tmp_path: Path) -> None:
    torch.manual_seed(0)
    save_file(inception_v3(weights=None, init_weights=False).state_dict(), tmp_path / "inception.safetensors")
    eyes = InceptionEyes(tmp_path / "inception.safetensors")
    seen = eyes(clips(5))
    assert seen.shape == (4, 2048)
    assert torch.equal(seen[:2], eyes(clips(5)[:1]))
    save_file({"fc.weight": torch.zeros(2)}, tmp_path / "other.safetensors")
    with pytest.raises(WeightsError, match="inception"):
        InceptionEyes(tmp_path / "other.safetensors")
