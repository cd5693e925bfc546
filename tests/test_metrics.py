"""Metrics say what they claim on clips whose answer is known."""

from pathlib import Path

import pytest
import torch

from vgan.metrics.correlation import circular_rank, spearman
from vgan.metrics.features import SqueezeFeatures
from vgan.metrics.frechet import frechet_distance
from vgan.metrics.look_probe import LookProbe
from vgan.metrics.loop_seam import loop_seam
from vgan.training.looks import make_clip

WEIGHTS = Path("../shared/data/weights/squeezenet1_1.safetensors")


def test_a_true_loop_has_seam_one_and_a_cut_one_more():
    times = torch.arange(24) / 24
    clip = make_clip("silk", 2, times, 48, 48)
    assert loop_seam(clip) == pytest.approx(1.0, abs=0.25)
    assert loop_seam(clip[:12]) > 2


def test_rank_correlations_reward_order_alone():
    asked = torch.linspace(0, 1, 40)
    assert spearman(asked, asked**3) == pytest.approx(1)
    assert spearman(asked, -asked) == pytest.approx(-1)
    turned = (asked * 0.999 + 0.4).remainder(1)
    assert circular_rank(asked * 0.999, turned) == pytest.approx(1, abs=0.02)
    noise = torch.rand(40, generator=torch.Generator().manual_seed(0))
    assert abs(circular_rank(asked, noise)) < 0.4


@pytest.fixture(scope="module")
def features():
    if not WEIGHTS.is_file():
        pytest.skip(f"{WEIGHTS} is not here: the offline feature network comes with the shared data")
    return SqueezeFeatures(WEIGHTS)


def frames(look, seeds):
    clips = [make_clip(look, seed, torch.tensor([0.2]), 64, 64) for seed in seeds]
    return torch.cat(clips).mul(127.5).add(127.5).to(torch.uint8)


def test_frechet_is_small_for_the_same_look_and_large_for_another(features):
    real, same, other = frames("silk", range(40)), frames("silk", range(40, 80)), frames("confetti", range(40))
    near, far = frechet_distance(real, same, features), frechet_distance(real, other, features)
    assert frechet_distance(real, real, features) < 0.05 * far
    assert near < 0.5 * far
    assert near > 0


def test_probe_tells_looks_apart(features):
    looks = ("silk", "bokeh", "waves")
    probe = LookProbe(features, len(looks))
    train = [frames(look, range(60)) for look in looks]
    probe.fit(train, [torch.full((60,), i) for i in range(len(looks))], steps=150)
    fresh = [frames(look, range(100, 120)) for look in looks]
    right = [(probe.guess(part) == i).float().mean().item() for i, part in enumerate(fresh)]
    assert min(right) > 0.8
