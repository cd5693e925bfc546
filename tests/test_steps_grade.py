"""Grade: light and colour do what their fields say, nothing clips, and automatic levels hold still."""

from collections.abc import Sequence
from fractions import Fraction

import pytest
import torch
from torch import Tensor

from vgan.media.extent import Extent
from vgan.recipe_steps import Grade
from vgan.registry import Models
from vgan.steps.around import Around
from vgan.steps.grade import Curve, grade, graded, graded_at
from vgan.steps.levels import Level
from vgan.steps.steady import LUMA

pytest_plugins = ["clips"]

SIZE = (48, 64)


def around(frames: Tensor, models: Models) -> Around:
    extent = Extent(len(frames), Fraction(25), (SIZE[1], SIZE[0]))

    def at(places: Sequence[int]) -> Tensor:
        return frames[list(places)]

    return Around(extent, extent, False, at, models)


def run(frames: Tensor, models: Models, **asked: object) -> Tensor:
    return torch.cat(list(grade(iter(frames.split(7)), Grade.model_validate(asked), around(frames, models))))


def scene(seed: int, low: float = 0.3, high: float = 0.7) -> Tensor:
    """A picture (3, H, W) in [0, 1] of soft spots, all of its values between two limits."""
    small = torch.rand(1, 3, 6, 8, generator=torch.Generator().manual_seed(seed))
    picture = torch.nn.functional.interpolate(small, SIZE, mode="bicubic", align_corners=False)[0]
    picture = (picture - picture.min()) / (picture.max() - picture.min())
    return picture * (high - low) + low


def luma(pictures: Tensor) -> Tensor:
    return (pictures * torch.tensor(LUMA)[:, None, None]).sum(-3)


def grey(level: float) -> Tensor:
    return torch.full((1, 3, *SIZE), 2 * level - 1)


class TestFields:
    def test_defaults_and_no_strength_change_no_bit(self, models: Models) -> None:
        clip = torch.rand(9, 3, *SIZE) * 2 - 1
        everything = dict.fromkeys(("brightness", "contrast", "saturation", "temperature", "tint", "auto"), 0.5)
        assert torch.equal(run(clip, models), clip)
        assert torch.equal(run(clip, models, **everything, gamma=2, strength=0), clip)

    @pytest.mark.parametrize("field", ["brightness", "contrast", "saturation", "temperature", "tint"])
    def test_more_is_more(self, models: Models, field: str) -> None:
        clip = scene(0).mul(2).sub(1)[None]
        red, green, blue = range(3)

        def measured(value: float) -> float:
            made = run(clip, models, **{field: value})[0]
            return {
                "brightness": made.mean(),
                "contrast": luma(made).std(),
                "saturation": (made - luma(made)).abs().mean(),
                "temperature": (made[red] - made[blue]).mean(),
                "tint": (made[red] + made[blue] - 2 * made[green]).mean(),
            }[field].item()

        values = [measured(value) for value in (-1, -0.5, -0.1, 0, 0.1, 0.5, 1)]
        assert values == sorted(values)
        assert len(set(values)) == 7

    def test_gamma_above_one_lightens_the_dark(self, models: Models) -> None:
        assert run(grey(0.25), models, gamma=2).mean() == pytest.approx(0)
        assert run(grey(0.25), models, gamma=2, strength=0.5).mean() < 0

    @pytest.mark.parametrize("level", [0.2, 0.5, 0.8])
    @pytest.mark.parametrize("asked", [{"temperature": 1}, {"temperature": -1}, {"tint": 1}, {"tint": -1}])
    def test_colour_keeps_the_lightness(self, models: Models, level: float, asked: dict[str, float]) -> None:
        made = run(grey(level), models, **asked)
        assert (made.amax() - made.amin()) > 0.1
        assert luma(made).mean().item() / 2 + 0.5 == pytest.approx(level, abs=0.03)

    def test_no_saturation_is_grey(self, models: Models) -> None:
        made = run(scene(1).mul(2).sub(1)[None], models, saturation=-1)[0]
        assert torch.allclose(made[0], made[1], atol=1e-6)
        assert torch.allclose(made[0], made[2], atol=1e-6)

    @pytest.mark.parametrize("field", ["brightness", "contrast", "temperature", "tint"])
    @pytest.mark.parametrize("value", [-1, 1])
    def test_neighbouring_levels_stay_apart(self, models: Models, field: str, value: float) -> None:
        """Nothing runs into the end of the range: a ramp of 256 greys still rises everywhere."""
        ramp = torch.linspace(-1, 1, 256).expand(1, 3, SIZE[0], 256)
        made = run(ramp, models, **{field: value})[0, :, 0]
        assert (made.diff(dim=-1) > 0).all()
        assert made.amin() >= -1
        assert made.amax() <= 1

    def test_light_undoes_dark(self, models: Models) -> None:
        clip = scene(2).mul(2).sub(1)[None]
        there = run(clip, models, brightness=0.6)
        assert torch.allclose(run(there, models, brightness=-0.6), clip, atol=1e-5)

    def test_memory_layout_and_format_make_no_difference(self) -> None:
        picture = scene(3).mul(2).sub(1)[None]
        curve = Curve.of(Grade(brightness=0.3, contrast=0.5, saturation=0.5, temperature=0.2))
        laid = picture.contiguous(memory_format=torch.channels_last)
        assert torch.equal(graded(laid, curve, Level()), graded(picture, curve, Level()))
        assert graded(picture.bfloat16(), curve, Level()).dtype == torch.float32


