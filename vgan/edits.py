"""Saved edits: a setting of the variation sliders under a name, in a small file, for any seed of any look."""

import json
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError, model_validator

from vgan.errors import RecipeError
from vgan.recipe import VARIATIONS, Generate, Latent, Layer, Variation
from vgan.recipe_steps import Strict
from vgan.small_files import read_small

MOST_BYTES = 4096  # of a file
SUFFIX = ".edit.json"
FIELDS = ("variation", "basis", "layers")


class Edit(Strict):
    """What is done to a picture in the latent space. What it means depends on the look: it was saved with one."""

    kind: Literal["edit"] = "edit"
    name: str = Field(min_length=1, max_length=60, description="What it does, in a few words.")
    look: str = Field("", max_length=120, description="The look that it was made with; it draws nothing itself.")
    variation: tuple[Variation, ...] = Field(min_length=VARIATIONS, max_length=VARIATIONS)
    basis: Literal["closed", "pca"] = "closed"
    layers: tuple[Layer, Layer] | None = None

    @model_validator(mode="after")
    def _is_an_edit(self) -> "Edit":
        if not self.name.strip() or not self.name.isprintable():
            raise ValueError(f"name: {self.name[:60]!r} is no name")
        Latent(variation=self.variation, basis=self.basis, layers=self.layers)
        return self

    @classmethod
    def of(cls, source: Generate, name: str) -> "Edit":
        """The edit that the sliders of `source` are. Raises RecipeError for a name that is none."""
        asked = {field: getattr(source, field) for field in FIELDS}
        return _checked({"name": name.strip()[:200], "look": _shared(source.look), **asked}, "edit")

    def applied(self, source: Generate) -> Generate:
        """`source` with the sliders of this edit; its look, seed and everything else stay."""
        return source.model_copy(update={field: getattr(self, field) for field in FIELDS})

    def to_json(self) -> str:
        """The file's content."""
        return json.dumps(self.model_dump(mode="json"), indent=1)


def read_edit(path: Path) -> Edit:
    """The edit in a file, which may have been written by anybody. Raises RecipeError naming what is wrong with it."""
    try:
        content = json.loads(read_small(path, MOST_BYTES, "edit"))
    except (ValueError, RecursionError) as error:
        raise RecipeError(f"{path.name[:80]}: this is no edit: not JSON ({str(error)[:80]}). Save one here.") from error
    if not isinstance(content, dict) or content.get("kind") != "edit":
        raise RecipeError(f"{path.name[:80]}: this is no edit: its kind is not 'edit'. Save one under Variation.")
    return _checked(content, path.name[:80])


def _shared(look: str) -> str:
    """The look's name, without the folder of a file."""
    return look.replace("\\", "/").rpartition("/")[2][-120:] if look.startswith(("/", "\\")) or ":\\" in look else look


def _checked(content: object, whose: str) -> Edit:
    try:
        return Edit.model_validate(content)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in fault["loc"])[:80] or "edit"
        said = fault["msg"].removeprefix("Value error, ").rstrip(".")
        raise RecipeError(f"{whose}: {field}: {said}; got {str(fault.get('input'))[:80]}.") from error
