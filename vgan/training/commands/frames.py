"""`train interpolate` and `train repair`: networks on frames of clips and on photographs that are moved about."""

import argparse
import functools
from pathlib import Path

import torch

from vgan.models.generators.repair import RepairParams
from vgan.models.interpolator import InterpolatorParams
from vgan.models.perceptual import SqueezeTaps
from vgan.training.commands.common import (
    RATE,
    Asked,
    Command,
    Work,
    classifier,
    features_option,
    number_options,
    run_and_export,
    run_options,
)
from vgan.training.interpolate.layers import Layers
from vgan.training.interpolate.trainer import InterpolatorTrainer, InterpolatorTraining
from vgan.training.interpolate.triplets import Clips
from vgan.training.parallel import Team
from vgan.training.repair.trainer import TAPS, RepairTrainer, RepairTraining, read_interpolator


def train_interpolate(team: Team, params: InterpolatorTraining, asked: Asked) -> None:
    """One member's whole run, and the export."""
    model, clips, layers = InterpolatorParams(), Clips(asked.frames, asked.short_side), Layers(asked.photos)
    trainer = InterpolatorTrainer(params, model, clips, layers, torch.device(asked.device), team)
    run_and_export(trainer, trainer.G_ema, asked, {"family": "interpolate"})


def train_repair(team: Team, params: RepairTraining, asked: Asked) -> None:
    """One member's whole run, and the export."""
    model, clips, layers = RepairParams(), Clips(asked.frames, asked.short_side), Layers(asked.photos)
    moves, eyes = read_interpolator(asked.interpolator), SqueezeTaps(classifier(asked.features), TAPS)
    trainer = RepairTrainer(params, model, moves, clips, layers, eyes, torch.device(asked.device), team)
    run_and_export(trainer, trainer.G_ema, asked, {"family": "repair"})


def _interpolate(asked: Asked) -> Work:
    params = InterpolatorTraining(asked.seed, asked.clips, asked.layers, asked.side, asked.rate, asked.known)
    return functools.partial(train_interpolate, params=params, asked=asked)


def _repair(asked: Asked) -> Work:
    params = RepairTraining(asked.seed, asked.clips, asked.layers, asked.side, asked.rate, critic=asked.critic)
    return functools.partial(train_repair, params=params, asked=asked)


def _options(parser: argparse.ArgumentParser, defaults: type[InterpolatorTraining] | type[RepairTraining]) -> None:
    run_options(parser)
    parser.add_argument(
        "--frames",
        type=Path,
        nargs="+",
        required=True,
        help="folders that count alike, each with subfolders of consecutive frames: see `clips frames`",
    )
    parser.add_argument("--photos", type=Path, nargs="+", required=True, help="photographs that are moved about")
    parser.add_argument("--short-side", type=int, default=360, help="at which frames are kept, pixels")
    counts = {
        "side": "of a training window, a multiple of 16",
        "clips": "windows of frames a step and process",
        "layers": "windows of moved photographs",
    }
    number_options(parser, defaults, counts, int)
    number_options(parser, defaults, {"rate": RATE})


def _interpolate_options(parser: argparse.ArgumentParser) -> None:
    _options(parser, InterpolatorTraining)
    text = "how much the flow counts where it is known; less towards the end"
    number_options(parser, InterpolatorTraining, {"known": text})


def _repair_options(parser: argparse.ArgumentParser) -> None:
    _options(parser, RepairTraining)
    parser.add_argument("--interpolator", type=Path, required=True, help="export folder of `train interpolate`")
    features_option(parser, "Without, torchvision fetches its own")
    number_options(parser, RepairTraining, {"critic": "how much the critic counts: more is crisper and less faithful"})


INTERPOLATE_COMMAND = Command("pictures between pictures, on frames of clips", _interpolate_options, _interpolate)
REPAIR_COMMAND = Command("what damaged frames have lost, on frames of clips", _repair_options, _repair)
