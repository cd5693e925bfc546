"""`python -m vgan train`: also works as `python -m vgan.training.cli`, where only torch and friends are installed."""

import argparse
import functools
import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torchvision.models import SqueezeNet1_1_Weights

from vgan.models.generators.loop import LoopParams
from vgan.models.generators.repair import RepairParams
from vgan.models.interpolator import InterpolatorParams
from vgan.models.lpips import Lpips
from vgan.models.perceptual import SqueezeTaps
from vgan.models.srvgg import CompactParams
from vgan.models.stylizer import StyleParams
from vgan.models.translators.resnet import ResnetParams
from vgan.training import checkpoint, dataset, parallel
from vgan.training.base import Trainer
from vgan.training.cycle.domain import Domain
from vgan.training.cycle.trainer import MARGIN, CycleTrainer, CycleTraining
from vgan.training.dcgan import train_dcgan
from vgan.training.enhance.gan import GanTrainer, GanTraining, starting_weights
from vgan.training.enhance.photos import Photos
from vgan.training.enhance.trainer import EnhanceTrainer, EnhanceTraining
from vgan.training.interpolate.layers import Layers
from vgan.training.interpolate.trainer import InterpolatorTrainer, InterpolatorTraining
from vgan.training.interpolate.triplets import Clips
from vgan.training.looks import LOOKS
from vgan.training.repair.trainer import TAPS, RepairTrainer, RepairTraining, read_interpolator
from vgan.training.run import train
from vgan.training.styles.content import Content
from vgan.training.styles.paintings import PAINTINGS
from vgan.training.styles.trainer import StyleTrainer, StyleTraining
from vgan.training.trainer import LooksTrainer, TrainParams

Asked = argparse.Namespace
Work = Callable[[parallel.Team], None]

RATE = "learning rate; resume with a fifth of it for a last stretch"


def _run(trainer: Trainer[Any], asked: Asked) -> dict[str, Any]:
    """Load or begin, and train. Returns what the card tells about it."""
    last = asked.out / "checkpoint.pt"
    if asked.resume and last.is_file():
        trainer.restore(checkpoint.load(last))
    train(trainer, asked.out, asked.minutes)
    return {
        "steps": trainer.step_count,
        "minutes": round(trainer.seconds / 60, 1),
        "device": trainer.device.type,
        "workers": trainer.team.size,
    }


def _run_and_export(trainer: Trainer[Any], average: nn.Module, asked: Asked, config: dict[str, Any]) -> None:
    """One member's whole run; the first member exports the averaged network.

    config: what config.json tells beside params and training.
    """
    facts = _run(trainer, asked)
    if trainer.team.rank == 0:
        config = config | {"params": asdict(trainer.model), "training": facts}
        checkpoint.export(asked.out / "export", average.state_dict(), config)


def train_looks(team: parallel.Team, params: TrainParams, data: Path, features: Path | None, asked: Asked) -> None:
    """One member's whole run, and the export."""
    classifier = load_file(features) if features else None
    trainer = LooksTrainer(params, LoopParams(tuple(LOOKS)), data, torch.device(asked.device), team, classifier)
    tables = checkpoint.knots(trainer.G.params.looks, trainer.tables)
    _run_and_export(trainer, trainer.G_ema, asked, {"family": "loop", "knots": tables})


def train_styles(team: parallel.Team, params: StyleTraining, asked: Asked) -> None:
    """One member's whole run, and the export."""
    content, model = Content(asked.content), StyleParams(tuple(PAINTINGS))
    device = torch.device(asked.device)
    trainer = StyleTrainer(params, model, asked.paintings, content, _classifier(asked.features), device, team)
    _run_and_export(trainer, trainer.G_ema, asked, {"family": "style"})


def train_cycle(team: parallel.Team, params: CycleTraining, model: ResnetParams, asked: Asked) -> None:
    """One member's whole run; the first member exports both averaged generators."""
    short_side, frames = round(params.side * MARGIN), 3 if asked.temporal else 1
    a, b = (Domain(folder, short_side, frames) for folder in (asked.a, asked.b))
    trainer = CycleTrainer(params, model, a, b, torch.device(asked.device), team)
    facts = _run(trainer, asked)
    if team.rank == 0:
        for name, generator in trainer.translators():
            config = {"family": "resnet", "params": asdict(model), "direction": name, "training": facts}
            checkpoint.export(asked.out / "export" / name, generator.state_dict(), config)


