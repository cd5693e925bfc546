"""The style network: shapes, statistics, what a style vector does."""

import pytest
import torch

from vgan.models.perceptual import gram, gram_distance
from vgan.models.stylizer import StyleNetwork, StyleParams


@pytest.fixture
def network() -> StyleNetwork:
    torch.manual_seed(0)
    network = StyleNetwork(StyleParams(("one", "two"), outer=8, inner=12, blocks=2)).eval().requires_grad_(False)
    torch.nn.init.normal_(network.codes, std=0.5)
    return network


def pictures(count: int = 3, height: int = 32, width: int = 40) -> torch.Tensor:
    return torch.rand(count, 3, height, width, generator=torch.Generator().manual_seed(1)) * 2 - 1


@pytest.mark.parametrize("size", [(16, 16), (17, 19), (32, 50), (63, 21)])
def test_size_is_kept(network: StyleNetwork, size: tuple[int, int]) -> None:
    made = network(pictures(1, *size), network.codes[:1])
    assert made.shape == (1, 3, *size)
    assert made.abs().max() <= 1


def test_given_statistics_draw_the_same_as_measured_ones(network: StyleNetwork) -> None:
    x, code = pictures(3), network.codes[:1]
    together = network.draw_clips(x, code.expand(3, -1, -1), 3)
    assert torch.allclose(network(x, code, network.measure(x, code)), together, atol=1e-5)


def test_shared_statistics_do_not_depend_on_the_frame(network: StyleNetwork) -> None:
    """A dim frame is painted dim under the clip's statistics, and blown up under its own."""
    x, code = pictures(1), network.codes[:1]
    statistics = network.measure(x, code)
    dim = x * 0.2

    def reach(made: torch.Tensor) -> float:
        return float(made.std())

    assert reach(network(dim, code, statistics)) < 0.7 * reach(network(dim, code))


def test_mix_goes_from_own_to_shared(network: StyleNetwork) -> None:
    x, code = pictures(1), network.codes[:1]
    statistics = network.measure(pictures(2) * 0.5, code)
    assert torch.allclose(network(x, code, statistics, 0.0), network(x, code), atol=1e-5)
    almost = network(x, code, statistics, 0.9999)
    assert torch.allclose(almost, network(x, code, statistics, 1.0), atol=1e-2)


def test_styles_differ_and_blend(network: StyleNetwork) -> None:
    x = pictures(1)
    one, two = (network(x, code) for code in network.codes.split(1))
    assert (one - two).abs().mean() > 0.01
    middle = network(x, network.codes[:1].lerp(network.codes[1:], 0.5))
    assert (middle - one).abs().mean() < (two - one).abs().mean()


def test_gram_distance_is_relative_to_what_is_wanted() -> None:
    features = torch.rand(2, 4, 5, 6)
    wanted = [gram(features)]
    assert torch.allclose(gram_distance(wanted, wanted), torch.zeros(2))
    assert torch.allclose(gram_distance([torch.zeros_like(wanted[0])], wanted), torch.ones(2))
