"""What a person wrote into the blanks of a template, checked and made ready to be set."""

import datetime
import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from vgan.brand import Brand
from vgan.errors import RecipeError, UnknownName
from vgan.small_files import is_file
from vgan.templates.model import Blank, Template

Value = str | float | None  # None: an optional blank that was left empty

# Marks that turn the direction of all that follows (UAX #9): from a stranger, they would turn the template's own words.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_KEPT = {"\u200c", "\u200d", "\u200e", "\u200f", "\u061c", "\ufe0f"}  # joiners and single marks that scripts need
_SPACE = re.compile(r"[^\S\n]+")


def checked_values(
    template: Template, given: Mapping[str, Any], brand: Brand | None, language: str
) -> dict[str, Value]:
    """A value for every blank of `template`: as given, from the brand kit (`handle`, `brand`), or the default.

    Numbers stay numbers, dates are ISO dates, all else is text. Raises UnknownName for a blank that it does not have,
    RecipeError, naming the blank, for a value that does not fit.
    """
    for name in given:
        if name not in template.blanks:
            raise UnknownName(f"blank of the template {template.name!r}", name, template.blanks)
    own = {"handle": brand.handle, "brand": brand.name} if brand else {}
    found: dict[str, Value] = {}
    for name, blank in template.blanks.items():
        value = given.get(name, own.get(name) or blank.default_in(language))
        empty = value is None or (isinstance(value, str) and not value.strip())
        if empty and not blank.optional:
            value = blank.default_in(language)
            empty = value == ""
        if empty and not blank.optional:
            raise RecipeError(f"{name}: {blank.label.of(language)!r} is empty; the template needs it. Fill it in.")
        found[name] = None if empty else _KINDS[blank.kind](name, blank, value)
    return found


def shown(name: str, template: Template, value: Value, language: str) -> str:
    """`value` as it is written among words."""
    blank = template.blanks.get(name)
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    if blank is not None and blank.kind == "date":
        return written_date(str(value), language)
    if blank is not None and blank.kind == "choice":
        return blank.choices[str(value)].of(language)
    return "" if value is None else str(value)


def written_date(iso: str, language: str) -> str:
    """ "2026-06-12" as "12 June 2026", or "2026年6月12日"."""
    day = datetime.date.fromisoformat(iso)
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


_MONTHS = "January February March April May June July August September October November December".split()


def _clean(value: Any) -> str:
    """Without control characters and marks that turn the direction; spaces as one, lines as "\\n"."""
    text = _TURNING.sub("", unicodedata.normalize("NFC", str(value)).replace("\r\n", "\n").replace("\r", "\n"))
    kept = (c for c in text if c in "\n\t" or c in _KEPT or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co"})
    return _SPACE.sub(" ", "".join(kept)).strip()


def _text(name: str, blank: Blank, value: Any) -> str:
    if len(str(value)) > 10 * blank.most + 1000:  # before anything is done with it
        raise _too_long(name, blank, len(str(value)))
    text = _clean(value)
    if blank.kind == "text":
        text = text.replace("\n", " ")
    if len(text) > blank.most:
        raise _too_long(name, blank, len(text))
    if not text:
        raise RecipeError(f"{name}: {blank.label.en!r} has nothing in it that can be seen. Write a word.")
    return text


def _too_long(name: str, blank: Blank, length: int) -> RecipeError:
    return RecipeError(f"{name}: {blank.label.en!r} has {length} characters; at most {blank.most} fit. Shorten it.")


def _number(name: str, blank: Blank, value: Any) -> float:
    try:
        number = float(str(value).strip()[:40])
    except ValueError:
        number = math.nan
    most = math.inf if blank.max is None else blank.max
    if not blank.min <= number <= most or not math.isfinite(number):
        raise RecipeError(
            f"{name}: {str(value)[:40]!r} is no number that fits. Allowed: {blank.min:g} to {min(most, 1e9):g}."
        )
    return number


def _date(name: str, blank: Blank, value: Any) -> str:
    try:
        return datetime.date.fromisoformat(str(value).strip()[:10]).isoformat()
    except ValueError as error:
        raise RecipeError(f"{name}: {str(value)[:40]!r} is no date. Write it as 2026-06-12.") from error


def _colour(name: str, blank: Blank, value: Any) -> str:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", str(value)):
        raise RecipeError(f"{name}: {str(value)[:40]!r} is no colour. Write it as #rrggbb.")
    return str(value).lower()


def _file(name: str, blank: Blank, value: Any) -> str:
    if "\0" in str(value) or len(str(value)) > 1000 or not is_file(Path(str(value))):
        raise RecipeError(f"{name}: there is no file {str(value)[-80:]!r}. Give a {blank.kind} that exists.")
    return str(value)


def _choice(name: str, blank: Blank, value: Any) -> str:
    if value not in blank.choices:
        raise UnknownName(name, str(value), blank.choices)
    return str(value)


_KINDS: dict[str, Callable[[str, Blank, Any], str | float]] = {
    "text": _text,
    "longtext": _text,
    "number": _number,
    "date": _date,
    "colour": _colour,
    "picture": _file,
    "sound": _file,
    "choice": _choice,
}
