"""The Share tab without a browser: words, music, templates, mood, shapes, the check of the finished file."""

import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import av
import gradio as gr
import numpy as np
import pytest
from PIL import Image
from share_app import LOOK, SAID, changed, recipe, song, values
from style_app import pixels

from vgan.brand import ROLES
from vgan.errors import MediaError, RecipeError, VganError
from vgan.recipe import MAX_STEPS, Recipe, Upload
from vgan.recipe_overlays import MAX_TEXT
from vgan.recipe_steps import ASPECTS
from vgan.share import platforms
from vgan.share.check import check
from vgan.templates.files import SHIPPED
from vgan.ui import i18n, mood, share_messages, sound, templates
from vgan.ui.i18n_report import REPORT_WORDS
from vgan.ui.i18n_share import SHARE_BUNDLES, SHARE_WORDS
from vgan.ui.services import Studio
from vgan.ui.share_messages import FIELDS, OWN_FIELDS
from vgan.ui.tabs.post_actions import PostActions
from vgan.ui.tabs.share_actions import BEFORE, ShareActions

pytest_plugins = ["enhance_app", "share_app"]

GREY = {"kind": "grade", "saturation": -1}
PULSE = {"field": "brightness", "band": "beats", "amount": 0.35, "sensitivity": 0.5, "smoothing": 0.3}
ODD = ["\x00\x07\x1b[31m\u202egnp.exe\u2066", "\u200b\ufeff", "a\r\nb\x0bc", "W" * MAX_TEXT]
NOT_YOURS = "is not a file that you uploaded"


@pytest.fixture
def visit(request: pytest.FixtureRequest) -> Any:
    """The open page."""
    return SimpleNamespace(session_hash=request.node.name)


@pytest.fixture
def do(studio: Studio) -> ShareActions:
    return ShareActions(studio)


