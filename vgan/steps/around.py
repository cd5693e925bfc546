"""What a step may know about the clip beyond the chunk in hand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor

from vgan.media.extent import Extent
from vgan.registry import Models

At = Callable[[Sequence[int]], Tensor]


@dataclass(frozen=True)
class Plain:
    """The clip as a step finds it, but as if nothing had been mended or restyled: for a step that looks at all of it.

    open: gives an `at`, see `Around`, that is best asked for one place after another, rising, by one user. key: what
    the pictures depend on beyond the source; memory: what was worked out from them, by that.
    """

    open: Callable[[], At]
    key: str = ""
    memory: dict[Any, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Around:
    """The clip as a step finds it.

    extent: before the step; final: of the finished file. loops: whether the frame after the last one is the first.
    at: pictures (n, 3, H, W) at these places, negative ones counted from the end, as the steps before have left them;
    each costs as much as drawing it does, so a step asks for a few at most. memory: what the step has worked out about
    this clip before, by whatever it depends on; kept for as long as the clip is looked at. plain: see `Plain`.
    """

    extent: Extent
    final: Extent
    loops: bool
    at: At
    models: Models
    memory: dict[Any, Any] = field(default_factory=dict)
    plain: Plain | None = None
