"""`train looks` and `train dcgan`: the loop generator and its yardstick, on pictures made by formulas."""

import argparse
import functools
from pathlib import Path

import torch
from safetensors.torch import load_file

from vgan.models.generators.loop import LoopParams
from vgan.training import checkpoint, dataset
from vgan.training.commands.common import (
    RATE,
    Asked,
    Command,
    Work,
    features_option,
    number_options,
    run_and_export,
    run_options,
)
from vgan.training.dcgan import train_dcgan
from vgan.training.looks import LOOKS
from vgan.training.parallel import Team
from vgan.training.trainer import LooksTrainer, TrainParams


def train_looks(team: Team, params: TrainParams, data: Path, features: Path | None, asked: Asked) -> None:
    """One member's whole run, and the export."""
    weights = load_file(features) if features else None
    trainer = LooksTrainer(params, LoopParams(tuple(LOOKS)), data, torch.device(asked.device), team, weights)
    tables = checkpoint.knots(trainer.G.params.looks, trainer.tables)
    run_and_export(trainer, trainer.G_ema, asked, {"family": "loop", "knots": tables})
    if team.rank == 0:
        checkpoint.write_weights(asked.out / "export" / checkpoint.CRITICS, trainer.critics())


def _drawn(asked: Asked) -> Path:
    """The folder of clips, which are drawn now where they are not there yet."""
    data: Path = asked.data or asked.out / "data"
    dataset.build(data, asked.per_look)
    return data


def _looks(asked: Asked) -> Work:
    params = TrainParams(asked.seed, asked.batch, rate=asked.rate, attribute_weight=asked.attribute_weight)
    return functools.partial(train_looks, params=params, data=_drawn(asked), features=asked.features, asked=asked)


def _dcgan(asked: Asked) -> Work:
    return functools.partial(
        train_dcgan, out=asked.out, data=_drawn(asked), minutes=asked.minutes, device=asked.device, seed=asked.seed
    )


def _data_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, help="folder for the drawn clips (default: OUT/data)")
    parser.add_argument("--per-look", type=int, default=320, help="clips of each look")


def _looks_options(parser: argparse.ArgumentParser) -> None:
    run_options(parser)
    _data_options(parser)
    features_option(parser, "Adds a critic on its features, which learns faster")
    texts = {
        "rate": RATE,
        "attribute_weight": "how much sliders count against looks; more towards the end makes them obey",
    }
    number_options(parser, TrainParams, texts)
    parser.add_argument("--batch", type=int, default=8, help="clips a step and process")


def _dcgan_options(parser: argparse.ArgumentParser) -> None:
    run_options(parser, resume=False)
    _data_options(parser)


LOOKS_COMMAND = Command("the loop generator, on pictures made by formulas", _looks_options, _looks)
DCGAN_COMMAND = Command("the yardstick: a DCGAN on frames of the same clips", _dcgan_options, _dcgan)
