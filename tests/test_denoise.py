"""The denoise step: how far it goes, and when it does nothing at all."""

from pathlib import Path

import pytest
import torch
import untrained
from torch import Tensor

from vgan.media.extent import Extent
from vgan.recipe_steps import Denoise
from vgan.registry import Models
from vgan.runtime import Runtime
from vgan.settings import Settings
from vgan.steps import STEPS
from vgan.steps.around import Around


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Models:
    folder = tmp_path_factory.mktemp("weights")
    untrained.write_enhancers(folder, ("denoise", "denoise-gan"))
    found = Models(Settings(device="cpu", offline=True, weights=folder))
    found.runtime = Runtime(torch.device("cpu"), torch.float32)
    return found


def noisy(count: int = 3) -> Tensor:
    return torch.rand(count, 3, 21, 34, generator=torch.Generator().manual_seed(1)).mul(2).sub(1)


def cleaned(models: Models, pictures: Tensor, **fields: float) -> Tensor:
    extent = Extent(len(pictures), 8, (34, 21))  # type: ignore[arg-type]
    around = Around(extent, extent, False, lambda places: pictures[list(places)], models)
    chunks = iter([pictures[:2], pictures[2:]])
    return torch.cat(list(STEPS["denoise"].run(chunks, Denoise(**fields), around)))  # type: ignore[arg-type]


def test_no_strength_is_the_picture_itself(models: Models) -> None:
    assert torch.equal(cleaned(models, noisy(), strength=0.0), noisy())


def test_no_strength_needs_no_weights(tmp_path: Path) -> None:
    empty = Models(Settings(device="cpu", offline=True, weights=tmp_path))
    assert torch.equal(cleaned(empty, noisy(), strength=0.0), noisy())


def test_strength_blends_with_the_picture(models: Models) -> None:
    full, half = cleaned(models, noisy(), strength=1.0), cleaned(models, noisy(), strength=0.5)
    with torch.inference_mode():
        expected = models.get("denoise")(noisy() / 2 + 0.5) * 2 - 1
    assert torch.allclose(full, expected, atol=1e-5)
    assert torch.allclose(half, noisy().lerp(full, 0.5), atol=1e-5)
    assert not torch.allclose(full, noisy(), atol=1e-2)


def test_detail_goes_to_the_other_network(models: Models) -> None:
    with torch.inference_mode():
        crisp = models.get("denoise-gan")(noisy() / 2 + 0.5) * 2 - 1
    assert torch.allclose(cleaned(models, noisy(), strength=1.0, detail=1.0), crisp, atol=1e-5)
    half = cleaned(models, noisy(), strength=1.0, detail=0.5)
    assert not torch.allclose(half, crisp, atol=1e-3)
