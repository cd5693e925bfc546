"""Templates: the shipped ones fill and fit, blanks are checked, times follow the words, broken files are said."""

import json
import random
import tomllib
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from typer.testing import CliRunner

from vgan.cli import app
from vgan.errors import RecipeError
from vgan.overlays.around import Box
from vgan.recipe import MAX_SECONDS, Recipe
from vgan.recipe_overlays import Captions
from vgan.share.platforms import safe_box
from vgan.templates import Template, fill, load, templates
from vgan.templates.files import SHIPPED
from vgan.templates.timing import A_WORD, AT_FIRST, lines_of, reading_time
from vgan.text.layout import lay_out

NAMES = sorted(path.stem for path in SHIPPED.glob("*.toml"))
ASPECTS = ("9:16", "4:5", "1:1", "16:9")
WORDS = {"en": "T", "zh": "题"}
LOOK = {"kind": "generate", "look": "silk", "seed": 9, "seconds": 3}


def made(blanks: dict[str, Any], *overlays: dict[str, Any], **more: Any) -> dict[str, Any]:
    colours = {"accent": "#ff0000", "second": "#00ff00", "ink": "#101010", "paper": "#ffffff"}
    given = {name: {"label": WORDS, **blank} for name, blank in blanks.items()}
    parts = {"title": WORDS, "about": WORDS, "colours": colours, "fonts": {"font": "sans", "text": "sans"}}
    return {**parts, "blanks": given, "recipe": {"overlays": list(overlays)}, **more}


def words(*cues: Any, **fields: Any) -> dict[str, Any]:
    return {"kind": "captions", "cues": [{"text": cue} if isinstance(cue, str) else cue for cue in cues], **fields}


def template(blanks: dict[str, Any], *overlays: dict[str, Any], **more: Any) -> Template:
    return Template.model_validate({**made(blanks, *overlays, **more), "name": "trial"})


def texts(recipe: Recipe) -> list[str]:
    return [cue.text for one in recipe.overlays if isinstance(one, Captions) for cue in one.cues]


def write(folder: Path, data: Any, name: str = "trial.json") -> Path:
    path = folder / name
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return path


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