def train_enhance(team: parallel.Team, params: EnhanceTraining, model: CompactParams, asked: Asked) -> None:
    """One member's whole run, and the export."""
    start = starting_weights(asked.start) if asked.start else None
    trainer = EnhanceTrainer(params, model, Photos(asked.photos, params.side), torch.device(asked.device), team, start)
    version = "clean" if params.noisy else "fidelity"
    config = {"family": "compact", "task": params.task, "version": version, "by_psnr": params.by_psnr}
    _run_and_export(trainer, trainer.G_ema, asked, config)


def train_interpolate(team: parallel.Team, params: InterpolatorTraining, asked: Asked) -> None:
    """One member's whole run, and the export."""
    model, clips, layers = InterpolatorParams(), Clips(asked.frames, asked.short_side), Layers(asked.photos)
    trainer = InterpolatorTrainer(params, model, clips, layers, torch.device(asked.device), team)
    _run_and_export(trainer, trainer.G_ema, asked, {"family": "interpolate"})


def train_enhance_gan(team: parallel.Team, params: GanTraining, asked: Asked) -> None:
    """One member's whole run, and the export."""
    heads = load_file(asked.heads) if asked.heads else None
    lpips = Lpips(_classifier(asked.features), heads)
    device, photos = torch.device(asked.device), Photos(asked.photos, params.side)
    trainer = GanTrainer(params, starting_weights(asked.start), photos, lpips, device, team)
    _run_and_export(trainer, trainer.G_ema, asked, {"family": "compact", "task": params.task, "version": "gan"})


def train_repair(team: parallel.Team, params: RepairTraining, asked: Asked) -> None:
    """One member's whole run, and the export."""
    model, clips, layers = RepairParams(), Clips(asked.frames, asked.short_side), Layers(asked.photos)
    moves, eyes = read_interpolator(asked.interpolator), SqueezeTaps(_classifier(asked.features), TAPS)
    trainer = RepairTrainer(params, model, moves, clips, layers, eyes, torch.device(asked.device), team)
    _run_and_export(trainer, trainer.G_ema, asked, {"family": "repair"})


def _classifier(features: Path | None) -> dict[str, Tensor]:
    """SqueezeNet 1.1 from a file, else torchvision's own, which it fetches once."""
    if features:
        return load_file(features)
    state: dict[str, Tensor] = SqueezeNet1_1_Weights.IMAGENET1K_V1.get_state_dict(progress=True, check_hash=True)
    return state


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m vgan train", description="Train a network of this project.")
    families = parser.add_subparsers(dest="family", required=True)
    looks = families.add_parser("looks", help="the loop generator, on pictures made by formulas")
    dcgan = families.add_parser("dcgan", help="the yardstick: a DCGAN on frames of the same clips")
    styles = families.add_parser("styles", help="the style network, on paintings and photographs")
    cycle = families.add_parser("cycle", help="two generators that turn two sets of pictures into each other")
    upscale = families.add_parser("upscale", help="a compact upscaler, on photographs made smaller")
    denoise = families.add_parser("denoise", help="a compact network against noise and compression, on photographs")
    interpolate = families.add_parser("interpolate", help="pictures between pictures, on frames of clips")
    repair = families.add_parser("repair", help="what damaged frames have lost, on frames of clips")
    for family in (looks, dcgan, styles, cycle, upscale, denoise, interpolate, repair):
        family.add_argument("--minutes", type=float, required=True, help="how long, this time")
        family.add_argument(
            "--out", type=Path, required=True, help="folder for checkpoints, log, sample sheets and weights"
        )
        family.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu", choices=("cpu", "cuda"))
        family.add_argument("--workers", type=int, default=1, help="processes that share the work (CPU)")
        family.add_argument("--seed", type=int, default=0)
    for family in (looks, dcgan):
        family.add_argument("--data", type=Path, help="folder for the drawn clips (default: OUT/data)")
        family.add_argument("--per-look", type=int, default=320, help="clips of each look")
    for family in (looks, styles, cycle, upscale, denoise, interpolate, repair):
        family.add_argument("--resume", action="store_true", help="go on from OUT/checkpoint.pt")
    for family in (looks, styles, upscale, denoise):
        family.add_argument(
            "--features",
            type=Path,
            help="SqueezeNet 1.1 weights (safetensors). Looks: adds a critic on its features, which learns faster. "
            "Styles, and --gan: without, torchvision fetches its own",
        )
    looks.add_argument(
        "--rate",
        type=float,
        default=TrainParams.rate,
        help=RATE,
    )
    looks.add_argument(
        "--attribute-weight",
        type=float,
        default=TrainParams.attribute_weight,
        help="how much sliders count against looks; more towards the end makes them obey",
    )
    looks.add_argument("--batch", type=int, default=8, help="clips a step and process")
    styles.add_argument("--paintings", type=Path, required=True, help="folder with the pictures of the styles")
    styles.add_argument("--content", type=Path, nargs="+", required=True, help="folders of photographs to restyle")
    styles.add_argument("--pairs", type=int, default=StyleTraining.pairs, help="pairs of windows a step and process")
    for name, text in (
        ("rate", RATE),
        ("content_weight", "how much of the picture's own structure is kept"),
        ("steady", "how much steadiness counts against style"),
    ):
        default = getattr(StyleTraining, name)
        styles.add_argument(f"--{name.replace('_', '-')}", type=float, default=default, help=text)
    _cycle_options(cycle)
    upscale.add_argument(
        "--noisy",
        action="store_true",
        help="pictures are noisy and compressed as well as small; --start begins at the version that was not",
    )
    upscale.add_argument(
        "--scale", type=int, default=2, choices=(2, 4), help="how many times larger; as --start, if given"
    )
    for family, clean in ((upscale, GanTraining.clean), (denoise, 0.1)):
        _enhance_options(family)
        family.add_argument(
            "--clean", type=float, default=clean, help="--gan: share of windows that are not made worse"
        )
    _interpolate_options(interpolate)
    _repair_options(repair)
    return parser


