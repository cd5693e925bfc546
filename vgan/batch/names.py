"""Names of clips: a pattern with a row's cells in it becomes a path that every file system and bucket takes."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping

from vgan.errors import RecipeError, UnknownName

LONGEST = 150  # bytes of one part: file systems take 255, and endings follow
DEEPEST = 4  # folders of a name
FIELD = re.compile(r"\{([^{}]*)\}")
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}
_TAKEN = '<>:"|?*\\~'


def filled(pattern: str, values: Mapping[str, str]) -> str:
    """`pattern` with the values of its {fields} in it, made safe; "/" in the pattern itself begins a folder.

    Raises UnknownName for a field that there is not, RecipeError for a name with nothing in it.
    """

    def put(found: re.Match[str]) -> str:
        if found[1] not in values:
            raise UnknownName("--name", found[1], values)
        return values[found[1]].replace("/", "-")

    parts = [safe(FIELD.sub(put, part)) for part in pattern.split("/") if part]
    if not parts or not all(parts):
        raise RecipeError(f"--name: {pattern[:80]!r} leaves an empty name for this row. Put {{id}} into it.")
    if len(parts) > DEEPEST:
        raise RecipeError(f"--name: {pattern[:80]!r} has {len(parts) - 1} folders; at most {DEEPEST - 1} are made.")
    return "/".join(parts)


def safe(text: str) -> str:
    """`text` as one part of a path: letters and digits of any script stay; blanks, marks of direction and what file
    systems reserve do not. Empty where nothing is left."""
    text = unicodedata.normalize("NFC", text)
    kept = (" " if c.isspace() else c for c in text if not unicodedata.category(c).startswith("C") or c.isspace())
    text = "".join("-" if c in _TAKEN or c == "/" else c for c in kept)
    text = re.sub(r"-{2,}", "-", re.sub(r"\s+", "-", text.strip())).strip("-. ")
    text = text.encode()[:LONGEST].decode(errors="ignore").rstrip("-. ")
    return f"{text}-" if text.partition(".")[0].casefold() in _RESERVED else text


def key_of(text: str) -> str:
    """`text` as the name of a record: itself where that is safe, else with what tells it from others alike."""
    made = safe(text).replace("/", "-")
    return made if made == text else f"{made[:60]}-{hashlib.sha256(text.encode()).hexdigest()[:8]}".strip("-")
