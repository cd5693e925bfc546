"""Every family of video generators: what the trainer, the player and the table of families take for granted."""

import copy
from itertools import product

import pytest
import torch
from torch import nn

from vgan.models.discriminators.clip_critic import ClipCritic
from vgan.models.generators.video import Given, VideoGenerator, VideoParams, moments
from vgan.models.video_families import VIDEO_FAMILIES
from vgan.weights import load_into

LABELS = ("one", "two", "three")
SIZES = ({"side": 16, "frames": 4}, {"side": 32, "frames": 7})
FAMILIES = pytest.mark.parametrize("name", VIDEO_FAMILIES)


def params_of(name: str, side: int = 16, frames: int = 4) -> VideoParams:
    return VIDEO_FAMILIES[name].params(labels=LABELS, side=side, frames=frames, latent=12, motion=4, width=8)


def generator_of(name: str, **sizes: int) -> VideoGenerator:
    torch.manual_seed(0)
    return VIDEO_FAMILIES[name].generator(params_of(name, **sizes))


def critics_of(name: str, **sizes: int) -> list[ClipCritic]:
    torch.manual_seed(1)
    return [critic(params_of(name, **sizes)) for critic in VIDEO_FAMILIES[name].critics]


def given_of(count: int) -> Given:
    random = torch.Generator().manual_seed(3)
    return Given(torch.randint(len(LABELS), (count,), generator=random), torch.rand(count, 8, generator=random) * 2 - 1)


def noise_of(model: VideoGenerator, count: int, seed: int = 5) -> torch.Tensor:
    return model.draw(count, torch.Generator().manual_seed(seed))


def without_gradient(module: nn.Module) -> list[str]:
    return [name for name, p in module.named_parameters() if p.grad is None or not bool(p.grad.abs().sum() > 0)]


@FAMILIES
@pytest.mark.parametrize("sizes", SIZES, ids=str)
@pytest.mark.parametrize("count", [1, 3])
def test_clips_have_their_shape_and_are_finite(name: str, sizes: dict[str, int], count: int) -> None:
    model = generator_of(name, **sizes).eval()
    noise, given = noise_of(model, count), given_of(count)
    assert noise.shape == (count, model.noise)
    assert model.noise >= model.params.latent
    with torch.inference_mode():
        clips = model(noise, given)
        assert clips.shape == (count, sizes["frames"], 3, sizes["side"], sizes["side"])
        assert clips.isfinite().all()
        assert torch.equal(clips, model(noise, given)), "the same noise is the same clip"
        assert not torch.allclose(clips, model(noise_of(model, count, 6), given), atol=1e-4)
        places = torch.tensor([[0, 2, 3]]).expand(count, -1)
        torch.testing.assert_close(model.at(noise, given, places), clips[:, [0, 2, 3]], atol=1e-4, rtol=0)


@FAMILIES
def test_loops_close_and_have_no_jump(name: str) -> None:
    model = generator_of(name).eval()
    count = 65
    noise, given = noise_of(model, 1).expand(count, -1), given_of(1)[torch.zeros(count, dtype=torch.long)]
    with torch.inference_mode():
        frames = model.loop(noise, given, torch.arange(count) / (count - 1))
    assert frames.shape == (count, 3, 16, 16)
    torch.testing.assert_close(frames[0], frames[-1], atol=1e-5, rtol=0)
    steps = frames.diff(dim=0).flatten(1).norm(dim=1)
    apart = (frames[0] - frames[count // 2]).norm()
    assert 0 < float(steps.max()) <= 0.5 * float(apart)


@FAMILIES
def test_frames_of_a_loop_may_each_have_their_own_noise(name: str) -> None:
    model = generator_of(name).eval()
    noise, given, phases = noise_of(model, 3), given_of(3), torch.tensor([0.1, 0.6, 0.9])
    with torch.inference_mode():
        together = model.loop(noise, given, phases)
        alone = model.loop(noise[1:2], given[1:2], phases[1:2])
    torch.testing.assert_close(together[1:2], alone, atol=1e-4, rtol=0)


@FAMILIES
def test_a_quiet_clip_moves_less(name: str) -> None:
    model = generator_of(name).eval()
    noise, given = noise_of(model, 4), given_of(4)
    quiet = noise.clone()
    quiet[:, model.moves] *= 0.2
    if torch.equal(quiet, noise):
        pytest.skip("content and movement are one in this family")
    with torch.inference_mode():
        lively, calm = (model(each, given).diff(dim=1).abs().mean() for each in (noise, quiet))
    assert float(calm) < float(lively)


@FAMILIES
@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_gradients_reach_every_parameter(name: str, sizes: dict[str, int]) -> None:
    """In bfloat16, as they are trained, over a whole training: families that grow use others at each stage."""
    model, critics = generator_of(name, **sizes), critics_of(name, **sizes)
    given = given_of(5)
    for critic, share in product(critics, (0.0, 0.1, 0.3, 0.5, 1.0)):
        model.set_progress(share)
        critic.set_progress(share)
        count = critic.sees or sizes["frames"]
        times = moments(model.params, torch.device("cpu"))[:count].expand(5, -1)
        with torch.autocast("cpu", torch.bfloat16):
            scores = critic(model(noise_of(model, 5), given)[:, :count], times, given)
        assert scores.shape == (5,)
        assert scores.dtype == torch.float32
        assert scores.isfinite().all()
        nn.functional.softplus(-scores).sum().backward()
    for critic in critics:
        assert without_gradient(critic) == []
    assert without_gradient(model) == []


@FAMILIES
def test_penalties_have_gradients_too(name: str) -> None:
    """R1, R2 and the Wasserstein penalty derive twice."""
    for critic in critics_of(name):
        count = critic.sees or 4
        frames = (torch.rand(3, count, 3, 16, 16) * 2 - 1).requires_grad_(True)
        times = torch.linspace(0, 0.75, count).expand(3, -1)
        with torch.autocast("cpu", torch.bfloat16):
            score = critic(frames, times, given_of(3)).sum()
        (slope,) = torch.autograd.grad(score, frames, create_graph=True)
        slope.float().square().sum().backward()
        assert all(p.grad is None or bool(p.grad.isfinite().all()) for p in critic.parameters())
        assert any(p.grad is not None and bool(p.grad.abs().sum() > 0) for p in critic.parameters())


@FAMILIES
def test_what_is_asked_for_is_heard_or_not(name: str) -> None:
    model = generator_of(name).eval()
    noise, given = noise_of(model, 2), given_of(2)
    others = (Given((given.labels + 1) % len(LABELS), given.attributes), Given(given.labels, -given.attributes))
    with torch.inference_mode():
        clips = model(noise, given)
        heard = [not torch.equal(clips, model(noise, other)) for other in others]
    assert heard == [model.conditional] * 2


@FAMILIES
def test_weights_are_saved_and_loaded_strictly(name: str) -> None:
    model = generator_of(name)
    with torch.no_grad():  # running statistics and such have moved
        model(noise_of(model, 3), given_of(3))
    with torch.device("meta"):
        other = VIDEO_FAMILIES[name].generator(params_of(name))
    load_into(other, copy.deepcopy(model.state_dict()), name)
    noise, given = noise_of(model, 2), given_of(2)
    with torch.inference_mode():
        assert torch.equal(model.eval()(noise, given), other.eval()(noise, given))


@FAMILIES
def test_the_matrices_that_read_the_content(name: str) -> None:
    model = generator_of(name)
    matrices = model.layers()
    assert matrices
    assert all(matrix.ndim == 2 and matrix.shape[1] == model.params.latent for matrix in matrices)
