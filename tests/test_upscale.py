"""The upscale step: our networks blended weight by weight, whole pictures, the whole road."""

from pathlib import Path

import numpy as np
import pytest
import torch
import untrained
from PIL import Image
from torch import Tensor

from vgan.errors import WeightsError
from vgan.models.srvgg import CompactParams, SRVGGNetCompact
from vgan.plan import plan
from vgan.recipe import Recipe
from vgan.registry import Models
from vgan.render import render, still
from vgan.runtime import Runtime
from vgan.settings import Settings
from vgan.steps import enhancers
from vgan.steps.enhancers import ours

pytest_plugins = ["clips"]
NAMES = ("upscale-x2", "upscale-x2-gan", "upscale-x2-clean", "upscale-x4")


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Models:
    folder = tmp_path_factory.mktemp("weights")
    untrained.write_enhancers(folder, NAMES)
    found = Models(Settings(device="cpu", offline=True, weights=folder))
    found.runtime = Runtime(torch.device("cpu"), torch.float32)
    return found


def picture(height: int = 37, width: int = 53) -> Tensor:
    """Smooth shades with fine waves, (1, 3, height, width) in [-1, 1]."""
    y, x = torch.meshgrid(torch.linspace(0, 1, height), torch.linspace(0, 1, width), indexing="ij")
    return torch.stack([x, y, (x * 60).sin() * (y * 45).cos()])[None].mul(1.6).sub(0.8)


def plain(models: Models, name: str, seen: Tensor) -> Tensor:
    """What the network called `name` makes of a whole picture, by itself."""
    network = models.get(name)
    assert isinstance(network, SRVGGNetCompact)
    with torch.inference_mode():
        return network(seen / 2 + 0.5) * 2 - 1


@pytest.mark.parametrize("name", ["upscale-x2", "upscale-x4"])
def test_is_the_network_itself(models: Models, name: str) -> None:
    made = ours([(name, 1.0)], models)(picture())
    scale = int(name[-1])
    assert made.shape == (1, 3, 37 * scale, 53 * scale)
    assert torch.allclose(made, plain(models, name, picture()), atol=1e-5)


def test_tiles_are_the_whole_picture(models: Models, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = plain(models, "upscale-x2", picture(150, 211))
    monkeypatch.setitem(enhancers.MOST, "cpu", 40 * 40)
    assert torch.allclose(ours([("upscale-x2", 1.0)], models)(picture(150, 211)), whole, atol=1e-5)


def test_strength_goes_from_one_network_to_the_other(models: Models) -> None:
    def made(share: float) -> Tensor:
        return ours([("upscale-x2", 1.0), ("upscale-x2-gan", share)], models)(picture())

    end = plain(models, "upscale-x2-gan", picture())
    assert torch.allclose(made(0), plain(models, "upscale-x2", picture()), atol=1e-5)
    assert torch.allclose(made(1), end, atol=1e-5)
    first, second = (models.get(name).state_dict() for name in NAMES[:2])
    between = SRVGGNetCompact(CompactParams(2, features=8, layers=2))
    between.load_state_dict({key: value.lerp(second[key], 0.3) for key, value in first.items()})
    with torch.inference_mode():
        assert torch.allclose(made(0.3), between(picture() / 2 + 0.5) * 2 - 1, atol=1e-5)


def test_networks_may_have_come_in_while_drawing(models: Models) -> None:
    fresh = Models(models.settings)
    fresh.runtime = models.runtime
    with torch.inference_mode():
        for name in NAMES[:2]:
            fresh.get(name)
    made = [ours([("upscale-x2", 1.0), ("upscale-x2-gan", 0.5)], found)(picture()) for found in (fresh, models)]
    assert torch.equal(*made)


def test_networks_of_other_sizes_are_not_blended(models: Models) -> None:
    with pytest.raises(WeightsError, match=r"upscale-x4: .*cannot be blended"):
        ours([("upscale-x2", 1.0), ("upscale-x4", 0.5)], models)


class TestStep:
    @pytest.fixture
    def upload(self, tmp_path: Path) -> dict[str, object]:
        levels = picture(36, 52)[0].mul(127.5).add(127.5).round().byte().permute(1, 2, 0).numpy()
        Image.fromarray(levels).save(tmp_path / "small.png")
        return {"source": {"kind": "upload", "path": str(tmp_path / "small.png")}, "share": {"format": "png"}}

    def shown(self, models: Models, upload: dict[str, object], *steps: dict[str, object]) -> np.ndarray:
        return still(Recipe.parse({**upload, "steps": list(steps)}), models)[1].astype(int)

    @pytest.mark.parametrize("factor", [2, 4])
    def test_size_is_known_beforehand_and_true(self, models: Models, upload: dict[str, object], factor: int) -> None:
        step = {"kind": "upscale", "factor": factor}
        assert plan(Recipe.parse({**upload, "steps": [step]})).final.size == (52 * factor, 36 * factor)
        assert self.shown(models, upload, step).shape == (36 * factor, 52 * factor, 3)

    def test_strength_and_clean_count(self, models: Models, upload: dict[str, object]) -> None:
        steps = ({"strength": 0}, {"strength": 1}, {"strength": 0, "clean": 1}, {"strength": 1, "clean": 1})
        faithful, crisp, clean, both = (self.shown(models, upload, {"kind": "upscale", **step}) for step in steps)
        assert np.abs(faithful - crisp).max() > 3
        assert np.abs(faithful - clean).max() > 3
        assert np.array_equal(both, clean), "what is to be taken out is not made crisp"

    def test_faithful_alone_serves_where_the_others_are_not(self, models: Models, upload: dict[str, object]) -> None:
        one, other = (self.shown(models, upload, {"kind": "upscale", "factor": 4, "strength": s}) for s in (0, 1))
        assert np.array_equal(one, other)

    def test_missing_weights_are_named(self, upload: dict[str, object], tmp_path: Path) -> None:
        models = Models(Settings(device="cpu", offline=True, weights=tmp_path / "none"))
        with pytest.raises(WeightsError, match="upscale-x2: "):
            self.shown(models, upload, {"kind": "upscale"})

    def test_bfloat16_draws_the_same(self, models: Models, upload: dict[str, object]) -> None:
        rough = Models(models.settings)
        rough.runtime = Runtime(torch.device("cpu"), torch.bfloat16)
        one, other = (self.shown(found, upload, {"kind": "upscale"}) for found in (models, rough))
        assert np.abs(one - other).max() <= 3


@pytest.mark.usefixtures("waves")
def test_a_look_comes_out_at_full_size(models: Models, tmp_path: Path) -> None:
    recipe = Recipe.parse(
        {
            "source": {"kind": "generate", "seconds": 0.5},
            "steps": [{"kind": "upscale", "factor": 4}],
            "share": {"short_side": 1080, "fps": 8},
        }
    )
    clip = render(recipe, models, tmp_path / "a.mp4")
    assert (clip.width, clip.height, clip.frames) == (1080, 1920, 4)