@pytest.fixture
def post(studio: Studio, do: ShareActions) -> PostActions:
    return PostActions(studio, do)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stories that take small and short pictures."""
    row = platforms.PLATFORMS["stories"].model_copy(
        update={"side_least": 144, "side_wanted": 160, "seconds": (0.5, 60.0)}
    )
    monkeypatch.setitem(platforms.PLATFORMS, "stories", row)


def told(**data: Any) -> gr.EventData:
    return gr.EventData(None, data)


def upload(path: Path) -> dict[str, Any]:
    return {"kind": "upload", "path": str(path)}


def by_name(answer: Any) -> dict[str, Any]:
    """An answer of every component, by the fields, and what is shown."""
    names = (*FIELDS, "stage", "meter", "text")
    return dict(zip(names, answer, strict=True))


def asked(answer: Any) -> Recipe:
    """What the recipe box says."""
    return Recipe.parse(answer[-1])


def ink(answer: Any) -> float:
    """How bright the brightest spots of the picture on the stage are, 0 to 255."""
    return float(np.percentile(pixels(by_name(answer)["stage"]["after"]).max(2), 99.5))


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
        held = do.take_other(told(**{"from": "create"}), visit, *values(over=[SAID]), *self.before(), made.to_json())
        assert by_name(held)["source"]["from"] == "create"
        filled = do.fill(visit, self.chosen("quote"), *changed(held))
        assert asked(filled).source != made.source, "it plays for as long as there is to read"
        mine = (*changed(filled), *self.before())
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

    @staticmethod
    def before(**known: Any) -> tuple[Any, ...]:
        """What the tabs before this one hand over."""
        return tuple(known.get(name, {}).get(field) for name, fields, _ in BEFORE for field in fields)

    def test_clips_of_the_tabs_before_come_as_they_are(self, do: ShareActions, clip: Path, visit: Any) -> None:
        card = {"source": {"source": upload(clip), "share": {}}, "timeline": {"trim": True, "start": 0.25, "end": 0.75}}
        bar = {"format": "webm", "short_side": 480, "fps": 24}
        enhanced = card | bar | {"chain": {"steps": [GREY | {"on": True}], "open": None}}
        answer = do.take_other(
            told(**{"from": "enhance"}), visit, *values(over=[SAID]), *self.before(enhance=enhanced), "{}"
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


class TestStrangers:
    @pytest.fixture
    def theirs(self, studio: Studio) -> Path:
        """A clip of another visit."""
        (*_, last) = studio.render("the other visit", recipe(LOOK))
        return Path(last.clip.path)

    def refused(self, act: Any, *names: str) -> None:
        """`act` is refused for every one of `names`, in words that are the same but for the name."""
        said = set()
        for name in names:
            with pytest.raises(RecipeError, match=NOT_YOURS) as error:
                act(name)
            said.add(str(error.value).replace(repr(Path(name).name), "it"))
        assert len(said) == 1

    def paths(self, theirs: Path) -> tuple[str, ...]:
        return ("/etc/passwd", "/etc/no-such-file", str(theirs), str(theirs.with_name("other.mp4")))

    def test_files_in_a_recipe(self, do: ShareActions, clip: Path, theirs: Path, visit: Any) -> None:
        paths = self.paths(theirs)
        self.refused(lambda name: do.show(visit, *values(sound={"music": name})), *paths)
        self.refused(lambda name: do.show(visit, *values(over=[{"kind": "picture", "path": name}])), *paths)
        self.refused(lambda name: do.show(visit, *values(upload(Path(name)))), *paths)
        fonts = ("/etc/passwd.ttf", "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
        self.refused(lambda name: do.show(visit, *values(over=[SAID | {"font": name}])), *fonts)

    def test_files_that_are_told_of(self, do: ShareActions, theirs: Path, visit: Any) -> None:
        paths, now = self.paths(theirs), values(over=[{"kind": "picture", "path": ""}, SAID])
        self.refused(lambda name: do.take_music(told(path=name), visit, *now), *paths)
        self.refused(lambda name: do.take_file(told(path=name, layer=0, field="path"), visit, *now), *paths)
        self.refused(lambda name: do.take_file(told(path=name, layer=1, field="cues"), visit, *now), *paths)
        self.refused(lambda name: do.bring(told(path=name), templates.NOTHING), *paths)
        self.refused(lambda name: do.take_upload(told(path=name), visit, *now), *paths)

    def test_files_of_the_source_in_every_event(
        self, do: ShareActions, post: PostActions, music: Path, theirs: Path, visit: Any
    ) -> None:
        """None of them is opened before it is looked at whose it is."""
        paths, quote = self.paths(theirs), {"name": "quote", "values": {}, "brand": {}}
        held = {"sound": {"music": str(music)}, "own": True, "upload": True}

        def of(name: str) -> Any:
            return values(upload(Path(name)), sound={"music": str(music)})

        self.refused(lambda name: do.fill(visit, quote, *of(name)), *paths)
        self.refused(lambda name: do.take_music(told(path=str(music)), visit, *of(name)), *paths)
        self.refused(lambda name: do.drop_music(visit, *changed(of(name), sound=held)), *paths)
        self.refused(lambda name: post.read_mood(visit, *of(name)), *paths)
        self.refused(lambda name: post.use(told(mood="happy"), visit, *of(name)), *paths)
        self.refused(lambda name: list(do.draft(visit, *of(name))), *paths)
        self.refused(lambda name: list(do.render_all(["1:1"], quote, visit, *of(name))), *paths)
        self.refused(lambda name: do.bars(told(bars=2), visit, *values(sound={"music": name})), *paths)

    def test_files_in_blanks_and_brand_kits(self, do: ShareActions, theirs: Path, visit: Any) -> None:
        paths = self.paths(theirs)

        def chosen(**held: Any) -> dict[str, Any]:
            return {"name": "birthday", "values": {}, "brand": {}} | held

        self.refused(lambda name: do.fill(visit, chosen(values={"photo": name}), *values()), *paths)
        self.refused(lambda name: do.fill(visit, chosen(brand={"logo": name}), *values()), *paths)
        fonts = ("/etc/passwd.ttf", "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
        self.refused(lambda name: do.fill(visit, chosen(brand={"font": name}), *values()), *fonts)
        self.refused(lambda name: do.fill(visit, chosen(name="x", own=[{"path": name}]), *values()), *paths)

    def test_files_that_a_template_names(self, do: ShareActions, arrived: Path, theirs: Path) -> None:
        """Neither in full, nor put together from what is typed into a blank."""
        blanks = {"a": {"label": {"en": "A", "zh": "甲"}, "default": "/etc/passwd"}}

        def named(of: dict[str, Any]) -> None:
            file = template_file(arrived / "sly.json", of | {"steps": [GREY]}, blanks=blanks)
            file.write_text(file.read_text().replace("THERE", str(theirs)))
            with pytest.raises(RecipeError, match="is no file that this template asks for"):
                do.bring(told(path=str(file)), templates.NOTHING)

        said = SAID | {"cues": [{"text": "{a}"}]}
        for path in ("/etc/passwd", "THERE", "{a}", {"$": "a"}, {"en": "/etc/passwd", "zh": "/etc/passwd"}, 3):
            named({"overlays": [{"kind": "picture", "path": path}, said]})
            named({"overlays": [said], "sound": {"music": path}})
            named({"overlays": [said | {"font": path}]})
            named({"overlays": [said], "source": {"kind": "upload", "path": path}})


def template_file(path: Path, of: dict[str, Any], **more: Any) -> Path:
    """A template of somebody's own."""
    words = {"en": "Sly", "zh": "狡"}
    parts = {"title": words, "about": words, "fonts": {"font": "sans", "text": "sans"}, "blanks": {}}
    colours = dict.fromkeys(ROLES, "#808080")
    path.write_text(json.dumps(parts | {"colours": colours, "recipe": of} | more), encoding="utf-8")
    return path


