"""Damage is found, and what is shown on purpose is let be."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from vgan.damage import BACK, REASONS, Detector, judge, scan
from vgan.media import reader
from vgan.training.repair.spoil import KINDS, spoil

CLIPS = Path("../shared/data/video/good")
FRAMES, HEIGHT, WIDTH = 44, 108, 192
AT = 20  # where the damage begins


def scene(seed: int) -> np.ndarray:
    """A large picture of soft shapes with some detail, uint8."""
    random = np.random.default_rng(seed)
    size = (HEIGHT + 220, WIDTH + 220, 3)
    rough, fine = random.normal(0, 1, size), random.normal(0, 1, size)
    picture = 900 * cv2.GaussianBlur(rough, (0, 0), 9) + 60 * cv2.GaussianBlur(fine, (0, 0), 1.5) + 120
    return picture.clip(0, 255).astype(np.uint8)


def pan(seed: int = 1, frames: int = FRAMES, speed: float = 2.0) -> np.ndarray:
    """A camera that moves over a scene, (T, H, W, 3)."""
    large = scene(seed)
    steps = (round(speed * index) for index in range(frames))
    return np.stack([large[step // 2 :][:HEIGHT, step : step + WIDTH] for step in steps])


def found(frames: np.ndarray) -> dict[int, str]:
    return {finding.index: finding.reason for finding in scan(frames)[0]}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("kind", list(KINDS))
def test_each_kind_is_found_where_it_is(kind: str, seed: int) -> None:
    clip, random = pan(), np.random.default_rng(seed)
    length = {"dropped": 1, "frozen": 3}.get(kind, 1 + seed)
    lost, masks = spoil(clip, kind, AT, length, random)
    broken = clip.copy()
    broken[AT : AT + length] = lost
    told = {one.index: one.finding for one in judge(broken) if one.finding}
    assert set(told) == set(range(AT, AT + length))
    for index, mask in enumerate(masks):
        finding = told[AT + index]
        assert finding.confidence >= 0.5
        assert (finding.mask is not None) == KINDS[kind].local
        if finding.mask is not None:
            assert finding.mask.shape == (HEIGHT, WIDTH)
            wrong = np.abs(lost[index].astype(int) - clip[AT + index]).max(2) > 24
            assert finding.mask[wrong].mean() > 0.85
            assert finding.mask.mean() < 3 * mask.mean() + 0.1


def test_names_tell_kinds_apart() -> None:
    clip = pan()
    for kind, length in (("black", 2), ("frozen", 3), ("dropped", 1), ("scratch", 1)):
        broken = clip.copy()
        broken[AT : AT + length] = spoil(clip, kind, AT, length, np.random.default_rng(4))[0]
        assert set(found(broken).values()) == {kind}
    rows = slice(30, 46)
    for kind, garbage in (("blocks", 128), ("noise", np.random.default_rng(0).integers(0, 256, (16, WIDTH, 3)))):
        broken = clip.copy()
        broken[AT, rows] = garbage
        assert found(broken) == {AT: kind}, "both lie across the picture"


def travel(places: np.ndarray) -> np.ndarray:
    """A camera over a scene that stands at `places` along it, frame by frame."""
    large = scene(1)
    return np.stack([large[step // 2 :][:HEIGHT, step : step + WIDTH] for step in np.rint(places).astype(int)])


@pytest.mark.parametrize("speed", [2, 3])
def test_frames_that_were_encoded_once_more_stand_still_for_all_their_grain(speed: int) -> None:
    clip, random = travel(np.arange(FRAMES) * speed) // 4 + 80, np.random.default_rng(0)
    assert not found(clip)
    clip[AT : AT + 3] = np.rint(clip[AT - 1] + random.normal(0, 0.9, (3, *clip.shape[1:])))
    assert found(clip) == dict.fromkeys(range(AT, AT + 3), "frozen")


def test_a_frame_is_missing_while_a_camera_lingers() -> None:
    clip = travel(np.cumsum(np.repeat([4, 1, 4], [14, 12, FRAMES - 26])))
    assert not found(clip)
    clip[AT - 1] = clip[AT - 2]
    assert found(clip) == {AT - 1: "dropped"}


class TestOnPurpose:
    def test_nothing_is_wrong_with_a_pan(self) -> None:
        assert not found(pan())
        assert not found(pan(speed=4.5))

    def test_cuts(self) -> None:
        assert not found(np.concatenate([pan(1)[:15], pan(2)[:3], pan(3)[:15]]))

    def test_black_before_behind_and_between_scenes(self) -> None:
        black = np.zeros((5, HEIGHT, WIDTH, 3), np.uint8)
        assert not found(np.concatenate([black, pan(1)[:15], black, pan(2)[:15], black]))

    def test_fades(self) -> None:
        clip = pan().astype(np.float32)
        light = np.concatenate([np.linspace(1, 0, 12), np.zeros(3), np.linspace(0, 1, 12)])
        clip[8:35] *= light[:, None, None, None]
        assert not found(clip.astype(np.uint8))

    def test_a_long_pause_in_black(self) -> None:
        clip = pan()
        clip[15:30] = 0
        assert not found(clip)

    def test_a_still_screen(self) -> None:
        clip = np.repeat(pan(frames=1), FRAMES, 0)
        clip[20:, 40:50, 60:90] = 255
        assert not found(clip)

    @pytest.mark.parametrize("times", [2, 3])
    def test_drawings_held_for_several_frames(self, times: int) -> None:
        assert not found(np.repeat(pan(frames=16), times, 0))

    def test_a_slower_clip_in_a_faster_one(self) -> None:
        clip = pan()
        assert not found(clip[[index * 4 // 5 for index in range(FRAMES)]])

    @pytest.mark.parametrize("seed", range(3))
    def test_a_slower_clip_in_a_faster_one_by_turns_repeated_once_and_twice(self, seed: int) -> None:
        uneven = np.cumsum(2 + 5 * np.random.default_rng(seed).random(FRAMES))
        assert not found(travel(uneven[[index * 5 // 12 for index in range(2 * FRAMES)]]))

    def test_stopping_and_going_on(self) -> None:
        assert not found(np.concatenate([pan()[:20], np.repeat(pan()[19:20], 6, 0), pan()[20:]]))

    def test_film_grain_in_the_dark(self) -> None:
        grain = np.random.default_rng(0).normal(0, 7, (FRAMES, HEIGHT, WIDTH, 3))
        assert not found((pan() / 5 + grain).clip(0, 255).astype(np.uint8))

    def test_letterbox(self) -> None:
        clip = pan()
        clip[:, :20] = clip[:, -20:] = 0
        assert not found(clip)

    @pytest.mark.parametrize("name", ["sample.mp4", "elf.mp4", "chaplin.mp4"])
    def test_real_clips(self, name: str) -> None:
        if not (CLIPS / name).is_file():
            pytest.skip(f"{CLIPS / name} is not here: real clips come with the shared data")
        frames = (frame for _, (_, frame) in zip(range(40), reader.frames(CLIPS / name), strict=False))
        assert not scan(frames)[0]


def test_memory_is_flat_and_every_frame_is_judged_once_in_order() -> None:
    detector, seen = Detector(), []
    for frame in np.concatenate([pan(), pan(2)]):
        seen += detector.push(frame)
        assert len(detector._window) <= 2 * BACK
    seen += detector.finish()
    assert [one.index for one in seen] == list(range(2 * FRAMES))
    assert all(0 <= one.score <= 1 for one in seen)


def test_sensitivity() -> None:
    clip = pan()
    clip[AT] = 0
    assert not list(scan(clip, sensitivity=0)[0])
    assert [one.index for one in scan(clip, sensitivity=0.3)[0]] == [AT]
    assert len(scan(clip, sensitivity=1)[0]) == 1


@pytest.mark.parametrize("frames", [0, 1, 2])
def test_clips_too_short_to_judge(frames: int) -> None:
    findings, scores = scan(pan()[:frames])
    assert (findings, scores) == ([], [0.0] * frames)


def test_frames_of_several_sizes() -> None:
    assert not found([*pan()[:6], *(frame[:80] for frame in pan()[:6]), np.zeros((1, 1, 3), np.uint8)])  # type: ignore[arg-type]


def test_findings_are_plain_values_and_progress_is_told() -> None:
    clip, done = pan(), []
    clip[AT, 40:60] = 0
    findings, scores = scan(clip, done.append)
    (told,) = json.loads(json.dumps([one.facts() for one in findings]))
    assert (told["index"], told["says"]) == (AT, REASONS[told["reason"]])
    assert 0.1 < told["lost"] < 0.4
    assert done == list(range(1, FRAMES + 1))
    assert max(scores) == scores[AT]
