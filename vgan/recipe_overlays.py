"""What is laid over the finished picture, at the size of the file: the fields of each overlay of a recipe."""

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from vgan.errors import UnknownName
from vgan.recipe_steps import Seconds, Strict, Unit
from vgan.text.font_list import FONTS, is_file

MAX_OVERLAYS = 12
MAX_CUES = 500
MAX_TEXT = 2000  # characters of one cue

Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]
Entrance = Literal["none", "fade", "slide", "pop"]
Corner = Literal["top-left", "top-right", "bottom-left", "bottom-right"]


class Cue(Strict):
    """Words and when they are shown."""

    start: Seconds = Field(0.0, description="When they come, seconds of the clip.")
    end: Seconds | None = Field(None, description="When they are gone, seconds; empty: at the end of the clip.")
    text: str = Field("", max_length=MAX_TEXT, description="The words. They are wrapped and made to fit.")

    @model_validator(mode="after")
    def _some_time(self) -> "Cue":
        if self.end is not None and self.end <= self.start:
            raise ValueError(f"end is {self.end:g} s, not after start, {self.start:g} s")
        return self


class Over(Strict):
    """What every overlay has. Of a file that it shows, `files` says which field names it."""

    strength: Unit = Field(1.0, description="From invisible to as it is.")

    @property
    def files(self) -> dict[str, str]:
        """The files that it names, by the field."""
        return {}


class Timed(Over):
    """An overlay with a beginning and an end."""

    start: Seconds = Field(0.0, description="When it comes, seconds of the clip.")
    end: Seconds | None = Field(None, description="When it is gone, seconds; empty: at the end of the clip.")

    @model_validator(mode="after")
    def _some_time(self) -> "Timed":
        if self.end is not None and self.end <= self.start:
            raise ValueError(f"end is {self.end:g} s, not after start, {self.start:g} s")
        return self


class Text(Over):
    """How words look, where they stand, how they come and go. Sizes are shares of the picture's shorter side."""

    font: str = Field("sans", max_length=1000, description="A font of the list, or a font file of your own.")
    size: float = Field(0.08, ge=0.015, le=0.4, allow_inf_nan=False, description="Height of the letters, at most.")
    colour: Colour = Field("#ffffff", description="Of the letters.")
    outline: float = Field(0.0, ge=0, le=0.3, allow_inf_nan=False, description="Its width, as a share of the size.")
    outline_colour: Colour = Field("#000000", description="Of the outline.")
    box: Unit = Field(0.0, description="A box behind the words, from none to solid.")
    box_colour: Colour = Field("#000000", description="Of the box.")
    shadow: Unit = Field(0.5, description="A soft shadow, from none to dark.")
    align: Literal["left", "center", "right"] = Field("center", description="How lines stand to each other.")
    x: Unit = Field(0.5, description="From the left to the right of the safe zone.")
    y: Unit = Field(0.9, description="From the top to the bottom of the safe zone.")
    width: float = Field(
        0.9, ge=0.1, le=1, allow_inf_nan=False, description="Share of the safe zone's width that lines may take."
    )
    enter: Literal["none", "fade", "slide", "pop", "words"] = Field(
        "fade", description="How words come: all at once, or one by one with the current word lit."
    )
    leave: Entrance = Field("fade", description="How words go.")
    lit: Colour = Field("#ffd54a", description="Of the current word, where they come one by one.")

    @property
    def files(self) -> dict[str, str]:
        """See `Over`."""
        return {"font": self.font} if is_file(self.font) else {}

    @model_validator(mode="after")
    def _font_is_known(self) -> "Text":
        if self.font not in FONTS and not is_file(self.font):
            raise UnknownName("font", self.font, FONTS)
        return self


class Captions(Text):
    """Words at their times, all in one style."""

    kind: Literal["captions"] = "captions"
    cues: tuple[Cue, ...] = Field((Cue(),), max_length=MAX_CUES, description="What is said, and when.")


class Countdown(Text, Timed):
    """Numbers, one a second, and a word after the last."""

    kind: Literal["countdown"] = "countdown"
    first: int = Field(10, ge=1, le=100, description="The first number.")
    last: int = Field(1, ge=0, le=99, description="The last number.")
    finish: str = Field("", max_length=80, description="What stands there after the last number; empty: nothing.")
    size: float = Field(0.3, ge=0.015, le=0.4, allow_inf_nan=False, description="Height of the numbers, at most.")
    y: Unit = Field(0.5, description="From the top to the bottom of the safe zone.")
    enter: Literal["none", "fade", "slide", "pop", "words"] = Field("pop", description="How numbers come.")

    @model_validator(mode="after")
    def _counts_down(self) -> "Countdown":
        if self.last >= self.first:
            raise ValueError(f"last is {self.last}, not below first, {self.first}")
        return self


class Mark(Over):
    """A small visible mark that says how the picture was made."""

    kind: Literal["mark"] = "mark"
    text: str = Field("Made with AI", max_length=40, description="What it says.")
    corner: Corner = Field("bottom-right", description="Where it stands, inside the safe zone.")
    strength: Unit = Field(0.7, description="From invisible to solid.")


class Picture(Timed):
    """A logo or a product: a picture of your own, over the clip."""

    kind: Literal["picture"] = "picture"
    path: str = Field(max_length=1000, description="The picture: PNG, JPEG or WebP. What is transparent stays so.")
    x: Unit = Field(0.5, description="Its middle, from the left to the right of the safe zone.")
    y: Unit = Field(0.5, description="Its middle, from the top to the bottom of the safe zone.")
    width: float = Field(
        0.5, ge=0.02, le=1, allow_inf_nan=False, description="Its width, as a share of the safe zone's."
    )
    rounded: Unit = Field(0.0, description="From square corners to round ones.")
    shadow: Unit = Field(0.0, description="A soft shadow, from none to dark.")
    cut_out: bool = Field(False, description="Whether a plain background is taken away.")
    enter: Entrance = Field("fade", description="How it comes.")
    leave: Entrance = Field("fade", description="How it goes.")

    @property
    def files(self) -> dict[str, str]:
        """See `Over`."""
        return {"path": self.path}


class Wave(Timed):
    """The sound, drawn as it is heard."""

    kind: Literal["wave"] = "wave"
    shape: Literal["bars", "line", "circle"] = Field("bars", description="How it is drawn.")
    bars: int = Field(32, ge=8, le=96, description="How many bars, or points of the line.")
    colour: Colour = Field("#ffffff", description="Of its quiet end.")
    second: Colour = Field("#ffffff", description="Of its loud end.")
    x: Unit = Field(0.5, description="Its middle, from the left to the right of the safe zone.")
    y: Unit = Field(0.5, description="Its middle, from the top to the bottom of the safe zone.")
    width: float = Field(
        0.8, ge=0.05, le=1, allow_inf_nan=False, description="Its width, as a share of the safe zone's."
    )
    height: float = Field(
        0.2, ge=0.02, le=1, allow_inf_nan=False, description="Its height, as a share of the picture's shorter side."
    )


Overlay = Annotated[Captions | Countdown | Mark | Picture | Wave, Field(discriminator="kind")]
OVERLAY_KINDS: dict[str, type[Over]] = {
    model.model_fields["kind"].default: model for model in (Captions, Countdown, Mark, Picture, Wave)
}


def with_files(overlay: Any, rename: Any) -> Any:
    """`overlay` with every file that it names called `rename(name)`."""
    return overlay.model_copy(update={field: rename(name) for field, name in overlay.files.items()})
