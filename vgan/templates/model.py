"""What a template is: a title, blanks that a person fills in, and a recipe with those blanks in it."""

from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from vgan.brand import ROLES
from vgan.recipe_overlays import MAX_TEXT, Colour
from vgan.recipe_steps import Strict, Unit

LANGUAGES = ("en", "zh")
MAX_BLANKS = 24
SHORT, LONG = 120, MAX_TEXT  # characters of a text and of a long text, at most, where a blank does not say
FONT_ROLES = ("font", "text")

Kind = Literal["text", "longtext", "number", "date", "colour", "picture", "sound", "choice"]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


class Words(Strict):
    """The same in English and Chinese."""

    en: str = Field(max_length=300)
    zh: str = Field(max_length=300)

    def of(self, language: str) -> str:
        """In `language`, "en" or "zh"."""
        return self.zh if language == "zh" else self.en


class Blank(Strict):
    """What a person fills in. max: characters of a text, or the largest number; min: the smallest number."""

    label: Words
    kind: Kind = "text"
    default: str | float | Words = ""
    max: float | None = Field(None, gt=0, le=1e9, allow_inf_nan=False)
    min: float = Field(0, ge=-1e9, le=1e9, allow_inf_nan=False)
    optional: bool = False
    choices: dict[str, Words] = Field(default_factory=dict, max_length=24)

    @model_validator(mode="after")
    def _makes_sense(self) -> "Blank":
        if (self.kind == "choice") != bool(self.choices):
            raise ValueError("choices belong to the kind 'choice', which needs some")
        if self.kind in {"text", "longtext"} and not 1 <= self.most <= LONG:
            raise ValueError(f"max is {self.max:g}; allowed for a {self.kind}: 1 to {LONG} characters")
        return self

    @property
    def most(self) -> int:
        """The most characters of a text."""
        return int(self.max or (SHORT if self.kind == "text" else LONG))

    def default_in(self, language: str) -> str | float:
        """What stands there until somebody fills it in."""
        return self.default.of(language) if isinstance(self.default, Words) else self.default


class Stack(Strict):
    """Where the parts stand that do not say so themselves: below each other. y: of them all, from the top (0) to the
    bottom (1) of the safe zone; gap: between two, as a share of the picture's shorter side, where none says more."""

    y: Unit = 0.5
    gap: float = Field(0.03, ge=-0.2, le=0.5, allow_inf_nan=False)


class Template(Strict):
    """A recipe with blanks. colours and fonts: what the roles in it are where no brand kit says otherwise; until: a
    blank of the kind "sound", for whose length it plays; recipe: its
    `source`, `steps`, `overlays`, `sound` and `share`, as written; the first two are for a template alone."""

    name: str = Field(max_length=80)
    title: Words
    about: Words
    colours: dict[str, Colour]
    fonts: dict[str, str]
    stack: Stack = Stack()
    until: str = Field("", max_length=40)
    blanks: dict[Name, Blank] = Field(max_length=MAX_BLANKS)
    recipe: dict[str, Any]

    @field_validator("colours")
    @classmethod
    def _known_colours(cls, given: dict[str, str]) -> dict[str, str]:
        return _complete(given, ROLES)

    @field_validator("fonts")
    @classmethod
    def _known_fonts(cls, given: dict[str, str]) -> dict[str, str]:
        return _complete(given, FONT_ROLES)


def _complete(given: dict[str, str], roles: tuple[str, ...]) -> dict[str, str]:
    if set(given) != set(roles):
        raise ValueError(f"these are {', '.join(roles)}, all of them")
    return given
