"""FastGAN: both checkpoint layouts against the shared fixtures, and the player's loops."""

import re
from pathlib import Path
from typing import Any

import pytest
import torch
from checkpoints import fastgan
from safetensors.torch import load_file
from torch import Tensor

from vgan.errors import WeightsError
from vgan.models.directions import closed_form
from vgan.models.generators.fastgan import FastGAN, FastGANParams
from vgan.models.generators.fastgan_checkpoint import from_checkpoint
from vgan.recipe import Generate
from vgan.runtime import Runtime, generator
from vgan.sources.play_fastgan import FastGanPlayer
from vgan.weights import load_into, read_weights

FIXTURES = Path(__file__).parent.parent / "../shared/data/fixtures"
SETS = {
    "huggan 1024": ("fastgan_huggan/weights", "fastgan_huggan/io", 1024),
    "original 256": ("fastgan_upstream/weights_256", "fastgan_upstream/io_256", 256),
    "original 512": ("fastgan_upstream/weights_512", "fastgan_upstream/io_512", 512),
}
NEEDS_FIXTURES = pytest.mark.skipif(not FIXTURES.exists(), reason="the shared fixtures are not beside the project")
CPU = Runtime(torch.device("cpu"), torch.float32)


def loaded(state: dict[str, Tensor]) -> FastGAN:
    model, folded = from_checkpoint(state)
    load_into(model, folded, "a checkpoint")
    return model.eval().requires_grad_(False)


def fixture_noise(io: dict[str, Tensor]) -> dict[int, tuple[Tensor, ...]]:
    levels: dict[int, list[Tensor]] = {}
    for key in sorted(io):
        if match := re.match(r"noise\._?(?:feat|upsample)_(\d+)\.", key):
            levels.setdefault(int(match[1]), []).append(io[key])
    return {level: tuple(tensors) for level, tensors in levels.items()}


def expected(io: dict[str, Tensor], large: Tensor) -> dict[str, Tensor]:
    """What the fixture says about the large head, cut from `large` the way each entry was cut."""
    found: dict[str, Tensor] = {}
    for key in io:
        numbers = [int(number) for number in re.findall(r"\d+", key)]
        if "stride" in key:
            found[key] = large[:, :, :: numbers[-1], :: numbers[-1]]
        elif "crop" in key:
            found[key] = large[:, :, numbers[-2] : numbers[-1], numbers[-2] : numbers[-1]]
        elif "mean_std" in key:
            found[key] = torch.stack([large.mean((0, 2, 3)), large.transpose(0, 1).flatten(1).std(1)])
        elif key.startswith("out_") and numbers != [128]:
            found[key] = large
    return found


@NEEDS_FIXTURES
@pytest.mark.parametrize("name", SETS)
@torch.inference_mode()
def test_every_output_of_the_fixture(name: str) -> None:
    weights, io_name, size = SETS[name]
    model = loaded(read_weights(FIXTURES / f"{weights}.safetensors"))
    io = load_file(FIXTURES / f"{io_name}.safetensors")
    z, noise = io["z"].flatten(1), fixture_noise(io)
    large = model(z, noise)
    assert large.shape[-1] == size
    torch.testing.assert_close(model(z, noise, size="small"), io["out_128"], atol=1e-4, rtol=0)
    checks = expected(io, large)
    assert len(checks) == sum(key.startswith("out_") for key in io) - 1
    for key, found in checks.items():
        torch.testing.assert_close(found, io[key], atol=1e-4, rtol=0)


@NEEDS_FIXTURES
def test_read_from_the_script_s_own_pickle(tmp_path: Path) -> None:
    state = read_weights(FIXTURES / "fastgan_upstream/weights_256.safetensors")
    parallel = {f"module.{key}": value for key, value in state.items()}
    torch.save({"g": parallel, "d": {"x": torch.ones(1)}}, tmp_path / "a.pth")
    z = torch.randn(1, 16, generator=generator(3))
    again = loaded(read_weights(tmp_path / "a.pth"))
    assert torch.equal(again(z, size="small"), loaded(state)(z, size="small"))


