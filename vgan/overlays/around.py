"""What an overlay may know about the picture that it is laid on, and what it gives."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from vgan.media.extent import Extent
from vgan.overlays.blend import Patch
from vgan.recipe import Recipe
from vgan.registry import Models


@dataclass(frozen=True)
class Box:
    """A part of a picture, in pixels: left and top are inside, right and bottom are the first ones outside."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def size(self) -> tuple[int, int]:
        """(width, height)."""
        return self.right - self.left, self.bottom - self.top


@dataclass(frozen=True)
class Onto:
    """The finished picture. extent: of the file; safe: what nothing else covers where it is shown."""

    extent: Extent
    safe: Box
    recipe: Recipe
    models: Models


class Layer(Protocol):
    """One overlay, opened for a clip."""

    def at(self, frame: int) -> Sequence[Patch]:
        """What it lays over that frame of the file, counted from 0; nothing where it is not there."""
