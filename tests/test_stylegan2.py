"""StyleGAN2 in rosinality's layout: the shared fixtures, every shape that is published, and files that lie."""

import argparse
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from checkpoints import stylegan2
from safetensors.torch import load_file
from torch import Tensor

from vgan.errors import WeightsError
from vgan.models.generators.stylegan2 import StyleGAN2
from vgan.models.generators.stylegan2_checkpoint import from_checkpoint, side_of
from vgan.registry import Models
from vgan.settings import Settings
from vgan.sources.known import known
from vgan.weights import load_into
from vgan.zoo import find_look

FIXTURE = Path(__file__).parent.parent / "../shared/data/fixtures/stylegan2_rosinality"
NEEDS_FIXTURE = pytest.mark.skipif(not FIXTURE.exists(), reason="the shared fixtures are not beside the project")


def loaded(state: dict[str, Tensor]) -> StyleGAN2:
    model, ours = from_checkpoint(state)
    load_into(model, ours, "a checkpoint")
    return model.eval().requires_grad_(False)


@NEEDS_FIXTURE
@pytest.mark.parametrize("learning", [True, False], ids=["with gradients", "without"])
def test_fixture_in_all_five_outputs(learning: bool) -> None:
    io = load_file(FIXTURE / "io.safetensors")
    model = loaded(load_file(FIXTURE / "weights.safetensors") | {"latent_avg": io["latent_avg"]})
    assert (model.params.style, model.params.depth, model.params.widths) == (32, 4, (32,) * 5)
    noise = [io[f"noise_{index}"] for index in range(9)]
    with torch.set_grad_enabled(learning):
        w, other = model.mapping(io["z"]), model.mapping(io["z2"])
        mixed = torch.cat([w[:, None].expand(-1, 3, -1), other[:, None].expand(-1, 7, -1)], dim=1)
        pairs = {
            "w_from_z": w,
            "out_explicit_noise": model.synthesis(w, noise),
            "out_buffer_noise": model.synthesis(w),
            "out_trunc0.7_explicit_noise": model.synthesis(model.truncated(w, 0.7), noise),
            "out_mix_inject3_explicit_noise": model.synthesis(mixed, noise),
            "out_wplus_explicit_noise": model.synthesis(io["wplus"], noise),
        }
    for name, found in pairs.items():
        assert float((found - io[name]).abs().max()) <= 1e-4, name


def test_sizes_are_read_from_the_shapes() -> None:
    state = stylegan2(levels=4, style=24, depth=5, width=12)
    model = loaded({f"module.{key}": tensor for key, tensor in state.items()})
    assert (model.params.style, model.params.depth, model.params.widths) == (24, 5, (12,) * 5)
    assert model.params.size == side_of(state) == 64
    assert model.params.layers == 10
    assert len(model.affines()) == 10
    assert len(model.affines(2, 4)) == 3


def test_mean_and_noise_of_files_that_have_none_are_the_same_every_time() -> None:
    bare = {key: tensor for key, tensor in stylegan2().items() if not key.startswith("noises")}
    one, other = loaded(bare), loaded(dict(bare))
    assert torch.equal(one.mean, other.mean)
    w = one.mapping(torch.randn(2000, 16, generator=torch.Generator().manual_seed(1)))
    assert float((w.mean(0) - one.mean).norm()) < 0.2 * float((w - one.mean).norm(dim=1).mean())
    z = torch.randn(1, 16, generator=torch.Generator().manual_seed(2))
    assert torch.equal(one.synthesis(one.mapping(z)), other.synthesis(other.mapping(z)))
    assert torch.equal(one.truncated(w[:1], 0.0)[0], one.mean)


def test_a_smaller_picture_is_the_same_picture() -> None:
    model = loaded(stylegan2(levels=4))
    w = model.mapping(torch.randn(2, 16, generator=torch.Generator().manual_seed(0)))
    assert model.synthesis(w).shape == (2, 3, 64, 64)
    assert model.synthesis(w, side=16).shape == (2, 3, 16, 16)


@pytest.mark.parametrize("latent_avg", [torch.zeros(16), torch.zeros(1, 16)], ids=["flat", "with a batch"])
def test_whole_training_checkpoints(tmp_path: Path, latent_avg: Tensor) -> None:
    path = tmp_path / "550000.pt"
    content = {
        "g": stylegan2(levels=2),
        "d": {"convs.0.weight": torch.zeros(3)},
        "g_ema": stylegan2(),
        "latent_avg": latent_avg,
        "g_optim": {"state": {0: {"step": torch.tensor(1.0)}}, "param_groups": [{"lr": 0.002}]},
        "args": argparse.Namespace(size=32, path="lmdb"),
        "ada_aug_p": 0.0,
    }
    torch.save(content, path)
    models = Models(Settings(offline=True, public=False, device="cpu"))
    model = models.get(find_look(str(path)).model)
    assert isinstance(model, StyleGAN2)
    assert model.params.size == 32
    assert not model.mean.any()
    assert known(str(path)).side == 32


def without(key: str) -> Callable[[dict[str, Tensor]], object]:
    return lambda state: state.pop(key)


def put(key: str, tensor: Tensor) -> Callable[[dict[str, Tensor]], object]:
    return lambda state: state.update({key: tensor})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (without("input.input"), "input.input"),
        (without("convs.3.noise.weight"), "convs.3.noise.weight"),
        (without("convs.1.conv.modulation.weight"), "convs.1.conv.modulation.weight"),
        (without("noises.noise_2"), "noises.noise_2"),
        (without("convs.0.conv.blur.kernel"), "convs.0.conv.blur.kernel"),
        (put("convs.0.conv.blur.kernel", torch.ones(4, 4)), "another filter"),
        (put("dlatent.weight", torch.zeros(1)), "1 unexpected tensors (dlatent.weight)"),
        (put("convs.1.conv.weight", torch.zeros(1, 8, 8, 3, 3, dtype=torch.int64)), "expected floats"),
        (put("convs.1.conv.weight", torch.zeros(1, 8, 9, 3, 3)), "(1, 8, 9, 3, 3)"),
        (put("conv1.conv.modulation.weight", torch.zeros(8)), "no matrix"),
        (put("conv1.conv.modulation.weight", torch.zeros(8, 4)), "style 4"),
        (put("conv1.conv.modulation.weight", torch.zeros(9000, 16)), "no StyleGAN2 has these"),
        (put("to_rgbs.30.bias", torch.zeros(1, 3, 1, 1)), "31 levels"),
        (put("style.9.weight", torch.zeros(16, 16)), "style.3.weight"),
        (put("latent_avg", torch.zeros(3)), "latent_avg"),
        (put("latent_avg", torch.zeros(())), "latent_avg"),
    ],
)
def test_files_that_lie(change: Callable[[dict[str, Tensor]], object], words: str) -> None:
    state = stylegan2()
    change(state)
    with pytest.raises(WeightsError) as error:
        from_checkpoint(state)
    assert words in str(error.value)
    assert str(error.value).startswith("StyleGAN2: ")


def test_numbers_that_are_none(tmp_path: Path) -> None:
    torch.save({"g_ema": stylegan2() | {"input.input": torch.full((1, 8, 4, 4), float("nan"))}}, tmp_path / "nan.pt")
    with pytest.raises(WeightsError, match="not finite: constant"):
        Models(Settings(offline=True, public=False, device="cpu")).get(find_look(str(tmp_path / "nan.pt")).model)