class TestWords:
    def test_subtitles_become_lines(self, do: ShareActions, arrived: Path, visit: Any) -> None:
        file = arrived / "talk.srt"
        file.write_text("1\n00:00:00,100 --> 00:00:00,300\nمرحبا <i>you</i>\n", encoding="utf-8")
        held, stage, _, text = do.take_file(told(path=str(file), layer=0, field="cues"), visit, *values(over=[SAID]))
        (cue,) = Recipe.parse(text).overlays[0].cues
        assert (cue.start, cue.end, cue.text) == (0.1, 0.3, "مرحبا you")
        assert held["layers"][0]["cues"] == [cue.model_dump()]
        assert stage["after"].startswith("data:image/")

    @pytest.mark.parametrize("text", ["", "nothing", "1\n99:99 --> x\n", "\x00\x01\x02" * 99])
    def test_subtitles_that_are_none(self, do: ShareActions, arrived: Path, visit: Any, text: str) -> None:
        file = arrived / "none.srt"
        file.write_text(text, encoding="utf-8")
        with pytest.raises(VganError):
            do.take_file(told(path=str(file), layer=0, field="cues"), visit, *values(over=[SAID]))

    @pytest.mark.parametrize("place", [None, -1, 3, "0", True])
    def test_layer_that_is_none(self, do: ShareActions, picture: Path, visit: Any, place: Any) -> None:
        with pytest.raises(RecipeError, match="Open a card and choose the file there"):
            do.take_file(told(path=str(picture), layer=place, field="path"), visit, *values(over=[SAID]))

    def test_picture_that_is_none_is_refused_before_it_is_taken(
        self, do: ShareActions, arrived: Path, visit: Any
    ) -> None:
        (arrived / "logo.png").write_bytes(b"no picture")
        now = values(over=[{"kind": "picture", "path": ""}])
        with pytest.raises(MediaError, match=r"logo\.png"):
            do.take_file(told(path=str(arrived / "logo.png"), layer=0, field="path"), visit, *now)

    @pytest.mark.parametrize(
        "text", ["\x00\x07\x1b[31m\u202egnp.exe\u2066", "\u200b\ufeff", "a\r\nb\x0bc", "W" * MAX_TEXT]
    )
    def test_odd_and_huge_words_are_drawn(self, do: ShareActions, visit: Any, text: str) -> None:
        stage, _, said = do.show(visit, *values(over=[SAID | {"cues": [{"text": text}]}]))
        assert pixels(stage["after"]).shape == (144, 144, 3)
        assert Recipe.parse(said).overlays[0].cues[0].text == text

    def test_too_many_words_are_refused(self, do: ShareActions, visit: Any) -> None:
        with pytest.raises(RecipeError, match=r"overlays\.0\.cues\.0\.text: .*2000"):
            do.show(visit, *values(over=[SAID | {"cues": [{"text": "W" * (MAX_TEXT + 1)}]}]))

    @pytest.mark.parametrize("field", ["layers", "sound", "steps", "source", "timeline"])
    @pytest.mark.parametrize("value", [3, "x", [], {"layers": 1, "sound": []}, [1]])
    def test_nonsense_of_a_component_is_refused(self, do: ShareActions, visit: Any, field: str, value: Any) -> None:
        if (field, value) in (("steps", []), ("timeline", {"layers": 1, "sound": []})):
            return  # no steps, and no moments
        with pytest.raises(RecipeError):
            do.show(visit, *changed(values(), **{field: value}))


