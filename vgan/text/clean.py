"""What is kept of a text from outside, before anything is laid out, and what counts as one character of it."""

import functools
import unicodedata

from uniseg.graphemecluster import grapheme_clusters

LONGEST = 2000  # characters
MARKS = 6  # combining marks on one letter: Vietnamese, Hebrew and Tibetan need up to four
EMPTY_LINES = 1  # in a row

# Embeddings, overrides and isolates: they reorder what is around them, so that a text reads as another than it is.
_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_BREAKS = dict.fromkeys("\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029", "\n")
_SPACES = {"\t": " ", "\u3164": " ", "\ufeff": "", "\ufffc": ""}
_TABLE = str.maketrans(_BREAKS | _SPACES)


def clean(text: str) -> str:
    """`text` in NFC, with line feeds as its only control characters, without bidi overrides and isolates, with at most
    MARKS combining marks in a row, EMPTY_LINES empty lines in a row, and LONGEST characters. Never raises."""
    text = text[: 4 * LONGEST].replace("\r\n", "\n").replace("\r", "\n").translate(_TABLE)
    text = unicodedata.normalize("NFC", "".join(char for char in text if _kept(char)))
    lines: list[str] = []
    empty = EMPTY_LINES  # none before the first line
    for line in (" ".join(_bounded(line).split(" ")).strip(" ") for line in text.split("\n")):
        empty = 0 if line else empty + 1
        if empty <= EMPTY_LINES:
            lines.append(line)
    return "\n".join(lines)[:LONGEST].rstrip()


@functools.lru_cache(maxsize=4096)
def clusters(line: str) -> tuple[str, ...]:
    """What a reader takes for one character each: letters with their marks, emoji with all that belongs to them."""
    return tuple(grapheme_clusters(line))


def _kept(char: str) -> bool:
    return char == "\n" or (char not in _REORDERING and unicodedata.category(char) not in ("Cc", "Cs", "Cn"))


def _bounded(line: str) -> str:
    """Without the marks that are piled up on a letter beyond MARKS."""
    kept, pile = [], 0
    for char in line:
        pile = pile + 1 if unicodedata.category(char) in ("Mn", "Me") and not 0xFE00 <= ord(char) <= 0xFE0F else 0
        if pile <= MARKS:
            kept.append(char)
    return "".join(kept)
