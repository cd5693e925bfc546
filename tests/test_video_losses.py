"""Losses, penalties, optimisers, rates and augmentation by name: values worked out by hand."""

import math

import pytest
import torch
from torch import Tensor

from vgan.training.video.augment import adapted, draw_changes
from vgan.training.video.losses import LOSSES, r1_and_r2, towards_one
from vgan.training.video.optimisers import OPTIMISERS, rate_share

REAL, MADE = torch.tensor([2.0, 0.0]), torch.tensor([-1.0, 1.0])


def soft(value: float) -> float:
    return math.log1p(math.exp(value))


CROSS = (soft(-2) + soft(0) + soft(-1) + soft(1)) / 2
EXPECTED = {
    "saturating": (CROSS, -(soft(-1) + soft(1)) / 2),
    "non-saturating": (CROSS, (soft(1) + soft(-1)) / 2),
    "least-squares": (((1 + 1) / 2 + (1 + 1) / 2) / 2, (4 + 0) / 4),
    "hinge": ((0 + 1) / 2 + (0 + 2) / 2, 0.0),
    "wgan-gp": (0.0 - 1.0, 0.0),
    "relativistic": ((soft(-3) + soft(1)) / 2, (soft(3) + soft(-1)) / 2),
}


@pytest.mark.parametrize("name", LOSSES)
def test_values(name: str) -> None:
    critic, generator = EXPECTED[name]
    assert LOSSES[name].critic(REAL, MADE).item() == pytest.approx(critic, abs=1e-6)
    assert LOSSES[name].generator(MADE, REAL).item() == pytest.approx(generator, abs=1e-6)


@pytest.mark.parametrize("name", LOSSES)
def test_each_side_is_drawn_its_own_way(name: str) -> None:
    """The critic wants real scores up and made ones down; the generator wants made ones up."""
    real, made = torch.zeros(3, requires_grad=True), torch.zeros(3, requires_grad=True)
    up, down = torch.autograd.grad(LOSSES[name].critic(real, made), (real, made), allow_unused=True)
    assert (up < 0).all()
    assert down is not None
    assert (down >= 0).all()
    (wanted,) = torch.autograd.grad(LOSSES[name].generator(made, real), made)
    assert (wanted < 0).all()


def linear(frames: Tensor) -> Tensor:
    """Its gradient is 2 in each of the numbers of a clip."""
    return frames.flatten(1).sum(1) * 2


def test_penalties() -> None:
    real, made = torch.randn(4, 2, 1, 1, 2), torch.randn(4, 2, 1, 1, 2)  # 4 numbers a clip: squares of gradients are 16
    assert towards_one(linear, real, made, torch.rand(4)).item() == pytest.approx(9.0, rel=1e-5)
    assert r1_and_r2(linear, real, made, torch.rand(4)).item() == pytest.approx(16.0, rel=1e-5)


def test_a_penalty_is_finite_where_the_gradient_is_nothing() -> None:
    weight = torch.zeros(1, requires_grad=True)
    frames = torch.ones(2, 1, 1, 1, 1)
    towards_one(lambda x: (x * weight).flatten(1).sum(1), frames, frames, torch.zeros(2)).backward()
    assert weight.grad is not None
    assert weight.grad.isfinite().all()


@pytest.mark.parametrize("name", OPTIMISERS)
def test_optimisers_go_down(name: str) -> None:
    weight = torch.nn.Parameter(torch.tensor([3.0]))
    optimiser = OPTIMISERS[name]([weight], 0.1, 0.5)
    for _ in range(100):
        optimiser.zero_grad()
        weight.square().sum().backward()
        optimiser.step()
    assert abs(weight.item()) < 0.5


def test_rates() -> None:
    assert rate_share("constant", 10**6, 100, 0.9, 0) == 1
    assert [round(rate_share("cosine", 0, 1, share, 0), 3) for share in (0, 0.5, 1, 1.2)] == [1, 0.5, 0, 0]
    assert rate_share("root", 400, 100, 0.5, 0) == pytest.approx(0.5)
    assert [rate_share("constant", step, 1, 0, 4) for step in range(5)] == [0.25, 0.5, 0.75, 1, 1]


def test_a_clip_is_changed_alike_in_all_its_frames_and_as_one_of_a_larger_batch() -> None:
    picture = torch.rand(4, 1, 3, 16, 16) * 2 - 1
    changes = draw_changes(4, "diffaugment", 0.0, True, torch.Generator().manual_seed(0))
    seen = changes.apply(picture.expand(-1, 5, -1, -1, -1))
    assert torch.equal(seen, seen[:, :1].expand_as(seen))
    assert not torch.allclose(seen[:, :1], picture)
    part = slice(1, 3)
    assert torch.allclose(changes.rows(part).apply(picture[part]), seen[part, :1], atol=1e-6)


def test_nothing_is_changed_with_probability_zero() -> None:
    frames = torch.rand(3, 2, 3, 16, 16)
    changes = draw_changes(3, "ada", 0.0, True, torch.Generator().manual_seed(0))
    assert torch.allclose(changes.apply(frames), frames, atol=1e-5)


def test_colours_stay_where_they_are_asked_for() -> None:
    """Of a grey picture, colours and brightness; the hole is black."""
    frames = torch.full((8, 1, 3, 16, 16), 0.5)
    for colour in (False, True):
        seen = draw_changes(8, "diffaugment", 1.0, colour, torch.Generator().manual_seed(1)).apply(frames)
        kept = ((seen - 0.5).abs() < 1e-4) | (seen.abs() < 1e-4)
        assert bool(kept.all()) != colour


def test_changes_can_be_learned_through() -> None:
    frames = torch.rand(2, 2, 3, 16, 16, requires_grad=True)
    draw_changes(2, "ada", 0.8, True, torch.Generator().manual_seed(0)).apply(frames).square().sum().backward()
    assert frames.grad is not None
    assert frames.grad.abs().sum() > 0


def test_probability_follows_how_sure_the_critic_is() -> None:
    assert adapted(0.5, 0.9, 200) == pytest.approx(0.51)
    assert adapted(0.5, 0.1, 200) == pytest.approx(0.49)
    assert adapted(0.0, 0.0, 200) == 0
    assert adapted(0.8, 1.0, 200) == 0.8
