"""Words as pictures: what is kept of a text, fonts and what they lack, lines that fit, ink that stays inside."""

import os
import random
import unicodedata
from pathlib import Path

import numpy as np
import pytest
import texts

from vgan.errors import MediaError, UnknownName
from vgan.recipe_overlays import Text
from vgan.text import fonts
from vgan.text.bidi import levels, visual
from vgan.text.clean import LONGEST, MARKS, clean
from vgan.text.fallback import face_for, missing
from vgan.text.fonts import FONTS, find_font
from vgan.text.layout import Block, lay_out
from vgan.text.raster import Drawing
from vgan.text.units import units

COUNT = int(os.environ.get("VGAN_TEXTS", "48"))  # random texts; the number is 500
UNKNOWN = "\U000f0000"  # for private use: no font has it


def needs(char: str) -> None:
    """Skips where no font of this system has a character."""
    if face_for(char, find_font("sans")) is None:
        pytest.skip(f"no font here has {unicodedata.name(char[0])}: install those of packages.txt")


def laid(text: str, width: int = 900, height: int = 600, size: float = 80, **style: object) -> Block:
    block = lay_out(text, Text.model_validate(style), size, width, height)
    assert block is not None
    return block


def shown(block: Block) -> list[str]:
    """The words of a block."""
    return list(block.texts)


class TestClean:
    def test_control_characters_and_reordering_go(self) -> None:
        assert clean("a\x00b\x07\u202ec\u2066d\u2069\u200e\ud800e\r\nf\tg") == "abcd\u200ee\nf g"

    def test_composed_and_no_longer_than_allowed(self) -> None:
        assert clean("e\u0301") == "\u00e9"
        assert len(clean("W" * 10_000)) == LONGEST
        assert len(clean("\u0130" * LONGEST * 3)) <= LONGEST

    def test_piled_up_marks_are_bounded_and_ordinary_ones_kept(self) -> None:
        piled = clean("a" + "\u0316\u0317" * 500 + "b")
        assert sum(unicodedata.combining(char) > 0 for char in piled) == MARKS
        for kept in ("Việt Nam", "לְךָ", "น้ำ", "बिंदी", "👩🏽‍🚀", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "❤️"):
            assert clean(kept) == unicodedata.normalize("NFC", kept)

    def test_empty_lines(self) -> None:
        assert clean("\n\n a \n\n\n\nb\n\n") == "a\n\nb"
        assert clean("\u2028\u200b \x00") in ("", "\u200b")


class TestBidi:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("abc", "000"),
            ("אבג", "111"),
            ("אב 12", "11122"),
            ("ab אב", "00011"),
            ("אב (cd)", "1111221"),
            ("a אב 12 ב", "001112211"),
            ("مر ١٢", "11122"),
            ("(אב) a", "111112"),
        ],
    )
    def test_levels(self, text: str, expected: str) -> None:
        assert "".join(map(str, levels(text)[1])) == expected

    def test_order_from_left_to_right(self) -> None:
        assert visual([1, 1, 2, 2, 1]) == [4, 2, 3, 1, 0]
        assert visual([0, 1, 1, 0]) == [0, 2, 1, 3]
        assert visual([]) == []


