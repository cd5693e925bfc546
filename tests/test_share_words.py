"""The Share tab: words, music and templates."""

import json
from pathlib import Path
from typing import Any

import pytest
from share_app import LOOK, SAID, asked, by_name, changed, song, template_file, told, upload, values
from style_app import pixels

from vgan.errors import MediaError, RecipeError, VganError
from vgan.recipe import Recipe, Upload
from vgan.recipe_overlays import MAX_TEXT
from vgan.templates.files import SHIPPED
from vgan.ui import sound, templates
from vgan.ui.share_messages import FIELDS
from vgan.ui.tabs.share_actions import ShareActions

pytest_plugins = ["enhance_app", "share_app"]

PULSE = {"field": "brightness", "band": "beats", "amount": 0.35, "sensitivity": 0.5, "smoothing": 0.3}


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


def test_song_is_heard(tmp_path: Path) -> None:
    assert sound.heard(song(tmp_path / "x.wav", 6.0))["facts"] == "6.0 s · 120 BPM"
