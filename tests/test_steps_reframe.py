"""Trim, crop and scale: which moments and pixels stay, told beforehand and kept to."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import torch
from clips import recipe

from vgan.errors import RecipeError
from vgan.media.extent import Extent, Sound
from vgan.plan import plan
from vgan.recipe import Recipe
from vgan.recipe_steps import Crop, Scale, Trim
from vgan.registry import Models
from vgan.render import generate_only, render, still
from vgan.steps.crop import window
from vgan.steps.scale import size_of
from vgan.steps.trim import trimmed

pytest_plugins = ["clips"]

CLIP = Extent(100, Fraction(25), (1920, 1080), Sound(Path("a.mp4"), Fraction(2), Fraction(4)))


def chain(*steps: dict[str, object], **share: object) -> Recipe:
    return Recipe.parse({**recipe(**share).model_dump(mode="json"), "steps": list(steps)})


def frames(asked: Recipe, models: Models) -> np.ndarray:
    return np.concatenate(list(generate_only(asked, models)))


@pytest.mark.usefixtures("waves")
class TestTrim:
    def test_just_the_part_stays(self, models: Models) -> None:
        whole = frames(chain(), models)
        part = frames(chain({"kind": "trim", "start": 0.25, "end": 0.75}), models)
        assert np.array_equal(part, whole[6:18])

    @pytest.mark.parametrize(
        ("asked", "first", "stop"),
        [
            ({}, 0, 24),
            ({"start": 0.5}, 12, 24),
            ({"end": 0.5}, 0, 12),
            ({"end": 99}, 0, 24),
            ({"start": 0.5, "strength": 0.5}, 6, 24),
            ({"start": 0.5, "end": 0.6, "strength": 0}, 0, 24),
            ({"start": 0.999}, 23, 24),
        ],
    )
    def test_what_is_planned_comes_out(self, models: Models, asked: dict[str, object], first: int, stop: int) -> None:
        trimmed = chain({"kind": "trim", **asked})
        assert plan(trimmed).final.frames == stop - first
        assert np.array_equal(frames(trimmed, models), frames(chain(), models)[first:stop])

    def test_nothing_after_the_end_is_drawn(self, models: Models, monkeypatch: pytest.MonkeyPatch) -> None:
        from clips import Waves

        drawn: list[int] = []
        draw = Waves.draw
        monkeypatch.setattr(Waves, "draw", lambda self, index: (drawn.extend(index.tolist()), draw(self, index))[1])
        frames(chain({"kind": "trim", "end": 0.3}), models)
        assert max(drawn) < 16

    def test_preview_shows_the_same_moment(self, models: Models) -> None:
        asked = chain({"kind": "trim", "start": 0.25}, {"kind": "grade", "saturation": -1})
        before, after = still(asked, models, 5)
        assert np.array_equal(before, frames(chain(), models)[11])
        assert np.array_equal(after, frames(asked, models)[5])

    def test_start_beyond_the_end_is_refused(self) -> None:
        with pytest.raises(RecipeError, match=r"trim.start: 12 s is beyond the end; the clip has 1.00 s"):
            plan(chain({"kind": "trim", "start": 12}))


def test_trim_moves_the_sound_by_its_own_speed() -> None:
    step = Trim(start=1, end=3)
    sound = trimmed(CLIP, step, Recipe()).sound
    assert sound == Sound(Path("a.mp4"), Fraction(3), Fraction(2))
    slow = Extent(100, Fraction(25), (64, 64), Sound(Path("a.mp4"), Fraction(2), Fraction(4), Fraction(1, 2)))
    assert trimmed(slow, step, Recipe()).sound == Sound(Path("a.mp4"), Fraction(5, 2), Fraction(2), Fraction(1, 2))


@pytest.mark.parametrize(
    ("step", "size", "left_top_width_height"),
    [
        (Crop(), (641, 361), (0, 0, 641, 361)),
        (Crop(left=0.25, right=0.25), (640, 361), (160, 0, 320, 361)),
        (Crop(top=0.1, bottom=0.4), (640, 360), (0, 36, 640, 180)),
        (Crop(aspect="9:16"), (1920, 1080), (656, 0, 608, 1080)),
        (Crop(aspect="9:16", x=0), (1920, 1080), (0, 0, 608, 1080)),
        (Crop(aspect="9:16", x=1), (1920, 1080), (1312, 0, 608, 1080)),
        (Crop(aspect="16:9", y=1), (1080, 1920), (0, 1312, 1080, 608)),
        (Crop(left=0.5, aspect="1:1"), (1920, 1080), (960, 60, 960, 960)),
        (Crop(left=0.5, strength=0.5), (1920, 1080), (480, 0, 1440, 1080)),
        (Crop(left=0.9, aspect="9:16", strength=0), (1921, 1081), (0, 0, 1921, 1081)),
    ],
)
def test_windows(step: Crop, size: tuple[int, int], left_top_width_height: tuple[int, int, int, int]) -> None:
    assert window(size, step) == left_top_width_height


@pytest.mark.parametrize("side", [17, 64, 101, 719])
@pytest.mark.parametrize("aspect", ["9:16", "4:5", "1:1", "16:9"])
def test_windows_lie_within(side: int, aspect: str) -> None:
    for x in (0.0, 0.3, 1.0):
        left, top, width, height = window((side, 100), Crop(left=0.07, bottom=0.11, aspect=aspect, x=x, y=1 - x))
        assert left >= 0 and top >= 0 and width >= 2 and height >= 2  # noqa: PT018
        assert left + width <= side
        assert top + height <= 100


@pytest.mark.usefixtures("waves")
class TestCropAndScale:
    def test_crop_takes_the_pixels_as_they_are(self, models: Models) -> None:
        whole = frames(chain(aspect="1:1"), models)
        part = frames(chain({"kind": "crop", "left": 0.5, "top": 0.5}, aspect="1:1"), models)
        assert np.array_equal(part, whole[:, 25:, 25:])  # 51 x 51 pixels

    def test_crop_that_leaves_nothing_is_refused(self) -> None:
        with pytest.raises(RecipeError, match=r"crop: .* would be left; both sides must keep 16"):
            plan(chain({"kind": "crop", "left": 0.9}, {"kind": "crop", "left": 0.9}))

    @pytest.mark.parametrize(
        ("size", "short_side", "strength", "after"),
        [
            ((1920, 1080), 720, 1.0, (1280, 720)),
            ((641, 361), 360, 1.0, (640, 360)),
            ((640, 360), 1440, 0.5, (1280, 720)),
            ((641, 361), 720, 0.0, (641, 361)),
            ((1279, 720), 720, 1.0, (1279, 720)),
        ],
    )
    def test_sizes(self, size: tuple[int, int], short_side: int, strength: float, after: tuple[int, int]) -> None:
        assert size_of(size, Scale(short_side=short_side, strength=strength)) == after

    def test_scaled_pictures_are_the_same_picture(self, models: Models) -> None:
        asked = chain({"kind": "scale", "short_side": 144}, aspect="1:1")
        large, small = frames(asked, models), frames(chain(aspect="1:1"), models)
        assert large.shape == (24, 144, 144, 3)
        back = torch.nn.functional.interpolate(
            torch.from_numpy(large).permute(0, 3, 1, 2).float(), small.shape[1:3], mode="area"
        )
        assert (back - torch.from_numpy(small).permute(0, 3, 1, 2)).abs().mean() < 2

    @pytest.mark.parametrize(
        "step",
        [{"kind": "crop", "left": 0.3}, {"kind": "scale"}, {"kind": "trim", "start": 0.5}],
        ids=lambda s: s["kind"],
    )
    def test_strength_zero_is_the_clip_itself(self, models: Models, step: dict[str, object]) -> None:
        assert np.array_equal(frames(chain({**step, "strength": 0}), models), frames(chain(), models))

    def test_file_is_as_planned(self, models: Models, tmp_path: Path) -> None:
        asked = chain({"kind": "trim", "end": 0.5}, {"kind": "crop", "aspect": "1:1"}, {"kind": "scale"})
        clip = render(asked, models, tmp_path / "a.mp4")
        assert (clip.frames, clip.seconds) == (12, 0.5)
