"""A point of the post-ready check, what it is judged by, and how it is said."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from vgan.media.inside import Inside
from vgan.media.loudness import Loudness
from vgan.share.platforms import Platform
from vgan.share.words import TITLES, WORDS

Passes = Literal["yes", "warns", "no"]
Change = Mapping[str, Any]
MOVING = {"gif", "webp"}  # kinds of file that are pictures which move


@dataclass(frozen=True)
class Said:
    """A phrase by its key in `WORDS`, for another language, with what stands in it; as text, English."""

    key: str
    values: Mapping[str, str | float] = field(default_factory=dict)

    def __str__(self) -> str:
        return WORDS[self.key].format(**self.values)


@dataclass(frozen=True)
class Point:
    """One point. passes: yes; warns: it is taken, but loses; no: it is refused or spoilt. mend: the fields of the
    recipe that mend it, with their values ("seconds": of the whole clip); empty: to be made again is enough; None: a
    recipe cannot mend it."""

    name: str
    passes: Passes
    found: Said
    wanted: Said
    mend: Change | None = None

    @property
    def title(self) -> str:
        """What it is about, in English."""
        return TITLES[self.name]


@dataclass(frozen=True)
class Seen:
    """What is known of a file. loudness: where it has a sound that can be read; recipe: whether one is
    inside, None for one that was tampered with; disclosed: whether it says that it was made with AI."""

    inside: Inside
    loudness: Loudness | None
    recipe: bool | None
    disclosed: bool | None


Judge = Callable[[Seen, Platform], Point | None]


def said(key: str, **values: str | float) -> Said:
    """A phrase with its values."""
    return Said(key, values)


def value(text: str | float) -> Said:
    """A phrase that is nothing but a value."""
    return said("value", value=text)
