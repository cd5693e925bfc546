"""The list of words and pictures: what its component is told, and the overlays that it describes."""

import base64
import io
import json
from typing import Any

import pytest
import uharfbuzz as hb
from PIL import ImageFont

from vgan.errors import RecipeError
from vgan.recipe import Recipe
from vgan.recipe_overlays import MAX_CUES, MAX_OVERLAYS, OVERLAY_KINDS, Cue
from vgan.text.font_list import FONTS
from vgan.ui import i18n, layers
from vgan.ui.faces import faces

SAID = {"kind": "captions", "cues": [{"start": 0, "end": 1.5, "text": "Hello"}]}
MARK = {"kind": "mark", "text": "Made with AI"}


def fresh(kind: str) -> dict[str, Any]:
    """What a new card of that kind begins with."""
    return {"kind": kind} | {field["name"]: field["default"] for field in layers.kinds()[kind]["fields"]}


class TestKinds:
    def test_every_overlay_there_is_can_be_added(self) -> None:
        assert layers.kinds().keys() == OVERLAY_KINDS.keys()
        assert layers.props()["most"] == MAX_OVERLAYS
        json.dumps(layers.props(), allow_nan=False)

    @pytest.mark.parametrize("kind", OVERLAY_KINDS)
    def test_every_field_has_a_control_with_the_bounds_of_the_recipe(self, kind: str) -> None:
        schema = OVERLAY_KINDS[kind].model_json_schema()["properties"]
        fields = {field["name"]: field for field in layers.kinds()[kind]["fields"]}
        assert fields.keys() == schema.keys() - {"kind"}
        for name, field in fields.items():
            parts = [schema[name], *schema[name].get("anyOf", ())]
            assert field["default"] == schema[name].get("default", "")
            assert field["optional"] == any(part.get("type") == "null" for part in parts)
            if field["type"] in ("slider", "number", "tinted"):
                low, high = (next(part[key] for part in parts if key in part) for key in ("minimum", "maximum"))
                assert (field["low"], field["high"]) == (low, high), name
                assert field["step"] <= (high - low) / 10
            if field["type"] == "choice":
                assert field["choices"] == schema[name]["enum"]
            if field["type"] == "text":
                assert field["most"] == schema[name]["maxLength"]
            if "colour" in field:
                assert fields[field["colour"]]["type"] == "beside"
            if field.get("needs"):
                other, value = field["needs"]
                assert value in fields[other]["choices"]

    @pytest.mark.parametrize("kind", OVERLAY_KINDS)
    def test_what_a_new_card_begins_with_is_an_overlay(self, kind: str) -> None:
        (overlay,) = Recipe.parse({"overlays": [fresh(kind)]}).overlays
        assert overlay == OVERLAY_KINDS[kind](**({"path": ""} if kind == "picture" else {}))

    @pytest.mark.parametrize("kind", OVERLAY_KINDS)
    def test_everything_has_words_in_both_languages(self, kind: str) -> None:
        english, chinese = (i18n.translations().translations_dict[tongue] for tongue in ("en", "zh"))
        keys = [f"layer_{kind}", f"layer_{kind}_help"]
        for field in layers.kinds()[kind]["fields"]:
            keys += [f"field_{kind}_{field['name']}", f"field_{kind}_{field['name']}_help"]
            keys += [f"choice_{value}" for value in field.get("choices", ())]
        for key in keys:
            assert english[f"vgan_{key}"].strip()
            assert english[f"vgan_{key}"] != chinese[f"vgan_{key}"], key
            assert f"\n{key}: " in "\n" + english["vgan_bundle_layers"]


class TestLooks:
    @pytest.mark.parametrize("name", layers.WORD_LOOKS)
    def test_each_is_a_style_of_words_and_says_the_same_things(self, name: str) -> None:
        look = layers.WORD_LOOKS[name]
        (overlay,) = Recipe.parse({"overlays": [SAID | look]}).overlays
        assert {field: getattr(overlay, field) for field in look} == look
        assert look["font"] in FONTS
        assert look.keys() == layers.WORD_LOOKS["clean"].keys()
        assert not {"x", "y", "align", "cues", "strength"} & look.keys(), "it moves nothing, and says nothing else"

    def test_they_differ(self) -> None:
        assert len({json.dumps(look, sort_keys=True) for look in layers.WORD_LOOKS.values()}) == len(layers.WORD_LOOKS)


