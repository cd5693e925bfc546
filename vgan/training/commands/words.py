"""`train words`: the network that reads sentences, on captions that made clips write about themselves."""

import argparse
import functools
import json
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor

from vgan.errors import RecipeError
from vgan.models.sentence import from_checkpoint
from vgan.models.sentence_tokens import Tokens
from vgan.models.words import WordsParams
from vgan.runtime import choose
from vgan.training.commands.common import RATE, Asked, Command, Work, export, number_options, run, run_options
from vgan.training.parallel import Team
from vgan.training.words.embeddings import Encode
from vgan.training.words.trainer import WordsTrainer, WordsTraining


def train_words(team: Team, params: WordsTraining, asked: Asked) -> None:
    """One member's whole run, and the export."""
    device = torch.device(asked.device)
    if not 0 <= asked.mix <= 1:
        raise RecipeError(f"mix: {asked.mix} is no share of weights. Allowed: 0 to 1.")
    config = json.loads((asked.looks / "config.json").read_text(encoding="utf-8"))
    model = WordsParams(tuple(config["knots"]))
    trainer = WordsTrainer(params, model, config["knots"], encoder(asked.encoder, device), device, team, asked.keep)
    facts = {"family": "words", "captions": len(trainer.tokens), "encoder": "all-minilm-l6-v2"}
    if asked.begin:
        before = json.loads((asked.begin / "config.json").read_text(encoding="utf-8"))
        steps, minutes = before["training"]["steps"], before["training"]["minutes"]
        weights = load_file(asked.begin / "model.safetensors")
        trainer.begin(weights, steps, minutes)
        facts["begun"] = {"steps": steps, "captions": before["captions"], "mix": asked.mix}
    told = run(trainer, asked)
    if team.rank == 0:
        learned = trainer.average.state_dict()
        learned = mixed(weights, learned, asked.mix) if asked.begin else learned
        export(trainer, learned, asked, facts | {"training": told})


def mixed(before: dict[str, Tensor], after: dict[str, Tensor], share: float) -> dict[str, Tensor]:
    """Weights between those that a training began at and those that it came to: `share` of the latter.

    Between the two, a network keeps what it knew and has learned what is new (Wortsman et al. 2022, "Robust fine-tuning
    of zero-shot models").
    """
    return {name: torch.lerp(before[name].to(value), value, share) for name, value in after.items()}


def encoder(folder: Path, device: torch.device) -> Encode:
    """all-MiniLM-L6-v2 from a folder with config.json, model.safetensors and tokenizer.json."""
    state = load_file(folder / "model.safetensors")
    network, state = from_checkpoint(json.loads((folder / "config.json").read_text(encoding="utf-8")), state)
    network.load_state_dict(state, strict=True, assign=True)
    network = network.to(device).eval().requires_grad_(False)
    tokens = Tokens(folder / "tokenizer.json")
    dtype = choose(device.type).dtype

    @torch.inference_mode()
    def encode(sentences: list[str]) -> tuple[Tensor, Tensor]:
        ids, mask = (part.to(device) for part in tokens(sentences))
        with torch.autocast(device.type, dtype, enabled=dtype != torch.float32):
            return network.tokens(ids, mask), mask

    return encode


def _work(asked: Asked) -> Work:
    params = WordsTraining(asked.seed, asked.clips, asked.each, rate=asked.rate, noise=asked.noise)
    return functools.partial(train_words, params=params, asked=asked)


def _options(parser: argparse.ArgumentParser) -> None:
    run_options(parser)
    parser.add_argument("--encoder", type=Path, required=True, help="folder with the files of all-MiniLM-L6-v2")
    parser.add_argument("--looks", type=Path, default=Path("weights/looks"), help="folder of the looks that are named")
    parser.add_argument("--begin", type=Path, help="folder of a words network to go on from, trained on other captions")
    parser.add_argument("--mix", type=float, default=1.0, help="share of the new weights, the rest is what it began at")
    parser.add_argument("--keep", type=Path, help="file (.safetensors) for what the encoder says of the captions")
    number_options(parser, WordsTraining, {"clips": "clips of each look", "each": "captions of every clip"}, int)
    number_options(parser, WordsTraining, {"rate": RATE, "noise": "added to what the encoder says"})


WORDS_COMMAND = Command("the network that reads sentences, on captions of made clips", _options, _work)