@pytest.mark.parametrize(("size", "huggan"), [(256, False), (512, False), (1024, False), (1024, True)])
def test_layouts_shapes_and_range(size: int, huggan: bool) -> None:
    model = loaded(fastgan(size, huggan))
    assert model.params.size == size
    assert model.params.z_dim == 12
    assert model.params.squash == (size == 1024)
    z = torch.randn(2, 12, generator=generator(0))
    assert model(z, size="small").shape == (2, 3, 128, 128)
    assert model(z[:1]).shape == (1, 3, size, size)
    if model.params.squash:
        assert model(z, size="small").abs().max() <= 1


def test_the_two_layouts_are_one_network() -> None:
    z = torch.randn(1, 12, generator=generator(0))
    original, huggan = loaded(fastgan(1024)), loaded(fastgan(1024, huggan=True))
    assert torch.equal(original(z), huggan(z))


def test_noise_changes_the_picture_and_is_fixed_by_the_seed() -> None:
    model = loaded(fastgan())
    z = torch.randn(1, 12, generator=generator(0))
    first, again = (model(z, model.draw_noise(generator(5)), "small") for _ in range(2))
    assert torch.equal(first, again)
    assert not torch.equal(first, model(z, size="small"))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda state: state.pop("feat_8.1.weight_u"), "'feat_8.1.weight_u' is missing"),
        (lambda state: state.pop("to_big.weight_orig"), "'to_big.weight_orig' is missing"),
        (lambda state: state.update(extra=torch.ones(1)), "unexpected tensors (extra)"),
        (lambda state: state.update({"feat_8.1.weight_v": torch.ones(7)}), "do not fit"),
        (lambda state: state.update({"feat_8.1.weight_orig": torch.ones(7)}), "shape (7,)"),
        (lambda state: state.update({"feat_16.1.weight_orig": torch.ones(16, 9, 3, 3)}), "do not fit"),
        (lambda state: state.update({"feat_8.2.weight": torch.ones(2)}), "expected 1"),
        (lambda state: state.update({"feat_8.3.running_var": torch.ones(9)}), "different lengths"),
        (lambda state: [state.pop(key) for key in list(state) if "feat_256" in key], "no generator of 256"),
        (lambda state: state.clear(), "no generator"),
        (lambda state: state.update({"feat_8.1.weight_v": torch.zeros(144)}), "not finite"),
    ],
)
def test_damaged_checkpoints_are_refused_by_name(change, words: str) -> None:  # type: ignore[no-untyped-def]
    state = fastgan()
    change(state)
    with pytest.raises(WeightsError) as refusal:
        loaded(state)
    assert words in str(refusal.value)


def test_claimed_widths_cost_nothing() -> None:
    state = fastgan()
    for side in (8, 16, 32, 64, 128, 256):  # a few bytes that claim a network of many gigabytes
        last = 5 if side in (8, 32, 128) else 1
        name = f"feat_{side}.{last}"
        state |= {f"{name}.weight_orig": torch.ones(8192, 1, 1, 1), f"{name}.weight_u": torch.ones(8192)}
        state[f"{name}.weight_v"] = torch.ones(1)
    with pytest.raises(WeightsError):
        loaded(state)


@pytest.fixture(scope="module")
def player() -> FastGanPlayer:
    torch.manual_seed(0)
    model = FastGAN(FastGANParams(z_dim=32, widths=(16, 16, 8, 8, 8, 8, 8), squash=True))
    for name, parameter in model.named_parameters():
        if "strengths" in name:
            torch.nn.init.constant_(parameter, 0.1)
    return FastGanPlayer(model.eval().requires_grad_(False), CPU, FastGanPlayer.directions(model, CPU))


def source(**fields: object) -> Generate:
    return Generate.model_validate({"look": "fastgan-aurora", **fields})


SHAPES = {"9:16": (144, 256), "4:5": (204, 256), "1:1": (256, 256), "16:9": (256, 144)}


