"""The Share tab: moods, drafts, finished clips in every shape, and their check."""

from pathlib import Path
from typing import Any

import av
import pytest
from PIL import Image
from share_app import LOOK, SAID, asked, before, changed, recipe, told, upload, values

from vgan.errors import RecipeError
from vgan.recipe import MAX_STEPS
from vgan.share.check import check
from vgan.ui import i18n, messages, mood, templates
from vgan.ui.services import Studio
from vgan.ui.tabs.post_actions import PostActions
from vgan.ui.tabs.share_actions import ShareActions

pytest_plugins = ["enhance_app", "share_app"]

GREY = {"kind": "grade", "saturation": -1}


class TestMood:
    def test_read_and_used(self, do: ShareActions, post: PostActions, visit: Any) -> None:
        now = do.whole(visit.session_hash, recipe(LOOK, overlays=[SAID]), "create")
        said, _ = post.read_mood(visit, *changed(now))
        assert said["mood"] in mood.props()["moods"]
        assert said["because"]
        assert said["looks"]
        graded = asked(post.use(told(mood="happy"), visit, *changed(now)))
        assert [step.kind for step in graded.steps] == ["grade"]
        twice = asked(post.use(told(mood="sad"), visit, *changed(now, steps=[s.model_dump() for s in graded.steps])))
        assert len(twice.steps) == 1
        assert twice.steps != graded.steps
        answer = post.use(told(look=0), visit, *changed(now))
        assert asked(answer).source.look == said["looks"][0]  # type: ignore[union-attr]
        assert len(asked(answer).overlays) == 1
        *same, _ = do.opened(visit, *changed(answer), *before(), recipe(LOOK).to_json())
        assert all(part.get("__type__") == "update" for part in same), "Create's look does not take its place"

    def test_upload_with_music_and_in_a_shape(
        self, do: ShareActions, post: PostActions, clip: Path, music: Path, visit: Any
    ) -> None:
        now = do.whole(
            visit.session_hash, recipe(upload(clip), sound={"music": str(music)}, share={"aspect": "1:1"}), "upload"
        )
        said, _ = post.read_mood(visit, *changed(now))
        assert said["looks"] == []
        assert {"tempo", "brightness"} <= {one["what"] for one in said["because"]} | {"tempo", "brightness"}
        graded = post.use(told(mood="calm"), visit, *changed(now))
        assert [step.kind for step in asked(graded).steps] == ["grade", "reframe"]
        assert do.recipe(changed(graded)).portable() == asked(graded)

    def test_clip_that_was_made_here(self, studio: Studio, do: ShareActions, post: PostActions, visit: Any) -> None:
        (*_, made) = studio.render(visit.session_hash, recipe(LOOK))
        now = do.whole(visit.session_hash, recipe(upload(made.clip.path), steps=[GREY]), "enhance")
        said, _ = post.read_mood(visit, *changed(now))
        assert said["because"]

    @pytest.mark.parametrize("asked_for", [{}, {"mood": "nonsense"}, {"mood": []}, {"look": 99}, {"look": "0"}])
    def test_what_was_not_suggested(self, post: PostActions, visit: Any, asked_for: Any) -> None:
        with pytest.raises(RecipeError, match=r"(mood|look): "):
            post.use(told(**asked_for), visit, *values())

    def test_no_room_for_a_grade(self, post: PostActions, clip: Path, visit: Any) -> None:
        steps = [{"kind": "sharpen"}] * MAX_STEPS
        with pytest.raises(RecipeError, match="steps: 12 are the most"):
            post.use(told(mood="happy"), visit, *values(upload(clip), steps=steps))