class TestMusic:
    def test_music_arrives_and_goes(self, do: ShareActions, music: Path, visit: Any) -> None:
        now = values(sound={"fade_out": 0.3, "volume": 0.5})
        held, _, _, text = do.take_music(told(path=str(music)), visit, *now)
        got = Recipe.parse(text).sound
        assert got is not None
        assert (got.music, got.fade_out, got.volume) == ("beat.wav", 0.3, 0.5)
        assert (held["name"], held["facts"]) == ("beat.wav", "8.0 s · 120 BPM")
        assert held["url"].startswith("gradio_api/file=")
        assert len(held["music"]["wave"]) > 100
        assert len(json.dumps(held)) < 100_000
        gone, _, _, text = do.drop_music(visit, *changed(now, sound=held))
        assert Recipe.parse(text).sound is None
        assert (gone["sound"]["fade_out"], gone["music"]) == (0.3, None)

    def test_bars_set_the_seconds(self, do: ShareActions, music: Path, visit: Any) -> None:
        seconds, times, _, _, text = do.bars(
            told(bars=2), visit, *values(None, {"at": 0.3}, sound={"music": str(music)})
        )
        assert seconds == pytest.approx(4.0, abs=0.05)
        assert (times["seconds"], times["at"]) == (seconds, 0.3)
        assert Recipe.parse(text).source.seconds == pytest.approx(seconds)  # type: ignore[union-attr]

    def test_timeline_goes_with_the_length(self, do: ShareActions, visit: Any) -> None:
        times, stage, _, text = do.lengthen(visit, *values(None, {"at": 7.5}, seconds=1.5, loops=2))
        assert (times["seconds"], times["at"]) == (3, 3), "the moment that is looked at is still there"
        assert stage["after"]
        assert Recipe.parse(text).source.loops == 2  # type: ignore[union-attr]

    @pytest.mark.parametrize("bars", [None, 0, -1, 65, "2", 1.5, 1e99])
    def test_bars_that_are_none(self, do: ShareActions, music: Path, visit: Any, bars: Any) -> None:
        with pytest.raises(RecipeError, match="bars: "):
            do.bars(told(bars=bars), visit, *values(sound={"music": str(music)}))

    def test_many_bars_and_none_at_all(self, do: ShareActions, music: Path, clip: Path, visit: Any) -> None:
        seconds, *_ = do.bars(told(bars=64), visit, *values(sound={"music": str(music)}))
        assert seconds == pytest.approx(60, abs=0.1), "as many as a loop can have"
        with pytest.raises(RecipeError, match="Choose music with a beat first"):
            do.bars(told(bars=2), visit, *values())
        with pytest.raises(RecipeError, match="is not played by a look"):
            do.bars(told(bars=2), visit, *values(upload(clip), sound={"music": str(music)}))

    def test_what_is_no_music_is_refused(self, do: ShareActions, picture: Path, visit: Any) -> None:
        with pytest.raises(MediaError, match=r"tiles\.png"):
            do.take_music(told(path=str(picture)), visit, *values())

    def test_the_picture_follows_the_beat(self, do: ShareActions, music: Path, visit: Any) -> None:
        keys = [{"seed": seed} for seed in (3, 4)]
        heard = {"music": str(music), "drives": [PULSE | {"field": "cut", "sensitivity": 1}]}
        now = values(LOOK | {"path": keys}, {"at": 3.4}, sound=heard, seconds=4)
        still = changed(now, sound=now[FIELDS.index("sound")] | {"sound": {"music": str(music)}})
        assert do.show(visit, *now)[0]["after"] != do.show(visit, *still)[0]["after"]


