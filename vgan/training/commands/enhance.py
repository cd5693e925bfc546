"""`train upscale` and `train denoise`: compact networks on photographs, alone or with a critic."""

import argparse
import functools
from pathlib import Path

import torch
from safetensors.torch import load_file

from vgan.errors import RecipeError
from vgan.models.lpips import Lpips
from vgan.models.srvgg import CompactParams
from vgan.training.commands.common import Asked, Command, Work, classifier, features_option, run_and_export, run_options
from vgan.training.enhance.gan import GanTrainer, GanTraining, starting_weights
from vgan.training.enhance.photos import Photos
from vgan.training.enhance.trainer import EnhanceTrainer, EnhanceTraining
from vgan.training.parallel import Team


def train_enhance(team: Team, params: EnhanceTraining, model: CompactParams, asked: Asked) -> None:
    """One member's whole run, and the export."""
    start = starting_weights(asked.start) if asked.start else None
    trainer = EnhanceTrainer(params, model, Photos(asked.photos, params.side), torch.device(asked.device), team, start)
    version = "clean" if params.noisy else "fidelity"
    config = {"family": "compact", "task": params.task, "version": version, "by_psnr": params.by_psnr}
    run_and_export(trainer, trainer.G_ema, asked, config)


def train_enhance_gan(team: Team, params: GanTraining, asked: Asked) -> None:
    """One member's whole run, and the export."""
    heads = load_file(asked.heads) if asked.heads else None
    lpips = Lpips(classifier(asked.features), heads)
    device, photos = torch.device(asked.device), Photos(asked.photos, params.side)
    trainer = GanTrainer(params, starting_weights(asked.start), photos, lpips, device, team)
    run_and_export(trainer, trainer.G_ema, asked, {"family": "compact", "task": params.task, "version": "gan"})


def _work(asked: Asked) -> Work:
    given = {name: getattr(asked, name) for name in ("batch", "rate") if getattr(asked, name) is not None}
    if asked.gan:
        if asked.start is None:
            raise RecipeError("--gan needs --start: a critic begins to teach where the fidelity version is.")
        gan = GanTraining(asked.command, asked.seed, side=asked.side, clean=asked.clean, **given)
        return functools.partial(train_enhance_gan, params=gan, asked=asked)
    given |= {"by_psnr": asked.by_psnr, "noisy": getattr(asked, "noisy", False)}
    params = EnhanceTraining(asked.command, asked.seed, side=asked.side, **given)
    model = CompactParams(getattr(asked, "scale", 1), asked.channels, asked.layers)
    return functools.partial(train_enhance, params=params, model=model, asked=asked)


def _upscale_options(parser: argparse.ArgumentParser) -> None:
    _options(parser, GanTraining.clean)
    parser.add_argument(
        "--noisy",
        action="store_true",
        help="pictures are noisy and compressed as well as small; --start begins at the version that was not",
    )
    parser.add_argument(
        "--scale", type=int, default=2, choices=(2, 4), help="how many times larger; as --start, if given"
    )


def _denoise_options(parser: argparse.ArgumentParser) -> None:
    _options(parser, 0.1)


def _options(parser: argparse.ArgumentParser, clean: float) -> None:
    run_options(parser)
    features_option(parser, "For --gan: without, torchvision fetches its own")
    parser.add_argument("--photos", type=Path, nargs="+", required=True, help="folders of good photographs")
    parser.add_argument("--channels", type=int, default=CompactParams.features, help="of every convolution")
    parser.add_argument("--layers", type=int, default=CompactParams.layers, help="convolutions in between")
    parser.add_argument("--batch", type=int, help=f"windows a step; {EnhanceTraining.batch}, or {GanTraining.batch}")
    parser.add_argument("--side", type=int, default=EnhanceTraining.side, help="of a window, pixels")
    parser.add_argument(
        "--rate",
        type=float,
        help=f"learning rate, {EnhanceTraining.rate:g}, or {GanTraining.rate:g} with --gan; resume with a fifth of it "
        "for a last stretch",
    )
    parser.add_argument(
        "--by-psnr", action="store_true", help="by PSNR in place of the mean difference: for a last stretch"
    )
    parser.add_argument(
        "--gan",
        action="store_true",
        help="with a critic, on pictures that went bad in many ways; needs --start, whose sizes it takes",
    )
    parser.add_argument(
        "--start", type=Path, help="export folder or checkpoint.pt of the version trained without --gan"
    )
    parser.add_argument("--heads", type=Path, help="--gan: LPIPS heads for SqueezeNet (safetensors); else all alike")
    parser.add_argument("--clean", type=float, default=clean, help="--gan: share of windows that are not made worse")


UPSCALE_COMMAND = Command("a compact upscaler, on photographs made smaller", _upscale_options, _work)
DENOISE_COMMAND = Command("a compact network against noise and compression, on photographs", _denoise_options, _work)