def _frames_options(
    family: argparse.ArgumentParser, default: type[InterpolatorTraining] | type[RepairTraining]
) -> None:
    family.add_argument(
        "--frames",
        type=Path,
        nargs="+",
        required=True,
        help="folders that count alike, each with subfolders of consecutive frames: see `clips frames`",
    )
    family.add_argument("--photos", type=Path, nargs="+", required=True, help="photographs that are moved about")
    family.add_argument("--short-side", type=int, default=360, help="at which frames are kept, pixels")
    family.add_argument("--side", type=int, default=default.side, help="of a training window, a multiple of 16")
    family.add_argument("--clips", type=int, default=default.clips, help="windows of frames a step and process")
    family.add_argument("--layers", type=int, default=default.layers, help="windows of moved photographs")
    family.add_argument("--rate", type=float, default=default.rate, help=RATE)


def _repair_options(family: argparse.ArgumentParser) -> None:
    _frames_options(family, RepairTraining)
    family.add_argument("--interpolator", type=Path, required=True, help="export folder of `train interpolate`")
    family.add_argument("--features", type=Path, help="SqueezeNet 1.1 weights; without, torchvision fetches its own")
    family.add_argument(
        "--critic",
        type=float,
        default=RepairTraining.critic,
        help="how much the critic counts: more is crisper and less faithful",
    )


def _interpolate_options(family: argparse.ArgumentParser) -> None:
    _frames_options(family, InterpolatorTraining)
    family.add_argument(
        "--known",
        type=float,
        default=InterpolatorTraining.known,
        help="how much the flow counts where it is known; less towards the end",
    )


def _enhance_options(family: argparse.ArgumentParser) -> None:
    family.add_argument("--photos", type=Path, nargs="+", required=True, help="folders of good photographs")
    family.add_argument("--channels", type=int, default=CompactParams.features, help="of every convolution")
    family.add_argument("--layers", type=int, default=CompactParams.layers, help="convolutions in between")
    family.add_argument("--batch", type=int, help=f"windows a step; {EnhanceTraining.batch}, or {GanTraining.batch}")
    family.add_argument("--side", type=int, default=EnhanceTraining.side, help="of a window, pixels")
    family.add_argument(
        "--rate",
        type=float,
        help=f"learning rate, {EnhanceTraining.rate:g}, or {GanTraining.rate:g} with --gan; resume with a fifth of it "
        "for a last stretch",
    )
    family.add_argument(
        "--by-psnr", action="store_true", help="by PSNR in place of the mean difference: for a last stretch"
    )
    family.add_argument(
        "--gan",
        action="store_true",
        help="with a critic, on pictures that went bad in many ways; needs --start, whose sizes it takes",
    )
    family.add_argument(
        "--start", type=Path, help="export folder or checkpoint.pt of the version trained without --gan"
    )
    family.add_argument("--heads", type=Path, help="--gan: LPIPS heads for SqueezeNet (safetensors); else all alike")


