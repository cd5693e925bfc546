"""Public style generators: they match the published networks and refuse what they do not know."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from vgan.errors import WeightsError
from vgan.models.translators import LAYOUTS, from_checkpoint, layout_of
from vgan.models.translators.animegan2 import AnimeGenerator
from vgan.models.translators.resnet import ResnetGenerator, ResnetParams
from vgan.models.translators.transformer_net import TransformerNet
from vgan.weights import load_into

FIXTURES = Path("../shared/data/fixtures")
FOLDERS = {"resnet": "cyclegan_resnet", "animegan2": "animegan2", "fast-neural-style": "fast_neural_style"}
SMALL = {
    "resnet": lambda: ResnetGenerator(ResnetParams(width=8, blocks=2)),
    "animegan2": lambda: AnimeGenerator(8),
    "fast-neural-style": lambda: TransformerNet(8),
}


def fixture(layout: str, file: str) -> Path:
    path = FIXTURES / FOLDERS[layout] / file
    if not path.is_file():
        pytest.skip(f"{path} is not here: fixtures of public checkpoints come with the shared data")
    return path


def loaded(layout: str) -> torch.nn.Module:
    model, wanted = from_checkpoint(load_file(fixture(layout, "weights.safetensors")))
    load_into(model, wanted, layout)
    assert layout_of(model) is LAYOUTS[layout]
    return model.eval()


@pytest.mark.parametrize("layout", list(LAYOUTS))
@torch.inference_mode()
def test_same_pictures_as_the_published_network(layout: str) -> None:
    model, io = loaded(layout), load_file(fixture(layout, "io.safetensors"))
    for given, wanted in (("x", "out"), ("x_odd", "out_odd")):
        made = model(io[given])
        assert made.shape == io[wanted].shape
        assert (made - io[wanted]).abs().max() <= 1e-4 * max(1, float(io[wanted].abs().max()) / 255)


@torch.inference_mode()
def test_animegan2_without_aligned_corners() -> None:
    model, io = loaded("animegan2"), load_file(fixture("animegan2", "io.safetensors"))
    assert (model(io["x"], False) - io["out_align_corners_false"]).abs().max() <= 1e-4


@pytest.mark.parametrize("layout", list(LAYOUTS))
def test_full_key_lists_fit(layout: str) -> None:
    lists = json.loads(fixture(layout, "keys.json").read_text())
    assert lists
    for name, shapes in lists.items():
        state = {key: torch.zeros(shape, dtype=torch.float16) for key, shape in shapes.items()}
        model, wanted = from_checkpoint(state)
        own = model.state_dict()
        assert set(own) == set(wanted), name
        assert all(own[key].shape == value.shape for key, value in wanted.items()), name


@torch.inference_mode()
def test_stale_statistics_are_ignored() -> None:
    state = load_file(fixture("resnet", "weights.safetensors"))
    stale = state | {
        "model.2.running_mean": torch.ones(8),
        "model.10.conv_block.2.num_batches_tracked": torch.tensor(3),
    }
    _, wanted = from_checkpoint(stale)
    assert set(wanted) == set(state)


@pytest.mark.parametrize("size", [(16, 16), (17, 30), (50, 37), (64, 96)])
@pytest.mark.parametrize("layout", list(LAYOUTS))
@torch.inference_mode()
def test_any_size_comes_back_as_it_was(layout: str, size: tuple[int, int]) -> None:
    torch.manual_seed(0)
    model = SMALL[layout]().eval()
    pictures = torch.rand(2, 3, *size) * 2 - 1
    made = LAYOUTS[layout].draw(model, pictures)
    assert made.shape == pictures.shape
    assert made.isfinite().all()
    assert made.abs().max() <= 1


@pytest.mark.parametrize("layout", list(LAYOUTS))
@torch.inference_mode()
def test_bfloat16_is_close(layout: str) -> None:
    torch.manual_seed(0)
    model = SMALL[layout]().eval()
    pictures = torch.rand(1, 3, 64, 64) * 2 - 1
    exact = LAYOUTS[layout].draw(model, pictures)
    with torch.autocast("cpu", torch.bfloat16):
        near = LAYOUTS[layout].draw(model.to(memory_format=torch.channels_last), pictures)
    assert (near.float() - exact).abs().mean() < 0.03


def test_unknown_layout_is_refused_with_what_was_expected() -> None:
    with pytest.raises(WeightsError) as caught:
        from_checkpoint({"ConvBlock.0.weight": torch.zeros(1)})
    for part in ("CycleGAN", "AnimeGANv2", "fast-neural-style", "ConvBlock.0.weight"):
        assert part in str(caught.value)


def test_half_a_checkpoint_is_refused() -> None:
    with pytest.raises(WeightsError, match=r"model\.1\.weight"):
        from_checkpoint({"model.10.conv_block.1.weight": torch.zeros(4, 4, 3, 3)})


def test_absurd_width_is_refused() -> None:
    with pytest.raises(WeightsError, match="5000"):
        from_checkpoint(
            {LAYOUTS["animegan2"].tell_tale: torch.zeros(1), "block_a.0.1.weight": torch.zeros(5000, 3, 7, 7)}
        )
