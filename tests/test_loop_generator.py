"""The loop generator: loops by construction, any aspect, a preview that is the same picture."""

import pytest
import torch
import torch.nn.functional as F

from vgan.models.generators.loop import LoopGenerator, LoopParams, encode_shares
from vgan.models.motion import Motion

PARAMS = LoopParams(("one", "two", "three"), style=32, bend_waves=16, waves=32, channels=(16, 12, 8, 8), base_convs=1)


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(0)
    return LoopGenerator(PARAMS).eval().requires_grad_(False)


def draw(model, times, cells=(32, 32), levels=None, look=0, offset=(0.0, 0.0)):
    count = len(times)
    generator = torch.Generator().manual_seed(1)
    motion = Motion.draw(1, PARAMS.motion, generator)
    z = torch.randn(1, PARAMS.latent, generator=generator)
    w = model.mapping(z, torch.tensor([look]), encode_shares(torch.full((1, 7), 0.5)))
    moved = (motion.offset + torch.tensor([offset])).expand(count, 2)
    return model.synthesis(w.expand(count, -1), motion.code(times[None])[0], times, moved, cells, levels)


def test_frame_at_one_is_the_frame_at_zero(model):
    frames = draw(model, torch.tensor([0.0, 1.0, 0.5]))
    assert torch.allclose(frames[0], frames[1], atol=1e-4)
    assert (frames[0] - frames[2]).abs().mean() > 1e-3


@pytest.mark.parametrize("aspect", [(9, 16), (4, 5), (1, 1), (16, 9)])
def test_every_aspect_is_drawn_natively(model, aspect):
    cells = model.cells(*aspect)
    assert min(cells) == PARAMS.base
    frame = draw(model, torch.tensor([0.2]), cells)
    assert frame.shape[-2:] == (cells[0] * 8, cells[1] * 8)
    assert cells[1] / cells[0] == pytest.approx(aspect[0] / aspect[1], rel=0.02)


def test_preview_is_the_same_picture_one_level_early(model):
    full, early = draw(model, torch.tensor([0.3])), draw(model, torch.tensor([0.3]), levels=2)
    assert full.shape[-1] == 2 * early.shape[-1]
    # The last level adds a residual to exactly the early picture.
    residual = full - F.interpolate(early, scale_factor=2, mode="bilinear", align_corners=False)
    assert residual.std() < full.std()


def test_offset_slides_the_window_over_one_endless_plane(model):
    """Before any convolution the picture is a function of place: the same place, the same features."""
    w = model.mapping(torch.zeros(1, PARAMS.latent), torch.tensor([0]), encode_shares(torch.full((1, 7), 0.5)))
    zoom = torch.exp2(torch.tanh(model.base.zoom(w)))
    step = 4 / 32 * zoom
    here = model.base(w, torch.zeros(1), torch.zeros(1, 2), (32, 32))
    right = model.base(w, torch.zeros(1), torch.cat([step, step * 0], dim=1), (32, 32))
    assert torch.allclose(here[..., 4:], right[..., :-4], atol=1e-3)


def test_margin_leaves_the_middle_as_it_is(model):
    w = model.mapping(torch.zeros(1, PARAMS.latent), torch.tensor([0]), encode_shares(torch.full((1, 7), 0.5)))
    still = (w, torch.zeros(1, PARAMS.motion), torch.zeros(1), torch.zeros(1, 2), (48, 32))
    plain, wider = model.synthesis(*still), model.synthesis(*still, margin=2)
    assert plain.shape == wider.shape
    middle = (..., slice(64, -64), slice(64, -64))
    assert torch.allclose(plain[middle], wider[middle], atol=1e-4)
    assert (plain - wider).abs().max() > 1e-3


def test_each_frame_keeps_its_own_style(model):
    """A batch of frames is drawn as each would be alone."""
    together = draw(model, torch.tensor([0.1, 0.6]))
    alone = draw(model, torch.tensor([0.6]))
    assert torch.allclose(together[1:], alone, atol=1e-4)


def test_motion_code_loops_and_differs_between_seeds():
    motion = Motion.draw(2, 8, torch.Generator().manual_seed(0))
    code = motion.code(torch.tensor([[0.0, 1.0, 0.3], [0.0, 1.0, 0.3]]))
    assert torch.equal(code[:, 0], code[:, 1])
    assert (code[0] - code[1]).abs().max() > 0.1


def test_hue_is_encoded_as_a_circle():
    ends = encode_shares(torch.tensor([[0.0, *[0.5] * 6], [1.0, *[0.5] * 6]]))
    assert torch.allclose(ends[0], ends[1], atol=1e-6)
    assert ends.shape == (2, 8)
