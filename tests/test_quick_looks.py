"""The distilled looks that ship: the same pictures as the larger network's, from the same styles, by a setting."""

import hashlib
from dataclasses import replace

import pytest
import torch

from vgan.metrics.quality import psnr
from vgan.models.generators.loop import LoopGenerator
from vgan.recipe import Generate
from vgan.registry import Models
from vgan.settings import PROJECT, Settings
from vgan.sources.players import player_for

FOLDER = PROJECT / "weights" / "looks-small"
PHASES = torch.tensor([0.0, 0.4])


@pytest.fixture(scope="module")
def models() -> Models:
    return Models(Settings(device="cpu"))


@pytest.fixture(scope="module")
def quick() -> Models:
    return Models(replace(Settings(device="cpu"), quick=True))


def test_the_card_is_of_these_weights() -> None:
    card, weights = (FOLDER / "README.md").read_text(), (FOLDER / "model.safetensors").read_bytes()
    assert hashlib.sha256(weights).hexdigest() in card


def test_styles_mean_the_same_to_both(models: Models, quick: Models) -> None:
    larger, smaller = models.get("looks"), quick.get("looks")
    assert isinstance(larger, LoopGenerator)
    assert isinstance(smaller, LoopGenerator)
    assert smaller.params.looks == larger.params.looks
    z, look, shares = torch.ones(1, larger.params.latent), torch.tensor([2]), torch.full((1, 8), 0.25)
    torch.testing.assert_close(smaller.mapping(z, look, shares), larger.mapping(z, look, shares))


@pytest.mark.parametrize("look", ["aurora", "marble", "neon"])
def test_pictures_are_nearly_the_same(look: str, models: Models, quick: Models) -> None:
    source = Generate(look=look, seed=5)
    pictures = [player_for(look, some).draw(source, PHASES, "9:16", preview=False) for some in (models, quick)]
    one, other = (picture.float().clamp(-1, 1) / 2 + 0.5 for picture in pictures)
    assert one.shape == other.shape
    assert psnr(one, other) > 28
