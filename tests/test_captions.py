"""Captions, countdown and mark: what stands where in which frame, and what is drawn only once."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import texts

from vgan.errors import MediaError, UnknownName
from vgan.overlays import OVERLAYS, words
from vgan.overlays.around import Onto
from vgan.overlays.blend import Patch
from vgan.overlays.captions import open_captions
from vgan.overlays.countdown import open_countdown
from vgan.overlays.mark import open_mark
from vgan.overlays.words import KEPT, Words
from vgan.recipe import Recipe
from vgan.recipe_overlays import MAX_CUES, Captions, Countdown, Mark
from vgan.registry import Models
from vgan.render import still
from vgan.settings import Settings

FPS = 20
SIZE = (360, 640)
LIT = (255, 0, 0)


def onto(frames: int = 200, platform: str = "any") -> Onto:
    return texts.onto(SIZE, platform, frames, FPS)


def opened(*cues: tuple[float, float | None, str], there: Onto | None = None, **style: Any) -> Words:
    said = [{"start": start, "end": end, "text": text} for start, end, text in cues]
    step = Captions.model_validate({"shadow": 0, "lit": "#ff0000", **style, "cues": said})
    return open_captions(step, there or onto())


def rows(patch: Patch) -> tuple[int, int]:
    return patch.top, patch.top + patch.picture.size[1]


def lit_pixels(patch: Patch) -> int:
    over, seen = patch.picture.rgb.over.astype(int), patch.picture.rgb.through[..., 0] < 13
    return int(((np.abs(over - LIT) < 8).all(-1) & seen).sum())


class TestTime:
    def test_from_start_to_end(self) -> None:
        layer = opened((1, 3, "Hello"), enter="none", leave="none")
        there = [bool(layer.at(frame)) for frame in range(200)]
        assert there == [FPS <= frame < 3 * FPS for frame in range(200)]

    def test_without_an_end_it_stays(self) -> None:
        layer = opened((1, None, "Hello"))
        assert layer.at(199)[0].opacity == 1

    def test_what_stands_still_is_one_picture(self) -> None:
        layer = opened((1, 5, "Hello"), enter="fade")
        pictures = {id(layer.at(frame)[0].picture) for frame in range(21, 100)}
        assert len(pictures) == 1

    @pytest.mark.parametrize("enter", ["fade", "slide", "pop"])
    def test_it_comes_and_goes_softly(self, enter: str) -> None:
        layer = opened((1, 5, "Hello"), enter=enter, leave="fade")
        coming = [layer.at(frame)[0].opacity for frame in range(21, 40)]
        going = [layer.at(frame)[0].opacity for frame in range(85, 100)]
        assert coming == sorted(coming)
        assert going == sorted(going, reverse=True)
        assert coming[0] < 0.7
        assert going[-1] < 0.5
        assert max(coming) == 1

    def test_a_short_one_is_still_fully_seen(self) -> None:
        layer = opened((1, 1.3, "Hello"))
        assert max(patch.opacity for frame in range(18, 28) for patch in layer.at(frame)) == 1

    def test_strength_is_opacity(self) -> None:
        assert opened((0, 5, "Hello"), strength=0.5).at(40)[0].opacity == 0.5
        assert not opened((0, 5, "Hello"), strength=0).at(40)

    def test_nothing_said_is_nothing_shown(self) -> None:
        for layer in (opened(), opened((0, None, " \n")), opened((0, 5, "\u202e\x00")), opened((100, None, "late"))):
            assert not [patch for frame in range(0, 200, 10) for patch in layer.at(frame)]


class TestMoving:
    def test_a_pop_grows_a_little_too_far(self) -> None:
        layer = opened((0, 5, "Pop"), enter="pop")
        widths = [layer.at(frame)[0].picture.size[0] for frame in range(1, 20)]
        assert widths[0] < widths[-1] < max(widths) < 1.15 * widths[-1]

    @pytest.mark.parametrize("y", [0, 0.5, 1])
    def test_a_slide_moves_inside_the_safe_zone(self, y: float) -> None:
        there = onto(platform="tiktok")
        layer = opened((0, 5, "Slide"), enter="slide", leave="slide", y=y, there=there)
        tops = [layer.at(frame)[0].top for frame in range(1, 100)]
        assert tops[0] != tops[50] != tops[-1]
        for frame in range(1, 100):
            top, bottom = rows(layer.at(frame)[0])
            assert there.safe.top <= top < bottom <= there.safe.bottom


class TestWords:
    def test_they_come_one_by_one_and_the_current_one_is_lit(self) -> None:
        layer = opened((0, 4, "one two three four"), enter="words", leave="none", size=0.1)
        seen = [int((layer.at(frame)[0].picture.rgb.through < 128).sum()) for frame in range(80)]
        assert seen == sorted(seen)
        assert len(set(seen)) == 4
        lit = [lit_pixels(layer.at(frame)[0]) > 0 for frame in range(80)]
        assert all(lit[:20])
        assert not lit[-1]

    def test_longer_words_take_longer_and_all_are_said_in_time(self) -> None:
        layer = opened((0, 1.5, "a extraordinarily b"), enter="words", leave="none")
        pictures = [id(layer.at(frame)[0].picture) for frame in range(30)]
        changes = [0, *(place for place, (old, new) in enumerate(pairwise(pictures), 1) if old != new)]
        assert len(changes) == 3
        assert changes[2] - changes[1] > 3 * changes[1]

    def test_one_picture_for_each_word(self) -> None:
        layer = opened((0, 4, "one two three four"), enter="words", leave="none")
        assert len({id(layer.at(frame)[0].picture) for frame in range(80)}) == 5  # the last without a lit word

    def test_languages_without_spaces_come_sign_by_sign(self) -> None:
        layer = opened((0, 3, "你好世界"), enter="words", leave="none")
        assert len({id(layer.at(frame)[0].picture) for frame in range(60)}) == 5


class TestTogether:
    @pytest.mark.parametrize("y", [0, 0.5, 0.9, 1])
    def test_overlapping_ones_do_not_cover_each_other(self, y: float) -> None:
        cues = [(0.5 * number, 5.0, f"This is number {number} of them") for number in range(4)]
        layer = opened(*cues, y=y, size=0.06)
        for frame in range(0, 100, 5):
            spans = sorted(rows(patch) for patch in layer.at(frame))
            assert all(before[1] <= after[0] for before, after in pairwise(spans))
        assert len(layer.at(60)) == 4

    def test_nobody_moves_when_another_comes_or_goes(self) -> None:
        layer = opened((0, 6, "First"), (1, 3, "Second"), enter="none", leave="none")
        assert {layer.at(frame)[0].top for frame in range(0, 120, 7)} == {layer.at(0)[0].top}

    def test_a_long_first_one_leaves_room_for_the_second(self) -> None:
        layer = opened((0, 5, "long " * 300), (1, 5, "Second"), size=0.2)
        assert len(layer.at(60)) == 2

    def test_any_order_of_frames_gives_the_same(self) -> None:
        cues = [(0.3 * number, 0.3 * number + 1, f"Number {number}") for number in range(20)]
        one, other = opened(*cues), opened(*cues)
        forward = [[(patch.left, patch.top) for patch in one.at(frame)] for frame in range(140)]
        backward = [[(patch.left, patch.top) for patch in other.at(frame)] for frame in reversed(range(140))]
        assert forward == backward[::-1]

    def test_memory_stays_flat(self) -> None:
        layer = opened(*[(0.02 * number, 0.02 * number + 0.1, f"{number}") for number in range(MAX_CUES)])
        for frame in range(0, 200, 3):
            layer.at(frame)
        assert len(layer._pictures) <= KEPT
        assert len(layer._drawings) <= KEPT


class TestCountdown:
    def numbers(self, **fields: Any) -> list[int]:
        layer = open_countdown(Countdown.model_validate({"enter": "none", "leave": "none", **fields}), onto())
        return [id(patch[0].picture) if (patch := layer.at(frame)) else 0 for frame in range(200)]

    def test_one_a_second_and_then_the_word(self) -> None:
        seen = self.numbers(first=3, start=1, finish="Go!")
        assert seen[0] == seen[19] == 0
        assert [len(set(seen[second * FPS : (second + 1) * FPS])) for second in range(10)] == [1] * 10
        assert len(set(seen)) == 1 + 3 + 1
        assert seen[80] == seen[199]

    def test_it_ends_when_it_should(self) -> None:
        seen = self.numbers(first=9, last=0, end=2.5)
        assert len(set(seen[:50])) == 3
        assert set(seen[50:]) == {0}

    def test_all_numbers_have_one_size(self) -> None:
        step = Countdown(first=10, last=8, width=0.15, size=0.4, enter="none", leave="none", shadow=0)
        layer = open_countdown(step, onto())
        heights = {layer.at(frame)[0].picture.size[1] for frame in (5, 25, 45)}
        assert max(heights) - min(heights) <= 1


class TestMark:
    @pytest.mark.parametrize("corner", ["top-left", "top-right", "bottom-left", "bottom-right"])
    def test_it_stands_in_its_corner_of_the_safe_zone(self, corner: str) -> None:
        there = onto(platform="reels")
        (patch,) = open_mark(Mark(corner=corner), there).at(100)  # type: ignore[arg-type]
        (wide, tall), safe = patch.picture.size, there.safe
        assert patch.opacity == Mark().strength
        assert wide < 0.5 * SIZE[0]
        x = patch.left - safe.left if "left" in corner else safe.right - patch.left - wide
        y = patch.top - safe.top if "top" in corner else safe.bottom - patch.top - tall
        assert 0 <= x <= 1
        assert 0 <= y <= 1

    def test_it_never_moves(self) -> None:
        layer = open_mark(Mark(), onto())
        assert (
            len({(id(patch.picture), patch.left, patch.top) for frame in range(200) for patch in layer.at(frame)}) == 1
        )


def test_fonts_are_checked_when_a_clip_is_begun() -> None:
    with pytest.raises(UnknownName, match="font"):
        opened((0, 1, "a"), font="comic").at(0)
    with pytest.raises(MediaError, match="no file"):
        opened((0, 1, "a"), font="/nowhere/a.ttf").at(0)


def test_a_recipe_shows_all_three() -> None:
    assert {"captions", "countdown", "mark"} <= set(OVERLAYS)
    overlays = [
        {"kind": "captions", "y": 0.8, "cues": [{"text": "Hello"}]},
        {"kind": "countdown", "first": 3, "size": 0.2},
        {"kind": "mark"},
    ]
    share = {"short_side": 240, "fps": 8}
    source = {"kind": "generate", "look": "aurora", "seconds": 1}
    recipe = Recipe.parse({"source": source, "overlays": overlays, "share": share})
    shown = still(recipe, Models(Settings(), 1), 7)[1].astype(int)
    unseen = tuple(overlay.model_copy(update={"strength": 0.0}) for overlay in recipe.overlays)
    bare = still(recipe.model_copy(update={"overlays": unseen}), Models(Settings(), 1), 7)[1].astype(int)
    changed = np.abs(shown - bare).max(-1) > 30
    thirds = [changed[start : start + 142].any() for start in (0, 142, 284)]
    assert thirds == [False, True, True]


def test_a_frame_near_the_end_needs_none_of_what_came_before(monkeypatch: pytest.MonkeyPatch) -> None:
    laid: list[str] = []
    real = words.lay_out
    monkeypatch.setattr(words, "lay_out", lambda text, *rest: (laid.append(text), real(text, *rest))[1])
    opened(*[(0.5 * number, 0.5 * number + 0.5, f"n{number}") for number in range(20)]).at(195)
    assert laid == ["n19"]


def test_what_no_font_has_is_said(caplog: pytest.LogCaptureFixture) -> None:
    assert opened((0, 5, "ab\U000f0000")).at(40)
    assert "no font has \U000f0000" in caplog.text
