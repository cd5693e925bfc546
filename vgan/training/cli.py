"""`python -m vgan train`: also works as `python -m vgan.training.cli`, where only torch and friends are installed."""

import argparse
import functools
import logging
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file

from vgan.models.generators.loop import LoopParams
from vgan.training import checkpoint, dataset, parallel
from vgan.training.dcgan import train_dcgan
from vgan.training.looks import LOOKS
from vgan.training.trainer import LooksTrainer, TrainParams, train


def train_looks(
    team: parallel.Team,
    params: TrainParams,
    out: Path,
    data: Path,
    minutes: float,
    device: str,
    resume: bool,
    features: Path | None,
) -> None:
    """One member's whole run: load or begin, train, and let the first member export the averaged weights."""
    classifier = load_file(features) if features else None
    trainer = LooksTrainer(params, LoopParams(tuple(LOOKS)), data, torch.device(device), team, classifier)
    last = out / "checkpoint.pt"
    if resume and last.is_file():
        trainer.restore(checkpoint.load(last))
    train(trainer, out, minutes)
    if team.rank == 0:
        facts = {
            "steps": trainer.step_count,
            "minutes": round(trainer.seconds / 60, 1),
            "device": device,
            "workers": team.size,
        }
        checkpoint.export(out / "export", trainer.G.params, trainer.G_ema.state_dict(), trainer.tables, facts)


def main(arguments: Sequence[str] | None = None) -> None:
    """Parse and run; usage errors exit with code 2."""
    parser = argparse.ArgumentParser(prog="python -m vgan train", description="Train a generator of this project.")
    families = parser.add_subparsers(dest="family", required=True)
    looks = families.add_parser("looks", help="the loop generator, on pictures made by formulas")
    dcgan = families.add_parser("dcgan", help="the yardstick: a DCGAN on frames of the same clips")
    for family in (looks, dcgan):
        family.add_argument("--minutes", type=float, required=True, help="how long, this time")
        family.add_argument(
            "--out", type=Path, required=True, help="folder for checkpoints, log, sample sheets and weights"
        )
        family.add_argument("--data", type=Path, help="folder for the drawn clips (default: OUT/data)")
        family.add_argument("--per-look", type=int, default=320, help="clips of each look")
        family.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu", choices=("cpu", "cuda"))
        family.add_argument("--workers", type=int, default=1, help="processes that share the work (CPU)")
        family.add_argument("--seed", type=int, default=0)
    looks.add_argument("--resume", action="store_true", help="go on from OUT/checkpoint.pt")
    looks.add_argument(
        "--features",
        type=Path,
        help="SqueezeNet 1.1 weights (safetensors): adds a critic on its features, which learns faster",
    )
    looks.add_argument(
        "--rate",
        type=float,
        default=TrainParams.rate,
        help="learning rate; resume with a fifth of it for a last stretch",
    )
    looks.add_argument(
        "--attribute-weight",
        type=float,
        default=TrainParams.attribute_weight,
        help="how much sliders count against looks; more towards the end makes them obey",
    )
    looks.add_argument("--batch", type=int, default=8, help="clips a step and process")
    asked = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    data = asked.data or asked.out / "data"
    dataset.build(data, asked.per_look)
    common = {"out": asked.out, "data": data, "minutes": asked.minutes, "device": asked.device}
    if asked.family == "looks":
        params = TrainParams(asked.seed, asked.batch, rate=asked.rate, attribute_weight=asked.attribute_weight)
        work = functools.partial(train_looks, params=params, **common, resume=asked.resume, features=asked.features)
    else:
        work = functools.partial(train_dcgan, **common, seed=asked.seed)
    parallel.run(asked.workers, work)


if __name__ == "__main__":
    main()
