"""The one request that sliders, command line and HTTP API all speak: `Recipe` = source -> steps -> overlays -> share,
and what is heard."""

import json
import math
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, Field, ValidationError, model_validator

from vgan import picture_code, zoo
from vgan.errors import RecipeError
from vgan.recipe_overlays import MAX_OVERLAYS, OVERLAY_KINDS, Cue, Overlay, with_files
from vgan.recipe_sound import Drive, Soundtrack
from vgan.recipe_steps import ASPECTS, STEP_KINDS, Step, Strict, Unit

FORMATS = ("mp4", "webm", "gif", "webp", "png")
ATTRIBUTES = ("hue", "saturation", "brightness", "contrast", "scale", "complexity", "motion")
VARIATIONS = 6
MAX_KEYS = 6
MAX_SECONDS = 120.0
MAX_STEPS = 12
LONGEST_JSON = 1 << 21  # bytes of a recipe's file: twice what a clip carries, for one that is indented
MOST_ENTRIES = 4000  # of any list or object; no field takes more
MOST_SAID = 20  # faults that are named: a hostile recipe has as many as it has characters

Layer = Annotated[int, Field(ge=0, le=63)]
Variation = Annotated[float, Field(ge=-3, le=3, allow_inf_nan=False)]


class Latent(Strict):
    """One picture's place among all that a look can be. Attributes are shares of the look's own range."""

    look: str = Field(
        "aurora",
        max_length=1000,
        description="A look of the gallery, my:name of one trained here, a Hub repository as owner/name, or a public "
        "checkpoint as owner/name:file or a file.",
    )
    seed: int = Field(7, ge=0, le=2**31 - 1, description="Another number, another picture.")
    hue: Unit = Field(0.45, description="The main colour, once around the colour wheel.")
    saturation: Unit = Field(0.6, description="From grey to vivid.")
    brightness: Unit = Field(0.5, description="From dark to light.")
    contrast: Unit = Field(0.6, description="From flat to strong.")
    scale: Unit = Field(0.5, description="From small shapes to large ones.")
    complexity: Unit = Field(0.5, description="From a few calm shapes to busy everywhere.")
    motion: Unit = Field(0.5, description="From almost still to lively.")
    variation: tuple[Variation, ...] = Field(
        (0.0,) * VARIATIONS,
        min_length=VARIATIONS,
        max_length=VARIATIONS,
        description="Six unnamed directions in which this look varies most, in standard steps.",
    )
    picture: str = Field(
        "",
        max_length=picture_code.LONGEST,
        description="A picture of your own as this look draws it: the code that was found for it. The seed then says "
        "how it moves.",
    )
    basis: Literal["closed", "pca"] = Field(
        "closed",
        description="How the six directions are found: closed, from the network's weights (SeFa); pca, from what it "
        "draws (GANSpace).",
    )
    layers: tuple[Layer, Layer] | None = Field(
        None, description="First and last layer that variation changes, 0 the coarsest; empty: all of them."
    )
    mix_seed: int | None = Field(
        None, ge=0, le=2**31 - 1, description="A second seed, which draws the finer layers (style mixing); empty: none."
    )
    mix_from: Layer = Field(4, description="The layer from which on the second seed draws, 0 the coarsest.")

    @model_validator(mode="after")
    def _look_exists(self) -> "Latent":
        zoo.find_look(self.look)
        if self.layers and self.layers[0] > self.layers[1]:
            raise ValueError(f"layers: the first, {self.layers[0]}, comes after the last, {self.layers[1]}")
        if self.picture:
            picture_code.read(self.picture)
        return self


AnyLatent = TypeVar("AnyLatent", bound=Latent)


class Generate(Latent):
    """A look plays: one latent that loops by itself, or a path over key looks, back to the first."""

    kind: Literal["generate"] = "generate"
    truncation: float = Field(
        0.8, ge=0, le=1.5, allow_inf_nan=False, description="How far from the typical (truncation psi)."
    )
    seconds: float = Field(4.0, ge=0.5, le=60, allow_inf_nan=False, description="Length of one loop, seconds.")
    loops: int = Field(1, ge=1, le=60, description="How many times the loop plays in the file.")
    path: tuple[Latent, ...] = Field(
        (), max_length=MAX_KEYS, description="Key looks visited in turn, then back to the first."
    )
    sentence: str = Field(
        "", max_length=300, description="The sentence that look and sliders began with. It draws nothing itself."
    )

    @model_validator(mode="after")
    def _whole_clip(self) -> "Generate":
        if self.seconds * self.loops > MAX_SECONDS:
            raise ValueError(
                f"seconds x loops is {self.seconds * self.loops:g}; allowed: at most {MAX_SECONDS:g} seconds"
            )
        models = {zoo.find_look(key.look).model for key in self.path} | (
            {zoo.find_look(self.look).model} if self.path else set()
        )
        if len(models) > 1:
            raise ValueError(f"key looks must come from one model, these come from {', '.join(sorted(models))}")
        return self

    @property
    def keys(self) -> tuple[Latent, ...]:
        """The latents that the loop visits: the path, or this one alone."""
        return self.path or (self,)


