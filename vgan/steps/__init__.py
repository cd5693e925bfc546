"""What is done to the frames between source and file.

A step is a function `(chunks, step, around) -> chunks`: an iterator of float pictures (n, 3, H, W) in [-1, 1] on the
runtime's device becomes another. A new one is one file, one row here, and its fields in `vgan.recipe`.
"""

from collections.abc import Callable, Iterator
from typing import Any

from torch import Tensor

from vgan.steps.around import Around
from vgan.steps.stylize import SECONDS as STYLIZE_SECONDS
from vgan.steps.stylize import stylize

Step = Callable[[Iterator[Tensor], Any, Around], Iterator[Tensor]]

STEPS: dict[str, Step] = {
    "stylize": stylize,
}

# Seconds for a frame of 512 x 512, by device: on the slow side of what was measured on two CPU cores.
SECONDS: dict[str, dict[str, float]] = {
    "stylize": STYLIZE_SECONDS,
}