class TestFonts:
    @pytest.mark.parametrize("name", FONTS)
    def test_each_has_what_latin_needs_and_draws_it(self, name: str) -> None:
        assert missing("Ärger, façade, Łódź, 50 % — “yes”!", name) == []
        assert find_font(name).covers("ÄçŁź")
        assert Drawing(laid("Hamburg", font=name), Text(font=name)).draw()[..., 3].max() > 250

    def test_they_are_small_and_their_licence_is_there(self) -> None:
        files = list(fonts.FOLDER.iterdir())
        assert sum(file.stat().st_size for file in files) < 1_500_000
        about = (fonts.FOLDER / "README.md").read_text(encoding="utf-8")
        assert "SIL OPEN FONT LICENSE" in about
        assert all(file.name in about for file in files if file.suffix == ".ttf")

    def test_arabic_needs_no_font_of_the_system(self, monkeypatch: pytest.MonkeyPatch) -> None:
        face = face_for("م", find_font("sans"))
        assert face
        assert "Arabic" in face.name

    def test_what_no_font_has_is_said_and_drawn_as_a_box(self) -> None:
        assert missing(f"a{UNKNOWN}b{UNKNOWN}", "sans") == [UNKNOWN]
        box = Drawing(laid(UNKNOWN, shadow=0), Text(shadow=0)).draw()[..., 3]
        ink = np.argwhere(box > 200)
        middle = ink.mean(0).astype(int)
        assert len(ink) > 100
        assert box[tuple(middle)] == 0  # hollow

    def test_unknown_names_say_what_there_is(self) -> None:
        with pytest.raises(UnknownName, match=r"font: 'sanz' is not known.*'sans'"):
            find_font("sanz")

    def test_own_files(self, tmp_path: Path) -> None:
        own = tmp_path / "mine.ttf"
        own.write_bytes((fonts.FOLDER / "Anton-Regular.ttf").read_bytes())
        assert laid("Hello", font=str(own)).width == laid("Hello", font="condensed").width
        broken, large, other, empty = (tmp_path / name for name in ("broken.ttf", "large.ttf", "note.txt", "empty.otf"))
        broken.write_bytes(b"\x00\x01\x00\x00" + random.Random(0).randbytes(5000))
        with large.open("wb") as file:
            file.truncate(60 << 20)
        other.write_text("hello")
        empty.touch()
        for path, said in ((broken, "broken"), (large, "60 MB"), (other, ".ttf"), (empty, "not a font")):
            with pytest.raises(MediaError, match=said):
                find_font(str(path))
        with pytest.raises(MediaError, match="no file"):
            find_font(str(tmp_path / "none.ttf"))
        with pytest.raises(MediaError, match="no file"):
            find_font(str(tmp_path) + "/")

    @pytest.mark.parametrize("cut", [100, 5000, 30_000])
    def test_damaged_fonts_are_refused_or_draw_something(self, tmp_path: Path, cut: int) -> None:
        data = (fonts.FOLDER / "Anton-Regular.ttf").read_bytes()
        for number in range(12):
            rng, path = random.Random(number), tmp_path / f"{cut}-{number}.ttf"
            bad = bytearray(data if number % 2 else data[:cut])
            for _ in range(200):
                bad[rng.randrange(min(len(bad), 400 if number % 4 else len(bad)))] = rng.randrange(256)
            path.write_bytes(bytes(bad))
            try:
                block = lay_out("Hello gjp", Text(font=str(path)), 60, 400, 200)
            except MediaError:
                continue
            if block:
                assert max(block.width - 400, block.height - 200) <= 0
                assert Drawing(block, Text()).draw().shape == (block.height, block.width, 4)


class TestScripts:
    def faces(self, text: str) -> set[str]:
        return {run.face.name.split("-")[0] for unit in units(text, find_font("sans")) for run in unit.runs}

    @pytest.mark.parametrize(
        ("text", "glyphs"), [("क्षत्रिय", 4), ("لله", 1), ("👩🏽‍🚀", 1), ("👨‍👩‍👧", 1), ("🇫🇷", 1), ("1️⃣", 1)]
    )
    def test_shaping_joins_what_belongs_together(self, text: str, glyphs: int) -> None:
        needs(text)
        (unit,) = units(text, find_font("sans"))
        assert sum(len(run.glyphs) for run in unit.runs) <= glyphs + (text == "لله") * 2

    def test_han_characters_take_the_shapes_of_their_language(self) -> None:
        needs("直")
        faces = {units(text, find_font("sans"))[0].runs[0].face.name for text in ("直你", "直の", "直한")}
        if len(faces) == 1:
            pytest.skip("the font here has one language")
        assert len(faces) == 3

    def test_emoji_keep_their_colours(self) -> None:
        needs("😍")
        rgba = Drawing(laid("😍", colour="#0000ff", shadow=0), Text(colour="#0000ff", shadow=0)).draw()
        red, green, blue, alpha = (rgba[..., channel].astype(int) for channel in range(4))
        yellow = (alpha > 200) & (red > 200) & (green > 150) & (blue < 120)
        assert yellow.sum() > 0.2 * (alpha > 200).sum()
        assert laid("❤", shadow=0).runs[0].run.face is not laid("❤️", shadow=0).runs[0].run.face

    def test_right_to_left_begins_at_the_right(self) -> None:
        needs("ש")
        placed = {one.word: one.x for one in laid("שלום עולם", align="right").runs}
        assert placed[0] > placed[1]
        mixed = laid("מילה ABC אחרת", width=2000)
        assert [one.word for one in sorted(mixed.runs, key=lambda one: one.x)] == [2, 1, 0]


