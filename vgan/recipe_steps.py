"""What can be done to the frames of a clip: the fields of each step of a recipe, with their bounds and help."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from vgan import zoo

ASPECTS: dict[str, tuple[int, int]] = {"9:16": (9, 16), "4:5": (4, 5), "1:1": (1, 1), "16:9": (16, 9)}
MAX_FRAMES_NAMED = 4000  # of a repair: frames that somebody switched by hand

Unit = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Both = Annotated[float, Field(ge=-1, le=1, allow_inf_nan=False)]
Seconds = Annotated[float, Field(ge=0, le=36000, allow_inf_nan=False)]
Places = Annotated[tuple[Annotated[int, Field(ge=0, le=10_000_000)], ...], Field(max_length=MAX_FRAMES_NAMED)]


class Strict(BaseModel):
    """Unknown fields are refused, values cannot change after the checks."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Strong(Strict):
    """A step with a strength: at 0 it does nothing."""

    strength: Unit = Field(1.0, description="From the picture as it was to the step in full.")

    @property
    def models(self) -> dict[str, str]:
        """The models of the zoo that it names, by the field."""
        return {}


def _community(model: str, scale: int) -> dict[str, str]:
    """The community model that a step names, by its field, if it names one. Raises as `zoo.find_enhancer`."""
    return {"model": zoo.find_enhancer(model, scale).name} if model else {}


class Stylize(Strong):
    """Every frame redrawn in a style, steadily."""

    kind: Literal["stylize"] = "stylize"
    style: str = Field(
        "composition",
        max_length=1000,
        description="A style of the gallery, a style file (.safetensors), a style generator's checkpoint, or a Hub "
        "repository as owner/name or owner/name:file.",
    )
    second: str | None = Field(None, max_length=1000, description="Another style to blend with; empty: none.")
    blend: Unit = Field(0.5, description="From the first style to the second.")
    strength: Unit = Field(1.0, description="From the picture as it was to the style in full.")
    keep_colours: Unit = Field(0.0, description="From the colours of the style to those of the picture.")
    steadiness: Unit = Field(0.9, description="From every frame painted anew to as steady as can be.")
    canvas: int = Field(
        720,
        ge=144,
        le=2160,
        description="Shorter side at which it is painted, pixels: smaller means broader strokes, and faster.",
    )

    @model_validator(mode="after")
    def _styles_exist(self) -> "Stylize":
        for name in (self.style, self.second):
            if name is not None:
                zoo.find_style(name)
        return self

    @property
    def models(self) -> dict[str, str]:
        """See `Strong`."""
        return {field: zoo.find_style(name).model for field in ("style", "second") if (name := getattr(self, field))}


class Repair(Strong):
    """Black, frozen, lost and damaged frames are found and rebuilt from their neighbours."""

    kind: Literal["repair"] = "repair"
    sensitivity: Unit = Field(0.5, description="From only what is surely broken to everything that looks odd.")
    leave: Places = Field((), description="Frames that stay as they are, whatever is found. Counted from 0.")
    mend: Places = Field((), description="Frames that are rebuilt, whatever is found. Counted from 0.")


class Denoise(Strong):
    """Noise and the blocks of strong compression are taken out."""

    kind: Literal["denoise"] = "denoise"
    model: str = Field(
        "",
        max_length=1000,
        description="A community model that keeps the size: a file, or owner/name:file on the Hub. Empty: ours.",
    )
    strength: Unit = Field(0.7, description="From the picture as it was to as clean as can be.")
    detail: Unit = Field(0.0, description="From faithful to crisp: fine texture is made up where it was lost.")

    @model_validator(mode="after")
    def _model_exists(self) -> "Denoise":
        _community(self.model, 1)
        return self

    @property
    def models(self) -> dict[str, str]:
        """See `Strong`."""
        return _community(self.model, 1)


class Upscale(Strong):
    """Every frame larger, with the edges that a larger picture would have."""

    kind: Literal["upscale"] = "upscale"
    factor: Literal[2, 4] = Field(2, description="How many times larger.")
    model: str = Field(
        "",
        max_length=1000,
        description="A community model: of the list, a file, or owner/name:file on the Hub. Empty: ours.",
    )
    strength: Unit = Field(0.5, description="From faithful to crisp: fine texture is made up where there is none.")
    clean: Unit = Field(
        0.0, description="Noise and blocks are taken out in the same pass: faster than a denoise step before this one."
    )

    @model_validator(mode="after")
    def _model_exists(self) -> "Upscale":
        _community(self.model, self.factor)
        return self

    @property
    def models(self) -> dict[str, str]:
        """See `Strong`."""
        return _community(self.model, self.factor)


