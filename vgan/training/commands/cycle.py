"""`train cycle`: two generators that turn two sets of pictures into each other."""

import argparse
import functools
from dataclasses import asdict
from pathlib import Path

import torch

from vgan.models.translators.resnet import ResnetParams
from vgan.training import checkpoint
from vgan.training.commands.common import RATE, Asked, Command, Work, number_options, run, run_options
from vgan.training.cycle.domain import Domain
from vgan.training.cycle.trainer import MARGIN, CycleTrainer, CycleTraining
from vgan.training.parallel import Team


def train_cycle(team: Team, params: CycleTraining, model: ResnetParams, asked: Asked) -> None:
    """One member's whole run; the first member exports both averaged generators."""
    short_side, frames = round(params.side * MARGIN), 3 if asked.temporal else 1
    a, b = (Domain(folder, short_side, frames) for folder in (asked.a, asked.b))
    trainer = CycleTrainer(params, model, a, b, torch.device(asked.device), team)
    facts = run(trainer, asked)
    if team.rank == 0:
        for name, generator in trainer.translators():
            config = {"family": "resnet", "params": asdict(model), "direction": name, "training": facts}
            checkpoint.export(asked.out / "export" / name, generator.state_dict(), config)


def _work(asked: Asked) -> Work:
    params = CycleTraining(asked.seed, asked.batch, asked.side, asked.rate, asked.cycle, asked.identity)
    return functools.partial(train_cycle, params=params, model=ResnetParams(asked.width, asked.blocks), asked=asked)


def _options(parser: argparse.ArgumentParser) -> None:
    run_options(parser)
    for name in ("a", "b"):
        parser.add_argument(
            f"--{name}",
            type=Path,
            required=True,
            help="folder of pictures; its subfolders of numbered pictures and .npy files (T, H, W, 3) are clips",
        )
    parser.add_argument(
        "--temporal",
        action="store_true",
        help="for clips: also learn to predict the next frame, so that they move well",
    )
    counts = {
        "side": "of a training window, a multiple of 4",
        "batch": "windows of each set, a step and process",
    }
    number_options(parser, CycleTraining, counts, int)
    parser.add_argument("--width", type=int, default=32, help="channels of a generator's first layer; 64 in the paper")
    parser.add_argument("--blocks", type=int, default=4, help="residual blocks of a generator; 6 or 9 in the paper")
    weights = {
        "rate": RATE,
        "cycle": "how much it counts that a picture returns as it was",
        "identity": "how much it counts that a picture which is there already stays; keeps colours",
    }
    number_options(parser, CycleTraining, weights)


CYCLE_COMMAND = Command("two generators that turn two sets of pictures into each other", _options, _work)
