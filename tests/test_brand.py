"""Brand kits: what is checked when one is read, what it does to a template, and that words stay readable."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from vgan.brand import ENOUGH, Brand, checked, contrast, load_brand, readable, save_brand
from vgan.errors import MediaError, RecipeError, VganError
from vgan.templates import Template, fill

BOXED = {
    "name": "boxed",
    "title": {"en": "a", "zh": "a"},
    "about": {"en": "a", "zh": "a"},
    "colours": {"accent": "#ff0000", "second": "#00ff00", "ink": "#101010", "paper": "#ffffff"},
    "fonts": {"font": "sans", "text": "serif"},
    "blanks": {},
    "recipe": {
        "overlays": [
            {
                "kind": "captions",
                "font": "$font",
                "colour": "$ink",
                "box": 1.0,
                "box_colour": "$accent",
                "cues": [{"text": "Hello"}],
            }
        ]
    },
}


@pytest.fixture
def logo(tmp_path: Path) -> Path:
    path = tmp_path / "logo.png"
    Image.new("RGBA", (200, 80), (255, 0, 0, 128)).save(path)
    return path


def write(folder: Path, **fields: object) -> Path:
    path = folder / "kit.json"
    path.write_text(json.dumps(fields))
    return path


def test_a_kit_comes_back_as_it_was_saved(tmp_path: Path, logo: Path) -> None:
    brand = Brand(name="Glow", handle="@glow", logo=str(logo), colours=("#123456", "#abcdef"), font="serif")
    save_brand(brand, tmp_path / "kit.json")
    assert load_brand(tmp_path / "kit.json") == brand


def test_a_logo_lies_beside_its_kit(tmp_path: Path, logo: Path) -> None:
    assert load_brand(write(tmp_path, logo="logo.png")).logo == str(logo)


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"colours": ["red", "#00ff00"]}, "colours"),
        ({"colours": ["#00ff00"]}, "two to four"),
        ({"colours": ["#000000"] * 5}, "colours"),
        ({"logo": "none.png"}, "none.png"),
        ({"logo": 7}, "logo"),
        ({"slogan": "x"}, "slogan"),
        ({"name": "x" * 61}, "name"),
        ({"corner": "middle"}, "corner"),
    ],
)
def test_what_is_no_kit_is_refused(tmp_path: Path, fields: dict[str, object], word: str) -> None:
    with pytest.raises(RecipeError, match=word):
        load_brand(write(tmp_path, **fields))


@pytest.mark.parametrize("data", [b"{", b"[" * 100_000, b"\xff\xfe", b"[]", b"{}" + b" " * 70_000])
def test_what_is_no_file_of_one_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "kit.json"
    path.write_bytes(data)
    with pytest.raises(RecipeError, match=r"kit\.json"):
        load_brand(path)


def test_a_logo_of_20000_pixels_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    Image.new("1", (20_000, 20_000)).save(tmp_path / "logo.png")
    with pytest.raises(MediaError, match="too large"):
        load_brand(write(tmp_path, logo="logo.png"))


def test_a_drawing_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>')
    with pytest.raises(MediaError, match="Export it as PNG"):
        checked(Brand(logo="logo.svg"), tmp_path)


class TestContrast:
    def test_the_two_ends(self) -> None:
        assert contrast("#000000", "#ffffff") == pytest.approx(21)
        assert contrast("#777777", "#777777") == 1
        assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)

    def test_every_ground_has_words_that_can_be_read_on_it(self) -> None:
        for red, green, blue in np.random.default_rng(0).integers(0, 256, (500, 3)).tolist():
            ground = f"#{red:02x}{green:02x}{blue:02x}"
            assert contrast(readable(ground, ground), ground) >= ENOUGH

    def test_what_can_be_read_stays(self) -> None:
        assert readable("#222222", "#ffffff") == "#222222"
        assert readable("#eeeeee", "#ffffff", ("#cccccc", "#333333")) == "#333333"

    def test_no_colour(self) -> None:
        with pytest.raises(VganError, match="rrggbb"):
            contrast("red", "#ffffff")


class TestOnATemplate:
    template = Template.model_validate(BOXED)

    def test_its_colours_and_font_take_the_place_of_the_template(self) -> None:
        (words,) = fill(self.template, {}, Brand(colours=("#ffe14d", "#336699"), font="mono")).overlays
        assert (words.box_colour, words.font, words.colour) == ("#ffe14d", "mono", "#101010")  # type: ignore[union-attr]

    @pytest.mark.parametrize("accent", ["#000000", "#101010", "#808080", "#0000ff", "#ff00ff", "#ffffff"])
    def test_words_on_a_box_stay_readable(self, accent: str) -> None:
        (words,) = fill(self.template, {}, Brand(colours=(accent, "#336699"))).overlays
        assert contrast(words.colour, words.box_colour) >= ENOUGH  # type: ignore[union-attr]

    def test_its_logo_stands_in_a_corner(self, logo: Path) -> None:
        over = fill(self.template, {}, Brand(logo=str(logo), corner="bottom-right")).overlays[-1]
        assert (over.kind, over.x, over.y) == ("picture", 1, 1)  # type: ignore[union-attr]

    def test_a_template_may_place_the_logo_itself(self, logo: Path) -> None:
        recipe = {"overlays": [{"kind": "picture", "path": "$logo", "width": 0.4}]}
        placed = Template.model_validate(BOXED | {"recipe": recipe})
        assert len(fill(placed, {}, Brand(logo=str(logo))).overlays) == 1
        assert fill(placed, {}).overlays == ()
