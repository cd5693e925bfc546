"""Sharpen: edges become steeper, and nothing rises beyond what is around it."""

from fractions import Fraction

import pytest
import torch
from torch import Tensor

from vgan.media.extent import Extent
from vgan.recipe_steps import Sharpen
from vgan.registry import Models
from vgan.steps.around import Around
from vgan.steps.sharpen import OVERSHOOT, sharpen

pytest_plugins = ["clips"]


def run(clip: Tensor, models: Models, **asked: object) -> Tensor:
    extent = Extent(len(clip), Fraction(25), (clip.shape[-1], clip.shape[-2]))
    around = Around(extent, extent, False, lambda places: clip[list(places)], models)
    return torch.cat(list(sharpen(iter(clip.split(2)), Sharpen.model_validate(asked), around)))


def soft_edge(width: float = 2.0) -> Tensor:
    """A picture (1, 3, 32, 64), dark at the left and light at the right, with a soft edge in the middle."""
    across = torch.sigmoid((torch.arange(64) - 31.5) / width) - 0.5
    return across.expand(1, 3, 32, 64).contiguous()


def test_strength_zero_changes_no_bit(models: Models) -> None:
    clip = torch.rand(5, 3, 20, 30) * 2 - 1
    assert torch.equal(run(clip, models, strength=0), clip)


@pytest.mark.parametrize("radius", [0.5, 1, 2.5, 8])
def test_more_strength_is_a_steeper_edge_without_a_halo(models: Models, radius: float) -> None:
    edge = soft_edge()
    steep = [float(run(edge, models, strength=value, radius=radius).diff(dim=-1).max()) for value in (0.1, 0.4, 1)]
    assert float(edge.diff(dim=-1).max()) < steep[0] < steep[1] <= steep[2]
    made, slack = run(edge, models, strength=1, radius=radius), OVERSHOOT * float(edge.amax() - edge.amin())
    assert made.amax() <= edge.amax() + slack + 1e-5
    assert made.amin() >= edge.amin() - slack - 1e-5


def test_flat_places_and_the_border_stay(models: Models) -> None:
    flat = torch.full((1, 3, 20, 30), 0.3)
    assert torch.allclose(run(flat, models, strength=1, radius=4), flat, atol=1e-5)


def test_colours_stay(models: Models) -> None:
    picture = soft_edge() * torch.tensor([0.9, 0.5, 0.3])[:, None, None] + 0.1
    made = run(picture, models, strength=0.5)
    assert torch.allclose(made[:, 0] - made[:, 1], picture[:, 0] - picture[:, 1], atol=1e-5)


@pytest.mark.parametrize("size", [(16, 16), (17, 33), (3, 40)])
def test_any_size(models: Models, size: tuple[int, int]) -> None:
    clip = torch.rand(3, 3, *size) * 2 - 1
    made = run(clip, models, strength=1, radius=8)
    assert made.shape == clip.shape
    assert made.abs().max() <= 1
