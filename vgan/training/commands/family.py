"""`train family NAME`: one of the families of video generators, on a folder of clips as arrays."""

import argparse
import functools
import math
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import torch

from vgan import runtime
from vgan.errors import RecipeError
from vgan.models.generators.video import VideoParams
from vgan.models.video_families import VIDEO_FAMILIES, VideoFamily
from vgan.training import checkpoint
from vgan.training.commands.common import Asked, Command, Work, place_options, resume_option, run
from vgan.training.parallel import Team
from vgan.training.run import Budget
from vgan.training.video.augment import AUGMENTS
from vgan.training.video.card import write_card
from vgan.training.video.clips import ClipArrays, read_clips
from vgan.training.video.losses import LOSSES
from vgan.training.video.optimisers import OPTIMISERS, SCHEDULES
from vgan.training.video.params import PRECISIONS, FamilyTraining
from vgan.training.video.standing import standing_statistics
from vgan.training.video.trainer import FamilyTrainer

SIZES = {
    "width": "channels of the finest layer",
    "latent": "numbers of a clip's content",
    "motion": "numbers of the movement of one moment",
}
NUMBERS = {
    "rate": "learning rate",
    "longest": "gradients longer than this are shortened to it; 0 leaves them as they are",
    "penalty": "weight of the loss's penalty; 0 is the loss's own",
    "ema": "how much of itself the averaged network keeps in a step",
}
COUNTS = {
    "batch": "clips a step and process",
    "warm_up": "steps in which the learning rate rises to its full",
    "decay_from": "step from which the schedule `root` falls",
    "watch": "steps between looks at mode collapse; 0 for none",
}


def model_for(family: VideoFamily, clips: ClipArrays, **sizes: int | None) -> VideoParams:
    """The family's sizes for these clips; of `sizes`, those that are given."""
    given = {name: value for name, value in sizes.items() if value is not None}
    return family.params(clips.names, side=clips.side, frames=clips.length, **given)


def train_family(team: Team, params: FamilyTraining, asked: Asked) -> None:
    """One member's whole run, and the export with its card."""
    family, clips = VIDEO_FAMILIES[asked.name], read_clips(asked.data)
    model = model_for(family, clips, **{name: getattr(asked, name) for name in SIZES})
    trainer = FamilyTrainer(params, model, family, clips, torch.device(asked.device), team)
    facts = run(trainer, asked, Budget(asked.minutes, asked.cpu_minutes, asked.steps))
    # By all members, because their batch statistics are the team's.
    standing_statistics(trainer.G_ema, clips, runtime.generator(params.seed))
    if team.rank:
        return
    facts |= {"clips": len(clips), **{name: getattr(params, name) for name in ("loss", "optimiser", "rate", "seed")}}
    facts |= {"batch": params.batch * team.size, "schedule": params.schedule, "augment": params.augment}
    config: dict[str, Any] = {"family": asked.name, "params": asdict(model), "training": facts}
    if clips.knots:
        config["knots"] = clips.knots
    checkpoint.export(asked.out / "export", trainer.G_ema.state_dict(), config)
    weights = sum(each.numel() for each in trainer.G_ema.parameters())
    write_card(asked.out / "export", family, config, weights, trainer.seen)


def _work(asked: Asked) -> Work:
    if asked.minutes == asked.cpu_minutes == asked.steps == math.inf:
        raise RecipeError("train family: how long is not said. Give --minutes, --cpu-minutes or --steps.")
    names = {field.name for field in fields(FamilyTraining)} & set(vars(asked))
    params = FamilyTraining.of(VIDEO_FAMILIES[asked.name], **{name: getattr(asked, name) for name in names})
    return functools.partial(train_family, params=params, asked=asked)


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", choices=VIDEO_FAMILIES, help="the family")
    parser.add_argument("--data", type=Path, required=True, help="folder with clips.npy, labels.npy and facts.json")
    place_options(parser)
    resume_option(parser)
    parser.add_argument("--minutes", type=float, default=math.inf, help="how long, by the clock, this time")
    parser.add_argument("--cpu-minutes", type=float, default=math.inf, help="how long, of processor time, this time")
    parser.add_argument("--steps", type=int, default=math.inf, help="until this step, counted from the very beginning")
    parser.add_argument("--keep-minutes", type=float, default=5.0, help="between checkpoints")
    for option, table in (("loss", LOSSES), ("optimiser", OPTIMISERS), ("schedule", SCHEDULES), ("augment", AUGMENTS)):
        parser.add_argument(f"--{option}", choices=table, help="default: as the family's paper, where that trains here")
    parser.add_argument(
        "--precision",
        choices=PRECISIONS,
        help="of what is computed; default: bf16 where the device has it, else float32",
    )
    for texts, kind in ((NUMBERS, float), (COUNTS, int), (SIZES, int)):
        for name, text in texts.items():
            flag = "--clip" if name == "longest" else f"--{name.replace('_', '-')}"
            parser.add_argument(flag, dest=name, type=kind, help=text)


FAMILY_COMMAND = Command("a family of video generators, on clips of your own", _options, _work)