class Upload(Strict):
    """A clip or picture of the person's own."""

    kind: Literal["upload"] = "upload"
    path: str = Field(
        max_length=1000, description="The clip or picture. A picture becomes one PNG, or a clip of 4 seconds."
    )
    start: float = Field(0, ge=0, le=36000, allow_inf_nan=False, description="First moment used, seconds.")
    end: float | None = Field(
        None, gt=0, le=36000, allow_inf_nan=False, description="Last moment used, seconds; empty: to the end."
    )


class Share(Strict):
    """What the finished file is."""

    aspect: Literal["9:16", "4:5", "1:1", "16:9", "source"] = Field(
        "9:16", description="Width to height; source: as an upload is, the default for uploads."
    )
    short_side: int | None = Field(
        720, ge=144, le=2160, multiple_of=2, description="The shorter side, pixels; empty: as an upload is."
    )
    fps: int | None = Field(
        30, ge=8, le=60, description="Frames per second, for a look before steps add any; empty: as an upload has."
    )
    format: Literal["mp4", "webm", "gif", "webp", "png"] = Field(
        "mp4", description="MP4 (H.264), WebM (VP9), GIF, WebP, or PNG frames in a zip."
    )
    platform: Literal["any", "tiktok", "reels", "shorts", "stories", "x", "youtube", "facebook", "linkedin"] = Field(
        "any", description="Where it is shown: words keep clear of what that place lays over the picture."
    )
    disclose: bool = Field(True, description="Whether the file says that its picture was made with AI.")
    max_mb: float | None = Field(
        None, ge=0.05, le=1000, allow_inf_nan=False, description="Most megabytes of a GIF or WebP; empty: any."
    )

    def size(self, own: tuple[int, int] | None = None) -> tuple[int, int]:
        """(width, height) of the file in pixels; both are even unless they are an upload's `own`, untouched."""
        shape = own if self.aspect == "source" else ASPECTS[self.aspect]
        if shape is None:
            raise RecipeError("share.aspect: 'source' is for uploads. Allowed: " + ", ".join(ASPECTS) + ".")
        wide, tall = shape
        if self.short_side is None:
            if own is None:
                raise RecipeError("share.short_side: empty is for uploads. Allowed: 144 to 2160.")
            if self.aspect == "source":
                return own
            unit = min(own[0] / wide, own[1] / tall)  # the largest window of that shape
        else:
            unit = self.short_side / min(wide, tall)
        return 2 * round(wide * unit / 2), 2 * round(tall * unit / 2)


OWN = {"aspect": "source", "short_side": None, "fps": None}  # what an upload's file is like where nobody says otherwise


class Recipe(Strict):
    """A whole clip: where frames come from, what is done to them, what file they become."""

    version: Literal[1] = 1
    source: Annotated[Generate | Upload, Field(discriminator="kind")] = Generate()
    steps: tuple[Step, ...] = Field(
        (), max_length=MAX_STEPS, description="What is done to the frames between source and file, in order."
    )
    overlays: tuple[Overlay, ...] = Field(
        (), max_length=MAX_OVERLAYS, description="What is laid over the finished picture, the last one on top."
    )
    sound: Soundtrack | None = Field(None, description="Music and loudness; empty: the clip's own sound as it is.")
    share: Share = Share()

    @model_validator(mode="before")
    @classmethod
    def _as_uploaded(cls, data: Any) -> Any:
        """What is not said about an upload's file is as the upload has it."""
        source, share = (data.get(part, {}) for part in ("source", "share")) if isinstance(data, dict) else (None, None)
        uploaded = isinstance(source, Upload) or (isinstance(source, dict) and source.get("kind") == "upload")
        return data | {"share": OWN | share} if uploaded and isinstance(share, dict) else data

    @model_validator(mode="after")
    def _only_uploads_have_their_own(self) -> "Recipe":
        if isinstance(self.source, Generate):
            for name, value in OWN.items():
                if getattr(self.share, name) == value:
                    allowed = "a number" if value is None else ", ".join(ASPECTS)
                    raise RecipeError(f"share.{name}: {value!r} is for uploads. Allowed for a look: {allowed}.")
        return self

    @property
    def frame_count(self) -> int:
        """Frames in the finished file of a generated clip: whole loops, so that the seam stays exact."""
        if not isinstance(self.source, Generate):
            raise RecipeError("source.kind: the length of an upload is known only once it is read.")
        return self.loop_frames * self.source.loops

    @property
    def loop_frames(self) -> int:
        """Frames in one loop of a generated clip, at least two."""
        if not isinstance(self.source, Generate) or self.share.fps is None:
            raise RecipeError("source.kind: only a generated clip has loops.")
        return max(2, round(self.source.seconds * self.share.fps))

    @classmethod
    def parse(cls, data: str | bytes | dict[str, Any]) -> "Recipe":
        """A checked recipe from JSON or a dictionary. Raises RecipeError naming every wrong field and its value."""
        try:
            raw = json.loads(data) if isinstance(data, (str, bytes)) else data
        except (ValueError, RecursionError) as error:
            raise RecipeError(
                f"recipe: this is not JSON ({str(error)[:120]}). See `python -m vgan recipe` for a whole one."
            ) from error
        _must_be_bounded(raw)
        try:
            return cls.model_validate(raw)
        except ValidationError as error:
            faults = error.errors(include_url=False)
            more = [f"And {len(faults) - MOST_SAID:,} more."] if len(faults) > MOST_SAID else []
            raise RecipeError("\n".join([*map(_sentence, faults[:MOST_SAID]), *more])) from error

    def portable(self) -> "Recipe":
        """The same with files by their names alone: where they lie is no help elsewhere, and nobody else's business."""
        source, steps = self.source, []
        if isinstance(source, Upload):
            source = source.model_copy(update={"path": base_name(source.path)})
        else:
            path = tuple(_portable(key) for key in source.path)
            source = _portable(source).model_copy(update={"path": path})
        for step in self.steps:
            files = [field for field, model in step.models.items() if zoo.find_model(model).path]
            steps.append(step.model_copy(update={field: base_name(getattr(step, field)) for field in files}))
        overlays = tuple(with_files(overlay, base_name) for overlay in self.overlays)
        sound = self.sound and self.sound.model_copy(update={"music": base_name(self.sound.music)})
        return self.model_copy(update={"source": source, "steps": tuple(steps), "overlays": overlays, "sound": sound})

    def to_json(self) -> str:
        """This recipe as indented JSON, every field written out."""
        return json.dumps(self.model_dump(mode="json"), indent=1)