@pytest.mark.parametrize(("aspect", "size"), SHAPES.items())
def test_pictures_are_cut_to_the_aspect(player: FastGanPlayer, aspect: str, size: tuple[int, int]) -> None:
    width, height = size
    full = player.draw(source(), torch.tensor([0.0]), aspect, preview=False)
    assert full.shape == (1, 3, height, width)
    assert full.dtype == torch.float32
    assert full.abs().max() <= 1
    small = player.draw(source(), torch.linspace(0, 0.9, 3), aspect, preview=True)
    assert small.shape == (3, 3, height // 2, width // 2)
    middle = player.draw(source(), torch.tensor([0.0]), "1:1", preview=False)
    top, left = (256 - height) // 2, (256 - width) // 2
    assert torch.equal(full, middle[:, :, top : top + height, left : left + width])


PATHS: dict[str, dict[str, Any]] = {
    "one latent": {},
    "no motion": {"motion": 0.0},
    "two keys": {"path": [{"look": "fastgan-aurora", "seed": seed} for seed in (1, 2)]},
    "six keys": {"path": [{"look": "fastgan-aurora", "seed": seed, "variation": [seed / 2] * 6} for seed in range(6)]},
    "one key twice": {"path": [{"look": "fastgan-aurora", "seed": 4}, {"look": "fastgan-aurora", "seed": 4}]},
    "truncation 0": {"truncation": 0.0},
}


@pytest.mark.parametrize("name", PATHS)
def test_loops_close_and_repeat(player: FastGanPlayer, name: str) -> None:
    recipe = source(**PATHS[name])
    phases = torch.arange(96, dtype=torch.float64) / 96
    z = player.latents(recipe, phases)
    assert z.shape == (96, 32)
    assert z.isfinite().all()
    torch.testing.assert_close(player.latents(recipe, phases + 1), z)
    steps = (z.roll(-1, 0) - z).norm(dim=1)
    assert steps[-1] <= 1.1 * steps[:-1].max() + 1e-9  # the seam is a step like the others
    turns = (z.roll(-1, 0) - 2 * z + z.roll(1, 0)).norm(dim=1)
    assert turns.max() <= 0.25 * steps.max() + 1e-9  # and nowhere is there a corner
    frames = player.draw(recipe, phases[::32], "1:1", preview=True)
    assert torch.equal(frames, player.draw(recipe, phases[::32], "1:1", preview=True))


def test_path_visits_its_keys(player: FastGanPlayer) -> None:
    keys = [{"look": "fastgan-aurora", "seed": seed, "variation": [seed, 0, 0, 0, 0, 0]} for seed in (1, 2, 3)]
    visited = player.latents(source(path=keys), torch.tensor([0, 1 / 3, 2 / 3], dtype=torch.float64))
    still = [player.latents(source(**key, motion=0.0), torch.zeros(1)) for key in keys]
    torch.testing.assert_close(visited, torch.cat(still))


def test_sliders_move_the_latent(player: FastGanPlayer) -> None:
    phases = torch.linspace(0, 1, 17)[:-1]

    def reach(**fields: object) -> float:
        z = player.latents(source(**fields), phases)
        return float((z - z.mean(0)).norm(dim=1).mean())

    assert reach(motion=0.0) < 1e-9 < reach(motion=0.3) < reach(motion=1.0)
    full, half = (player.latents(source(truncation=psi), phases) for psi in (1.0, 0.5))
    torch.testing.assert_close(half, full / 2)
    moved = player.latents(source(variation=(2.0, 0, 0, 0, 0, 0)), phases) - player.latents(source(), phases)
    torch.testing.assert_close(moved.norm(dim=1), torch.full((16,), 2.0, dtype=torch.float64))
    pictures = [player.draw(source(variation=(v, 0, 0, 0, 0, 0)), phases[:1], "1:1", True) for v in (0.0, 1.0)]
    assert (pictures[0] - pictures[1]).abs().mean() > 0
    assert not torch.equal(player.latents(source(seed=1), phases), player.latents(source(seed=2), phases))


def test_closed_form_directions() -> None:
    random = generator(0)
    stretch = torch.diag(torch.tensor([1.0, 5.0, 2.0, 9.0]))
    basis = torch.linalg.qr(torch.randn(4, 4, generator=random)).Q
    found = closed_form([stretch @ basis.T, stretch @ basis.T], 4)
    torch.testing.assert_close(found @ found.T, torch.eye(4), atol=1e-5, rtol=0)
    for row, axis in zip(found, (3, 1, 2, 0), strict=True):  # strongest first
        assert abs(float(row @ basis[:, axis])) == pytest.approx(1, abs=1e-4)
        assert row[row.abs().argmax()] > 0
    for weights, count in (([], 1), ([torch.ones(2, 3), torch.ones(2, 4)], 1), ([torch.ones(2, 3)], 4)):
        with pytest.raises(ValueError, match=r"weights|count"):
            closed_form(weights, count)
