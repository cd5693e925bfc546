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

from vgan.errors import RecipeError


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
        buffer = torch.cat([*(g.flatten() for g in gradients), gradients[0].new_tensor([flag])])
        dist.all_reduce(buffer)
        start = 0
        for gradient in gradients:
            gradient.copy_(buffer[start : start + gradient.numel()].view_as(gradient)).div_(self.size)
            start += gradient.numel()
        return float(buffer[-1])

    def sum(self, value: float) -> float:
        """The sum of all members' values."""
        if self.size == 1:
            return value
        total = torch.tensor([value], dtype=torch.float64, device="cuda" if dist.get_backend() == "nccl" else "cpu")
        dist.all_reduce(total)
        return float(total)


SOLO = Team()


def _member(rank: int, size: int, meeting: str, work: Callable[[Team], None]) -> None:
    torch.set_num_threads(max(1, (os.cpu_count() or 1) // size))
    dist.init_process_group("gloo", init_method=f"file://{meeting}", rank=rank, world_size=size)
    try:
        work(Team(rank, size))
    finally:
        dist.destroy_process_group()


def launched(on_cpu: bool) -> Team | None:
    """This process's place in a team that `accelerate launch` or `torchrun` started; None where none did.

    Raises RecipeError where `accelerate launch --cpu --num_processes N` started one process: it needs MPI for more.
    """
    if int(os.environ.get("WORLD_SIZE", "1")) == 1 and not {"PMI_SIZE", "OMPI_COMM_WORLD_SIZE"} & set(os.environ):
        if os.environ.get("ACCELERATE_USE_CPU") == "True" and "MASTER_ADDR" in os.environ:
            raise RecipeError(
                "accelerate: `--cpu --num_processes` starts one process where there is no MPI. Write `accelerate "
                "launch --multi_gpu --num_processes 2 ... --device cpu`, which starts two, or use `--workers 2` alone."
            )
        return None
    from accelerate import PartialState  # type: ignore[import-untyped]

    state = PartialState(cpu=on_cpu)
    if state.device.type == "cuda":
        torch.cuda.set_device(state.device)  # what is put on "cuda" from here on lies on this member's own
    return Team(state.process_index, state.num_processes)


def run(size: int, work: Callable[[Team], None], on_cpu: bool = True) -> None:
    """Run `work(team)` in `size` processes (in this one, if it is one) and wait. `work` must be picklable. Where a
    launcher started this process as one of several, it is a member of that team."""
    if team := launched(on_cpu):
        try:
            work(team)
        finally:
            dist.destroy_process_group()
        return
    if size == 1:
        work(SOLO)
        return
    with tempfile.TemporaryDirectory() as folder:
        torch.multiprocessing.spawn(_member, (size, os.path.join(folder, "meeting"), work), nprocs=size)