class TestTemplates:
    NAMES = sorted(path.stem for path in SHIPPED.glob("*.toml"))

    @staticmethod
    def chosen(name: str, **held: Any) -> dict[str, Any]:
        return {"name": name, "values": {}, "brand": {}, "own": []} | held

    def filled(self, name: str, picture: Path, music: Path) -> dict[str, Any]:
        """Every picture and sound that it asks for."""
        row = next(row for row in templates.props()["templates"] if row["name"] == name)
        files = {"picture": str(picture), "sound": str(music)}
        blanks = {blank["name"]: files[blank["kind"]] for blank in row["blanks"] if blank["kind"] in files}
        return self.chosen(name, values=blanks)

    @pytest.mark.parametrize("name", NAMES)
    def test_each_over_a_look(self, do: ShareActions, picture: Path, music: Path, visit: Any, name: str) -> None:
        answer = do.fill(visit, self.filled(name, picture, music), *values())
        got = asked(answer)
        assert got.overlays
        assert do.recipe(changed(answer)).portable() == got
        assert got.source.seconds * got.source.loops > 1, "there is time to read it"  # type: ignore[union-attr]
        assert by_name(answer)["stage"]["after"]

    @pytest.mark.parametrize("name", NAMES)
    def test_each_over_an_upload(
        self, do: ShareActions, clip: Path, picture: Path, music: Path, visit: Any, name: str
    ) -> None:
        answer = do.fill(visit, self.filled(name, picture, music), *values(upload(clip), aspect="4:5"))
        got = asked(answer)
        assert got.overlays
        assert do.recipe(changed(answer)).portable() == got
        assert (got.source, got.share.aspect) == (Upload(path=clip.name), "4:5")

    def test_blanks_and_languages(self, do: ShareActions, visit: Any) -> None:
        held = self.chosen("birthday", values={"name": "Grace", "age": "90", "nonsense": 1}, tongue="zh")
        said = [cue.text for over in asked(do.fill(visit, held, *values())).overlays for cue in over.cues]
        assert said[:3] == ["生日快乐", "Grace", "今天 90 岁"]

    def test_brand_kit(self, do: ShareActions, picture: Path, visit: Any) -> None:
        kit = {"colours": ["#010203", "#fdfdfd", "#000000", "#ffffff"], "font": "mono", "logo": str(picture)}
        got = asked(do.fill(visit, self.chosen("quote", brand=kit), *values()))
        assert "mono" in {getattr(over, "font", "") for over in got.overlays}
        assert [over.path for over in got.overlays if over.kind == "picture"] == [picture.name]

    @pytest.mark.parametrize(
        "kit", [{"colours": ["red"]}, {"font": "comic"}, {"logo": 3}, {"name": "x" * 99}, {"sly": 1}, {"colours": 5}]
    )
    def test_brand_kit_that_is_none(self, do: ShareActions, visit: Any, kit: Any) -> None:
        with pytest.raises(VganError):
            do.fill(visit, self.chosen("quote", brand=kit), *values())

    @pytest.mark.parametrize("held", [None, {}, [], {"name": 3, "values": {}}, {"name": "nonsense", "values": {}}])
    def test_template_that_is_none(self, do: ShareActions, visit: Any, held: Any) -> None:
        with pytest.raises(VganError):
            do.fill(visit, held, *values())

    def test_template_of_ones_own(self, do: ShareActions, arrived: Path, visit: Any) -> None:
        file = template_file(
            arrived / "mine.json",
            {"overlays": [{"kind": "captions", "cues": [{"text": "{who} rules"}]}]},
            blanks={"who": {"label": {"en": "Who", "zh": "谁"}, "default": "Ada"}},
        )
        held, stage = do.bring(told(path=str(file)), templates.NOTHING)
        assert stage["__type__"] == "update"
        assert (held["name"], [row["name"] for row in held["own"]]) == ("mine", ["mine"])
        assert held["own"][0]["blanks"][0]["name"] == "who"
        again, _ = do.bring(told(path=str(file)), held)
        assert len(again["own"]) == 1
        got = asked(do.fill(visit, again | {"values": {"who": "Grace"}}, *values()))
        assert got.overlays[0].cues[0].text == "Grace rules"

    @pytest.mark.parametrize("text", ["", "{", "[]", '{"title": 3}', "\x00" * 99, '{"recipe": ' + "[" * 999])
    def test_broken_template_is_refused(self, do: ShareActions, arrived: Path, text: str) -> None:
        (arrived / "broken.json").write_text(text, encoding="utf-8")
        with pytest.raises(RecipeError, match="broken"):
            do.bring(told(path=str(arrived / "broken.json")), templates.NOTHING)

    def test_listed_ones_have_all_that_is_drawn(self) -> None:
        rows = templates.props()["templates"]
        assert {row["name"] for row in rows} >= set(self.NAMES)
        for row in rows:
            assert {"title", "about", "tone", "blanks"} <= row.keys()
            assert all({"name", "kind", "label"} <= blank.keys() for blank in row["blanks"])


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
        *same, _ = do.opened(visit, *changed(answer), *TestSources.before(), recipe(LOOK).to_json())
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
        assert meter == {}
        first = stage["draft"]
        assert (min(first["width"], first["height"]), first["fps"], first["format"]) == (360, 30, "mp4")
        assert first["index"] < 0
        assert studio.made(visit.session_hash) == []
        *_, (_, stage) = do.draft(visit, *now)
        assert stage["draft"]["url"] != first["url"], "the browser does not show the old one"
        files = [file.name for file in studio._folder(visit.session_hash).iterdir()]
        assert len(files) == 1, files

    def test_draft_has_its_sound(self, studio: Studio, do: ShareActions, visit: Any, music: Path) -> None:
        list(do.draft(visit, *values(sound={"music": str(music)})))
        (file,) = studio._folder(visit.session_hash).iterdir()
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
        assert do.cancel(visit) == {"waits": True}
        assert list(rendering)[-1][0] == {"waits": True}
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


