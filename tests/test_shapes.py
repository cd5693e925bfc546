"""One recipe in every shape: looks natively, uploads by a window, words and sound as they are."""

from pathlib import Path
from typing import Any

import pytest
from films import drifting, write_film

from vgan.cli import app
from vgan.errors import Cancelled, RecipeError, UnknownName
from vgan.media.probe import probe
from vgan.recipe import MAX_STEPS, Recipe
from vgan.recipe_steps import ASPECTS
from vgan.registry import Models
from vgan.shapes import render_shapes, shapes

pytest_plugins = ["clips"]


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_film(tmp_path_factory.mktemp("films") / "drifts.mp4", drifting(12, (320, 180)))


def upload(clip: Path, *steps: dict[str, object], **share: object) -> Recipe:
    share = {"short_side": 144} | share
    return Recipe.parse({"source": {"kind": "upload", "path": str(clip)}, "steps": list(steps), "share": share})


def kinds(recipe: Recipe) -> list[str]:
    return [step.kind for step in recipe.steps]


class TestShapes:
    def test_a_look_is_drawn_in_each(self) -> None:
        made = shapes(Recipe(), list(ASPECTS))
        assert list(made) == list(ASPECTS)
        for aspect, recipe in made.items():
            assert recipe.share.aspect == aspect
            assert recipe.steps == ()
            assert recipe.source == Recipe().source

    def test_an_upload_gets_a_window_at_the_end(self, clip: Path) -> None:
        made = shapes(upload(clip, {"kind": "grade", "auto": 0.5}), ["9:16", "1:1"])
        for aspect, recipe in made.items():
            assert kinds(recipe) == ["grade", "reframe"]
            assert recipe.steps[-1].aspect == aspect == recipe.share.aspect
            assert recipe == Recipe.parse(recipe.model_dump(mode="json"))

    def test_an_earlier_window_is_replaced_and_stays_as_steady(self, clip: Path) -> None:
        earlier = {"kind": "reframe", "aspect": "4:5", "steadiness": 0.9, "strength": 0.5}
        made = shapes(upload(clip, earlier, {"kind": "sharpen"}), ["1:1"])["1:1"]
        assert kinds(made) == ["sharpen", "reframe"]
        assert (made.steps[-1].steadiness, made.steps[-1].strength) == (0.9, 1.0)

    def test_twice_is_once(self, clip: Path) -> None:
        once = shapes(upload(clip), ["9:16", "9:16"])
        assert shapes(once["9:16"], ["9:16"]) == once

    def test_a_crop_to_this_shape_is_kept_and_to_another_loses_it(self, clip: Path) -> None:
        cropped = upload(clip, {"kind": "crop", "left": 0.2, "aspect": "9:16", "x": 0.1})
        made = shapes(cropped, ["9:16", "1:1"])
        assert made["9:16"].steps == cropped.steps
        assert kinds(made["1:1"]) == ["crop", "reframe"]
        assert (made["1:1"].steps[0].aspect, made["1:1"].steps[0].left) == (None, 0.2)

    def test_frames_are_dropped_behind_the_window(self, clip: Path) -> None:
        assert kinds(shapes(upload(clip, {"kind": "dedupe"}), ["9:16"])["9:16"]) == ["reframe", "dedupe"]

    def test_words_and_sound_stay(self, clip: Path) -> None:
        overlays = [{"kind": "captions", "cues": [{"start": 0, "text": "Hello"}]}]
        asked = Recipe.parse(upload(clip).model_dump(mode="json") | {"overlays": overlays, "sound": {"volume": 0.5}})
        made = shapes(asked, ["9:16"])["9:16"]
        assert (made.overlays, made.sound) == (asked.overlays, asked.sound)

    @pytest.mark.parametrize("aspect", ["source", "2:1", "9x16", ""])
    def test_what_is_no_shape_is_refused(self, aspect: str) -> None:
        with pytest.raises(UnknownName, match=r"aspect: .* Known: 9:16, 4:5, 1:1, 16:9"):
            shapes(Recipe(), ["9:16", aspect])

    def test_no_room_for_one_more_step(self, clip: Path) -> None:
        full = upload(clip, *[{"kind": "sharpen"}] * MAX_STEPS)
        with pytest.raises(RecipeError, match=r"steps: 9:16 needs one step more, reframe, and there are 12"):
            shapes(full, ["9:16"])


