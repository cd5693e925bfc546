"""`train styles`: the style network, on paintings and photographs."""

import argparse
import functools
from pathlib import Path

import torch

from vgan.models.stylizer import StyleParams
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
from vgan.training.parallel import Team
from vgan.training.styles.content import Content
from vgan.training.styles.paintings import PAINTINGS
from vgan.training.styles.trainer import StyleTrainer, StyleTraining


def train_styles(team: Team, params: StyleTraining, asked: Asked) -> None:
    """One member's whole run, and the export."""
    content, model = Content(asked.content), StyleParams(tuple(PAINTINGS))
    device = torch.device(asked.device)
    trainer = StyleTrainer(params, model, asked.paintings, content, classifier(asked.features), device, team)
    run_and_export(trainer, trainer.G_ema, asked, {"family": "style"})


def _work(asked: Asked) -> Work:
    params = StyleTraining(
        asked.seed, asked.pairs, rate=asked.rate, content_weight=asked.content_weight, steady=asked.steady
    )
    return functools.partial(train_styles, params=params, asked=asked)


def _options(parser: argparse.ArgumentParser) -> None:
    run_options(parser)
    features_option(parser, "Without, torchvision fetches its own")
    parser.add_argument("--paintings", type=Path, required=True, help="folder with the pictures of the styles")
    parser.add_argument("--content", type=Path, nargs="+", required=True, help="folders of photographs to restyle")
    number_options(parser, StyleTraining, {"pairs": "pairs of windows a step and process"}, int)
    texts = {
        "rate": RATE,
        "content_weight": "how much of the picture's own structure is kept",
        "steady": "how much steadiness counts against style",
    }
    number_options(parser, StyleTraining, texts)


STYLES_COMMAND = Command("the style network, on paintings and photographs", _options, _work)
