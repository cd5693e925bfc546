"""`train distill`: a smaller loop generator that draws the same pictures in half the time."""

import argparse
import functools
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from vgan.errors import RecipeError, WeightsError
from vgan.models.config import params_from
from vgan.models.generators.loop import LoopGenerator, LoopParams
from vgan.models.lpips import Lpips
from vgan.training.commands.common import Asked, Command, Work, classifier, features_option, run_and_export, run_options
from vgan.training.distill.trainer import Distilling, DistillTrainer
from vgan.training.parallel import Team

TEACHER = Path(__file__).resolve().parents[3] / "weights" / "looks"


def read_loop(folder: Path) -> tuple[LoopGenerator, dict[str, Any]]:
    """The loop generator in an export folder, float32 on the CPU, and its config. Raises WeightsError for one that is
    none."""
    try:
        config = json.loads((folder / "config.json").read_bytes())
        if config["family"] != "loop":
            raise ValueError(f"its family is {config['family']!r}")
        state = load_file(folder / "model.safetensors")
        network = LoopGenerator(params_from(LoopParams, config["params"], {"looks": 256, "channels": 6}))
        network.load_state_dict({name: value.float() for name, value in state.items()})
    except (OSError, ValueError, LookupError, TypeError, RuntimeError, SafetensorError, WeightsError) as error:
        raise WeightsError(
            f"teacher: {folder} holds no loop generator ({str(error)[:160]}). Name an export folder of `train looks`."
        ) from error
    return network, config


def distill(team: Team, params: Distilling, asked: Asked) -> None:
    """One member's whole run, and the export."""
    teacher, config = read_loop(asked.teacher)
    model = replace(
        teacher.params, channels=tuple(asked.channels), base_convs=asked.base_convs, last_convs=asked.last_convs
    )
    heads = load_file(asked.heads) if asked.heads else None
    lpips = Lpips(classifier(asked.features), heads)
    try:
        trainer = DistillTrainer(params, model, teacher, lpips, torch.device(asked.device), team)
    except ValueError as error:
        raise RecipeError(
            f"channels, base-convs, last-convs: {error}. Ask for no more than the teacher has."
        ) from error
    kept = {name: config[name] for name in ("knots",) if name in config}
    run_and_export(trainer, trainer.G_ema, asked, {"family": "loop", "taught_by": asked.teacher.name} | kept)


def _work(asked: Asked) -> Work:
    params = Distilling(asked.seed, asked.batch, asked.rate)
    return functools.partial(distill, params=params, asked=asked)


def _options(parser: argparse.ArgumentParser) -> None:
    run_options(parser)
    parser.add_argument(
        "--teacher", type=Path, default=TEACHER, help="export folder of the larger one; default: the shipped looks"
    )
    parser.add_argument(
        "--channels", type=int, nargs="+", default=[80, 24, 16, 8], help="of the base and each finer level"
    )
    parser.add_argument("--base-convs", type=int, default=3, help="convolutions of the base")
    parser.add_argument("--last-convs", type=int, default=1, help="convolutions of the finest level")
    parser.add_argument("--batch", type=int, default=Distilling.batch, help="requests a step and process")
    parser.add_argument("--rate", type=float, default=Distilling.rate, help="learning rate")
    parser.add_argument("--heads", type=Path, help="LPIPS heads for SqueezeNet (safetensors); else all channels alike")
    features_option(parser, "Without, torchvision fetches its own")


DISTILL_COMMAND = Command("a smaller loop generator that draws the same pictures in half the time", _options, _work)
