"""Trains the words network on captions that made clips write about themselves."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from vgan.models.attributes import ATTRIBUTES
from vgan.models.sentence import pooled
from vgan.models.words import WordsNetwork, WordsParams, surprise
from vgan.training.base import Trainer
from vgan.training.parallel import Team
from vgan.training.words.clips import all_clips, captions
from vgan.training.words.embeddings import Encode, batch_of, embedded, kept
from vgan.training.words.grammar import Caption, by_themselves

FIRST_SEED = 20_000  # of the clips that write captions
WEIGHTS = {"look": 1.0, "said": 2.0, "share": 1.0, "hue": 0.5}


@dataclass(frozen=True)
class WordsTraining:
    """clips: of each look; each: captions of every clip. noise: added to what the encoder says, in its own standard
    deviations, so that words near to each other mean the same. unheard: share of tokens that are left out."""

    seed: int = 0
    clips: int = 400
    each: int = 8
    batch: int = 128
    rate: float = 1e-3
    noise: float = 0.3
    unheard: float = 0.1
    ema: float = 0.995
    decay_from: int = 600


class WordsTrainer(Trainer[WordsTraining]):
    """One network, its average, and what the encoder says about every caption."""

    parts = ("network", "average", "optimiser")

    def __init__(
        self,
        params: WordsTraining,
        model: WordsParams,
        knots: dict[str, list[list[float]]],
        encode: Encode,
        device: torch.device,
        team: Team,
        keep: Path | None = None,
    ):
        """knots: what shares mean, by look. encode: sentences to tokens (n, L, width) and their mask (n, L). keep: a
        file for what the encoder says, read again by the next training of the same captions."""
        super().__init__(params, model, device, team)
        self.network = WordsNetwork(model).to(device)
        self.average = deepcopy(self.network).eval().requires_grad_(False)
        self.optimiser = torch.optim.AdamW(self.network.parameters(), params.rate, weight_decay=0.02)
        made = [*by_themselves(), *captions(all_clips(knots, params.clips, FIRST_SEED), params.each, params.seed)]
        texts = [caption.text for caption in made]
        self.tokens = kept(texts, encode, keep, team.rank == 0) if keep else embedded(texts, encode)
        self.look, self.spoken, self.value = targets(made, model.looks)

    def begin(self, weights: Mapping[str, Tensor], steps: int, minutes: float) -> None:
        """Go on from a network that was trained before, on whatever captions, for `steps` and `minutes`."""
        for network in (self.network, self.average):
            network.load_state_dict({name: weight.float() for name, weight in weights.items()})
        self.step_count, self.seconds = steps, 60 * minutes

    def step(self, stop: float = 0.0) -> dict[str, float]:
        """One batch of captions."""
        self.set_rates((self.optimiser, self.params.rate))
        draws, params = self.draws(), self.params
        rows = torch.randint(len(self.tokens), (params.batch,), generator=draws)
        tokens, mask = batch_of([self.tokens[row] for row in rows.tolist()])
        tokens = tokens + params.noise * tokens.std() * torch.randn(tokens.shape, generator=draws) * mask[..., None]
        heard = mask & (torch.rand(mask.shape, generator=draws) >= params.unheard)
        heard[:, 0] = True
        self.network.train()
        tokens, heard = tokens.to(self.device), heard.to(self.device)
        said = self.network(pooled(tokens, heard), tokens, heard)
        losses = surprise(said, *(part[rows].to(self.device) for part in (self.look, self.spoken, self.value)))
        loss = torch.stack([WEIGHTS[name] * value for name, value in losses.items()]).sum()
        stops = self.descend(loss, self.network, self.optimiser, stop, longest=1.0)
        self.finish(self.average, self.network)
        return {name: value.item() for name, value in losses.items()} | {"stop": stops}

    def sheet(self) -> Tensor:
        """What the network hears in the first captions, as a strip of their colours: (3, 8, 8 * n) in [0, 1]."""
        tokens, mask = batch_of(self.tokens[:32])
        with torch.inference_mode():
            said = self.average(pooled(tokens, mask).to(self.device), tokens.to(self.device), mask.to(self.device))
        turns = said.turns.cpu()[None] - torch.tensor([[0.0], [1 / 3], [2 / 3]])
        colours = 0.5 + 0.5 * torch.cos(2 * torch.pi * turns)
        return colours.repeat_interleave(8, 1)[:, None].expand(3, 8, -1)


def targets(made: list[Caption], looks: tuple[str, ...]) -> tuple[Tensor, Tensor, Tensor]:
    """look (n,), spoken (n, 7) and value (n, 7) of captions, as `vgan.models.words.surprise` takes them."""
    look = torch.tensor([looks.index(caption.look) if caption.look else len(looks) for caption in made])
    spoken = torch.tensor([[name in caption.said for name in ATTRIBUTES] for caption in made])
    value = torch.tensor([[caption.said.get(name, 0.0) for name in ATTRIBUTES] for caption in made])
    return look, spoken, value
