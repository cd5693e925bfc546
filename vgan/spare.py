"""When the memory is full: fewer frames at once, then the processor in place of the graphics card, then a plain word.

The one place for it: `runtime.in_parallel` and `steps.tiles` halve what they do at once, `render` goes on without the
graphics card.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal, TypeVar

import numpy as np
import torch
from torch import Tensor

from vgan.errors import OutOfMemory

log = logging.getLogger(__name__)
T = TypeVar("T")
R = TypeVar("R")
M = TypeVar("M")

# What torch and its libraries say, in errors that have no class of their own.
_GRAPHICS = ("CUDA error: out of memory", "CUBLAS_STATUS_ALLOC_FAILED", "CUDNN_STATUS_ALLOC_FAILED")
_MAIN = ("DefaultCPUAllocator", "std::bad_alloc")


def full(error: BaseException) -> Literal["graphics", "main"] | None:
    """Which memory it is that `error` found full; None where it is another error."""
    if isinstance(error, torch.OutOfMemoryError):
        return "graphics"
    if isinstance(error, MemoryError):
        return "main"
    if isinstance(error, RuntimeError):
        said = str(error)
        if any(words in said for words in _GRAPHICS):
            return "graphics"
        if any(words in said for words in _MAIN):
            return "main"
    return None


class Halving:
    """`work`, which is given less at once where the memory is full, and from then on.

    Only tensors can be halved, along their first side, by work that makes a tensor, or an array, as long. What cannot
    be halved any more raises what it raised.
    """

    def __init__(self, work: Callable[[Any], Any]):
        self._work, self._most = work, 0

    def __call__(self, item: Any) -> Any:
        """The whole of `work(item)`."""
        length = len(item) if isinstance(item, Tensor) else 1
        if not self._most or length <= self._most:
            try:
                return self._work(item)
            except (RuntimeError, MemoryError) as error:
                if length < 2 or not full(error):
                    raise
            # Not in the handler: the error holds on to all that was in memory when it was raised.
            let_go()
            self._most = max(1, length // 2)
            log.warning("The memory is full: %d frames at once instead of %d.", self._most, length)
        parts = [self(part) for part in item.split(self._most)]
        return torch.cat(parts) if isinstance(parts[0], Tensor) else np.concatenate(parts)


def let_go() -> None:
    """Give back what torch keeps for later."""
    if torch.cuda.is_available():
        torch.cuda.empty_cache()


def either(work: Callable[[M, bool], R], first: M, second: Callable[[], M]) -> R:
    """`work(first, False)`; where the memory of the graphics card is full, `work(second(), True)`.

    Raises OutOfMemory where the main memory is full.
    """
    with _plainly():
        try:
            return work(first, False)
        except (RuntimeError, MemoryError) as error:
            if full(error) != "graphics":
                raise
        let_go()
        log.warning("The memory of the graphics card is full: this is drawn on the processor.")
        return work(second(), True)


@contextmanager
def _plainly() -> Iterator[None]:
    try:
        yield
    except (RuntimeError, MemoryError) as error:
        if not full(error):
            raise
        raise OutOfMemory(
            "The memory of this machine is full. Make the clip smaller, leave out a step that enlarges, or try again "
            "when nothing else runs."
        ) from error
