"""What trainers have in common: checkpoints of their parts, what a step draws, rates that fall, updates, sheets."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, ClassVar, Generic, Protocol, TypeVar

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from vgan import runtime
from vgan.errors import RecipeError, TrainingFailed
from vgan.training import checkpoint
from vgan.training.parallel import Team

N = TypeVar("N", bound=nn.Module)


class Plan(Protocol):
    """What every training is told, in a dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def seed(self) -> int:
        """Of everything that is drawn."""

    @property
    def ema(self) -> float:
        """How much of itself the averaged network keeps in a step, in [0, 1); less in the first ones."""

    @property
    def decay_from(self) -> int:
        """The step after which learning rates fall with the square root of steps."""


P = TypeVar("P", bound=Plan)


class Trainer(ABC, Generic[P]):
    """Networks, their optimisers and everything needed to go on exactly where a checkpoint stopped.

    A subclass builds them. parts: the names of those that a checkpoint keeps. seconds: trained so far, and progress:
    the share of the training that is done, in [0, 1], are kept up by the loop, `vgan.training.run`.
    """

    parts: ClassVar[tuple[str, ...]]

    def __init__(self, params: P, model: Any, device: torch.device, team: Team):
        """model: the network's sizes, a dataclass. What is built from here on begins as the seed says."""
        self.params, self.model, self.device, self.team = params, model, device, team
        self.step_count, self.seconds, self.progress = 0, 0.0, 0.0
        torch.manual_seed(params.seed)

    @abstractmethod
    def step(self, stop: float = 0.0) -> dict[str, float]:
        """One step; returns figures for the log, and as `stop` the sum of what the team's members gave: any may end
        the run."""

    @abstractmethod
    def sheet(self) -> Tensor:
        """Samples as one picture (3, H, W) in [0, 1]."""

    def state(self) -> dict[str, Any]:
        """Everything that `restore` needs."""
        parts = {name: getattr(self, name).state_dict() for name in self.parts}
        facts: dict[str, Any] = {"step": self.step_count, "seconds": self.seconds, "progress": self.progress}
        facts |= {"params": asdict(self.params)}
        return parts | facts | {"model": asdict(self.model)}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a checkpoint. Raises RecipeError for one of another kind."""
        try:
            found = self.kind_of(state)
        except (KeyError, IndexError, TypeError):
            found = "another training"
        if found != self.kind_of(self.state()):
            raise RecipeError(
                f"resume: the checkpoint is of {found}; begin it with the same options, or choose another --out."
            )
        if missing := [name for name in (*self.parts, "step", "seconds") if name not in state]:
            raise RecipeError(
                f"resume: the checkpoint is of another training: it has no {missing[0]}. Choose another --out."
            )
        for name in self.parts:
            getattr(self, name).load_state_dict(state[name])
        self.step_count, self.seconds = state["step"], state["seconds"]
        self.progress = state.get("progress", 0.0)  # older checkpoints do not know

    def kind_of(self, state: dict[str, Any]) -> str:
        """What a checkpoint is of, in words. Those that this trainer can go on from are all of one kind."""
        return f"a network with {state['model']}"

    def draws(self, rank: int | None = None) -> torch.Generator:
        """What this step draws from, different for every member of the team.

        rank: of another member, to draw the same as it does.
        """
        rank = self.team.rank if rank is None else rank
        return runtime.generator((self.params.seed * 1_000_003 + self.step_count) * self.team.size + rank)

    def set_rates(self, *rates: tuple[Optimizer, float]) -> None:
        """Each optimiser's learning rate, lowered for this step by `decay_from`; of groups with a `scale`, times it."""
        share = min(1.0, (self.params.decay_from / max(1, self.step_count)) ** 0.5)
        for optimiser, rate in rates:
            for group in optimiser.param_groups:
                group["lr"] = rate * share * group.get("scale", 1.0)

    def descend(
        self, loss: Tensor, network: nn.Module, optimiser: Optimizer, stop: float = 0.0, longest: float | None = None
    ) -> float:
        """One update of `network` by the team's mean gradient, no longer than `longest`. Returns the sum of `stop`s.

        Raises TrainingFailed, before anything is changed, where the gradient is not a number or without end.
        """
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        stops = self.team.average(network.parameters(), stop)
        length = nn.utils.get_total_norm([weight.grad for weight in network.parameters() if weight.grad is not None])
        if not bool(length.isfinite()):
            raise TrainingFailed(self._ran_away(loss, network))
        if longest is not None:
            nn.utils.clip_grads_with_norm_(network.parameters(), longest, length)
        optimiser.step()
        return stops

    def _ran_away(self, loss: Tensor, network: nn.Module) -> str:
        name = next((name for name, part in vars(self).items() if part is network), type(network).__name__)
        what = "gradient" if bool(loss.isfinite()) else "loss"
        value = "" if what == "gradient" else f" ({loss.item()})"
        return (
            f"training: the {what} of {self.named(name)} is not a number{value} at step {self.step_count}. Nothing was "
            "written; the last checkpoint is as it was. Go on from it with `--resume` and half the `--rate`."
        )

    def named(self, part: str) -> str:
        """What a person calls the network `part`, for messages."""
        return part

    def finish(self, average: nn.Module, network: nn.Module) -> None:
        """The end of a step: `average` follows `network`, faster at first, and the step is counted."""
        decay = min(self.params.ema, (1 + self.step_count) / (10 + self.step_count))
        checkpoint.ema_update(average, network, decay)
        self.step_count += 1


def placed(network: N, device: torch.device) -> N:
    """`network` on the device, in channels_last."""
    return runtime.channels_last(network.to(device))


def sheet_of(rows: Iterable[Tensor]) -> Tensor:
    """Rows of pictures (n, 3, H, W) in [-1, 1], as one picture (3, rows * H, n * W) in [0, 1] on the CPU."""
    return torch.cat([torch.cat(list(row), 2) for row in rows], 1).mul(0.5).add(0.5).clamp(0, 1).cpu()
