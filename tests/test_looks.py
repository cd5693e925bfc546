"""Looks: exact loops, variety, any aspect; and the attributes measured on them."""

import pytest
import torch

from vgan.errors import UnknownName
from vgan.models import attributes
from vgan.training.looks import LOOKS, make_clip


@pytest.mark.parametrize("look", LOOKS)
def test_look_loops_exactly_and_moves(look):
    clip = make_clip(look, 3, torch.tensor([0.0, 1.0, 1 / 16, 0.5]), 48, 48)
    assert clip.shape == (4, 3, 48, 48)
    assert clip.isfinite().all()
    assert clip.abs().max() <= 1
    assert torch.equal(clip[0], clip[1])
    assert (clip[0] - clip[3]).abs().mean() > 1e-3


@pytest.mark.parametrize("look", LOOKS)
def test_look_varies_with_the_seed_and_not_otherwise(look):
    now = torch.tensor([0.25])
    first, again, other = (make_clip(look, seed, now, 32, 32) for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert (first - other).abs().mean() > 0.01


@pytest.mark.parametrize(("height", "width"), [(64, 36), (36, 64), (45, 36)])
def test_look_is_drawn_at_any_aspect(height, width):
    for look in LOOKS:
        assert make_clip(look, 5, torch.tensor([0.1]), height, width).shape == (1, 3, height, width)


def test_resolution_changes_detail_and_not_the_picture():
    for look in LOOKS:
        small = make_clip(look, 9, torch.tensor([0.4]), 64, 64)
        large = make_clip(look, 9, torch.tensor([0.4]), 128, 128)
        assert (torch.nn.functional.avg_pool2d(large, 2) - small).abs().mean() < 0.08, look


def test_unknown_look_is_refused_with_the_known_ones():
    with pytest.raises(UnknownName, match=r"'auroa' is not known. Did you mean 'aurora'"):
        make_clip("auroa", 0, torch.zeros(1), 8, 8)


def plain(red, green, blue):
    return torch.tensor([red, green, blue]).view(1, 3, 1, 1).expand(1, 3, 64, 64) * 2 - 1


def measured(first, second=None):
    values = attributes.measure(first, first if second is None else second)[0]
    return dict(zip(attributes.ATTRIBUTES, values.tolist(), strict=True))


@pytest.mark.parametrize(("colour", "turn"), [((1.0, 0, 0), 0.0), ((0, 1.0, 0), 1 / 3), ((0, 0, 1.0), 2 / 3)])
def test_hue_is_the_turn_of_the_colour_wheel(colour, turn):
    assert measured(plain(*colour))["hue"] == pytest.approx(turn, abs=1e-3)


def test_attributes_follow_what_they_name():
    x = torch.linspace(0, 1, 64).view(1, 1, 1, 64).expand(1, 3, 64, 64)

    def wave(cycles, phase=0.0):
        return torch.sin(2 * torch.pi * (cycles * x + phase))

    grey, red = plain(0.5, 0.5, 0.5), plain(0.9, 0.1, 0.1)
    assert measured(red)["saturation"] > measured(grey)["saturation"] + 0.5
    assert measured(plain(0.8, 0.8, 0.8))["brightness"] > measured(grey)["brightness"]
    assert measured(wave(3))["contrast"] > measured(0.3 * wave(3))["contrast"]
    assert measured(wave(2))["scale"] > measured(wave(8))["scale"] + 0.5
    assert measured(wave(3), wave(3, 0.2))["motion"] > measured(wave(3), wave(3, 0.02))["motion"]
    corner = wave(8).clone()
    corner[..., 16:, :] = 0
    assert measured(wave(8))["complexity"] > measured(corner)["complexity"] + 0.2


def test_attributes_do_not_depend_on_resolution():
    small = attributes.measure(*make_clip("silk", 4, torch.tensor([0.0, 1 / 16]), 64, 64).split(1))
    large = attributes.measure(*make_clip("silk", 4, torch.tensor([0.0, 1 / 16]), 256, 256).split(1))
    assert torch.allclose(small, large, atol=0.1)


def test_shares_are_quantiles_and_keep_their_gradient():
    values = torch.randn(400, 7, generator=torch.Generator().manual_seed(0))
    table = attributes.knots(values)
    shares = attributes.to_shares(values, table.expand(400, -1, -1))
    assert torch.equal(shares[:, 0], values[:, 0])  # hue stays in turns
    assert shares[:, 1:].median(0).values.sub(0.5).abs().max() < 0.05
    outside = torch.full((1, 7), 99.0, requires_grad=True)
    attributes.to_shares(outside, table[None]).sum().backward()
    assert (outside.grad > 0).all()
