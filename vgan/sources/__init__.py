"""Where frames come from: a row for each `source.kind` that can be played."""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from torch import Tensor

from vgan.media.extent import Extent
from vgan.recipe import Recipe
from vgan.registry import Models
from vgan.sources.generate import GenerateSource
from vgan.sources.upload import UploadSource


class Source(Protocol):
    """A clip that is about to be read or drawn.

    extent: how long and large it will be. loops: whether the frame after the last one is the first.
    """

    extent: Extent
    loops: bool

    def __init__(self, recipe: Recipe, models: Models) -> None:
        """Raises what `extent_of` raises, WeightsError."""

    @staticmethod
    def extent_of(recipe: Recipe) -> Extent:
        """The extent of the source of `recipe`, without loading any network. Raises RecipeError, MediaError."""

    def chunks(self) -> Iterator[Tensor]:
        """All frames in order: float pictures (n, 3, H, W) in [-1, 1] on the runtime's device, at whatever size they
        are drawn natively, in the aspect that was asked for."""

    def at(self, frames: Sequence[int]) -> Tensor:
        """The same frames as `chunks` has at these places, from 0, negative ones counted from the end: (n, 3, H, W)."""


SOURCES: dict[str, Any] = {
    "generate": GenerateSource,
    "upload": UploadSource,
}