class TestLines:
    def test_words_stay_whole_where_they_can(self) -> None:
        block = laid("several words that have to be wrapped", width=500)
        assert shown(block) == "several words that have to be wrapped".split()
        assert len(block.lines) > 1
        assert not block.cut

    def test_lines_are_even(self) -> None:
        block = laid("one two three four five six seven eight nine", width=700)
        widths = [right - left for left, _, right, _ in block.lines]
        assert min(widths) > 0.6 * max(widths)

    def test_lines_that_were_given_stay_where_a_little_smaller_is_enough(self) -> None:
        assert len(laid("a line that is not short\nshort", width=800, size=80).lines) == 2

    @pytest.mark.parametrize(
        "text", ["W" * 2000, "word " * 400, "😀" * 1000, "مرحبا" * 400, "你" * 2000, "\n" * 2000 + "a"]
    )
    def test_the_longest_fits_a_portrait_picture(self, text: str) -> None:
        block = laid(text, 900, 1500, 86, outline=0.1)
        assert not block.cut
        assert block.width <= 900
        assert block.height <= 1500

    def test_what_cannot_fit_ends_with_an_ellipsis(self) -> None:
        for text in ("W" * 2000, "word " * 400, "你好" * 900):
            block = laid(text, 200, 60)
            assert block.cut
            assert block.texts[-1].endswith("…")
            assert block.width <= 200
            assert block.height <= 60

    @pytest.mark.parametrize("text", ["", " \n ", "\x00\x07", "\u202e\u2066"])
    def test_nothing_is_nothing(self, text: str) -> None:
        assert lay_out(text, Text(), 80, 900, 600) is None

    def test_no_room_is_nothing(self) -> None:
        assert lay_out("Hello", Text(), 80, 3, 3) is None
        assert lay_out("Hello", Text(outline=0.3, box=1), 80, 8, 8) is None

    def test_clusters_are_never_torn(self) -> None:
        needs("👩🏽‍🚀")
        block = laid("👩🏽‍🚀" * 40, 300, 900)
        assert len({glyph for one in block.runs for glyph, _, _ in one.run.glyphs}) == 1

    def test_thai_breaks_between_clusters_and_korean_and_katakana_between_words(self) -> None:
        found = units("สวัสดีครับเเวันนี้", find_font("sans"))
        assert len(found) > 5
        assert not any(unicodedata.combining(unit.text[0]) for unit in found)
        assert [unit.text for unit in units("안녕하세요 여러분", find_font("sans"))] == ["안녕하세요 ", "여러분"]
        assert [unit.text for unit in units("海のデザートだ", find_font("sans"))] == ["海", "の", "デザート", "だ"]


class TestDrawing:
    def test_one_word_is_lit_and_later_ones_are_not_there(self) -> None:
        style = Text(colour="#ffffff", lit="#ff0000", shadow=0)
        drawing = Drawing(laid("one two three", width=2000, shadow=0), style)
        rgba = drawing.draw(2, 1)
        red = (rgba[..., 1] < 20) & (rgba[..., 3] > 200)
        white = (rgba[..., 1] > 240) & (rgba[..., 3] > 200)
        columns = [np.flatnonzero(part.any(0)) for part in (white, red)]
        assert columns[0].max() < columns[1].min()
        assert columns[1].max() < 0.7 * rgba.shape[1]

    def test_outline_lies_around_and_the_letters_stay(self) -> None:
        plain, outlined = Text(shadow=0), Text(shadow=0, outline=0.1, outline_colour="#00ff00")
        bare = Drawing(laid("Hog", shadow=0), plain).draw()
        rgba = Drawing(laid("Hog", shadow=0, outline=0.1), outlined).draw()
        white = (rgba[..., 0] > 250) & (rgba[..., 3] == 255)
        assert abs(int(white.sum()) - int((bare[..., 3] == 255).sum())) < 0.1 * white.sum()
        assert (rgba[..., 3] > 128).sum() > 1.5 * white.sum()

    def test_a_box_is_behind_every_line_with_round_corners(self) -> None:
        style = Text(box=1, box_colour="#123456")
        block = laid("a box behind\nlines", box=1)
        rgba = Drawing(block, style).draw()
        assert rgba[0, 0, 3] == rgba[-1, -1, 3] == 0
        assert (rgba[..., :3] == (0x12, 0x34, 0x56)).all(-1).mean() > 0.3

    def test_a_shadow_is_soft_and_dark(self) -> None:
        rgba = Drawing(laid("Hi", shadow=1), Text(shadow=1)).draw()
        dark = rgba[(rgba[..., 3] > 0) & (rgba[..., 3] < 200)]
        assert len(np.unique(dark[:, 3])) > 50
        assert np.median(dark[:, :3]) < 60


def test_no_ink_leaves_its_box_or_the_safe_zone() -> None:
    """Random texts in eight scripts, styles, places, aspects and platforms, still and on their way, in pixels."""
    faults = texts.try_texts(COUNT)
    assert not faults, "\n".join(faults)
