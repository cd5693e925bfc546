"""What a sentence says about a look and its attributes, read from the sentence's embedding."""

from dataclasses import dataclass
from math import log, pi

import torch
import torch.nn.functional as F
from torch import Tensor, nn

SHARES = 6  # attributes with a share of their range; hue, before them, goes round
SHARPEST = 0.04  # share: no word is more exact than this
MOST_SURE = 60.0  # concentration of the hue, about 7 degrees of standard deviation


@dataclass(frozen=True)
class WordsParams:
    """looks: that sentences may name. width: of the embedding; parts: summaries of a sentence beside its mean, each of
    `part` numbers; hidden: units inside."""

    looks: tuple[str, ...]
    width: int = 384
    parts: int = 8
    part: int = 64
    hidden: int = 256


@dataclass(frozen=True)
class Said:
    """What n sentences say. look: (n, looks + 1) logits, the last for none of them. said: (n, 7) logits of whether each
    attribute is spoken of, in the order of `vgan.models.attributes`. share, spread: (n, 6) mean and standard deviation
    of those after hue. hue: (n, 2) direction, of length 1; sure: (n,) its von Mises concentration."""

    look: Tensor
    said: Tensor
    share: Tensor
    spread: Tensor
    hue: Tensor
    sure: Tensor

    @property
    def turns(self) -> Tensor:
        """Hue in turns, in [0, 1): (n,)."""
        return (torch.atan2(self.hue[:, 1], self.hue[:, 0]) / (2 * pi)).remainder(1.0)


class WordsNetwork(nn.Module):
    """Attention of a few learned questions over the tokens, beside their mean, and two layers.

    The mean alone blurs which word goes with which: "a bright sky, not too busy". The questions are as in the set
    transformer's pooling (Lee et al. 2019).
    """

    def __init__(self, params: WordsParams):
        super().__init__()
        self.params = params
        self.questions = nn.Parameter(torch.randn(params.parts, params.part) * params.part**-0.5)
        self.keys = nn.Linear(params.width, params.part)
        self.values = nn.Linear(params.width, params.part)
        inside = params.width + params.parts * params.part
        self.first = nn.Linear(inside, params.hidden)
        self.second = nn.Linear(params.hidden, params.hidden)
        self.last = nn.Linear(params.hidden, len(params.looks) + 1 + 1 + SHARES + 2 * SHARES + 3)
        self.dropout = nn.Dropout(0.2)

    def forward(self, sentence: Tensor, tokens: Tensor, mask: Tensor) -> Said:
        """sentence: (n, width), of length 1. tokens: (n, L, width) of the same encoder; mask: (n, L), true where there
        is one."""
        heard = (self.keys(tokens) @ self.questions.t()).masked_fill(~mask.bool()[..., None], -1e4)
        parts = heard.softmax(1).transpose(1, 2) @ self.values(tokens)
        x = torch.cat([sentence * self.params.width**0.5, parts.flatten(1)], dim=1)
        x = F.gelu(self.first(self.dropout(x)))
        x = F.gelu(self.second(self.dropout(x)))
        looks = len(self.params.looks) + 1
        look, said, share, spread, hue, sure = self.last(x).split([looks, 1 + SHARES, SHARES, SHARES, 2, 1], dim=1)
        return Said(
            look,
            said,
            share.sigmoid(),
            SHARPEST + 0.4 * (spread - 1).sigmoid(),
            F.normalize(hue + 1e-6, dim=1),
            MOST_SURE * (sure[:, 0] - 1).sigmoid(),
        )


def surprise(said: Said, look: Tensor, spoken: Tensor, value: Tensor) -> dict[str, Tensor]:
    """Losses, each a mean: `look`, `said`, and of what was spoken of `share` and `hue`.

    look: (n,) indices, the count of looks for none. spoken: (n, 7), true where an attribute is spoken of. value: (n, 7)
    in [0, 1], hue in turns. share: negative log likelihood of a Gaussian; hue: of a von Mises distribution.
    """
    mask = spoken.to(value.dtype)
    apart = ((value[:, 1:] - said.share) / said.spread).square() / 2 + said.spread.log()
    angle = 2 * pi * value[:, 0]
    near = said.hue[:, 0] * angle.cos() + said.hue[:, 1] * angle.sin()
    hue = said.sure * (1 - near) + torch.special.i0e(said.sure).log() + log(2 * pi)
    return {
        "look": F.cross_entropy(said.look, look, label_smoothing=0.02),
        "said": F.binary_cross_entropy_with_logits(said.said, mask),
        "share": (apart * mask[:, 1:]).sum() / mask[:, 1:].sum().clamp(min=1),
        "hue": (hue * mask[:, 0]).sum() / mask[:, 0].sum().clamp(min=1),
    }
