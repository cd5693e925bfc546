"""A font of somebody's own, tried out: shaped and drawn once where it can break nothing but this process."""

from itertools import islice
from pathlib import Path

import uharfbuzz as hb

from vgan.errors import MediaError
from vgan.media.raw.beat import beat

LARGEST = 20 << 20  # bytes: the largest CJK collections have about as many
MOST_CHARACTERS = 3000  # that are tried
TOGETHER = 50  # of them, as one text
SIDE = 64  # pixels of a trial


def try_font(path: Path) -> int:
    """How many characters the font at `path` has, after some of them were shaped and drawn. Raises MediaError."""
    try:
        with path.open("rb") as file:
            face = hb.Face(hb.Blob(file.read(LARGEST + 1)))
        upem, glyphs, characters = face.upem, face.glyph_count, face.unicodes
        if not (glyphs and len(characters) and 16 <= upem <= 16384):
            raise MediaError(f"{path.name}: this is not a font, or a broken one. Use another .ttf or .otf file.")
        font = hb.Font(face)
        some = "".join(chr(code) for code in islice(characters, MOST_CHARACTERS))
        for first in range(0, len(some), TOGETHER):
            _shape_and_draw(font, some[first : first + TOGETHER], SIDE / upem)
            beat()
    except (OSError, ValueError, hb.HarfBuzzError) as error:
        raise MediaError(f"{path.name}: cannot be read as a font. Use another .ttf or .otf file.") from error
    return len(characters)


def _shape_and_draw(font: hb.Font, text: str, scale: float) -> None:
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    hb.shape(font, buffer, {"lnum": True})
    for info in buffer.glyph_infos:
        letters = hb.RasterDraw()
        letters.transform = (scale, 0, 0, scale, 0, 0)
        letters.draw_glyph(font, info.codepoint)
        letters.extents = hb.RasterExtents(0, -SIDE, SIDE, SIDE, 0)
        letters.render()
        if font.face.glyph_has_color_paint(info.codepoint):
            colours = hb.RasterPaint()
            colours.transform = (scale, 0, 0, scale, 0, 0)
            colours.extents = hb.RasterExtents(0, -SIDE, SIDE, SIDE, 0)
            colours.paint_glyph(font, info.codepoint)
            colours.render()
