"""The cards beside weights (README.md): their text, their key figures, their licence. They are read, never trusted."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

MAX_BYTES = 1_000_000
MOST_FIGURES = 6
SUMMARY = ("mean", "all")  # what the rows are called that sum a table up
_FRONT = re.compile(r"\A---\s*\n(.*?)\n---\s*(?:\n|\Z)", re.DOTALL)
_LICENCE = re.compile(r"^license:[ \t]*([^\s#]{1,60})", re.MULTILINE)
_MEASURED = re.compile(r"^## Measured\s*$(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_PICTURE = re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)")
_BESIDE = re.compile(r"\[([^\]\n]+)\]\((?!https?://)[^)\n]*\)")
_RULE = re.compile(r":?-+:?")


@dataclass(frozen=True)
class Card:
    """text: Markdown, without the front matter. licence: as its front matter says it, '' where it does not.
    figures: (what, measured) of the first table under "Measured", those that say most."""

    text: str
    licence: str
    figures: tuple[tuple[str, str], ...]

    @property
    def html(self) -> str:
        """The text to be shown on a page. Markup in it is shown as it is written, no picture and no script comes in,
        and links lead to http and https alone: others, to files beside the card, are their words."""
        return str(_markdown().render(_BESIDE.sub(r"\1", _PICTURE.sub("", self.text))))


def read_card(path: Path | None, name: str = "") -> Card | None:
    """The card at `path`, None where there is none that can be read. name: of the model, which its own row in a table
    of several begins with."""
    try:
        if path is None or path.stat().st_size > MAX_BYTES:
            return None
        stat = path.stat()
        return _read(path, name, stat.st_mtime_ns, stat.st_size)
    except OSError:
        return None


@lru_cache(maxsize=256)
def _read(path: Path, name: str, changed: int, size: int) -> Card:
    """changed, size: of the file, so that one that was written anew is read again."""
    whole = path.read_text(encoding="utf-8", errors="replace")
    front = _FRONT.match(whole)
    said = _LICENCE.search(front.group(1)) if front else None
    text = whole[front.end() :] if front else whole
    return Card(text.strip(), said.group(1).strip("'\"") if said else "", figures(text, name))


def figures(text: str, name: str = "") -> tuple[tuple[str, str], ...]:
    """(what, measured) of the first table under "Measured" in `text`, MOST_FIGURES of them.

    Of a table of two columns the first row of each kind (its first word); of a wider one the row of `name`, else the
    one that sums it up, under the words of its head.
    """
    found = _MEASURED.search(text)
    rows = _table(found.group(1)) if found else []
    if len(rows) < 2:
        return ()
    head, *body = rows
    if len(head) == 2:
        kinds: dict[str, tuple[str, str]] = {}
        for what, measured in (row for row in body if len(row) == 2):
            if what and not what.startswith("..."):
                kinds.setdefault(what.split()[0], (what, measured))
        return tuple(kinds.values())[:MOST_FIGURES]
    first = {(row[0].split() or [""])[0]: row for row in reversed(body)}
    row = next((first[word] for word in (name, *SUMMARY) if word in first), [])
    return tuple((what, value) for what, value in zip(head[1:], row[1:], strict=False) if what and value)[:MOST_FIGURES]


def _table(text: str) -> list[list[str]]:
    """The rows of the first table in `text`, its head first."""
    rows: list[list[str]] = []
    for line in text.splitlines():
        if line.startswith("|"):
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if not all(_RULE.fullmatch(cell) for cell in cells):
                rows.append(cells)
        elif rows:
            break
    return rows


@lru_cache(maxsize=1)
def _markdown() -> Any:
    from markdown_it import MarkdownIt  # only where a card is opened

    reader = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    reader.validateLink = lambda url: url.startswith(("https://", "http://"))  # type: ignore[method-assign]
    return reader
