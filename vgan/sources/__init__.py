"""Where frames come from: a row for each `source.kind` that can be played."""

from collections.abc import Callable, Iterator
from typing import Any, Protocol

from torch import Tensor

from vgan.recipe import Share
from vgan.registry import Models
from vgan.sources.generate import GenerateSource


class Source(Protocol):
    """A clip that is about to be drawn.

    frames: how many there will be in all. `chunks` yields them in order, as float pictures (n, 3, H, W) in [-1, 1] on
    the runtime's device, at whatever size the source draws natively, in the aspect that was asked for.
    """

    @property
    def frames(self) -> int: ...

    def chunks(self) -> Iterator[Tensor]: ...


SOURCES: dict[str, Callable[[Any, Share, Models], Source]] = {
    "generate": GenerateSource,
}