class TestFiles:
    def test_unknown_blanks_are_named(self, tmp_path: Path) -> None:
        data = made(
            {"a": {}}, words("{a} {b}"), {"kind": "picture", "path": {"$": "logo"}}, words({"text": "x", "with": "c"})
        )
        with pytest.raises(RecipeError, match="b, c, logo"):
            load(write(tmp_path, data))

    @pytest.mark.parametrize(
        ("data", "word"),
        [
            (made({"a": {}}, words("x")), "never used: a"),
            (made({}, words("x"), tune=1), "tune"),
            (made({}, words("x", sise=1)), "sise"),
            (made({}, words("x", size=7)), "size"),
            (made({}, words("x", gap="wide")), "gap"),
            (made({}, words({"text": "x", "start": "soon"})), "soon"),
            (made({}, words("a } b")), "brace"),
            (made({}, words("$tint")), "tint"),
            (made({}, words("x", font="comic")), "comic"),
            (made({"line": {}}, words("{line}")), "line"),
            (made({"a": {"kind": "sing"}}, words("{a}")), "kind"),
            (made({"A b": {}}, words("x")), "A b"),
            (made({"a": {"max": 5000}}, words("{a}")), "5000"),
            (made({}, words("x"), until="nothing"), "until"),
            (made({}, words("x"), recipe={"source": LOOK, "version": 2}), "version"),
            ({"title": WORDS}, "about"),
            ([1, 2], "list"),
            ("{" * 200, "JSON"),
            ("[" * 60_000, "JSON"),
            (made({}, words("x"), about={"en": "x" * 301, "zh": "x"}), "about"),
        ],
    )
    def test_what_is_broken_is_said(self, tmp_path: Path, data: Any, word: str) -> None:
        with pytest.raises(RecipeError, match=word) as refused:
            load(write(tmp_path, data))
        assert str(refused.value).startswith("trial.json: ")
        assert len(str(refused.value)) < 500

    def test_nested_ones_end(self, tmp_path: Path) -> None:
        inner: Any = "x"
        for _ in range(300):
            inner = {"a": [inner]}
        with pytest.raises(RecipeError, match="nested too deeply"):
            load(write(tmp_path, made({}, words("x")) | {"recipe": {"overlays": [inner]}}))

    def test_five_megabytes(self, tmp_path: Path) -> None:
        with pytest.raises(RecipeError, match="too long"):
            load(write(tmp_path, " " * 5_000_000))

    def test_toml_that_is_none(self, tmp_path: Path) -> None:
        with pytest.raises(RecipeError, match="TOML"):
            load(write(tmp_path, "a = [", "trial.toml"))
        with pytest.raises(RecipeError, match="Rename it"):
            load(write(tmp_path, "a = 1", "Trial.toml"))

    def test_a_broken_one_hides_no_other(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("VGAN_TEMPLATES", str(tmp_path))
        write(tmp_path, made({}, words("mine")), "mine.json")
        write(tmp_path, "{", "quote.json")
        listed = templates()
        assert listed["quote"].template is not None
        assert listed["mine"].template is not None
        assert "not JSON" in listed["quote.json"].error

    def test_damage_is_always_said_in_words(self, tmp_path: Path) -> None:
        """Values of the shipped templates changed at random: refused by name, or still a template."""
        rng = random.Random(4)
        for trial in range(60):
            data = tomllib.loads((SHIPPED / f"{rng.choice(NAMES)}.toml").read_text(encoding="utf-8"))
            for _ in range(3):
                _spoil(data, rng)
            with suppress(RecipeError):
                load(write(tmp_path, data, f"t{trial}.json"))


def _spoil(data: Any, rng: random.Random) -> None:
    """Change one value somewhere inside."""
    while isinstance(data, (dict, list)) and data:
        key = rng.choice(list(data)) if isinstance(data, dict) else rng.randrange(len(data))
        if not isinstance(data[key], (dict, list)) or rng.random() < 0.15:
            data[key] = rng.choice([None, 0, -1, 1e308, True, "", "x", "{a}", "{", [], {}, [[]], {"$": 1}, {"$": "a"}])
            return
        data = data[key]


class TestCommand:
    def test_list(self) -> None:
        shown = CliRunner().invoke(app, ["templates"])
        assert shown.exit_code == 0, shown.output
        assert all(name in shown.stdout for name in NAMES)

    def test_a_filled_template_is_a_recipe(self, tmp_path: Path) -> None:
        out = tmp_path / "r.json"
        ended = CliRunner().invoke(app, ["template", "birthday", "--set", "name=Zoë", "--set", "age=8", "-o", str(out)])
        assert ended.exit_code == 0, ended.output
        assert "Zoë" in texts(Recipe.parse(out.read_bytes()))

    def test_over_a_recipe_and_with_a_brand(self, tmp_path: Path) -> None:
        base = write(tmp_path, {"source": LOOK}, "base.json")
        kit = write(tmp_path, {"handle": "@glow", "font": "mono", "colours": ["#ffee00", "#0000ff"]}, "kit.json")
        ended = CliRunner().invoke(app, ["template", "question", "--over", str(base), "--brand", str(kit)])
        recipe = Recipe.parse(ended.stdout)
        assert recipe.source.look == "silk"  # type: ignore[union-attr]
        assert "@glow" in texts(recipe)

    @pytest.mark.parametrize(
        "arguments", [["nonesuch"], ["birthday", "--set", "name"], ["birthday", "--language", "fr"]]
    )
    def test_bad_usage(self, arguments: list[str]) -> None:
        ended = CliRunner().invoke(app, ["template", *arguments])
        assert ended.exit_code == 2
        assert "Traceback" not in ended.output