class TestAuto:
    def test_a_dull_clip_fills_the_range(self, models: Models) -> None:
        clip = scene(0, 0.3, 0.75).mul(2).sub(1).expand(10, -1, -1, -1)
        made, half = run(clip, models, auto=1), run(clip, models, auto=0.5)
        spans = [luma(one[-1]).amax() - luma(one[-1]).amin() for one in (clip, half, made)]
        assert spans[0] < spans[1] < spans[2]
        assert spans[2] > 1.5

    def test_a_flat_picture_is_not_torn_apart(self, models: Models) -> None:
        clip = scene(0, 0.45, 0.55).mul(2).sub(1).expand(5, -1, -1, -1)
        made = run(clip, models, auto=1)
        assert made.std() < 2.6 * clip.std()
        assert torch.isfinite(run(grey(0), models, auto=1)).all()

    def test_a_still_clip_stays_still(self, models: Models) -> None:
        made = run(scene(0).mul(2).sub(1).expand(30, -1, -1, -1), models, auto=1, contrast=0.3)
        assert (made == made[:1]).all()

    def test_flickering_exposure_comes_out_steadier(self, models: Models) -> None:
        light = 1 + 0.1 * torch.randn(60, generator=torch.Generator().manual_seed(4)).clamp(-2, 2)
        clip = (scene(0, 0.1, 0.75) * light[:, None, None, None]).clamp(0, 1).mul(2).sub(1)
        made = run(clip, models, auto=1)
        before, after = (luma(one).add(1).mean((1, 2))[10:] for one in (clip, made))
        assert after.std() / after.mean() < 0.5 * before.std() / before.mean()

    def test_something_that_passes_does_not_make_it_pump(self, models: Models) -> None:
        clip = scene(0, 0.2, 0.6).mul(2).sub(1).repeat(40, 1, 1, 1)
        for index in range(10, 30):
            clip[index, :, :24, 2 * index - 20 : 2 * index - 4] = 0.98
        made = run(clip, models, auto=1)
        background = luma(made)[:, 30:].mean((1, 2))
        assert background.diff().abs().max() < 0.03

    def test_a_cut_begins_anew(self, models: Models) -> None:
        dark, light = scene(0, 0.05, 0.5), scene(9, 0.5, 0.95).flip(1)
        clip = torch.stack([dark] * 20 + [light] * 20).mul(2).sub(1)
        made = run(clip, models, auto=1)
        alone = run(clip[20:], models, auto=1)
        assert torch.equal(made[20:], alone)

    @pytest.mark.parametrize("place", [0, 3, 35])
    def test_single_frames_look_like_the_render(self, models: Models, place: int) -> None:
        clip = torch.stack([scene(0, 0.3, 0.6 + 0.002 * index) for index in range(40)]).mul(2).sub(1)
        step = Grade(auto=1, saturation=0.2)
        single = graded_at(step, around(clip, models), [place])
        assert (single - run(clip, models, auto=1, saturation=0.2)[place]).abs().max() < 0.05

    def test_levels_of_a_single_frame_are_remembered_until_the_picture_changes(self, models: Models) -> None:
        clip = scene(0).mul(2).sub(1).repeat(40, 1, 1, 1)
        asked: list[int] = []
        plain = around(clip, models)
        counted = Around(
            plain.extent, plain.final, False, lambda places: (asked.extend(places), clip[list(places)])[1], models
        )
        step = Grade(auto=1)
        for _ in range(3):
            graded_at(step, counted, [20])
        assert asked.count(20) == 3
        assert len(asked) < 3 + 5
        clip += 0.1
        graded_at(step, counted, [20])
        assert len(asked) > 3 + 5
