"""The clips that write captions: what is measured on each, as shares of its look's own range."""

import random
from collections.abc import Mapping

import torch

from vgan.models.attributes import ATTRIBUTES, SHORT_SIDE, STEP, measure, to_shares
from vgan.training.looks import LOOKS, make_clip
from vgan.training.words.grammar import WORDS, Caption, Words, write


def measured(look: str, seeds: range, knots: list[list[float]]) -> list[dict[str, float]]:
    """Attributes of one clip of `look` for each seed, in [0, 1]. knots: what the look's shares mean, (KNOTS, 7)."""
    table = torch.tensor(knots)[None]
    found = []
    for seed in seeds:
        pair = make_clip(look, seed, torch.tensor([0.0, STEP]), SHORT_SIDE, SHORT_SIDE)
        shares = to_shares(measure(pair[:1], pair[1:]), table)[0].clamp(0, 1).tolist()
        found.append(dict(zip(ATTRIBUTES, shares, strict=True)))
    return found


def captions(clips: Mapping[str, list[dict[str, float]]], each: int, seed: int, words: Words = WORDS) -> list[Caption]:
    """`each` captions of every clip, in a mixed order that `seed` decides."""
    rng = random.Random(seed)
    made = [write(rng, look, shares, words) for look, all_of in clips.items() for shares in all_of for _ in range(each)]
    rng.shuffle(made)
    return made


def all_clips(knots: Mapping[str, list[list[float]]], each: int, first_seed: int) -> dict[str, list[dict[str, float]]]:
    """Measured clips of all looks, `each` of every one."""
    return {look: measured(look, range(first_seed, first_seed + each), knots[look]) for look in LOOKS}
