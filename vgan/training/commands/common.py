"""What the commands of `python -m vgan train` have in common: options of a run, the run itself, the export."""

import argparse
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torchvision.models import SqueezeNet1_1_Weights

from vgan.training import checkpoint
from vgan.training.base import Trainer
from vgan.training.parallel import Team
from vgan.training.run import Budget, train

Asked = argparse.Namespace
Work = Callable[[Team], None]

RATE = "learning rate; resume with a fifth of it for a last stretch"


@dataclass(frozen=True)
class Command:
    """One command. help: a line about it; options: adds its options to its parser; work: from what was asked to what
    every member of the team runs, which must be picklable. `work` may raise VganError."""

    help: str
    options: Callable[[argparse.ArgumentParser], None]
    work: Callable[[Asked], Work]


def run_options(parser: argparse.ArgumentParser, resume: bool = True) -> None:
    """How long, where to and on what: the options that nearly every training has."""
    parser.add_argument("--minutes", type=float, required=True, help="how long, this time")
    place_options(parser)
    if resume:
        resume_option(parser)


def place_options(parser: argparse.ArgumentParser) -> None:
    """Where to and on what, without how long."""
    parser.add_argument(
        "--out", type=Path, required=True, help="folder for checkpoints, log, sample sheets and weights"
    )
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu", choices=("cpu", "cuda"))
    parser.add_argument("--workers", type=int, default=1, help="processes that share the work (CPU)")
    parser.add_argument("--seed", type=int, default=0)


def resume_option(parser: argparse.ArgumentParser) -> None:
    """Whether to go on."""
    parser.add_argument("--resume", action="store_true", help="go on from OUT/checkpoint.pt")


def features_option(parser: argparse.ArgumentParser, purpose: str) -> None:
    """Weights of SqueezeNet 1.1 for `purpose`."""
    parser.add_argument("--features", type=Path, help=f"SqueezeNet 1.1 weights (safetensors). {purpose}")


def number_options(
    parser: argparse.ArgumentParser, defaults: Any, texts: dict[str, str], kind: type[int] | type[float] = float
) -> None:
    """An option with its help for each of `texts`, with the default of the same name in `defaults`."""
    for name, text in texts.items():
        default = getattr(defaults, name)
        parser.add_argument(f"--{name.replace('_', '-')}", type=kind, default=default, help=text)


def run(trainer: Trainer[Any], asked: Asked, budget: Budget | None = None) -> dict[str, Any]:
    """Load or begin, and train for the budget, else for `--minutes`. Returns what the card tells about it."""
    last = asked.out / "checkpoint.pt"
    if asked.resume and last.is_file():
        trainer.restore(checkpoint.load(last))
    train(trainer, asked.out, budget or asked.minutes, getattr(asked, "keep_minutes", 5.0))
    return {
        "steps": trainer.step_count,
        "minutes": round(trainer.seconds / 60, 1),
        "device": trainer.device.type,
        "workers": trainer.team.size,
    }


def run_and_export(trainer: Trainer[Any], average: nn.Module, asked: Asked, config: dict[str, Any]) -> None:
    """One member's whole run; the first member exports the averaged network.

    config: what config.json tells beside params and training.
    """
    facts = run(trainer, asked)
    if trainer.team.rank == 0:
        export(trainer, average.state_dict(), asked, config | {"training": facts})


def export(trainer: Trainer[Any], weights: dict[str, Tensor], asked: Asked, config: dict[str, Any]) -> None:
    """What the app reads, in the folder `export`."""
    checkpoint.export(asked.out / "export", weights, config | {"params": asdict(trainer.model)})


def classifier(features: Path | None) -> dict[str, Tensor]:
    """SqueezeNet 1.1 from a file, else torchvision's own, which it fetches once."""
    if features:
        return load_file(features)
    state: dict[str, Tensor] = SqueezeNet1_1_Weights.IMAGENET1K_V1.get_state_dict(progress=True, check_hash=True)
    return state
