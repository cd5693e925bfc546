"""Frames in between: their count and moments, what is passed to the bit, cuts, loops, and the network's own rules."""

import itertools
import json
from collections.abc import Iterator
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path

import pytest
import torch
from torch import Tensor

from vgan.errors import WeightsError
from vgan.media.extent import Extent, Sound
from vgan.models.interpolator import (
    LONGEST,
    Interpolator,
    InterpolatorParams,
    between,
    draw_between,
    matches,
    small_size,
    warp,
)
from vgan.recipe import Recipe
from vgan.recipe_steps import Interpolate
from vgan.registry import Models
from vgan.settings import Settings
from vgan.steps.around import Around
from vgan.steps.between import by_factor, gaps, to_rate
from vgan.steps.interpolate import interpolate, interpolated, interpolated_at
from vgan.training import checkpoint

TINY = InterpolatorParams((4, 8, 8, 8), (8, 8, 8), 8)
ROW = "interpolate"


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Models:
    """An interpolator that was never trained: it blends, and moves nothing."""
    folder = tmp_path_factory.mktemp("weights")
    torch.manual_seed(0)
    config = {"family": "interpolate", "params": asdict(TINY), "training": {}}
    checkpoint.export(folder / ROW, Interpolator(TINY).state_dict(), config)
    return Models(Settings(device="cpu", offline=True, weights=folder))


def clip(frames: int, height: int = 48, width: int = 64) -> Tensor:
    """A soft pattern that drifts: (frames, 3, height, width)."""
    rows = torch.linspace(0, 6, height)[:, None]
    columns = torch.linspace(0, 9, width)
    shifts = 0.04 * torch.arange(frames)[:, None, None]
    planes = [(columns + rows * bend + shifts).sin() for bend in (0.3, -0.6, 1.2)]
    return torch.stack(torch.broadcast_tensors(*planes), 1) * 0.8


def extent(frames: int, fps: Fraction = Fraction(24)) -> Extent:
    return Extent(frames, fps, (64, 48))


def run(pictures: Tensor, models: Models, loops: bool = False, **asked: object) -> Tensor:
    found = extent(len(pictures))
    around = Around(found, found, loops, lambda places: pictures[list(places)], models)
    return torch.cat(list(interpolate(iter(pictures.split(3)), Interpolate.model_validate(asked), around)))


@pytest.mark.parametrize("frames", [1, 2, 3, 7, 120])
@pytest.mark.parametrize("rate", [Fraction(24), Fraction(30000, 1001), Fraction(25, 2), Fraction(60)])
def test_counts_and_durations_are_exact(frames: int, rate: Fraction) -> None:
    for factor in (2, 4):
        smooth, slow = (by_factor(frames, rate, factor, slow) for slow in (False, True))
        assert smooth.frames == slow.frames == factor * frames
        assert smooth.frames / smooth.fps == frames / rate
        assert slow.fps == rate
    for wanted in (8, 24, 30, 60):
        timing = to_rate(frames, rate, Fraction(wanted))
        assert timing.frames == max(1, round(frames / rate * wanted))
        assert timing.place(timing.frames - 1)[0] < frames
        assert all(timing.place(j)[0] + timing.place(j)[1] == j * rate / wanted for j in range(timing.frames))


@pytest.mark.parametrize("frames", [1, 2, 5, 12])
@pytest.mark.parametrize("asked", [{"factor": 2}, {"factor": 4, "slow": True}, {"fps": 60}, {"fps": 25}, {"fps": 8}])
@pytest.mark.parametrize("loops", [False, True])
def test_the_step_keeps_its_word(models: Models, frames: int, asked: dict[str, object], loops: bool) -> None:
    pictures, step = clip(frames), Interpolate.model_validate(asked)
    made, said = run(pictures, models, loops, **asked), interpolated(extent(frames), step, Recipe())
    assert len(made) == said.frames
    assert said.size == (64, 48)
    stride = extent(frames).fps / said.fps if step.fps else Fraction(1, step.factor)
    own = [j for j in range(len(made)) if (j * stride).denominator == 1]
    assert own
    for j in own:
        assert torch.equal(made[j], pictures[int(j * stride)])


def test_what_is_between_lies_between(models: Models) -> None:
    pictures = clip(4)
    made = run(pictures, models, factor=2)
    for j in (1, 3, 5):
        before, after = made[j - 1], made[j + 1]
        assert not torch.equal(made[j], before)
        assert (made[j] - before).abs().mean() < (after - before).abs().mean()
    assert torch.equal(made[7], pictures[3])  # the last one is shown until the end


def test_a_loop_goes_on_from_its_last_frame_to_its_first(models: Models) -> None:
    pictures = clip(4)
    assert not torch.equal(run(pictures, models, loops=True, factor=2)[7], pictures[3])
    alone = clip(1)
    assert torch.equal(run(alone, models, loops=True, factor=2), alone.expand(2, -1, -1, -1))


def test_frozen_frames_stay_frozen_to_the_bit(models: Models) -> None:
    pictures = clip(2)[[0, 0, 1]]
    made = run(pictures, models, factor=4)
    assert all(torch.equal(frame, pictures[0]) for frame in made[:5])


def test_at_a_cut_the_nearer_frame_is_shown(models: Models) -> None:
    pictures = torch.cat([clip(2), 0.7 - clip(2).flip(3).roll(20, 2) * torch.tensor([0.2, 1, -1]).view(3, 1, 1)])
    made = run(pictures, models, factor=4)
    assert torch.equal(made[5], pictures[1])
    assert torch.equal(made[6], pictures[1])
    assert torch.equal(made[7], pictures[2])


