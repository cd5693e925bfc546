"""Device, number format, memory format and seeds: chosen once, here, and passed on."""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from threading import Barrier
from typing import TypeVar

import torch
from torch import nn

from vgan.breaks import in_company, take_a_break, urgent
from vgan.errors import RecipeError
from vgan.spare import Halving

T = TypeVar("T")
R = TypeVar("R")
N = TypeVar("N", bound=nn.Module)


@dataclass(frozen=True)
class Runtime:
    """Where and in what precision networks run."""

    device: torch.device
    dtype: torch.dtype

    def place(self, model: nn.Module) -> nn.Module:
        """`model` on the device, in channels_last, for inference. Its dtype rules (autocast) stay with the caller."""
        return channels_last(model.to(self.device)).eval().requires_grad_(False)


def channels_last(model: N) -> N:
    """`model` with the weights of its 2-D convolutions in the memory format that is fastest; the others' as they are:
    for 3-D ones the twin of that format is slower."""
    for weight in model.parameters():
        if weight.dim() == 4:
            weight.data = weight.data.contiguous(memory_format=torch.channels_last)
    return model


def _cpu_bfloat16_is_faster() -> bool:
    """Time a small convolution both ways, in turns: some CPUs have bfloat16 units, most only emulate them.

    The best of many short runs is compared, so that a busy machine answers as an idle one does.
    """
    dtypes = (torch.float32, torch.bfloat16)
    best = dict.fromkeys(dtypes, float("inf"))
    convs = {dtype: nn.Conv2d(48, 48, 3, padding=1).to(dtype).to(memory_format=torch.channels_last) for dtype in dtypes}
    with torch.inference_mode():
        for _ in range(20):
            for dtype, conv in convs.items():
                x = torch.zeros(2, 48, 64, 64, dtype=dtype).contiguous(memory_format=torch.channels_last)
                start = time.perf_counter()
                conv(x)
                best[dtype] = min(best[dtype], time.perf_counter() - start)
    return best[torch.bfloat16] < best[torch.float32]


@lru_cache(maxsize=4)
def choose(device: str = "auto") -> Runtime:
    """The runtime for `device` (`auto`, `cpu`, `cuda`). Raises RecipeError for a device that is not there."""
    if device not in {"auto", "cpu", "cuda"}:
        raise RecipeError(f"device: {device!r} is not known. Allowed: auto, cpu, cuda.")
    if device == "cuda" and not torch.cuda.is_available():
        raise RecipeError("device: 'cuda' was asked for, but torch sees no GPU. Use 'auto' or 'cpu'.")
    if device != "cpu" and torch.cuda.is_available():
        return Runtime(torch.device("cuda"), torch.bfloat16)
    return Runtime(torch.device("cpu"), torch.bfloat16 if _cpu_bfloat16_is_faster() else torch.float32)


def _alone() -> None:
    """This thread computes with no other. A thread takes the number that was set last when it first computes, or first
    asks; so it asks here."""
    torch.set_num_threads(1)
    torch.get_num_threads()


@lru_cache(maxsize=4)
def _pool(urgent: bool, alone: bool) -> ThreadPoolExecutor:
    """As many threads as cores. urgent: those of work that nothing holds up, which does not stand behind the frames of
    work that can wait. alone: each computes with no other.

    Torch's own threads wait for each other at every operation, and for as long as anything else, such as an encoder,
    holds one of their cores. Threads that draw different frames wait less.
    """
    threads = torch.get_num_threads()
    pool = ThreadPoolExecutor(threads, "draw", initializer=_alone if alone else None)
    together = Barrier(threads)
    list(pool.map(lambda _: together.wait(), range(threads)))  # all have started
    torch.set_num_threads(threads)  # threads made later take the last number that was set anywhere
    return pool


def in_parallel(work: Callable[[T], R], items: Iterable[T], device: torch.device, alone: bool = False) -> Iterator[R]:
    """`work(item)` for each of `items`, in order, a few ahead of what was asked for; on a GPU one after another.

    alone: each on a core of its own, which is quicker where there are as many items as cores; else they lend each other
    a core that is free, as while the next item is not there yet.
    Where the memory is full, tensors go through `work` in parts: see `vgan.spare.Halving`.
    """
    work = Halving(work)
    if device.type != "cpu":
        yield from map(work, items)
        return
    pool, waiting = _pool(urgent(), alone), deque[Future[R]]()
    try:
        for item in items:
            take_a_break()
            waiting.append(pool.submit(in_company(work), item))
            if len(waiting) > torch.get_num_threads():
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()


def generator(seed: int) -> torch.Generator:
    """A CPU random generator, so that a seed means the same on every device."""
    return torch.Generator("cpu").manual_seed(seed)