class TestFaces:
    @pytest.mark.parametrize("name", FONTS)
    def test_letters_that_are_shown_are_there_and_small(self, name: str) -> None:
        address = faces({name: "Lit words"})[name]
        kind, _, data = address.partition(",")
        assert kind == "data:font/ttf;base64"
        raw = base64.b64decode(data)
        assert len(raw) < 6000
        assert {ord(letter) for letter in "Lit words"} <= set(hb.Face(raw).unicodes)
        assert ImageFont.truetype(io.BytesIO(raw), 40).getlength("Lit") > 20

    def test_page_is_given_every_font(self) -> None:
        fonts = layers.props()["fonts"]
        assert [font["name"] for font in fonts] == list(FONTS)
        assert all(font["face"] for font in fonts)


class TestValue:
    def test_overlays_of_a_recipe_come_back(self) -> None:
        recipe = Recipe.parse({"overlays": [SAID, MARK, {"kind": "wave", "shape": "circle"}, {"kind": "countdown"}]})
        held = layers.value(recipe.overlays, 1)
        assert held["open"] == 1
        assert Recipe.parse({"overlays": layers.overlays_of(held)}) == recipe
        json.dumps(held, allow_nan=False)

    def test_what_is_switched_off_is_kept_on_the_page_alone(self) -> None:
        held = layers.value([SAID, MARK])
        held["layers"][0]["on"] = False
        assert layers.overlays_of(held) == [MARK]

    def test_a_picture_without_a_file_is_none_yet(self) -> None:
        assert layers.overlays_of(layers.value([fresh("picture"), MARK])) == [MARK]

    @pytest.mark.parametrize("held", [None, "text", [], {}, {"layers": None}, {"layers": "x"}, {"layers": [1]}])
    def test_what_is_no_list_is_refused(self, held: Any) -> None:
        with pytest.raises(RecipeError, match="no list of words and pictures"):
            layers.overlays_of(held)


class TestChanges:
    def test_subtitles_take_the_place_of_the_lines(self) -> None:
        held = layers.value([MARK, SAID], 1)
        changed = layers.with_cues(held, 1, [Cue(start=1, end=2, text="One"), {"start": 2, "end": None, "text": "Two"}])
        assert [cue["text"] for cue in changed["layers"][1]["cues"]] == ["One", "Two"]
        assert held["layers"][1]["cues"][0]["text"] == "Hello", "the value given is left alone"
        assert changed["open"] == 1
        assert Recipe.parse({"overlays": layers.overlays_of(changed)}).overlays[1].cues[0].end == 2

    def test_fonts_and_pictures_are_named_by_their_cards(self) -> None:
        held = layers.value([fresh("picture"), SAID])
        held = layers.with_field(layers.with_field(held, 0, "path", "/tmp/logo.png"), 1, "font", "/tmp/own.ttf")
        picture, words = Recipe.parse({"overlays": layers.overlays_of(held)}).overlays
        assert picture.files == {"path": "/tmp/logo.png"}
        assert words.files == {"font": "/tmp/own.ttf"}

    @pytest.mark.parametrize("place", [-1, 2, True, None, "0", 0.0])
    def test_a_place_where_no_words_stand_is_refused(self, place: Any) -> None:
        with pytest.raises(RecipeError, match="nothing there has 'cues'"):
            layers.with_cues(layers.value([MARK, SAID]), place if place != 0.0 else 0, [Cue()])

    @pytest.mark.parametrize(("place", "field"), [(0, "path"), (1, "path"), (1, "kind"), (0, "font"), (1, "cues")])
    def test_a_field_that_names_no_file_is_refused(self, place: int, field: str) -> None:
        with pytest.raises(RecipeError, match="nothing there has"):
            layers.with_field(layers.value([MARK, SAID]), place, field, "/etc/hostname")

    @pytest.mark.parametrize("count", [0, MAX_CUES + 1])
    def test_no_lines_and_too_many_are_refused(self, count: int) -> None:
        with pytest.raises(RecipeError, match=f"{count} lines"):
            layers.with_cues(layers.value([SAID]), 0, [Cue()] * count)
