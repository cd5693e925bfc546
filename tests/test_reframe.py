"""Reframe: the window holds what moves, moves like a camera, and is the same in preview and render."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from films import write_film
from torch import Tensor

from vgan import camera
from vgan.attention import Attention, small
from vgan.errors import RecipeError
from vgan.media.extent import Extent
from vgan.plan import plan
from vgan.recipe import Recipe
from vgan.registry import Models
from vgan.render import generate_only, still
from vgan.steps.reframe import Scene, look, middles, shifted
from vgan.tensors import to_pictures

pytest_plugins = ["clips"]

WIDTH, HEIGHT, BLOB = 320, 180, 32
COUNT, FPS = 100, 25
PART = HEIGHT * 9 / 16 / WIDTH  # of the width: a window of 9:16
GOODS = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "video" / "good"


def texture(seed: int, height: int, width: int) -> np.ndarray:
    """Something to hold on to everywhere, uint8 (height, width, 3)."""
    random = np.random.default_rng(seed)
    layers = [random.random((height // side + 2, width // side + 2, 3)).astype(np.float32) for side in (4, 16, 48)]
    mixed = sum(cv2.resize(one, (width, height), interpolation=cv2.INTER_CUBIC) for one in layers) / 3
    return (60 + 110 * np.clip(mixed, 0, 1)).astype(np.uint8)


WAYS = {  # left edge of the blob, and of the part of the background that is seen, over time in [0, 1]
    "across": lambda t: (20 + t * (WIDTH - 40 - BLOB), 0),
    "still, then goes": lambda t: (40 + 180 * min(1.0, max(0.0, (t - 0.4) / 0.25)), 0),
    "back and forth": lambda t: (WIDTH / 2 - BLOB / 2 + 110 * np.sin(2 * np.pi * t), 0),
    "under a panning camera": lambda t: (210 - 30 * np.sin(9 * t), 80 * t),
    "trembles": lambda t: (150 + 6 * np.sin(80 * t), 0),
}


def film(way: str) -> tuple[list[np.ndarray], np.ndarray]:
    """Frames of a blob on its way, and its left edge in each."""
    ground, tint = texture(0, HEIGHT, WIDTH + 100), np.array([60, -30, -40])
    blob = np.clip(texture(9, BLOB, BLOB) + tint, 0, 255)
    frames, lefts = [], []
    for index in range(COUNT):
        left, pan = (round(float(place)) for place in WAYS[way](index / COUNT))
        frame = ground[:, pan : pan + WIDTH].copy()
        frame[70 : 70 + BLOB, left : left + BLOB] = blob
        frames.append(frame)
        lefts.append(left)
    return frames, np.array(lefts)


def seen(frames: Sequence[np.ndarray]) -> tuple[list[Scene], Extent]:
    extent = Extent(len(frames), Fraction(FPS), frames[0].shape[1::-1])

    def at(places: Sequence[int]) -> Tensor:
        return to_pictures(np.stack([frames[place] for place in places]))

    return look(at, extent), extent


def path_of(frames: Sequence[np.ndarray], steadiness: float = 0.5) -> np.ndarray:
    """Left edge of the window in every frame, pixels."""
    scenes, extent = seen(frames)
    return (middles(scenes, extent, PART, True, steadiness) - PART / 2) * WIDTH


class TestPath:
    @pytest.mark.parametrize("way", WAYS)
    def test_what_moves_is_inside(self, way: str) -> None:
        frames, lefts = film(way)
        path = path_of(frames)
        inside = (lefts >= path - 0.5) & (lefts + BLOB <= path + PART * WIDTH + 0.5)
        assert inside.mean() >= 0.97
        assert path.min() >= -1e-6
        assert path.max() <= WIDTH * (1 - PART) + 1e-6

    @pytest.mark.parametrize("way", WAYS)
    def test_it_moves_like_a_camera(self, way: str) -> None:
        """Few turns, no leaps, and changes of speed far below those of the subject, whose places are whole pixels."""
        frames, lefts = film(way)
        path = path_of(frames)
        speed = np.diff(path)
        moving = speed[np.abs(speed) > 0.02]
        assert (np.diff(np.sign(moving)) != 0).sum() <= 3
        assert np.abs(speed).max() < 3 * PART * WIDTH / FPS
        assert np.abs(np.diff(path, n=2)).max() < 1.5  # pixels a frame, each frame
        jerk, own = (np.sqrt(np.square(np.diff(way, n=3)).mean()) for way in (path, lefts))
        assert jerk < 0.2 * own

    def test_it_stands_still_under_trembling_on_whole_pixels(self) -> None:
        path = path_of(film("trembles")[0])
        assert np.ptp(path) < 1e-6
        assert path[0] == pytest.approx(round(path[0]), abs=1e-6)

    def test_it_waits_and_then_follows(self) -> None:
        speed = np.abs(np.diff(path_of(film("still, then goes")[0])))
        assert speed[:20].max() < 0.05
        assert speed[-5:].max() < 0.2
        assert speed.max() > 1

    def test_steadier_moves_less(self) -> None:
        frames, _ = film("back and forth")
        ways = [np.abs(np.diff(path_of(frames, steadiness))).sum() for steadiness in (0.0, 0.5, 1.0)]
        assert ways[0] > ways[1] > ways[2]

    @pytest.mark.parametrize("level", [0, 128, 255])
    def test_nothing_to_see_is_the_middle(self, level: int) -> None:
        path = path_of([np.full((HEIGHT, WIDTH, 3), level, np.uint8)] * 20)
        assert np.abs(path - WIDTH * (1 - PART) / 2).max() < 0.1 * WIDTH
        assert np.ptp(path) < 1e-6

    def test_one_frame(self) -> None:
        assert len(path_of([texture(0, HEIGHT, WIDTH)])) == 1

    def test_a_cut_begins_anew_at_its_very_frame(self) -> None:
        one, _ = film("still, then goes")
        other = [255 - frame[:, ::-1] for frame in one]
        frames = one[:37] + other[:30]
        scenes, _ = seen(frames)
        assert [scene.first for scene in scenes] == [0, 37]
        path = path_of(frames)
        assert np.abs(np.diff(path))[36] > 20
        assert np.abs(np.diff(path[37:])).max() < 3

    def test_a_long_scene_is_planned_in_parts_without_a_seam(self) -> None:
        count = 2 * camera.LONGEST
        place = 0.5 + 0.25 * np.sin(np.arange(count) / 20)
        subject = camera.Subject(place, np.full(count, 0.03), np.ones(count))
        path = camera.path(subject, PART, 0.5)
        assert len(path) == count
        assert np.abs(np.diff(path, n=2)).max() < 0.02
        assert (np.abs(path - place) < PART / 2).mean() > 0.99


class TestAttention:
    def test_motion_counts_more_than_contrast(self) -> None:
        frames, lefts = film("across")
        frames = [frame.copy() for frame in frames]
        for frame in frames:
            frame[10:40, 270:300] = (255, 0, 0)  # louder, but it stands
        attention = Attention()
        seen_last = [attention(small(frames[index])) for index in range(0, 40, 3)][-1]
        columns = seen_last.sum(0).reshape(-1, 8).sum(1)  # by 16 pixels of the clip
        moving = columns[lefts[39] // 16 : lefts[39] // 16 + 3].sum()
        assert moving > columns[270 // 16 : 270 // 16 + 3].sum()

    def test_a_moving_camera_alone_is_no_motion(self) -> None:
        ground, attention = texture(0, HEIGHT, WIDTH + 100), Attention()
        first = attention(small(ground[:, :WIDTH]))
        later = attention(small(np.ascontiguousarray(ground[:, 12 : WIDTH + 12])))
        assert later.max() < first.max() + 0.5


class TestWindow:
    def test_whole_pixels_are_the_picture_itself(self) -> None:
        picture = torch.rand(1, 3, 20, 40) * 2 - 1
        assert torch.equal(shifted(picture, 7.0, 11, across=True), picture[..., 7:18])
        assert torch.equal(shifted(picture, 3.0, 11, across=False), picture[..., 3:14, :])

    @pytest.mark.parametrize("offset", [0.25, 5.5, 28.75])
    def test_parts_of_pixels_lie_between(self, offset: float) -> None:
        ramp = torch.linspace(-0.9, 0.9, 40).expand(1, 3, 20, 40)
        step = 1.8 / 39
        inner = shifted(ramp, offset, 11, across=True)[0, 0, 0, 1:-1]
        expected = -0.9 + step * (offset + torch.arange(1, 10))
        assert (inner - expected).abs().max() < 0.4 * step


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    frames, _ = film("across")
    return write_film(tmp_path_factory.mktemp("films") / "across.mp4", frames[:60], rate=FPS)


def upload(clip: Path, *steps: dict[str, object], **share: object) -> Recipe:
    return Recipe.parse({"source": {"kind": "upload", "path": str(clip)}, "steps": list(steps), "share": share})


REFRAME = {"kind": "reframe", "aspect": "9:16"}


class TestStep:
    def test_preview_is_the_frame_of_the_render(self, clip: Path, models: Models) -> None:
        asked, memory = upload(clip, REFRAME), {}
        frames = np.concatenate(list(generate_only(asked, models)))
        assert frames.shape == (60, 180, 102, 3)
        for place in (41, 3, 59):
            assert np.array_equal(still(asked, models, place, memory)[1], frames[place])

    def test_what_is_mended_has_no_say_in_the_window(self, clip: Path, models: Models) -> None:
        grey = upload(clip, {"kind": "grade", "saturation": -1}, REFRAME)
        before, after = still(grey, models, 30)
        assert np.array_equal(before, still(upload(clip, REFRAME), models, 30)[1])
        assert np.ptp(after.astype(int), axis=-1).max() <= 1

    def test_behind_a_trim_it_follows_the_moments_that_stay(self, clip: Path, models: Models) -> None:
        part = upload(clip, {"kind": "trim", "start": 1.0}, REFRAME)
        frames = np.concatenate(list(generate_only(part, models)))
        assert len(frames) == 35
        assert np.array_equal(still(part, models, 20)[1], frames[20])

    def test_the_file_has_its_shape_and_the_source_all_of_its_width(self, clip: Path) -> None:
        planned = plan(upload(clip, REFRAME, aspect="9:16", short_side=144))
        assert planned.stages[0].size == (320, 180)
        assert planned.final.size == (144, 256)

    def test_no_strength_changes_nothing(self, clip: Path, models: Models) -> None:
        plain = np.concatenate(list(generate_only(upload(clip), models)))
        none = np.concatenate(list(generate_only(upload(clip, REFRAME | {"strength": 0}), models)))
        assert np.array_equal(plain, none)

    def test_a_shape_that_it_has_already_is_left_alone(self, clip: Path, models: Models) -> None:
        same = np.concatenate(list(generate_only(upload(clip, {"kind": "reframe", "aspect": "16:9"}), models)))
        assert np.array_equal(same, np.concatenate(list(generate_only(upload(clip), models))))

    def test_a_tall_window_of_a_tall_clip_moves_up_and_down(self, tmp_path: Path, models: Models) -> None:
        frames, _ = film("across")
        turned = [np.ascontiguousarray(frame.transpose(1, 0, 2)) for frame in frames[:50]]
        asked = upload(write_film(tmp_path / "tall.mp4", turned, rate=FPS), {"kind": "reframe", "aspect": "1:1"})
        drawn = np.concatenate(list(generate_only(asked, models)))
        assert drawn.shape[1:3] == (180, 180)

    def test_after_dedupe_it_is_refused(self, clip: Path) -> None:
        with pytest.raises(RecipeError, match="Put reframe before dedupe"):
            plan(upload(clip, {"kind": "dedupe"}, REFRAME))
        plan(upload(clip, REFRAME, {"kind": "dedupe"}))

    def test_a_window_too_small_to_be_seen_is_refused(self, tmp_path: Path) -> None:
        tiny = write_film(tmp_path / "tiny.mp4", [texture(0, 24, 64)] * 3)
        with pytest.raises(RecipeError, match=r"reframe: .* both sides must keep 16"):
            plan(upload(tiny, REFRAME))


@pytest.mark.skipif(not GOODS.is_dir(), reason="no shared clips here")
@pytest.mark.parametrize("name", ["elf.mp4", "rabbit.webm"])
def test_a_hand_held_clip_is_not_shaken_further(name: str, models: Models) -> None:
    """The thing on the table stays inside while the camera goes round it: one quiet window."""
    part = {"kind": "trim", "end": 3.0}
    frames = np.concatenate(list(generate_only(upload(GOODS / name, part, REFRAME), models)))[::8]
    vivid = np.ptp(frames[:, 100:400].astype(int), axis=-1)
    light = frames[:, 100:400].astype(int).min(-1)
    stands_out = (vivid > 90) & (frames[:, 100:400, :, 1] > 120) if name == "elf.mp4" else light > 120
    middle = (stands_out * np.arange(stands_out.shape[2])).sum((1, 2)) / np.maximum(stands_out.sum((1, 2)), 1)
    assert ((middle > 0.15 * stands_out.shape[2]) & (middle < 0.85 * stands_out.shape[2])).mean() > 0.9
