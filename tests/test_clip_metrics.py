"""Measures of sets of clips, on sets whose answer is known."""

from pathlib import Path

import pytest
import torch
import untrained
from torch import Tensor

from vgan.metrics.clip_features import ClipFeatures, Seen
from vgan.metrics.consistency import content_consistency
from vgan.metrics.coverage import reach
from vgan.metrics.frechet import frechet_of_features
from vgan.metrics.motion_probe import ClipProbe
from vgan.metrics.spoiled_clips import SPOILS
from vgan.metrics.video_distance import fit_space, video_distance
from vgan.tensors import to_uint8
from vgan.training.shapes import draw_scene, make_shape_clip
from vgan.training.shapes.motions import MOTIONS

WEIGHTS = Path("../shared/data/weights/squeezenet1_1.safetensors")
FRAMES, AXES, COUNT = 16, 12, 60


def clips(first: int, count: int = COUNT) -> tuple[Tensor, Tensor]:
    """uint8 (count, FRAMES, 3, 32, 32) and their motions."""
    times, names = torch.arange(FRAMES) / FRAMES, list(MOTIONS)
    made = [make_shape_clip(draw_scene(first + i, names[i % len(names)]), times, 32) for i in range(count)]
    return torch.stack([to_uint8(clip).movedim(-1, 1) for clip in made]), torch.arange(count) % len(names)


class Space:
    """Real clips, others of the same kind, and the space of the first."""

    def __init__(self) -> None:
        self.features = ClipFeatures(WEIGHTS)
        self.real, self.labels = clips(0)
        self.other, self.other_labels = clips(500)
        self.space, self.seen = fit_space(self.real, self.features, AXES)
        self.fresh = self.features(self.other)

    def distance(self, made: Tensor) -> float:
        return video_distance(self.seen, self.features(made), self.space)


@pytest.fixture(scope="module")
def known() -> Space:
    if not WEIGHTS.is_file():
        pytest.skip(f"{WEIGHTS} is not here: the offline feature network comes with the shared data")
    return Space()


class TestFrechet:
    def test_gaussians_have_their_known_distance(self) -> None:
        generator = torch.Generator().manual_seed(0)
        rows = torch.randn(4000, 3, generator=generator, dtype=torch.float64)
        rows = (rows - rows.mean(0)) @ torch.linalg.inv(torch.linalg.cholesky(torch.cov(rows.T))).T
        moved = rows * 2 + torch.tensor([3.0, 0.0, 0.0])
        # Means 3 apart; variances 1 and 4 in each of three directions: (2 - 1)^2 each.
        assert frechet_of_features(rows, moved) == pytest.approx(9 + 3)
        assert frechet_of_features(rows, rows) == pytest.approx(0, abs=1e-6)
        assert frechet_of_features(rows, moved) == pytest.approx(frechet_of_features(moved, rows))

    def test_what_is_no_set_is_refused(self) -> None:
        good = torch.randn(5, 2)
        with pytest.raises(ValueError, match="real"):
            frechet_of_features(good[:1], good)
        with pytest.raises(ValueError, match="made"):
            frechet_of_features(good, torch.full((5, 2), torch.nan))


class TestVideoDistance:
    def test_the_same_clips_are_at_none_and_fresh_ones_near_the_floor(self, known: Space) -> None:
        assert known.distance(known.real) < 0.01
        assert 0 < known.distance(known.other) < 8

    @pytest.mark.parametrize("name", [name for name in SPOILS if name != "recoloured"])
    def test_every_fault_is_seen(self, known: Space, name: str) -> None:
        spoiled = SPOILS[name](known.other, torch.Generator().manual_seed(3))
        assert spoiled.shape == known.other.shape
        assert spoiled.dtype == torch.uint8
        assert known.distance(spoiled) > 3 * known.distance(known.other)

    def test_shuffled_frames_change_the_video_distance_alone(self, known: Space) -> None:
        shuffled = known.features(SPOILS["shuffled"](known.other, torch.Generator().manual_seed(3)))
        frames = [seen.frames.flatten(0, 1)[:, :32] for seen in (known.fresh, shuffled)]
        assert frechet_of_features(*frames) == pytest.approx(0, abs=0.01)
        assert video_distance(known.fresh, shuffled, known.space) > 20

    def test_axes_are_the_same_every_time(self, known: Space) -> None:
        again, _ = fit_space(known.real, known.features, AXES)
        assert torch.equal(again(known.fresh), known.space(known.fresh))
        assert known.space(known.seen).var(0).sum() < 100  # what real clips vary along the axes, of all that they do

    def test_too_few_clips_or_frames_are_refused(self, known: Space) -> None:
        with pytest.raises(ValueError, match="at least 12"):
            fit_space(known.real[:11], known.features, AXES)
        with pytest.raises(ValueError, match="4 frames"):
            known.features(known.real[:, :4])


class TestContent:
    def test_frozen_clips_keep_everything_and_swapped_ones_little(self, known: Space) -> None:
        middle = known.seen.frames.mean((0, 1))
        real = content_consistency(known.fresh.frames, middle)
        generator = torch.Generator()
        frozen, swapped = (known.features(SPOILS[name](known.other, generator)) for name in ("frozen", "swapped"))
        assert content_consistency(frozen.frames, middle) == pytest.approx(1, abs=1e-4)
        assert content_consistency(swapped.frames, middle) < real - 0.1 < 0.9


@pytest.fixture(scope="module")
def probe(known: Space) -> ClipProbe:
    probe = ClipProbe(len(MOTIONS))
    probe.fit(known.space(known.seen), known.labels)
    return probe


class TestProbe:
    def test_motion_is_told_on_clips_never_seen(self, known: Space, probe: ClipProbe) -> None:
        told = probe.told(known.space(known.fresh), known.other_labels)
        assert told.right is not None
        assert told.right > 0.8
        assert told.kinds > 5.5
        assert probe.told(known.space(known.fresh)).right is None

    def test_one_motion_alone_is_one_kind(self, known: Space, probe: ClipProbe) -> None:
        one = known.fresh[known.other_labels == 0]
        assert isinstance(one, Seen)
        told = probe.told(known.space(one), torch.zeros(len(one.frames), dtype=torch.long))
        assert told.kinds < 2.5
        assert told.sure > 0.7


class TestReach:
    def test_as_good_as_real_one_mode_and_elsewhere(self) -> None:
        generator = torch.Generator().manual_seed(0)
        real, same = (torch.randn(400, 4, generator=generator) for _ in range(2))
        good, one, away = (reach(real, made) for made in (same, real[:1] + 0.1 * same, same + 50))
        assert min(good.coverage, good.recall, good.precision) > 0.85
        assert one.coverage < 0.1
        assert one.recall < 0.1
        assert one.precision > 0.5
        assert away == type(away)(0, 0, 0)
        assert reach(real, real) == type(away)(1, 1, 1)

    def test_small_sets_are_refused(self) -> None:
        with pytest.raises(ValueError, match="at least 6"):
            reach(torch.randn(5, 2), torch.randn(50, 2))


def test_any_weights_of_the_layout_serve(tmp_path: Path) -> None:
    untrained.write_classifier(tmp_path / "classifier.safetensors")
    seen = ClipFeatures(tmp_path / "classifier.safetensors")(clips(0, 3)[0], batch=2)
    assert seen.frames.shape == (3, FRAMES, 512)
    assert len(seen.blocks) == 10