def _cycle_options(cycle: argparse.ArgumentParser) -> None:
    for name in ("a", "b"):
        cycle.add_argument(
            f"--{name}",
            type=Path,
            required=True,
            help="folder of pictures; its subfolders of numbered pictures and .npy files (T, H, W, 3) are clips",
        )
    cycle.add_argument(
        "--temporal",
        action="store_true",
        help="for clips: also learn to predict the next frame, so that they move well",
    )
    cycle.add_argument("--side", type=int, default=CycleTraining.side, help="of a training window, a multiple of 4")
    cycle.add_argument("--batch", type=int, default=CycleTraining.batch, help="windows of each set, a step and process")
    cycle.add_argument("--width", type=int, default=32, help="channels of a generator's first layer; 64 in the paper")
    cycle.add_argument("--blocks", type=int, default=4, help="residual blocks of a generator; 6 or 9 in the paper")
    for name, text in (
        ("rate", RATE),
        ("cycle", "how much it counts that a picture returns as it was"),
        ("identity", "how much it counts that a picture which is there already stays; keeps colours"),
    ):
        cycle.add_argument(f"--{name}", type=float, default=getattr(CycleTraining, name), help=text)


def _looks(asked: Asked, data: Path) -> Work:
    params = TrainParams(asked.seed, asked.batch, rate=asked.rate, attribute_weight=asked.attribute_weight)
    return functools.partial(train_looks, params=params, data=data, features=asked.features, asked=asked)


def _dcgan(asked: Asked, data: Path) -> Work:
    return functools.partial(
        train_dcgan, out=asked.out, data=data, minutes=asked.minutes, device=asked.device, seed=asked.seed
    )


def _styles(asked: Asked) -> Work:
    params = StyleTraining(
        asked.seed, asked.pairs, rate=asked.rate, content_weight=asked.content_weight, steady=asked.steady
    )
    return functools.partial(train_styles, params=params, asked=asked)


def _cycle(asked: Asked) -> Work:
    params = CycleTraining(asked.seed, asked.batch, asked.side, asked.rate, asked.cycle, asked.identity)
    return functools.partial(train_cycle, params=params, model=ResnetParams(asked.width, asked.blocks), asked=asked)


def _enhance(asked: Asked) -> Work:
    given = {name: getattr(asked, name) for name in ("batch", "rate") if getattr(asked, name) is not None}
    if asked.gan:
        gan = GanTraining(asked.family, asked.seed, side=asked.side, clean=asked.clean, **given)
        return functools.partial(train_enhance_gan, params=gan, asked=asked)
    given |= {"by_psnr": asked.by_psnr, "noisy": getattr(asked, "noisy", False)}
    params = EnhanceTraining(asked.family, asked.seed, side=asked.side, **given)
    model = CompactParams(getattr(asked, "scale", 1), asked.channels, asked.layers)
    return functools.partial(train_enhance, params=params, model=model, asked=asked)


def _interpolate(asked: Asked) -> Work:
    params = InterpolatorTraining(asked.seed, asked.clips, asked.layers, asked.side, asked.rate, asked.known)
    return functools.partial(train_interpolate, params=params, asked=asked)


def _repair(asked: Asked) -> Work:
    params = RepairTraining(asked.seed, asked.clips, asked.layers, asked.side, asked.rate, critic=asked.critic)
    return functools.partial(train_repair, params=params, asked=asked)


def main(arguments: Sequence[str] | None = None) -> None:
    """Parse and run; usage errors exit with code 2."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    if getattr(asked, "gan", False) and asked.start is None:
        parser.error("--gan needs --start: a critic begins to teach where the fidelity version is")
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    own_data = {
        "styles": _styles,
        "cycle": _cycle,
        "upscale": _enhance,
        "denoise": _enhance,
        "interpolate": _interpolate,
        "repair": _repair,
    }
    if asked.family in own_data:
        work = own_data[asked.family](asked)
    else:
        data = asked.data or asked.out / "data"
        dataset.build(data, asked.per_look)
        work = {"looks": _looks, "dcgan": _dcgan}[asked.family](asked, data)
    parallel.run(asked.workers, work)


if __name__ == "__main__":
    main()
