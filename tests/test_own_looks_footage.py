"""Footage of one's own: what is in it, which part is learned from, what is cut out of it, and what is refused."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from films import drifting, write_film
from PIL import Image

from vgan.errors import MediaError, RecipeError
from vgan.models.attributes import STEP
from vgan.own_looks import Options, Trim, checked, checked_name, plan
from vgan.own_looks.footage import Scene
from vgan.own_looks.options import window
from vgan.own_looks.split import Stretch, split
from vgan.own_looks.windows import Size, write_windows
from vgan.settings import Settings
from vgan.training import dataset

VIDEO = Path(__file__).resolve().parents[2] / "shared" / "data" / "video"
SMALL = Size(20, 4, 64)


def noise(colour: tuple[int, int, int], count: int, seed: int, size: tuple[int, int] = (96, 80)) -> list[np.ndarray]:
    """Frames of blotches in one colour that stay where they are, a little lighter each time."""
    soft = np.random.default_rng(seed).random((size[1] // 8, size[0] // 8, 1))
    picture = np.kron(soft, np.ones((8, 8, 1))) * np.array(colour)
    return [np.clip(picture + index, 0, 255).astype(np.uint8) for index in range(count)]


def cut_film(path: Path) -> Path:
    """Two seconds of red, then two of blue, at 20 frames a second."""
    return write_film(path, noise((220, 30, 20), 40, 1) + noise((20, 30, 220), 40, 2))


def test_scenes_end_at_cuts(tmp_path):
    found = plan(cut_film(tmp_path / "cut.mp4"))
    assert [scene.frames for scene in found.clips[0].scenes] == [40, 40]
    assert found.clips[0].scenes[1].start == pytest.approx(2.0)
    assert found.seconds == pytest.approx(3.9)
    assert max(found.clips[0].thumbnail.shape) <= 160


def test_a_folder_of_mixed_clips_is_taken_as_far_as_it_goes(tmp_path):
    write_film(tmp_path / "wide.mp4", drifting(30, (192, 108)), rate=30)
    write_film(tmp_path / "slow.mp4", drifting(24, (80, 144)), rate=10)
    write_film(tmp_path / "blink.mp4", drifting(3, (96, 96)))
    write_film(tmp_path / "tiny.mp4", drifting(30, (48, 32)))
    Image.fromarray(drifting(1, (300, 200))[0]).save(tmp_path / "still.png")
    (tmp_path / "broken.mp4").write_bytes(b"no clip at all")
    (tmp_path / "notes.txt").write_text("not footage")
    said: list[float] = []
    found = plan(tmp_path, on_progress=lambda share, name: said.append(share))
    assert {clip.path.name: clip.size for clip in found.clips} == {
        "slow.mp4": (80, 144),
        "still.png": (300, 200),
        "wide.mp4": (192, 108),
    }
    assert {name for name, _ in found.skipped} == {"blink.mp4", "tiny.mp4", "broken.mp4"}
    assert found.stills == 1
    assert found.scenes == 2
    assert said == sorted(said)
    assert max(said) < 1


@pytest.mark.parametrize(
    ("film", "said"),
    [
        (drifting(3), r"3 frames .*at least 8 frames and 0.8 s"),
        (drifting(30, (62, 48)), r"62x48 pixels.*Allowed: 64"),
    ],
    ids=["three frames", "small"],
)
def test_one_clip_that_cannot_be_used_says_why(tmp_path, film, said):
    write_film(tmp_path / "one.mp4", film)
    with pytest.raises(RecipeError, match=said):
        plan(tmp_path)


def test_nothing_to_learn_from_is_said(tmp_path):
    with pytest.raises(RecipeError, match="no clip and no picture"):
        plan(tmp_path)
    with pytest.raises(RecipeError, match="does not exist"):
        plan(tmp_path / "nowhere.mp4")
    (tmp_path / "a.mp4").write_bytes(b"nothing")
    with pytest.raises(MediaError, match=r"a\.mp4"):
        plan(tmp_path)
    (tmp_path / "b.mp4").write_bytes(b"nothing")
    with pytest.raises(RecipeError, match="none of 2 clips"):
        plan(tmp_path)


def test_trims_and_the_pace_of_a_loop_are_held_to(tmp_path):
    clip = write_film(tmp_path / "one.mp4", drifting(60, (96, 96)))
    trimmed = plan([clip], Options(trim=Trim(0, 1), trims={"one.mp4": Trim(1, 2.5)}))
    (scene,) = trimmed.clips[0].scenes
    assert (scene.start, scene.end) == (pytest.approx(1.0), pytest.approx(2.5))
    with pytest.raises(RecipeError, match=r"20 frames a second are too few .* 0.5 s"):
        plan([clip], Options(loop_seconds=0.5))
    with pytest.raises(RecipeError, match="start is 50 s"):
        plan([clip], Options(trim=Trim(50)))


def test_no_window_lies_over_a_cut_and_none_knows_what_is_held_out(tmp_path):
    options = Options(loop_seconds=2.0)
    found = plan(cut_film(tmp_path / "cut.mp4"), options)
    parts = split(found, options.loop_seconds)
    assert parts.held_out
    assert parts.how == "the last 10 % of the clip"
    assert max(part.end for part in parts.learned) < min(part.start for part in parts.held_out)
    write_windows(tmp_path / "set", "mine", found, parts.learned, options, SMALL)
    assert dataset.looks_of(tmp_path / "set") == ("mine",)
    clips, tables = dataset.load(tmp_path / "set")
    assert tables.shape == (1, 17, 7)
    for shape, part in clips.items():
        assert part.frames.shape[1:] == (4, *(round(64 * side) for side in dataset.SHAPES[shape]), 3)
        red = part.frames[..., 0].mean((2, 3)) > part.frames[..., 2].mean((2, 3))
        assert (red.all(1) | ~red.any(1)).all(), "every window is of one scene"
        assert red.any()
        assert not red.all()
        gap = (part.times[:, 1] - part.times[:, 0]).remainder(1)
        assert gap.sub(STEP).abs().max() < 0.03
        # The blotches get lighter by one step a frame: moments are as far apart as they say, and run forwards.
        light = torch.from_numpy(part.frames.astype(np.float32).mean((2, 3, 4)))
        far = (part.times[:, 2] - part.times[:, 0] + 0.5).remainder(1) - 0.5
        assert torch.corrcoef(torch.stack([light[:, 2] - light[:, 0], far]))[0, 1] > 0.95


def test_the_same_seed_cuts_the_same_windows(tmp_path):
    clip, options = write_film(tmp_path / "a.mp4", drifting(40, (96, 96))), Options(mirror=False)
    found = plan(clip, options)
    stretches = split(found, options.loop_seconds).learned
    for name, seed in (("one", 3), ("two", 3), ("other", 4)):
        write_windows(tmp_path / name, "x", found, stretches, replace(options, seed=seed), SMALL)
    first, second, third = ((tmp_path / name / "square.npy").read_bytes() for name in ("one", "two", "other"))
    assert first == second != third


def test_pictures_alone_make_a_still_look(tmp_path):
    for index in range(10):
        Image.fromarray(drifting(20, (128, 96))[2 * index]).save(tmp_path / f"{index}.jpg")
    found = plan(tmp_path)
    assert "nearly still" in found.notes[0]
    parts = split(found, 4.0)
    assert len(parts.learned) == 9
    assert parts.how == "one picture in 10"
    write_windows(tmp_path / "set", "x", found, parts.learned, Options(), SMALL)
    clips, _ = dataset.load(tmp_path / "set")
    assert (clips["square"].frames[:, :1] == clips["square"].frames).all()


def test_a_whole_clip_of_many_short_ones_is_held_out():
    from vgan.own_looks import Found, Plan

    clip = Found(Path("a.mp4"), False, (96, 96), 20.0, 1.0, 20, (Scene(0, 1, 20),), np.zeros((1, 1, 3), np.uint8))
    parts = split(Plan((clip,) * 4, (), ()), 4.0)
    assert parts.held_out == (Stretch(3, 0, 1),)
    assert {part.clip for part in parts.learned} == {0, 1, 2}
    assert not split(Plan((clip,) * 2, (), ()), 4.0).held_out


@pytest.mark.parametrize(
    ("crop", "expected"),
    [
        ("", (0, 0, 200, 100)),
        ("1:1", (50, 0, 100, 100)),
        ("9:16", (72, 0, 56, 100)),
        ("0.5,0.25,0.25,0.5", (100, 25, 50, 50)),
    ],
)
def test_crops(crop, expected):
    assert window(crop, (200, 100)) == expected


@pytest.mark.parametrize(
    "options",
    [
        Options(crop="0.5,0,0.8,1"),
        Options(crop="9:1"),
        Options(crop="nan,0,1,1"),
        Options(minutes=float("nan")),
        Options(minutes=0),
        Options(trim=Trim(3, 2)),
        Options(trims={"a": Trim(-1)}),
        Options(loop_seconds=100),
        Options(rate=1.0),
    ],
    ids=str,
)
def test_options_out_of_bounds_are_refused(options):
    with pytest.raises(RecipeError, match="Allowed"):
        checked(options)


@pytest.mark.parametrize("name", ["", "Aurora", "../x", "a/b", "aurora", "-x", "x" * 41, "weiß"])
def test_names_that_no_look_may_have(name, tmp_path):
    with pytest.raises(RecipeError, match="name: "):
        checked_name(name, Settings(looks=tmp_path))


def test_a_name_is_taken_once(tmp_path):
    settings = Settings(looks=tmp_path)
    assert checked_name("my:river-2", settings) == "river-2"
    (tmp_path / "river-2").mkdir()
    with pytest.raises(RecipeError, match="taken"):
        checked_name("river-2", settings)


@pytest.mark.skipif(not VIDEO.is_dir(), reason="../shared/data/video is not there")
def test_real_clips_of_all_kinds(tmp_path):
    names = ["odd/iphone_rotated.mov", "odd/video_90.mov", "odd/pigs_in_a_polka.gif", "good/sample_12_5fps_720p_1s.mp4"]
    for name in names:
        shutil.copy(VIDEO / name, tmp_path)
    shutil.copy(VIDEO / "broken" / "sample_audio_only.mp4", tmp_path)
    found = plan(tmp_path)
    assert {clip.path.name: clip.size for clip in found.clips}["iphone_rotated.mov"] == (320, 568)
    assert {name for name, _ in found.skipped} == {"video_90.mov", "sample_audio_only.mp4"}
    write_windows(tmp_path / "set", "x", found, split(found, 4.0).learned, Options(), SMALL)
    clips, tables = dataset.load(tmp_path / "set")
    assert set(clips) == set(dataset.SHAPES)
    assert bool(tables.isfinite().all())
