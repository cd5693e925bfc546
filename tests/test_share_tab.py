"""The Share tab without a browser: recipes there and back, what comes from other tabs, what a clip brings along."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
from share_app import LOOK, SAID, asked, before, by_name, changed, recipe, told, upload, values

from vgan.errors import RecipeError
from vgan.recipe import Recipe, Upload
from vgan.recipe_steps import ASPECTS
from vgan.ui import share_messages, sound
from vgan.ui.services import Studio
from vgan.ui.share_messages import FIELDS, OWN_FIELDS
from vgan.ui.tabs.share_actions import ShareActions

pytest_plugins = ["enhance_app", "share_app"]

GREY = {"kind": "grade", "saturation": -1}
PULSE = {"field": "brightness", "band": "beats", "amount": 0.35, "sensitivity": 0.5, "smoothing": 0.3}


class TestRoundTrip:
    FULL: ClassVar[dict[str, Any]] = {
        "overlays": [
            SAID | {"font": "serif", "size": 0.2, "box": 0.5, "enter": "words", "x": 0.1, "y": 0.2, "lit": "#123456"},
            {"kind": "countdown", "first": 5, "last": 1, "finish": "go", "start": 0.1, "end": 0.4},
            {"kind": "wave", "shape": "circle", "bars": 16, "second": "#ff0000"},
            {"kind": "mark", "text": "AI", "corner": "top-left", "strength": 0.4},
        ],
        "steps": [GREY, {"kind": "sharpen"}],
    }
    SHARE: ClassVar[dict[str, Any]] = {
        "platform": "stories",
        "disclose": False,
        "max_mb": 2.5,
        "format": "gif",
        "short_side": 480,
        "fps": 24,
    }
    HEARD: ClassVar[dict[str, Any]] = {
        "start": 1,
        "end": 5,
        "loop": False,
        "fade_in": 0.5,
        "fade_out": 1,
        "volume": 0.7,
        "original": 0.3,
    }

    @pytest.mark.parametrize("aspect", ASPECTS)
    def test_look_in_full(self, do: ShareActions, music: Path, picture: Path, aspect: str) -> None:
        source = LOOK | {"look": "silk", "seed": 9, "hue": 0.2, "seconds": 1.5, "loops": 2}
        keys = [{"look": "silk", "seed": seed} for seed in (3, 4)]
        heard = self.HEARD | {"music": str(music), "loudness": -16, "drives": [PULSE, PULSE | {"field": "keys"}]}
        over = [*self.FULL["overlays"], {"kind": "picture", "path": str(picture), "width": 0.3, "rounded": 1}]
        share = self.SHARE | {"aspect": aspect}
        parts = self.FULL | {"overlays": over, "sound": heard, "share": share}
        wanted = recipe(source | {"path": keys}, **parts)
        assert do.recipe(changed(do.whole("", wanted, "upload"))) == wanted

    @pytest.mark.parametrize("aspect", ["source", *ASPECTS])
    def test_upload_in_full(self, do: ShareActions, clip: Path, music: Path, aspect: str) -> None:
        source = upload(clip) | {"start": 0.2, "end": 0.8}
        share = self.SHARE | {"aspect": aspect}
        wanted = recipe(source, **self.FULL, sound=self.HEARD | {"music": str(music), "loudness": None}, share=share)
        wanted = share_messages.in_shape(wanted)
        assert do.recipe(changed(do.whole("", wanted, "upload"))) == wanted

    @pytest.mark.parametrize("heard", [None, {"loudness": -14}, {"loudness": None, "original": 0.5}])
    def test_own_sound_of_an_upload(self, do: ShareActions, clip: Path, heard: Any) -> None:
        wanted = recipe(upload(clip), sound=heard)
        assert do.recipe(changed(do.whole("", wanted, "upload"))) == wanted

    def test_everything_is_said_for_every_field(self, do: ShareActions, visit: Any) -> None:
        answer = do.show(visit, *values())
        assert len(answer) == ShareActions.shown
        whole = do.whole(visit.session_hash, recipe(LOOK), "upload")
        assert len(whole) == len(FIELDS) + ShareActions.shown == do.taken_count
        assert len(share_messages.own_values(recipe(LOOK))) == len(OWN_FIELDS)

    def test_window_goes_with_its_shape(self, do: ShareActions, clip: Path) -> None:
        held = do.whole("", recipe(upload(clip), share={"aspect": "9:16"}), "upload")
        assert [step.kind for step in asked(held).steps] == ["reframe"]
        assert do.recipe(changed(held, aspect="source")).steps == ()
        assert [step.aspect for step in do.recipe(changed(held, aspect="1:1")).steps] == ["1:1"]

    def test_window_that_was_placed_stays_where_it_is(self, do: ShareActions, clip: Path) -> None:
        steps = [{"kind": "reframe", "aspect": "9:16", "steadiness": 0.2}, GREY]
        wanted = recipe(upload(clip), steps=steps, share={"aspect": "9:16"})
        assert do.recipe(changed(do.whole("", wanted, "upload"))) == wanted

    def test_platform_and_the_rest_are_heard_of(self, do: ShareActions, visit: Any) -> None:
        now = values(platform="reels", disclose=False, max_mb=3, format="gif")
        share = do.recipe(now).share
        assert (share.platform, share.disclose, share.max_mb) == ("reels", False, 3)
        stage, _, text = do.show(visit, *now)
        assert stage["platform"] == "reels"
        assert stage["safe"] == do.show(visit, *values())[0]["safe"], "a square has room for both"
        tall, taller = (do.show(visit, *values(aspect="9:16", platform=name))[0] for name in ("any", "reels"))
        assert tall["safe"] != taller["safe"]
        assert Recipe.parse(text).share == share
        assert do.recipe(values(max_mb=0)).share.max_mb is None

    def test_look_has_no_shape_of_its_own(self, do: ShareActions) -> None:
        assert do.recipe(values(aspect="source")).share.aspect == "9:16"


class TestSources:
    def test_upload_keeps_words_and_music_but_nothing_is_driven(
        self, do: ShareActions, clip: Path, music: Path, visit: Any
    ) -> None:
        now = values(over=[SAID], sound={"music": str(music), "drives": [PULSE], "volume": 0.4}, platform="x")
        got = asked(do.take_upload(told(path=str(clip)), visit, *now))
        assert got.source == Upload(path=clip.name)
        assert [overlay.cues[0].text for overlay in got.overlays] == ["Hello"]
        assert got.sound is not None
        assert (got.sound.music, got.sound.volume, got.sound.drives) == (music.name, 0.4, ())
        assert (got.share.platform, got.share.aspect) == ("x", "source")

    def test_shape_that_was_chosen_here_stays(self, do: ShareActions, clip: Path, visit: Any) -> None:
        first = do.take_upload(told(path=str(clip)), visit, *values(aspect="4:5"))
        assert asked(first).share.aspect == "4:5"
        second = do.take_upload(told(path=str(clip)), visit, *changed(first))
        assert asked(second).share.aspect == "4:5"
        assert [step.kind for step in asked(second).steps] == ["reframe"]

    def test_own_sound_becomes_as_loud_as_the_platforms_play(
        self, do: ShareActions, clip: Path, picture: Path, visit: Any
    ) -> None:
        answer = do.take_upload(told(path=str(clip)), visit, *values())
        got = asked(answer).sound
        assert got is not None
        assert (got.loudness, got.music) == (-14, "")
        assert do.recipe(changed(answer)).portable() == asked(answer), "the components say the same"
        assert asked(do.take_upload(told(path=str(picture)), visit, *values())).sound is None

    def test_look_of_create_is_followed_but_not_what_was_changed_here(self, do: ShareActions, visit: Any) -> None:
        made = recipe(LOOK | {"seed": 5})
        held = do.take_other(told(**{"from": "create"}), visit, *values(over=[SAID]), *before(), made.to_json())
        assert by_name(held)["source"]["from"] == "create"
        filled = do.fill(visit, self.chosen("quote"), *changed(held))
        assert asked(filled).source != made.source, "it plays for as long as there is to read"
        mine = (*changed(filled), *before())
        *same, clips = do.opened(visit, *mine, made.to_json())
        assert all("__type__" in part and part["__type__"] == "update" for part in same)
        assert clips["clips"] == []
        other = recipe(LOOK | {"seed": 6})
        *answer, _ = do.opened(visit, *mine, other.to_json())
        assert asked(answer).source == other.source
        assert asked(answer).overlays == asked(filled).overlays

    @staticmethod
    def chosen(name: str, **blanks: Any) -> dict[str, Any]:
        return {"name": name, "values": blanks, "brand": {}, "own": []}

    def test_clips_of_the_tabs_before_come_as_they_are(self, do: ShareActions, clip: Path, visit: Any) -> None:
        card = {"source": {"source": upload(clip), "share": {}}, "timeline": {"trim": True, "start": 0.25, "end": 0.75}}
        bar = {"format": "webm", "short_side": 480, "fps": 24}
        enhanced = card | bar | {"chain": {"steps": [GREY | {"on": True}], "open": None}}
        answer = do.take_other(
            told(**{"from": "enhance"}), visit, *values(over=[SAID]), *before(enhance=enhanced), "{}"
        )
        got = asked(answer)
        assert (got.source.start, got.source.end) == (0.25, 0.75)  # type: ignore[union-attr]
        assert [step.kind for step in got.steps] == ["grade"]
        assert (got.share.format, got.share.short_side, got.share.fps) == ("webm", 480, 24)
        assert len(got.overlays) == 1
        assert by_name(answer)["source"]["from"] == "enhance"

    def test_finished_clip_is_sent_with_what_it_was_made_from(
        self, studio: Studio, do: ShareActions, visit: Any
    ) -> None:
        made = recipe(LOOK, steps=[GREY], share={"aspect": "16:9", "format": "webm"})
        list(studio.render(visit.session_hash, made))
        tabs, *answer = do.send(told(index=0), visit, *values(over=[SAID], platform="shorts"))
        assert tabs["selected"] == "share"
        got = asked(answer)
        assert (got.source, got.steps) == (made.source, made.steps)
        assert (got.share.aspect, got.share.format, got.share.platform) == ("16:9", "webm", "shorts")
        assert len(got.overlays) == 1
        with pytest.raises(RecipeError, match="clip: 0 is not one of this visit"):
            do.send(told(index=0), SimpleNamespace(session_hash="somebody else"), *values())


class TestRecall:
    def test_clip_comes_back_with_words_music_and_share(
        self, studio: Studio, do: ShareActions, music: Path, picture: Path, visit: Any
    ) -> None:
        over = [SAID, {"kind": "picture", "path": str(picture)}, {"kind": "mark"}]
        heard = {"music": str(music), "drives": [PULSE], "fade_out": 0.2}
        share = {"platform": "reels", "disclose": False}
        made = recipe(LOOK | {"seed": 3}, overlays=over, sound=heard, share=share, steps=[GREY])
        (*_, last) = studio.render(visit.session_hash, made)
        answer = do.recall_clip(told(index=0), visit, values()[0])
        assert do.recipe(changed(answer)) == made
        file = str(last.clip.path)
        zone, *answer = do.apply_file(visit, file, values()[0])
        assert zone is None
        assert do.recipe(changed(answer)) == made, "its file knows names alone, and the files are on this page"

    def test_files_that_are_not_here_are_left_out_and_said(self, do: ShareActions, visit: Any) -> None:
        over = [SAID | {"font": "/gone/mine.ttf"}, {"kind": "picture", "path": "logo.png"}, {"kind": "wave"}, SAID]
        heard = {"music": "song.mp3", "drives": [PULSE], "fade_in": 1}
        wanted = recipe(LOOK, overlays=over, sound=heard)
        answer = do.apply_text(visit, wanted.to_json(), values()[0])
        fault = by_name(answer)["stage"]["fault"]
        assert all(name in fault["text"] for name in ("mine.ttf", "logo.png", "song.mp3"))
        assert "/gone" not in fault["text"]
        got = asked(answer)
        assert [overlay.kind for overlay in got.overlays] == ["captions", "wave", "captions"]
        assert got.overlays[0].font == "sans"
        assert got.sound is not None
        assert (got.sound.music, got.sound.drives, got.sound.fade_in) == ("", (), 1)
        assert by_name(answer)["stage"]["after"], "and the rest is seen"

    def test_nothing_is_said_where_all_is_here(self, do: ShareActions, visit: Any) -> None:
        answer = do.apply_text(visit, recipe(LOOK, overlays=[SAID]).to_json(), values()[0])
        assert "fault" not in by_name(answer)["stage"]

    @pytest.mark.parametrize("text", ["", "{", "[]", '{"overlays": 3}', '{"sound": {"music": 1}}', '{"share": []}'])
    def test_what_is_no_recipe_is_refused(self, do: ShareActions, visit: Any, text: str) -> None:
        with pytest.raises(RecipeError):
            do.apply_text(visit, text, values()[0])


def test_field_places() -> None:
    assert FIELDS[0] == "source"
    assert len(FIELDS) == len(set(FIELDS))
    assert sound.props()["drive"]["field"]


def test_lost_files_keep_the_rest() -> None:
    whole = recipe(LOOK, overlays=[SAID, {"kind": "picture", "path": "logo.png"}], sound={"music": "a.mp3"})
    left, lost = share_messages.without_lost(whole, lambda name: name != "logo.png")
    assert lost == ["logo.png"]
    assert left.sound == whole.sound
    assert share_messages.without_lost(whole, lambda name: True) == (whole, [])


class TestShape:
    def test_a_template_has_its_places_in_the_shape_that_is_chosen(self, do: ShareActions, visit: Any) -> None:
        held = {"name": "birthday", "values": {"name": "Ada"}}
        laid = do.fill(visit, held, *values(aspect="9:16"))
        chosen = do.reshape(visit, laid[-1], held, *changed(laid, aspect="1:1"))
        assert asked(chosen).overlays == asked(do.fill(visit, held, *values(aspect="1:1"))).overlays
        assert chosen[0]["layers"] != by_name(laid)["layers"]["layers"]

    def test_words_of_ones_own_keep_clear_of_each_other(self, do: ShareActions, visit: Any) -> None:
        laid = values(over=[SAID, SAID | {"y": 0.5}], aspect="9:16")
        text = do.recipe(laid).to_json()
        assert [one.size for one in asked(do.reshape(visit, text, {}, *changed(laid, aspect="1:1"))).overlays] == [
            pytest.approx(0.045)
        ] * 2

    @pytest.mark.parametrize("text", ["", "nonsense", '"share": {"aspect": "odd"}'])
    def test_whatever_stands_in_the_recipe_box(self, do: ShareActions, visit: Any, text: str) -> None:
        laid = values(over=[SAID, SAID], aspect="1:1")
        assert asked(do.reshape(visit, text, {}, *laid)).overlays == do.recipe(laid).overlays
