"""Several processes, one model: gradients are averaged once a step.

On a CPU this beats one process with as many threads, because processes wait for each other once a step and threads
once an operation.
"""

import os
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import torch
import torch.distributed as dist
from torch import nn


@dataclass(frozen=True)
class Team:
    """This process among `size` that train one model together."""

    rank: int = 0
    size: int = 1

    def average(self, parameters: Iterable[nn.Parameter], flag: float = 0.0) -> float:
        """Replace every gradient by its mean over the team. Returns the sum of all members' flags."""
        if self.size == 1:
            return flag
        gradients = [p.grad for p in parameters if p.grad is not None]
        buffer = torch.cat([*(g.flatten() for g in gradients), torch.tensor([flag])])
        dist.all_reduce(buffer)
        start = 0
        for gradient in gradients:
            gradient.copy_(buffer[start : start + gradient.numel()].view_as(gradient)).div_(self.size)
            start += gradient.numel()
        return float(buffer[-1])


SOLO = Team()


def _member(rank: int, size: int, meeting: str, work: Callable[[Team], None]) -> None:
    torch.set_num_threads(max(1, (os.cpu_count() or 1) // size))
    dist.init_process_group("gloo", init_method=f"file://{meeting}", rank=rank, world_size=size)
    try:
        work(Team(rank, size))
    finally:
        dist.destroy_process_group()


def run(size: int, work: Callable[[Team], None]) -> None:
    """Run `work(team)` in `size` processes (in this one, if it is one) and wait. `work` must be picklable."""
    if size == 1:
        work(SOLO)
        return
    with tempfile.TemporaryDirectory() as folder:
        torch.multiprocessing.spawn(_member, (size, os.path.join(folder, "meeting"), work), nprocs=size)
