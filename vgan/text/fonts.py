"""The fonts that words are set in: those that ship, a file of the person's own, and which characters they have."""

import functools
import os
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import uharfbuzz as hb
from uniseg.derived import default_ignorable_code_point

from vgan.errors import MediaError, UnknownName
from vgan.media import guard
from vgan.media.raw.font import LARGEST
from vgan.settings import PROJECT
from vgan.text.font_list import FONTS, OWN, FontRow, is_file

FOLDER = PROJECT / "assets" / "fonts"
ENDINGS = (".ttf", ".otf", ".ttc", ".otc")
EMOJI = 0.86  # of the size of text


@dataclass(frozen=True, eq=False)
class Face:
    """One opened font. row: how it is set. colour: whether its glyphs have colours of their own."""

    name: str
    font: hb.Font
    row: FontRow = OWN
    colour: bool = False
    _has: hb.Set = field(default_factory=hb.Set, repr=False)

    @classmethod
    def of(cls, name: str, face: hb.Face, row: FontRow = OWN) -> "Face":
        """Ready to shape with."""
        colour = bool(face.has_color_png or face.has_color_layers or face.has_color_paint)
        return cls(name, hb.Font(face), row, colour, face.unicodes)

    @property
    def unit(self) -> float:
        """One unit of the font, in sizes of text. Emoji are larger than letters: they are brought back to them."""
        return (EMOJI if self.colour and self.row is OWN else self.row.zoom) / int(self.font.face.upem)

    def covers(self, cluster: str) -> bool:
        """Whether it has every character that is seen; one that is made of others counts where it has those."""
        return all(self._covers(char) for char in cluster)

    def _covers(self, char: str) -> bool:
        if ord(char) in self._has or char.isspace() or default_ignorable_code_point(char):
            return True
        parts = unicodedata.normalize("NFD", char)
        return parts != char and all(ord(part) in self._has for part in parts)


def find_font(font: str) -> Face:
    """The font of that name in FONTS, or the font file at that path.

    Raises UnknownName for a name that is not in the list and not a path, MediaError for a file that is missing, too
    large, or not a font.
    """
    if font in FONTS:
        return _shipped(font)
    if not is_file(font):
        raise UnknownName("font", font, FONTS)
    path = Path(font)
    try:
        stat = path.stat()
        if not path.is_file():
            raise FileNotFoundError(font)
    except (OSError, ValueError) as error:
        raise MediaError(
            f"font: there is no file {path.name[:80]!r}. Give a font file that exists, or one of: {', '.join(FONTS)}."
        ) from error
    return _own(path, stat.st_mtime_ns, stat.st_size)


@functools.lru_cache(maxsize=len(FONTS))
def _shipped(name: str) -> Face:
    row = FONTS[name]
    return Face.of(name, hb.Face(hb.Blob.from_file_path(str(FOLDER / row.file))), row)


@functools.lru_cache(maxsize=8)
def _own(path: Path, changed: int, size: int) -> Face:
    """Read whole and not mapped: the file may change or go while it is used."""
    if size > LARGEST:
        raise MediaError(f"{path.name}: {size >> 20} MB is too large for a font. Allowed: at most {LARGEST >> 20} MB.")
    if path.suffix.lower() not in ENDINGS:
        raise MediaError(f"{path.name}: not a font that is read. Allowed: {', '.join(ENDINGS)}.")
    try:
        guard.one(int, "font", path)  # tried there before it is used here
        with path.open("rb") as file:
            face = hb.Face(hb.Blob(file.read(LARGEST + 1)))
    except (OSError, ValueError, MemoryError, hb.HarfBuzzError) as error:
        raise MediaError(f"{path.name}: cannot be read as a font. Use another .ttf or .otf file.") from error
    return Face.of(path.name, face)


@functools.lru_cache(maxsize=64)
def open_face(path: Path, index: int) -> Face:
    """A font of the system. Raises hb.HarfBuzzError or OSError for what is none."""
    return Face.of(f"{path.stem}-{index}", hb.Face(hb.Blob.from_file_path(str(path)), index))


def font_folders() -> Iterable[Path]:
    """Where systems keep their fonts: ours for Arabic, the person's own, then Linux, macOS and Windows."""
    home = Path.home()
    yield from (FOLDER, home / ".local/share/fonts", home / ".fonts", home / "Library/Fonts")
    yield from (Path("/usr/local/share/fonts"), Path("/usr/share/fonts"))
    yield from (Path("/Library/Fonts"), Path("/System/Library/Fonts"), Path("/System/Library/AssetsV2"))
    if "LOCALAPPDATA" in os.environ:
        yield Path(os.environ["LOCALAPPDATA"]) / "Microsoft/Windows/Fonts"
    yield Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts"