class Interpolate(Strong):
    """Frames in between: smoother motion, another frame rate, or slow motion."""

    kind: Literal["interpolate"] = "interpolate"
    factor: Literal[2, 4] = Field(2, description="How many times as many frames.")
    fps: int | None = Field(None, ge=8, le=60, description="To this many frames per second, in place of the factor.")
    slow: bool = Field(False, description="Slow motion: the clip becomes longer, by the factor.")
    sound: Literal["keep", "drop"] = Field("keep", description="In slow motion: stretched, at its pitch, or left out.")
    strength: Unit = Field(1.0, description="From frames that are shown again to new ones in between.")

    @model_validator(mode="after")
    def _one_way(self) -> "Interpolate":
        if self.slow and self.fps is not None:
            raise ValueError("fps and slow exclude each other; slow motion goes by the factor")
        return self


class Grade(Strong):
    """Light and colour."""

    kind: Literal["grade"] = "grade"
    brightness: Both = Field(0.0, description="From darker to lighter.")
    contrast: Both = Field(0.0, description="From flat to strong.")
    saturation: Both = Field(0.0, description="From grey to vivid.")
    temperature: Both = Field(0.0, description="From cool to warm.")
    tint: Both = Field(0.0, description="From green to magenta.")
    gamma: float = Field(1.0, ge=0.25, le=4, allow_inf_nan=False, description="Above 1, the dark parts become lighter.")
    auto: Unit = Field(0.0, description="Automatic levels: black becomes black and white white, steadily over time.")


class Sharpen(Strong):
    """Edges stand out more, without halos."""

    kind: Literal["sharpen"] = "sharpen"
    strength: Unit = Field(0.4, description="From the picture as it was to very sharp.")
    radius: float = Field(1.0, ge=0.5, le=8, allow_inf_nan=False, description="How wide edges are, pixels.")


class Dedupe(Strong):
    """Frames that repeat the one before are dropped: the clip becomes shorter, without its sound."""

    kind: Literal["dedupe"] = "dedupe"
    strength: Unit = Field(0.3, description="How much frames may differ and still count as the same; 0 drops none.")


class Trim(Strong):
    """A part of the clip."""

    kind: Literal["trim"] = "trim"
    start: Seconds = Field(0.0, description="First moment that stays, seconds.")
    end: Seconds | None = Field(None, description="Last moment that stays, seconds; empty: to the end.")

    @model_validator(mode="after")
    def _something_stays(self) -> "Trim":
        if self.end is not None and self.end <= self.start:
            raise ValueError(f"end is {self.end:g} s, not after start, {self.start:g} s")
        return self


class Crop(Strong):
    """A window of the picture."""

    kind: Literal["crop"] = "crop"
    left: float = Field(0.0, ge=0, le=0.9, allow_inf_nan=False, description="Share of the width cut at the left.")
    right: float = Field(0.0, ge=0, le=0.9, allow_inf_nan=False, description="Share of the width cut at the right.")
    top: float = Field(0.0, ge=0, le=0.9, allow_inf_nan=False, description="Share of the height cut at the top.")
    bottom: float = Field(0.0, ge=0, le=0.9, allow_inf_nan=False, description="Share of the height cut at the bottom.")
    aspect: Literal["9:16", "4:5", "1:1", "16:9"] | None = Field(
        None, description="The largest window of this shape within; empty: as it comes."
    )
    x: Unit = Field(0.5, description="Where that window lies: from left to right.")
    y: Unit = Field(0.5, description="Where that window lies: from top to bottom.")

    @model_validator(mode="after")
    def _something_stays(self) -> "Crop":
        for one, other in (("left", "right"), ("top", "bottom")):
            cut = getattr(self, one) + getattr(self, other)
            if cut > 0.9:
                raise ValueError(f"{one} and {other} cut {cut:.2f} of the picture; allowed: 0.9 together")
        return self


class Reframe(Strong):
    """A window of another shape that follows what moves and what stands out, as a steady camera would."""

    kind: Literal["reframe"] = "reframe"
    aspect: Literal["9:16", "4:5", "1:1", "16:9"] = Field("9:16", description="The shape of the window.")
    strength: Unit = Field(1.0, description="From the whole picture to the window in full.")
    steadiness: Unit = Field(0.5, description="From a camera that follows closely to one that hardly moves.")


class Scale(Strong):
    """Another size, without a network."""

    kind: Literal["scale"] = "scale"
    short_side: int = Field(720, ge=144, le=2160, multiple_of=2, description="The shorter side, pixels.")


Step = Annotated[
    Stylize | Repair | Denoise | Upscale | Interpolate | Grade | Sharpen | Dedupe | Trim | Crop | Reframe | Scale,
    Field(discriminator="kind"),
]
STEP_KINDS: dict[str, type[Strict]] = {
    model.model_fields["kind"].default: model
    for model in (Stylize, Repair, Denoise, Upscale, Interpolate, Grade, Sharpen, Dedupe, Trim, Crop, Reframe, Scale)
}