def _portable(key: AnyLatent) -> AnyLatent:
    """`key` whose look goes by its name alone where it is a file."""
    if zoo.find_model(zoo.find_look(key.look).model).path:
        return key.model_copy(update={"look": base_name(key.look)})
    return key


def generated(recipe: Recipe) -> Generate:
    """The recipe's source, if it is a generated clip. Raises RecipeError for an upload, which no look plays."""
    if not isinstance(recipe.source, Generate):
        raise RecipeError(f"source.kind: {recipe.source.kind!r} is not played by a look. Allowed here: 'generate'.")
    return recipe.source


def base_name(path: str) -> str:
    """The last part of a path of any system."""
    return path.replace("\\", "/").rpartition("/")[2]


def _must_be_bounded(raw: Any) -> None:
    """Raises RecipeError for a list or an object of more entries than any may have: their faults would fill the memory
    before the first is told."""
    waiting = [raw]
    while waiting:
        part = waiting.pop()
        if isinstance(part, (dict, list, tuple)):
            if len(part) > MOST_ENTRIES:
                raise RecipeError(
                    f"recipe: a list or object in it has {len(part):,} entries. Allowed: at most {MOST_ENTRIES:,}."
                )
            waiting += part.values() if isinstance(part, dict) else part


def _sentence(fault: Any) -> str:
    """One pydantic fault as a sentence: field, what is allowed, the value."""
    loc = fault["loc"]
    where = [str(part) for index, part in enumerate(loc) if not _is_tag(loc, index)]
    field = ".".join(where)[:80] or "recipe"
    if fault["type"] == "extra_forbidden":
        parent = _allowed_fields(loc)
        return f"{field}: no such field. Allowed here: {', '.join(parent)}."
    if fault["type"].startswith("union_tag"):
        listed: dict[str, Any] = {"steps": STEP_KINDS, "overlays": OVERLAY_KINDS}
        kinds = listed.get(str(loc[0]), ("generate", "upload"))
        given = fault["input"].get("kind") if isinstance(fault["input"], dict) else fault["input"]
        return f"{field}.kind: {str(given)[:80]!r} is none. Allowed: {', '.join(kinds)}."
    value = fault.get("input")
    shown = repr(value) if not isinstance(value, float) or math.isfinite(value) else str(value)
    message = fault["msg"].removeprefix("Value error, ").removeprefix("Input ")
    return f"{field}: {message.rstrip('.')}; got {shown[:80]}."


def _is_tag(loc: tuple[int | str, ...], index: int) -> bool:
    """Whether a part of a fault's place is pydantic's name of the union member, and not a field."""
    return (index == 1 and loc[0] == "source") or (index == 2 and loc[0] in {"steps", "overlays"})


def _allowed_fields(loc: tuple[int | str, ...]) -> list[str]:
    models: dict[str, type[BaseModel]] = {"generate": Generate, "upload": Upload, "share": Share}
    models |= {"cues": Cue, "drives": Drive, "sound": Soundtrack}
    kinds: dict[str, dict[str, Any]] = {"steps": STEP_KINDS, "overlays": OVERLAY_KINDS}
    if loc[0] in kinds and len(loc) == 4:
        return list(kinds[str(loc[0])][str(loc[2])].model_fields)
    if "path" in loc[:-1]:
        return list(Latent.model_fields)
    found = next((models[str(part)] for part in reversed(loc[:-1]) if part in models), Recipe)
    return list(found.model_fields)
