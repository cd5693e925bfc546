"""Templates: the shipped ones fill and fit, blanks are checked, times follow the words."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from trial_templates import LOOK, WORDS, template, texts, words

from vgan.errors import RecipeError
from vgan.overlays.around import Box
from vgan.recipe import MAX_SECONDS, Recipe
from vgan.recipe_overlays import Captions
from vgan.share.platforms import safe_box
from vgan.templates import fill, load, templates
from vgan.templates.files import SHIPPED
from vgan.templates.timing import A_WORD, AT_FIRST, lines_of, reading_time
from vgan.text.layout import lay_out

NAMES = sorted(path.stem for path in SHIPPED.glob("*.toml"))
ASPECTS = ("9:16", "4:5", "1:1", "16:9")


@pytest.fixture
def photo(tmp_path: Path) -> str:
    path = tmp_path / "photo.png"
    Image.new("RGB", (64, 48), (200, 30, 30)).save(path)
    return str(path)


class TestShipped:
    def test_all_of_them_are_there(self) -> None:
        listed = templates([SHIPPED])
        assert not [row.error for row in listed.values() if row.template is None]
        assert set(listed) == {
            *("birthday", "birth", "graduation", "wedding", "product", "sale", "quote", "question"),
            *("countdown", "lyric", "podcast"),
        }

    @pytest.mark.parametrize("name", NAMES)
    @pytest.mark.parametrize("aspect", ASPECTS)
    def test_parts_lie_below_each_other_in_every_shape(self, name: str, aspect: str, photo: str) -> None:
        """Words that are laid out as they will be drawn: their lines overlap by no more than the swashes of a script;
        signs without a letter may be tucked in between."""
        shipped = load(SHIPPED / f"{name}.toml")
        pictures = {key: photo for key, blank in shipped.blanks.items() if blank.kind == "picture"}
        for language in ("en", "zh"):
            recipe = fill(shipped, pictures, aspect=aspect, language=language)
            size = recipe.share.size()
            safe, side = Box(*safe_box("any", size)), min(size)
            spans = []
            for over in recipe.overlays:
                said = over.cues[0].text if isinstance(over, Captions) and len(over.cues) == 1 else ""
                if any(map(str.isalnum, said)):
                    wide, tall = int(over.width * safe.size[0]), safe.size[1]
                    block = lay_out(said, over, over.size * side, wide, tall)
                    assert block is not None
                    top = over.y * (tall - block.height)
                    spans.append((top + block.lines[0][1], top + block.lines[-1][3]))
            assert all(above[1] <= below[0] + 0.05 * side for above, below in pairwise(sorted(spans)))

    @pytest.mark.parametrize("name", NAMES)
    def test_there_is_time_to_read_it(self, name: str) -> None:
        recipe = fill(load(SHIPPED / f"{name}.toml"), {})
        seconds = recipe.source.seconds * recipe.source.loops  # type: ignore[union-attr]
        for over in recipe.overlays:
            for cue in over.cues if isinstance(over, Captions) else ():
                end = seconds if cue.end is None else cue.end
                assert end - cue.start >= reading_time(cue.text) - 0.01, cue

    @pytest.mark.parametrize("name", NAMES)
    def test_words_may_be_as_long_as_their_blanks_say(self, name: str) -> None:
        shipped = load(SHIPPED / f"{name}.toml")
        longest = {
            key: ("wonderful " * 200)[: blank.most].strip()
            for key, blank in shipped.blanks.items()
            if blank.kind in {"text", "longtext"}
        }
        recipe = fill(shipped, longest)
        assert recipe.source.seconds * recipe.source.loops <= MAX_SECONDS  # type: ignore[union-attr]


class TestFill:
    def test_values_and_defaults(self) -> None:
        trial = template({"name": {"default": "Ada"}, "age": {"kind": "number", "max": 130}}, words("{name} is {age}"))
        assert texts(fill(trial, {"age": "8"})) == ["Ada is 8"]
        assert texts(fill(trial, {"name": " Bo\tb ", "age": 8.5})) == ["Bo b is 8.5"]

    def test_an_optional_blank_left_empty_takes_its_part_along(self) -> None:
        trial = template(
            {"a": {"optional": True}, "b": {"optional": True}}, words("{a}"), words("x {b}", "both {a} {b}")
        )
        assert texts(fill(trial, {})) == []
        assert texts(fill(trial, {"b": "1"})) == ["x 1"]
        assert texts(fill(trial, {"a": "2", "b": "1"})) == ["2", "x 1", "both 2 1"]

    def test_parts_with_and_without_a_blank(self) -> None:
        trial = template(
            {"a": {"optional": True}}, words({"text": "yes {a}", "with": "a"}, {"text": "no", "without": "a"})
        )
        assert texts(fill(trial, {})) == ["no"]
        assert texts(fill(trial, {"a": "1"})) == ["yes 1"]

    def test_whole_values_dates_and_choices(self) -> None:
        counted = {"kind": "countdown", "first": {"$": "first"}, "finish": "{day}"}
        choices = {"kind": "choice", "default": "one", "choices": {"one": {"en": "One", "zh": "一"}}}
        trial = template(
            {"first": {"kind": "number", "default": 4, "min": 2, "max": 60}, "day": {"kind": "date"}, "c": choices},
            counted,
            words("{c}"),
        )
        recipe = fill(trial, {"day": "2026-06-12"})
        assert (recipe.overlays[0].first, recipe.overlays[0].finish) == (4, "12 June 2026")  # type: ignore[union-attr]
        assert fill(trial, {"day": "2026-06-12"}, language="zh").overlays[0].finish == "2026年6月12日"  # type: ignore[union-attr]
        assert texts(fill(trial, {"day": "2026-06-12"}, language="zh")) == ["一"]

    @pytest.mark.parametrize(
        ("blank", "value", "word"),
        [
            ({"max": 5}, "abcdef", "at most 5"),
            ({}, "x" * 10_000_000, "at most 120"),
            ({}, "\u200b\u202e\x00", "nothing in it"),
            ({}, "", "empty"),
            ({"kind": "number", "max": 9}, "ten", "0 to 9"),
            ({"kind": "number", "max": 9}, "1e3", "0 to 9"),
            ({"kind": "number"}, "nan", "no number"),
            ({"kind": "date"}, "12.6.2026", "2026-06-12"),
            ({"kind": "colour"}, "red", "rrggbb"),
            ({"kind": "picture"}, "none.png", "there is no file"),
            ({"kind": "picture"}, "a\0b", "there is no file"),
            ({"kind": "choice", "choices": {"one": WORDS}}, "two", "one"),
        ],
    )
    def test_values_that_do_not_fit(self, blank: dict[str, Any], value: Any, word: str) -> None:
        with pytest.raises(RecipeError, match=word) as refused:
            fill(template({"it": blank}, words("{it}")), {"it": value})
        assert "it" in str(refused.value)
        assert len(str(refused.value)) < 400

    def test_a_blank_that_there_is_not(self) -> None:
        with pytest.raises(RecipeError, match="Did you mean 'name'"):
            fill(template({"name": {}}, words("{name}")), {"nam": "x"})

    @pytest.mark.parametrize(
        "value", ["{other}", "{{", "}", "{line}", "$accent", "<b>Ada</b>", "&lt;", "%s {0}", "أحمد"]
    )
    def test_what_is_filled_in_is_only_words(self, value: str) -> None:
        trial = template({"it": {}, "other": {"default": "secret"}}, words("a {it} b", "{other}"))
        assert texts(fill(trial, {"it": value})) == [f"a {value} b", "secret"]
        alone = template({"it": {}}, words("{it}"))
        assert texts(fill(alone, {"it": value})) == [value]

    def test_marks_that_turn_the_direction_are_taken_out(self) -> None:
        trial = template({"it": {}}, words("{it}!"))
        assert texts(fill(trial, {"it": "ab\u202ecd\u2066e\u200dx"})) == ["abcde\u200dx!"]

    def test_it_lies_over_the_clip_at_hand(self) -> None:
        base = Recipe.parse(
            {
                "source": LOOK,
                "steps": [{"kind": "grade", "tint": 0.5}],
                "overlays": [words("old"), {"kind": "mark"}],
                "share": {"aspect": "1:1"},
            }
        )
        trial = template({}, words("one two three four five six seven eight nine ten eleven"))
        recipe = fill(trial, {}, base=base)
        assert recipe.steps == base.steps
        assert recipe.share == base.share
        assert [one.kind for one in recipe.overlays] == ["captions", "mark"]
        assert recipe.source == base.source.model_copy(update={"loops": 2})  # 5.3 s to read, 3 s long

    def test_times_are_squeezed_into_an_upload(self, photo: str) -> None:
        base = Recipe.parse({"source": {"kind": "upload", "path": photo}})  # a picture is shown for 4 seconds
        trial = template({}, words("one two three four five six seven eight"), words({"start": "+1", "text": "nine"}))
        recipe = fill(trial, {}, base=base)
        assert recipe.source == base.source
        assert recipe.share == base.share
        assert 2 < recipe.overlays[1].cues[0].start < 4  # type: ignore[union-attr]

    def test_drives_come_with_the_music_at_hand_alone(self) -> None:
        trial = template({}, words("x"))
        trial.recipe["sound"] = {"drives": [{"field": "hue"}], "fade_out": 1.0}
        assert fill(trial, {}).sound is None
        base = Recipe.parse({"source": LOOK, "sound": {"music": "song.mp3", "start": 2}})
        sound = fill(trial, {}, base=base).sound
        assert sound is not None
        assert (sound.music, sound.start, sound.fade_out, len(sound.drives)) == ("song.mp3", 2, 1.0, 1)


class TestStack:
    """Parts that say no place of their own."""

    def test_more_words_push_the_rest_down(self) -> None:
        trial = template({"a": {}}, words("{a}", size=0.1), words("below", size=0.05))
        short, long = (
            fill(trial, {"a": text}).overlays for text in ("one", "many words that need some lines to stand")
        )
        assert short[0].y < short[1].y  # type: ignore[union-attr]
        assert long[0].y < short[0].y < short[1].y < long[1].y  # type: ignore[union-attr]

    def test_what_is_too_tall_becomes_smaller(self) -> None:
        parts = [words("A", size=0.4), words("B", size=0.4), words("C", size=0.4)]
        sizes = [one.size for one in fill(template({}, *parts), {}, aspect="16:9").overlays]  # type: ignore[union-attr]
        assert sizes[0] == sizes[1] == sizes[2] < 0.3

    def test_a_place_of_its_own_stays(self) -> None:
        overlays = fill(template({}, words("a", y=0.9), words("b")), {}).overlays
        assert overlays[0].y == 0.9  # type: ignore[union-attr]
        assert abs(overlays[1].y - 0.5) < 0.01  # type: ignore[union-attr]

    def test_shapes_and_hints(self) -> None:
        part = words("two words", size=0.2, width=0.3, lines=1, wide={"middle": 0.75}, square={"size": 0.1})
        tall, square, wide = (
            fill(template({}, part), {}, aspect=shape).overlays[0] for shape in ("9:16", "1:1", "16:9")
        )
        assert tall.size < 0.2  # type: ignore[union-attr]
        assert square.size <= 0.1  # type: ignore[union-attr]
        assert tall.x == 0.5 < wide.x  # type: ignore[union-attr]


class TestTimes:
    def test_words_take_time(self) -> None:
        assert reading_time("three short words") == pytest.approx(AT_FIRST + 3 * A_WORD)
        assert reading_time("生日快乐") == pytest.approx(AT_FIRST + 2 * A_WORD)
        assert reading_time("— · —") == AT_FIRST

    def test_what_follows_waits_until_the_rest_is_read(self) -> None:
        trial = template({"q": {"kind": "longtext"}}, words("{q}"), words({"start": "+0.5", "text": "because"}))
        long = fill(trial, {"q": "why " * 20})
        assert long.overlays[1].cues[0].start == pytest.approx(AT_FIRST + 20 * A_WORD + 0.5)  # type: ignore[union-attr]

    def test_a_look_plays_as_long_as_there_is_to_read(self) -> None:
        trial = template({"q": {"kind": "longtext"}}, words("{q}"))
        source = fill(trial, {"q": "why " * 60}).source
        assert 18 < source.seconds * source.loops < 22  # type: ignore[union-attr]

    def test_more_than_a_clip_can_hold(self) -> None:
        trial = template({"q": {"kind": "longtext"}}, words("{q}"))
        with pytest.raises(RecipeError, match=f"{MAX_SECONDS:g} s at most"):
            fill(trial, {"q": "a " * 900})

    def test_lines_of_a_song(self) -> None:
        text = "first\n\n[00:05.50] second line\nthird\n[00:04]early"
        found = lines_of(text, 1.0, 0.2)
        assert [(start, said) for start, _, said in found] == [
            (1.0, "first"),
            (4.0, "early"),
            (5.5, "second line"),
            (pytest.approx(5.5 + AT_FIRST + 2 * A_WORD + 0.2), "third"),
        ]
        assert all(end > start for start, end, _ in found)

    def test_a_song_becomes_a_cue_for_each_line(self) -> None:
        trial = template({"song": {"kind": "longtext"}}, words({"each": "song", "start": 0.5, "text": "{line}"}))
        cues = fill(trial, {"song": "a\nb\nc"}).overlays[0].cues  # type: ignore[union-attr]
        assert [cue.text for cue in cues] == ["a", "b", "c"]
        assert all(one.end == other.start for one, other in pairwise(cues))
