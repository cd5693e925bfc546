"""MoCoGAN: published checkpoints against the shared fixture, and hostile ones."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from vgan.errors import WeightsError
from vgan.models.generators.mocogan import MocoGan, MocoGanParams, from_checkpoint, is_mocogan
from vgan.models.generators.video import Given
from vgan.weights import load_into, read_weights

FIXTURE = Path(__file__).parent.parent / "../shared/data/fixtures/mocogan"
NEEDS_FIXTURE = pytest.mark.skipif(not FIXTURE.exists(), reason="the shared fixtures are not beside the project")
SMALL = MocoGanParams(labels=("one", "two", "three"), frames=6, latent=12, motion=5, width=4, category=True)


def published(params: MocoGanParams = SMALL) -> dict[str, Tensor]:
    """A checkpoint with the names that the authors' script gives."""
    torch.manual_seed(0)
    return MocoGan(params).state_dict()


def loaded(state: dict[str, Tensor], categories: int | None = 3, frames: int = 6) -> MocoGan:
    model, tensors = from_checkpoint(state, categories, frames)
    load_into(model, tensors, "a checkpoint")
    return model.eval().requires_grad_(False)


@NEEDS_FIXTURE
@torch.inference_mode()
def test_clips_of_the_fixture() -> None:
    io = load_file(FIXTURE / "io.safetensors")
    count = len(io["h0"])
    model = loaded(read_weights(FIXTURE / "weights.safetensors"))
    noise = torch.cat([io["z_content"], io["h0"], io["e"].transpose(0, 1).flatten(1)], dim=1)
    given = Given(io["category_labels"], torch.zeros(count, 8))
    assert noise.shape == (count, model.noise)
    motion = model.codes(noise, given)[:, :, -model.params.motion :]
    torch.testing.assert_close(motion.flatten(0, 1), io["z_motion"], atol=1e-5, rtol=0)
    torch.testing.assert_close(model(noise, given).transpose(1, 2), io["video"], atol=1e-4, rtol=0)
    every = torch.arange(6).expand(count, -1)
    torch.testing.assert_close(model.at(noise, given, every).transpose(1, 2), io["video"], atol=1e-4, rtol=0)


@pytest.mark.parametrize("categories", [0, 3])
def test_sizes_are_read_from_the_tensors(categories: int, tmp_path: Path) -> None:
    params = MocoGanParams(labels=("a",) * max(1, categories), latent=12, motion=5, width=4, category=categories > 0)
    save_file(published(params), tmp_path / "generator.safetensors")
    state = read_weights(tmp_path / "generator.safetensors")
    assert is_mocogan(state)
    model = loaded({f"module.{key}": tensor for key, tensor in state.items()}, categories, 16)
    assert (model.params.latent, model.params.motion, model.params.width) == (12, 5, 4)
    assert model.conditional == (categories > 0)


def test_published_sizes_have_six_categories() -> None:
    state = published(MocoGanParams(labels=tuple("abcdef"), latent=50, motion=10, width=2, category=True))
    model, _ = from_checkpoint(state)
    assert (model.params.latent, len(model.params.labels), model.params.frames) == (50, 6, 16)


def test_old_files_count_no_batches() -> None:
    state = {key: tensor for key, tensor in published().items() if not key.endswith("_tracked")}
    assert loaded(state).noise == 12 + 7 * 5


HOSTILE: dict[str, tuple[Callable[[dict[str, Tensor]], object], str]] = {
    "a part of it": (lambda state: state.pop("recurrent.weight_hh"), "recurrent.weight_hh"),
    "a layer too few": (lambda state: state.pop("main.3.weight"), "main.3.weight"),
    "something else in it": (lambda state: state.update(extra=torch.zeros(3)), "extra"),
    "whole numbers": (lambda state: state.update({"main.0.weight": torch.ones(20, 64, 4, 4).long()}), "floats"),
    "a flat layer": (lambda state: state.update({"main.12.weight": torch.ones(4, 3)}), "main.12.weight"),
    "no movement": (lambda state: state.update({"recurrent.weight_ih": torch.ones(15, 0)}), "motion 0"),
    "only movement": (lambda state: state.update({"main.0.weight": torch.ones(5, 32, 4, 4)}), "content -3"),
    "a width of a million": (lambda state: state.update({"main.12.weight": torch.ones(1_000_000, 1, 1, 1)}), "width"),
    "a width that others lack": (lambda state: state.update({"main.12.weight": torch.ones(512, 3, 4, 4)}), "shape"),
    "not finite": (lambda state: state.update({"main.12.weight": torch.full((4, 3, 4, 4), torch.inf)}), "not finite"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_checkpoints_are_refused_by_name(name: str) -> None:
    change, words = HOSTILE[name]
    state = published()
    change(state)
    with pytest.raises(WeightsError) as refusal:
        loaded(state)
    assert words in str(refusal.value)


def test_another_network_is_no_mocogan() -> None:
    assert not is_mocogan({"main.0.weight": torch.zeros(1)})
    with pytest.raises(WeightsError, match="recurrent"):
        from_checkpoint({"main.0.weight": torch.zeros(1, 1, 4, 4), "main.12.weight": torch.zeros(1, 3, 4, 4)})