class TestClips:
    def test_draft_is_small_and_no_clip(self, studio: Studio, do: ShareActions, visit: Any, music: Path) -> None:
        now = values(over=[SAID], sound={"music": str(music)}, short_side=720, fps=60, format="gif", max_mb=1)
        *_, (meter, stage) = do.draft(visit, *now)
        assert meter == {"ended": messages.IDLE}
        first = stage["draft"]
        assert (min(first["width"], first["height"]), first["fps"], first["format"]) == (360, 30, "mp4")
        assert first["index"] < 0
        assert studio.made(visit.session_hash) == []
        *_, (_, stage) = do.draft(visit, *now)
        assert stage["draft"]["url"] != first["url"], "the browser does not show the old one"
        files = [file.name for file in studio.folder_of(visit.session_hash).iterdir()]
        assert len(files) == 1, files

    def test_draft_has_its_sound(self, studio: Studio, do: ShareActions, visit: Any, music: Path) -> None:
        list(do.draft(visit, *values(sound={"music": str(music)})))
        (file,) = studio.folder_of(visit.session_hash).iterdir()
        with av.open(str(file)) as made:
            assert made.streams.audio

    def test_every_shape_that_is_asked_for(
        self, studio: Studio, do: ShareActions, post: PostActions, visit: Any
    ) -> None:
        now = values(over=[SAID], aspect="16:9", platform="youtube")
        list(do.render_all(["1:1", "9:16", "nonsense"], templates.NOTHING, visit, *now))
        made = studio.made(visit.session_hash)
        sizes = [(one.clip.width, one.clip.height) for one in made]
        assert sizes == [(256, 144), (144, 144), (144, 256)]
        *_, report = post.check(visit, *now)
        assert report["number"] == 0, "what is checked is the clip of these settings"
        assert report["platform"] == "youtube"

    def test_upload_in_shapes(self, studio: Studio, do: ShareActions, clip: Path, visit: Any) -> None:
        list(do.render_all(["1:1"], None, visit, *values(upload(clip))))
        first, second = studio.made(visit.session_hash)
        assert (first.clip.width, first.clip.height) == (192, 144)
        assert second.clip.width == second.clip.height
        assert [step.kind for step in second.recipe.steps] == ["reframe"]

    def test_template_has_places_of_its_own_in_each_shape(self, studio: Studio, do: ShareActions, visit: Any) -> None:
        held = {"name": "birthday", "values": {"wish": "", "age": ""}, "brand": {}, "own": []}
        now = changed(do.fill(visit, held, *values(aspect="9:16")), fps=24)
        list(do.render_all(["1:1"], held, visit, *now))
        tall, square = (one.recipe.overlays for one in studio.made(visit.session_hash))
        assert tall != square
        assert [over.cues for over in tall] == [over.cues for over in square]

    def test_template_that_was_only_looked_at_is_in_nobodys_way(
        self, studio: Studio, do: ShareActions, visit: Any
    ) -> None:
        held = {"name": "product", "values": {"price": "x" * 9999}, "brand": {}, "own": []}
        list(do.render_all(["1:1"], held, visit, *values(aspect="9:16")))
        assert len(studio.made(visit.session_hash)) == 2

    def test_stopped_between_shapes_goes_on_where_it_was(self, studio: Studio, do: ShareActions, visit: Any) -> None:
        now = values(fps=60, seconds=4, aspect="9:16", short_side=480)
        rendering = do.render_all(["1:1"], None, visit, *now)
        for _ in rendering:
            if studio.made(visit.session_hash):
                break
        next(rendering)
        next(rendering)
        do.cancel(visit)
        assert list(rendering)[-1][0] == {"ended": messages.WAITS}
        list(do.render_all(["1:1"], None, visit, *now))
        assert [one.recipe.share.aspect for one in studio.made(visit.session_hash)] == ["9:16", "1:1"]


class TestCheck:
    def test_found_mended_and_passes(
        self, studio: Studio, do: ShareActions, post: PostActions, music: Path, visit: Any, small: None
    ) -> None:
        held = do.whole(visit.session_hash, recipe(LOOK, sound={"music": str(music)}), "upload")
        now = changed(held, platform="stories", aspect="16:9", fps=10, disclose=False, seconds=1)
        list(do.render(visit, *now))
        busy, report = post.check(visit, *now)
        assert busy == {"busy": True}
        assert (report["passes"], report["mends"]) == (False, True)
        failing = {point["name"] for point in report["points"] if point["passes"] != "yes"}
        assert {"aspect", "rate", "disclosure"} <= failing
        assert Image.open(_served(report["cover"])).format == "JPEG"
        assert report["credits"]
        answer = post.mend(visit, report, *now)
        got = asked(answer)
        assert (got.share.aspect, got.share.disclose) == ("9:16", True)
        now = changed(answer)
        list(do.render(visit, *now))
        *_, again = post.check(visit, *now)
        assert again["passes"], [point for point in again["points"] if point["passes"] == "no"]
        assert again["number"] == report["number"] + 1
        assert check(studio.made(visit.session_hash)[-1].clip.path, "stories").passes

    def test_nothing_was_made_yet(self, post: PostActions, visit: Any) -> None:
        assert list(post.check(visit, *values())) == [{}]

    @pytest.mark.parametrize("held", [None, {}, {"number": 99}, {"number": "0", "platform": []}])
    def test_clip_that_is_none_is_not_mended(self, post: PostActions, visit: Any, held: Any) -> None:
        with pytest.raises(RecipeError, match="not one of this visit"):
            post.mend(visit, held, *values())

    @pytest.mark.parametrize("kind", ["webm", "gif", "webp", "png"])
    def test_every_format_has_a_report(self, do: ShareActions, post: PostActions, visit: Any, kind: str) -> None:
        now = values(format=kind)
        list(do.render(visit, *now))
        *_, report = post.check(visit, *now)
        assert report["points"]
        assert ("cover" in report) == (kind != "png")
        english = i18n.translations().translations_dict["en"]["vgan_bundle_report"]
        for point in report["points"]:
            for key in (f"point_{point['name']}", f"said_{point['found']['key']}", f"said_{point['wanted']['key']}"):
                assert f"\n{key}: " in english


def _served(url: str) -> Path:
    return Path(url.removeprefix("gradio_api/file="))
