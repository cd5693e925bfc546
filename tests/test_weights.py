"""Weight files are data: what is not whole, not tensors or not fitting is refused by name."""

import os
import pickle
import zipfile
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from vgan.errors import WeightsError
from vgan.weights import load_into, read_config, read_weights

STATE = {"weight": torch.ones(3, 4), "bias": torch.zeros(3)}


def refusal(path: Path) -> str:
    with pytest.raises(WeightsError) as error:
        read_weights(path)
    assert path.name in str(error.value)
    assert "\n" not in str(error.value)
    return str(error.value)


class Bomb:
    """A pickle that runs a command when it is opened carelessly."""

    def __init__(self, mark: Path):
        self.mark = mark

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, (f"touch {self.mark}",)


@pytest.mark.parametrize("name", ["a.safetensors", "a.bin", "a.pth", "a.pt"])
def test_round_trip(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    save_file(STATE, path) if name.endswith("safetensors") else torch.save(STATE, path)
    found = read_weights(path)
    assert found.keys() == STATE.keys()
    assert all(torch.equal(found[key], STATE[key]) for key in STATE)


def test_generator_is_taken_from_a_training_checkpoint(tmp_path: Path) -> None:
    torch.save({"g": STATE, "d": {"other": torch.ones(1)}, "steps": 7}, tmp_path / "a.pth")
    assert read_weights(tmp_path / "a.pth").keys() == STATE.keys()


@pytest.mark.parametrize("name", ["a.safetensors", "a.bin"])
@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.99])
def test_truncated(tmp_path: Path, name: str, share: float) -> None:
    path = tmp_path / name
    state = {"weight": torch.ones(300, 40)}
    save_file(state, path) if name.endswith("safetensors") else torch.save(state, path)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    assert "damaged" in refusal(path)


@pytest.mark.parametrize("bomb", [True, False])
@pytest.mark.parametrize("zipped", [True, False])
def test_pickle_under_the_name_of_safetensors(tmp_path: Path, bomb: bool, zipped: bool) -> None:
    path, mark = tmp_path / "model.safetensors", tmp_path / "mark"
    torch.save(Bomb(mark) if bomb else STATE, path, _use_new_zipfile_serialization=zipped)
    assert "a pickle" in refusal(path)
    assert not mark.exists()


@pytest.mark.parametrize("name", ["a.bin", "a.pth", "a.pt"])
def test_hostile_pickle_is_not_run(tmp_path: Path, name: str) -> None:
    hostile = {"weight": Bomb(tmp_path / "mark")}
    for write in (lambda path: torch.save(hostile, path), lambda path: path.write_bytes(pickle.dumps(hostile, 2))):
        write(tmp_path / name)
        assert "refused" in refusal(tmp_path / name)
        assert not (tmp_path / "mark").exists()


@pytest.mark.parametrize(
    "content",
    [[torch.ones(1)], {}, {"weight": "text"}, {1: torch.ones(1)}, {"weight": torch.ones(2).to_sparse()}, torch.ones(3)],
    ids=["list", "empty", "text", "number as name", "sparse", "tensor"],
)
def test_anything_but_plain_tensors_by_name(tmp_path: Path, content: object) -> None:
    torch.save(content, tmp_path / "a.bin")
    refusal(tmp_path / "a.bin")


def test_tensors_that_claim_more_than_the_file_holds(tmp_path: Path) -> None:
    torch.save({"weight": torch.ones(1).expand(10_000, 10_000)}, tmp_path / "a.bin")
    assert "far more numbers" in refusal(tmp_path / "a.bin")


def test_compressed_archive(tmp_path: Path) -> None:
    torch.save({"weight": torch.zeros(1_000_000)}, tmp_path / "plain.bin")
    with (
        zipfile.ZipFile(tmp_path / "plain.bin") as plain,
        zipfile.ZipFile(tmp_path / "a.bin", "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for entry in plain.namelist():
            packed.writestr(entry, plain.read(entry))
    assert "compressed" in refusal(tmp_path / "a.bin")


def test_names_and_places(tmp_path: Path) -> None:
    assert "no such file" in refusal(tmp_path / "a.safetensors")
    (tmp_path / "a.ckpt").write_bytes(b"x")
    assert ".safetensors" in refusal(tmp_path / "a.ckpt")


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"weight": torch.ones(3, 4)}, "missing: bias"),
        (STATE | {"extra": torch.ones(1)}, "unexpected: extra"),
        (STATE | {"weight": torch.ones(4, 3)}, "weight is [4, 3] of float32, not [3, 4] of float32"),
        (STATE | {"bias": torch.zeros(3, dtype=torch.int64)}, "bias is [3] of int64"),
        (STATE | {"bias": torch.tensor([0, float("nan"), 0])}, "not finite: bias"),
        ({f"x{index}": torch.ones(1) for index in range(9)} | STATE, "and 6 more"),
    ],
)
def test_weights_that_do_not_fit(state: dict[str, torch.Tensor], words: str) -> None:
    model = nn.Linear(4, 3)
    before = model.weight.clone()
    with pytest.raises(WeightsError) as error:
        load_into(model, state, "model.safetensors")
    assert words in str(error.value)
    assert "model.safetensors" in str(error.value)
    assert torch.equal(model.weight, before)


@pytest.mark.parametrize("device", ["cpu", "meta"])
def test_half_precision_files_become_the_model_s_own_type(device: str) -> None:
    with torch.device(device):
        model = nn.Linear(4, 3)
    state = {key: value.bfloat16() for key, value in STATE.items()}
    load_into(model, state, "x")
    assert model.weight.dtype == torch.float32
    assert torch.equal(model.weight, STATE["weight"])


@pytest.mark.parametrize("text", ["", "{", "[1]", "null", "[" * 100_000, "\xff", "{}" + " " * 1_000_000])
def test_configs_that_are_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config.json"
    path.write_text(text, encoding="latin-1")
    with pytest.raises(WeightsError, match=r"config\.json"):
        read_config(path)
