"""What is heard, and what of the picture moves with it: the fields of a recipe's sound."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from vgan.recipe_steps import Both, Seconds, Strict, Unit

MAX_DRIVES = 8
LOUDNESS = -14.0  # LUFS, what the platforms play at

Fade = Annotated[float, Field(ge=0, le=60, allow_inf_nan=False)]


class Drive(Strict):
    """The music moves one thing in the picture of a look."""

    field: Literal[
        "hue", "saturation", "brightness", "contrast", "scale", "complexity", "motion", "speed", "keys", "cut"
    ] = Field(
        "brightness",
        description="A slider of the look; how fast it moves; onward along the path; or a cut to the next picture.",
    )
    band: Literal["beats", "onsets", "bass", "mids", "treble", "loudness"] = Field(
        "beats", description="What of the music moves it."
    )
    amount: Both = Field(0.4, description="How far, as a share of the slider's range; below 0 the other way.")
    sensitivity: Unit = Field(0.5, description="From only the strongest moments to every small one.")
    smoothing: Unit = Field(0.3, description="From jumping to gliding.")


class Soundtrack(Strict):
    """Music with the clip's own sound, at the loudness of the platforms."""

    music: str = Field("", max_length=1000, description="A sound, or a video whose sound is used; empty: none.")
    start: Seconds = Field(0.0, description="First moment used of the music, seconds.")
    end: Seconds | None = Field(None, description="Last moment used of the music, seconds; empty: to its end.")
    loop: bool = Field(True, description="Whether music that is shorter than the clip begins again.")
    fade_in: Fade = Field(0.0, description="How long the sound takes to come, seconds.")
    fade_out: Fade = Field(0.0, description="How long the sound takes to go, seconds.")
    volume: Unit = Field(1.0, description="Of the music.")
    original: Unit = Field(1.0, description="Of the clip's own sound.")
    loudness: float | None = Field(
        LOUDNESS, ge=-40, le=-6, allow_inf_nan=False, description="Of the whole, LUFS; empty: as mixed."
    )
    drives: tuple[Drive, ...] = Field((), max_length=MAX_DRIVES, description="What the music moves in the picture.")

    @model_validator(mode="after")
    def _makes_sense(self) -> "Soundtrack":
        if self.end is not None and self.end <= self.start:
            raise ValueError(f"end is {self.end:g} s, not after start, {self.start:g} s")
        if self.drives and not self.music:
            raise ValueError("drives need music; none is given")
        return self

    @property
    def files(self) -> dict[str, str]:
        """The files that it names, by the field."""
        return {"music": self.music} if self.music else {}