class TestTranslations:
    @pytest.mark.parametrize("key", sorted({**SHARE_WORDS, **REPORT_WORDS}))
    def test_both_languages(self, key: str) -> None:
        english, chinese = {**SHARE_WORDS, **REPORT_WORDS}[key]
        assert english.strip()
        assert chinese.strip()
        assert english != chinese, key

    @pytest.mark.parametrize("name", [*SHARE_BUNDLES, "report", "compare", "source", "layers", "timeline", "clips"])
    def test_every_word_that_a_script_speaks_is_in_its_bundle(self, name: str) -> None:
        lines = i18n.translations().translations_dict["en"][f"vgan_bundle_{name}"].splitlines()
        spoken = {line.partition(": ")[0] for line in lines}
        assert not {key for key in spoken_by(name) if not key.endswith("_")} - spoken


def spoken_by(name: str) -> set[str]:
    """Keys that the script of a component names."""
    here = Path(i18n.__file__).parent / "web" / f"{name}.js"
    return set(re.findall(r'words\("([a-z][a-z0-9_]*)"', here.read_text(encoding="utf-8")))


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


def test_song_is_heard(tmp_path: Path) -> None:
    assert sound.heard(song(tmp_path / "x.wav", 6.0))["facts"] == "6.0 s · 120 BPM"
