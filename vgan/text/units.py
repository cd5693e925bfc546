"""Text as units that a line may break between, each shaped: which glyphs of which fonts, and how wide they are."""

import functools
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise

import uharfbuzz as hb
from uniseg.linebreak import line_break_units

from vgan.text.bidi import levels, visual
from vgan.text.clean import clusters
from vgan.text.fallback import face_for, language_of, script_of
from vgan.text.fonts import Face, find_font

# Written without spaces between words, by the first word of their letters' names; Han and Kana break by UAX 14.
UNSPACED = {"THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN", "JAVANESE", "BALINESE", "NEW", "TAI"}
WHOLE = (("\uac00", "\ud7a3"), ("\u30a1", "\u30ff"))
_LEADING = frozenset("เแโใไເແໂໃໄ([{\"'“‘")  # a line does not end with these,
_FOLLOWING = frozenset("ะาำฯๆะາำຯໆ)]},.!?;:\"'”’")  # nor begin with these
TOFU = "□"  # what stands where no font has a character

Bounds = tuple[float, float, float, float]  # left, top, right, bottom; y counts downward from the baseline


@dataclass(frozen=True, eq=False)
class Run:
    """Glyphs of one font, in one direction, from left to right. Lengths are in sizes (ems).

    glyphs: (number in the font, x, y of its origin). ink: what is painted.
    """

    face: Face
    level: int
    glyphs: tuple[tuple[int, float, float], ...]
    width: float
    ink: Bounds | None


@dataclass(frozen=True, eq=False)
class Unit:
    """What stays together on a line. runs: in the order of the text; width: without the space after it; word: which
    word of the text it belongs to; ends: whether a line ends after it."""

    text: str
    runs: tuple[Run, ...]
    width: float
    space: float
    word: int
    ends: bool = False


@functools.lru_cache(maxsize=16)
def units(text: str, face: Face) -> tuple[Unit, ...]:
    """All of a cleaned text, set in one font, and in others where it lacks something."""
    language, word = language_of(text), 0
    found: list[Unit] = []
    for line in text.split("\n"):
        if not line:
            found.append(Unit("", (), 0.0, 0.0, word, True))
            continue
        place, of = 0, levels(line)[1]
        pieces = list(_pieces(line))
        for number, piece in enumerate(pieces):
            own = tuple(of[place : place + len(piece)])
            place += len(piece)
            found.append(shaped(piece, own, face, language, word, number == len(pieces) - 1))
            word += piece[-1].isspace() or number == len(pieces) - 1 or _is_word(piece)
    return tuple(found)


def shaped(piece: str, of: tuple[int, ...], face: Face, language: str, word: int, ends: bool) -> Unit:
    """One unit. of: the levels of its characters."""
    core = piece.rstrip()
    runs = _runs(core, of[: len(core)], face, language)
    space = sum(run.width for run in _runs(piece[len(core) :], of[len(core) :], face, language))
    return Unit(piece, runs, sum(run.width for run in runs), space, word, ends)


def in_order(line: list[Unit]) -> list[tuple[Run | None, int, float]]:
    """What stands on a line, from left to right: (run, word, width); None for a space."""
    row: list[tuple[Run | None, int, float, int]] = []
    for unit, after in pairwise([*line, None]):
        assert unit is not None
        row += [(run, unit.word, run.width, run.level) for run in unit.runs]
        if after is not None and unit.space:
            inner = [run.level for part in (unit, after) for run in part.runs]
            row.append((None, unit.word, unit.space, min(inner, default=0)))
    return [row[place][:3] for place in visual([part[3] for part in row])]


def _is_word(piece: str) -> bool:
    """Whether it is a word by itself, though no space follows."""
    return script_of(piece[0]) in {"CJK", *UNSPACED} or not piece[-1].isalnum()


def _pieces(line: str) -> Iterator[str]:
    """Where a line may break: by UAX 14; between Thai clusters and the like; in Korean and Katakana between words."""
    waiting = ""
    for unit in line_break_units(line):
        if waiting and not _one_word(waiting[-1], unit[0]):
            yield from _unspaced(waiting)
            waiting = ""
        waiting += unit
    if waiting:
        yield from _unspaced(waiting)


def _one_word(before: str, after: str) -> bool:
    """Whether two signs belong to one word though UAX 14 lets a line break between them: Hangul, Katakana."""
    return any(first <= before <= last and first <= after <= last for first, last in WHOLE)


def _unspaced(unit: str) -> Iterator[str]:
    """A unit as it is, or cluster by cluster where its script has no spaces."""
    if not any(script_of(char) in UNSPACED for char in unit):
        yield unit
        return
    waiting = ""
    for cluster in clusters(unit):
        fits = not waiting or waiting[-1] in _LEADING or cluster[0] in _FOLLOWING or cluster.isspace()
        if not (fits or (waiting[-1].isascii() and cluster.isascii())):
            yield waiting
            waiting = ""
        waiting += cluster
    yield waiting


@functools.lru_cache(maxsize=8192)
def _runs(text: str, of: tuple[int, ...], face: Face, language: str) -> tuple[Run, ...]:
    """`text` by font, direction and script."""
    parts: list[tuple[str, int, Face | None, str]] = []
    place, script = 0, ""
    for cluster in clusters(text):
        script = next((name for name in map(script_of, cluster) if name), script)
        parts.append((cluster, of[place], face_for(cluster, face, language), script))
        place += len(cluster)
    return tuple(
        _shape("".join(part[0] for part in same), own or face, own is None, level, script, language)
        for (level, own, script), same in groupby(parts, key=lambda part: part[1:])
    )


def _shape(text: str, face: Face, lacking: bool, level: int, script: str, language: str) -> Run:
    """One run through HarfBuzz, which also turns brackets where it runs right to left."""
    if lacking:
        text, face = TOFU * len(clusters(text)), face if face.covers(TOFU) else find_font("sans")
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if level % 2 else "ltr"
    if script == "CJK":
        buffer.language = language
    hb.shape(face.font, buffer, {"lnum": True})  # numbers as tall as capitals, where a font has both
    x, y, glyphs, unit = 0, 0, [], face.unit
    inks: list[Bounds] = []
    for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        left, base = (x + place.x_offset) * unit, -(y + place.y_offset) * unit
        glyphs.append((info.codepoint, left, base))
        inks += _ink(face, info.codepoint, left, base)
        x, y = x + place.x_advance, y + place.y_advance
    return Run(face, level, tuple(glyphs), max(0.0, x * unit), around(inks))


def _ink(face: Face, glyph: int, left: float, base: float) -> list[Bounds]:
    """Where a glyph paints, if it does."""
    found, unit = face.font.get_glyph_extents(glyph), face.unit
    if found is None or not (found.width and found.height):
        return []
    x, y = left + found.x_bearing * unit, base - found.y_bearing * unit
    return [(x, y, x + found.width * unit, y - found.height * unit)]


def around(boxes: list[Bounds]) -> Bounds | None:
    """The smallest box around all, None around none."""
    if not boxes:
        return None
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def spread(text: str) -> float:
    """How long a word takes to say, roughly: its letters, and a little for itself."""
    return 2.0 + sum(2.0 if unicodedata.east_asian_width(char) in "WF" else 1.0 for char in text if char.isalnum())