def test_strength_goes_from_frames_shown_again_to_new_ones(models: Models) -> None:
    pictures = clip(3)
    none, half, full = (run(pictures, models, factor=2, strength=strength) for strength in (0, 0.5, 1))
    assert torch.equal(none, pictures.repeat_interleave(2, 0))
    assert torch.allclose(half[1], (none[1] + full[1]) / 2, atol=1e-6)


def test_without_strength_no_network_is_needed(tmp_path: Path) -> None:
    bare = Models(Settings(device="cpu", offline=True, weights=tmp_path))
    assert len(run(clip(3), bare, factor=2, strength=0)) == 6
    with pytest.raises(WeightsError):
        run(clip(3), bare, factor=2)


@pytest.mark.parametrize("loops", [False, True])
@pytest.mark.parametrize("asked", [{"factor": 4}, {"fps": 30}])
def test_single_frames_are_those_of_the_run(models: Models, loops: bool, asked: dict[str, object]) -> None:
    pictures, step = clip(5), Interpolate.model_validate(asked)
    around = Around(extent(5), extent(5), loops, lambda places: pictures[list(places)], models)
    made = run(pictures, models, loops, **asked)
    assert torch.allclose(interpolated_at(step, around, range(len(made))), made, atol=1e-6)
    assert torch.allclose(interpolated_at(step, around, [-1]), made[-1:], atol=1e-6)


def test_slow_motion_stretches_the_sound_or_drops_it() -> None:
    heard = Extent(24, Fraction(24), (64, 48), Sound(Path("a.mp4"), Fraction(0), Fraction(1)))
    slow = interpolated(heard, Interpolate(factor=4, slow=True), Recipe()).sound
    assert slow is not None
    assert (slow.seconds, slow.speed) == (4, Fraction(1, 4))
    assert interpolated(heard, Interpolate(factor=4, slow=True, sound="drop"), Recipe()).sound is None
    assert interpolated(heard, Interpolate(factor=4), Recipe()).sound == heard.sound


def test_memory_is_flat_and_clips_that_end_early_end() -> None:
    given = 0

    def pictures() -> Iterator[Tensor]:
        nonlocal given
        for _ in range(50):
            given += 1
            yield torch.zeros(1, 3, 4, 4)

    timing = by_factor(200, Fraction(24), 2, slow=False)
    made = gaps(pictures(), timing, loops=False)
    assert len(next(made).places) == 2
    assert given == 2
    assert 2 + sum(len(gap.places) for gap in made) == 100
    assert not list(gaps(iter(()), timing, loops=True))


class TestNetwork:
    def test_warp_takes_what_lies_where_the_flow_points(self) -> None:
        picture = torch.rand(1, 3, 9, 12, generator=torch.Generator().manual_seed(0))
        flow = torch.zeros(1, 2, 9, 12)
        flow[:, 0], flow[:, 1] = 2, -1
        assert torch.allclose(warp(picture, flow)[..., 1:, :-2], picture[..., :-1, 2:], atol=1e-5)
        assert torch.allclose(warp(picture, torch.zeros_like(flow)), picture, atol=1e-5)

    def test_matches_are_cosines_of_neighbours(self) -> None:
        one, other = torch.randn(2, 2, 6, 5, 7, generator=torch.Generator().manual_seed(0)).unbind()
        found = matches(one, other, 2)
        assert found.shape == (2, 25, 5, 7)
        for row, column in itertools.product(range(5), range(5)):
            y, x = 2 + row - 2, 3 + column - 2
            expected = torch.cosine_similarity(one[:, :, 2, 3], other[:, :, y, x])
            assert torch.allclose(found[:, 5 * row + column, 2, 3], expected, atol=1e-5)

    @pytest.mark.parametrize("size", [(48, 64), (37, 91), (20, 20), (700, 1100), (1, 300)])
    def test_any_size_comes_out_as_it_went_in(self, size: tuple[int, int]) -> None:
        network = Interpolator(TINY).eval()
        one, other = clip(2, *size)
        with torch.inference_mode():
            made = between(network, one, other, 0.25)
        assert made.shape == one.shape
        assert made.isfinite().all()
        height, width = small_size(*size)
        assert height % 16 == width % 16 == 0
        assert max(height, width) <= LONGEST

    def test_time_and_order_agree_before_training(self) -> None:
        network = Interpolator(TINY).eval()
        one, other = clip(2)
        with torch.inference_mode():
            early, late = (each.picture for each in draw_between(network, one, other, [0.1, 0.9]))
        assert (early - one).abs().mean() < (early - other).abs().mean()
        assert (late - other).abs().mean() < (late - one).abs().mean()

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"family": "style"}, "interpolate: .*family is 'style'"),
            ({"params": {"channels": [4, 8, 8]}}, "params.channels has 3 numbers; allowed: 4"),
            ({"params": {"hidden": [8, 8, 2000]}}, "params.hidden is .2000"),
            ({"params": {"channels": [4, 8, 8, 16], "hidden": [8, 8, 8], "painting": 8}}, "do not fit"),
        ],
    )
    def test_a_foreign_config_is_refused(self, tmp_path: Path, change: dict[str, object], message: str) -> None:
        config = {"family": "interpolate", "params": asdict(TINY)}
        checkpoint.export(tmp_path / ROW, Interpolator(TINY).state_dict(), config)
        (tmp_path / ROW / "config.json").write_text(json.dumps(config | change))
        with pytest.raises(WeightsError, match=message):
            Models(Settings(device="cpu", offline=True, weights=tmp_path)).get(ROW)
