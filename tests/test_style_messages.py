"""What the Style tab's components are told, the recipe that they describe, and what finished clips are called."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from style_app import LOOK, STYLE, restyled, values

from vgan.errors import RecipeError, UnknownName
from vgan.media.extent import Extent
from vgan.recipe import Recipe, Upload
from vgan.ui import clip_messages, finished, style_messages
from vgan.ui.clip_messages import frame_at
from vgan.ui.own_styles import OwnStyle
from vgan.ui.services import Studio
from vgan.ui.style_messages import recipe_from

pytest_plugins = ["style_app"]

SECOND = Extent(20, Fraction(20), (192, 144))


class TestMessages:
    def test_components_describe_a_recipe(self, clip: Path) -> None:
        times = {"seconds": 1.0, "start": 0.2, "end": 0.8, "at": 0.5, "trim": True}
        source = {"kind": "upload", "path": str(clip)}
        recipe = recipe_from(values(source, times, second="scream", fps=24, format="webm"))
        assert recipe.source == Upload(path=str(clip), start=0.2, end=0.8)
        (step,) = recipe.steps
        assert (step.style, step.second, step.strength, step.canvas) == ("udnie", "scream", 0.8, 384)
        assert (recipe.share.format, recipe.share.fps, recipe.share.short_side) == ("webm", 24, None)

    def test_whole_clip_has_no_end_and_no_second_style_is_none(self, clip: Path) -> None:
        times = {"seconds": 1.0, "start": 0, "end": 1.0, "at": 0.5, "trim": True}
        recipe = recipe_from(values({"kind": "upload", "path": str(clip)}, times))
        assert recipe.source == Upload(path=str(clip))
        assert recipe.steps[0].second is None

    @pytest.mark.parametrize(
        ("source", "timeline", "changes", "said"),
        [
            (None, {}, {}, ["source", "Drop a clip"]),
            ({"kind": "generate"}, None, {"source": "text"}, ["source", "Drop a clip"]),
            ({"kind": "generate"}, None, {"timeline": [1]}, ["source", "Drop a clip"]),
            (
                {"kind": "generate"},
                None,
                {"source": {"source": {"kind": "generate"}, "share": "x"}},
                ["source", "Drop a clip"],
            ),
            ({"kind": "generate"}, {}, {"strength": 2}, ["steps.0.strength", "less than or equal to 1", "2"]),
            ({"kind": "generate"}, {}, {"strength": None}, ["steps.0.strength", "number", "None"]),
            ({"kind": "generate"}, {}, {"canvas": 10_000}, ["steps.0.canvas", "2160", "10000"]),
            ({"kind": "generate"}, {}, {"style": "great-wav"}, ["great-wav", "Did you mean 'great-wave'"]),
            ({"kind": "upload", "path": "a"}, {"trim": True, "start": "x"}, {}, ["source.start", "number", "'x'"]),
            ({"kind": "upload", "path": "a"}, {"trim": True, "start": -1}, {}, ["source.start", "0", "-1"]),
            ({"kind": "upload", "path": "a"}, {"trim": True, "start": 0, "end": 0}, {}, ["source.end", "0"]),
            ({"kind": "generate"}, {}, {"format": "exe"}, ["share.format", "mp4", "exe"]),
            ({"kind": "generate"}, {}, {"fps": 1}, ["share.fps", "8", "1"]),
        ],
    )
    def test_what_cannot_be_is_refused_by_field(
        self, source: Any, timeline: Any, changes: dict[str, Any], said: list[str]
    ) -> None:
        with pytest.raises((RecipeError, UnknownName)) as caught:
            recipe_from(values(source, timeline, **changes))
        for part in said:
            assert part in str(caught.value)

    @pytest.mark.parametrize(
        ("times", "frame"),
        [
            ({"at": 0.5, "start": 0}, 10),
            ({"at": 0.5, "start": 0.25}, 5),
            ({"at": 99, "start": 0}, 19),
            ({"at": 0, "start": 0.5}, 0),
            ({}, 0),
            (None, 0),
            ("text", 0),
        ],
    )
    def test_moment_is_a_frame_of_the_part_that_is_used(self, times: Any, frame: int) -> None:
        assert frame_at(times, SECOND) == frame

    @pytest.mark.parametrize("at", ["1", [1], float("nan"), float("inf")])
    def test_moment_that_is_no_number_is_refused(self, at: Any) -> None:
        with pytest.raises(RecipeError, match=r"time: .* is not a number of seconds"):
            frame_at({"at": at}, SECOND)

    def test_timeline_of_a_clip_begins_a_third_in(self, clip: Path) -> None:
        recipe = restyled(clip)
        times = clip_messages.timeline(recipe, Studio.extent(recipe))
        assert times == {"seconds": 1.0, "fps": 20.0, "start": 0, "end": 1.0, "at": 0.333, "trim": True}

    def test_timeline_of_a_part_ends_with_the_clip(self, clip: Path) -> None:
        source = {"kind": "upload", "path": str(clip), "start": 0.4, "end": 50}
        recipe = Recipe.parse({"source": source})
        times = clip_messages.timeline(recipe, Studio.extent(recipe), at=0.7)
        assert (times["start"], times["end"], times["at"]) == (0.4, 1.0, 0.7)

    def test_pictures_and_looks_cannot_be_trimmed(self, picture: Path) -> None:
        still = restyled(picture)
        assert clip_messages.timeline(still, Studio.extent(still)) | {"at": 0, "seconds": 0, "trim": False} == (
            clip_messages.timeline(still, Studio.extent(still))
        )
        look = Recipe.parse(LOOK)
        times = clip_messages.timeline(look, Studio.extent(look))
        assert (times["seconds"], times["trim"]) == (0.5, False)

    def test_card_says_what_the_clip_is_and_keeps_what_a_recipe_needs(self, clip: Path, picture: Path) -> None:
        recipe = restyled(clip, {"short_side": 720, "fps": 12})
        card = clip_messages.card(recipe, Studio.extent(recipe), "poster", "upload")
        assert (card["label"], card["facts"]) == ("My walk.mp4", "192 × 144 · 20 fps · 1.0 s · ♪")
        assert card["source"] == {"kind": "upload", "path": str(clip)}
        assert card["share"]["short_side"] is None, "the chip speaks for it"
        assert card["share"]["fps"] == 12, "there is no chip for it"
        assert recipe_from(values(card["source"], source=card)).share.fps == 12
        still = restyled(picture)
        assert clip_messages.card(still, Studio.extent(still), "", "upload")["facts"] == "192 × 144"

    def test_card_of_a_look_names_it(self) -> None:
        look = Recipe.parse(LOOK)
        card = clip_messages.card(look, Studio.extent(look), "", "create")
        assert (card["label"], card["facts"], card["from"]) == ("Aurora #7", "144 × 144 · 0.5 s", "create")
        assert recipe_from(values(None, source=card)).source == look.source

    @pytest.mark.parametrize(
        ("share", "chips"),
        [
            ({}, ["mp4", "own", "own"]),
            ({"format": "gif", "short_side": 480, "fps": 24}, ["gif", 480, 24]),
            ({"short_side": 600, "fps": 12}, ["mp4", "own", "own"]),
        ],
    )
    def test_chips_show_the_share(self, clip: Path, share: dict[str, Any], chips: list[Any]) -> None:
        assert clip_messages.chips(restyled(clip, share)) == chips

    def test_own_styles_that_can_be_saved_have_a_link(self, tmp_path: Path) -> None:
        file = OwnStyle(str(tmp_path / "a.safetensors"), "a", tmp_path / "a.safetensors", True, "tile")
        checkpoint = OwnStyle(str(tmp_path / "b.pt"), "b", tmp_path / "b.pt", False, "tile")
        message = style_messages.own([file, checkpoint], picture={"name": "x"})
        assert [row.get("file") for row in message["styles"]] == ["a.safetensors", None]
        assert message["picture"] == {"name": "x"}
        json.dumps(message)


class TestFinished:
    @pytest.mark.parametrize(
        ("share", "name"),
        [({}, "my-walk-udnie.mp4"), ({"format": "gif"}, "my-walk-udnie.gif"), ({"format": "png"}, "my-walk-udnie.zip")],
    )
    def test_name_has_the_upload_and_the_style(self, clip: Path, share: dict[str, Any], name: str) -> None:
        assert finished.file_name(restyled(clip, share)) == name

    def test_name_of_a_picture_a_style_file_and_a_look(self, picture: Path) -> None:
        assert finished.file_name(restyled(picture, {"format": "png"})) == "tiles-udnie.png"
        assert finished.file_name(restyled(picture, style="/a/My Own.safetensors")) == "tiles-my-own.mp4"
        recipe = Recipe.parse(LOOK | {"steps": [{"kind": "stylize", "style": STYLE}]})
        assert finished.file_name(recipe) == "aurora-7-udnie-1x1.mp4"

    def test_name_is_short_and_plain_whatever_the_upload_is_called(self, arrived: Path) -> None:
        for name in ("../" + "x" * 300 + ".mp4", "日本語.mp4", "a\"b'<c>.mp4", ".mp4"):
            made = finished.file_name(restyled(Path("/gone") / name))
            assert len(made) < 110
            assert made.isascii()
            assert not set(made) - set("abcdefghijklmnopqrstuvwxyz0123456789-."), made
            assert made.endswith("udnie.mp4")

    def test_free_name_counts_on(self, tmp_path: Path) -> None:
        taken = []
        for _ in range(3):
            path = finished.free_name(tmp_path, "a.mp4")
            path.touch()
            taken.append(path.name)
        assert taken == ["a.mp4", "a-2.mp4", "a-3.mp4"]
