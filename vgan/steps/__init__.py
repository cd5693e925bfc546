"""What is done to the frames between source and file.

A step is a function `(chunks, step, share, models) -> chunks`: an iterator of float pictures (n, 3, H, W) in [-1, 1] on
the runtime's device becomes another. A new one is one file, one row here, and its fields in `vgan.recipe`.
"""

from collections.abc import Callable, Iterator
from typing import Any

from torch import Tensor

from vgan.recipe import Share
from vgan.registry import Models

Step = Callable[[Iterator[Tensor], Any, Share, Models], Iterator[Tensor]]

STEPS: dict[str, Step] = {}