class TestRender:
    def test_every_shape_becomes_a_file(self, clip: Path, models: Models, tmp_path: Path) -> None:
        told: list[tuple[int, int]] = []
        made = render_shapes(
            upload(clip), ["9:16", "1:1"], models, tmp_path, lambda done, total: told.append((done, total)), name="post"
        )
        assert [one.path.name for one in made] == ["post-9x16.mp4", "post-1x1.mp4"]
        assert [(one.width, one.height) for one in made] == [(144, 256), (144, 144)]
        assert sorted(path.name for path in tmp_path.iterdir()) == ["post-1x1.mp4", "post-9x16.mp4"]
        assert told[-1] == (24, 24)
        assert [done for done, _ in told] == sorted(done for done, _ in told)
        assert {total for _, total in told} == {24}
        assert probe(made[0].path).frames == 12

    @pytest.mark.usefixtures("waves")
    def test_looks_too(self, models: Models, tmp_path: Path) -> None:
        look = Recipe.parse({"source": {"kind": "generate", "seconds": 0.5}, "share": {"short_side": 144, "fps": 8}})
        made = render_shapes(look, ["16:9", "4:5"], models, tmp_path)
        assert [(one.width, one.height) for one in made] == [(256, 144), (144, 180)]

    def test_stopped_on_the_way_nothing_half_written_is_left(self, clip: Path, models: Models, tmp_path: Path) -> None:
        done: list[int] = []
        with pytest.raises(Cancelled):
            render_shapes(
                upload(clip),
                ["9:16", "1:1"],
                models,
                tmp_path,
                lambda now, total: done.append(now),
                lambda: bool(done) and done[-1] > 13,
            )
        assert [path.name for path in tmp_path.iterdir()] == ["clip-9x16.mp4"]

    def test_what_cannot_be_is_refused_before_the_first(self, clip: Path, models: Models, tmp_path: Path) -> None:
        cut = upload(clip, {"kind": "crop", "left": 0.45, "right": 0.45})  # 32 pixels wide
        with pytest.raises(RecipeError):
            render_shapes(cut, ["9:16", "16:9", "2:3"], models, tmp_path)
        assert list(tmp_path.iterdir()) == []


def test_command_line(clip: Path, tmp_path: Path) -> None:
    from typer.testing import CliRunner

    recipe = tmp_path / "r.json"
    recipe.write_text(upload(clip).to_json(), encoding="utf-8")
    out = str(tmp_path / "out.mp4")
    ran = CliRunner().invoke(app, ["render", str(recipe), "-o", out, "--shapes", "9:16, 1:1", "--device", "cpu"])
    assert ran.exit_code == 0, ran.output
    assert {path.name for path in tmp_path.iterdir()} == {"r.json", "out-9x16.mp4", "out-1x1.mp4"}
    refused = CliRunner().invoke(app, ["render", str(recipe), "-o", out, "--shapes", "9:16,7:5", "--device", "cpu"])
    assert refused.exit_code == 2


class TestWords:
    TWO = ({"kind": "captions", "size": 0.16}, {"kind": "captions", "size": 0.02, "y": 0.4})

    def over(self, aspect: str, *overlays: dict[str, Any]) -> Recipe:
        return Recipe.parse({"overlays": overlays, "share": {"aspect": aspect}})

    def test_they_become_smaller_together_where_there_is_less_room(self) -> None:
        logo = {"kind": "picture", "path": "logo.png", "width": 0.5}
        (square,) = shapes(self.over("9:16", *self.TWO, logo), ["1:1"]).values()
        large, small, picture = square.overlays
        assert large.size == pytest.approx(0.16 * 9 / 16)
        assert small.size == 0.015, "as small as words may be"
        assert picture.width == pytest.approx(0.5 * 9 / 16)
        assert large.width == self.over("9:16", *self.TWO).overlays[0].width, "lines may be as long as before"

    @pytest.mark.parametrize(
        ("was", "becomes", "share"), [("1:1", "9:16", 1), ("16:9", "9:16", 9 / 16), ("4:5", "1:1", 0.8)]
    )
    def test_by_the_side_that_lost_most(self, was: str, becomes: str, share: float) -> None:
        (shaped,) = shapes(self.over(was, *self.TWO), [becomes]).values()
        assert shaped.overlays[0].size == pytest.approx(0.16 * share)

    @pytest.mark.parametrize("overlays", [TWO[:1], (TWO[0], {"kind": "mark"})])
    def test_one_alone_keeps_its_size(self, overlays: tuple[dict[str, Any], ...]) -> None:
        recipe = self.over("9:16", *overlays)
        assert shapes(recipe, ["16:9"])["16:9"].overlays == recipe.overlays
