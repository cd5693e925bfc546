"""Sentences as vectors: BERT's encoder with mean pooling, in the layout of sentence-transformers' all-MiniLM-L6-v2."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from vgan.errors import WeightsError

FIELDS = {  # of ours, as BERT's config.json calls them
    "vocabulary": "vocab_size",
    "width": "hidden_size",
    "layers": "num_hidden_layers",
    "heads": "num_attention_heads",
    "inner": "intermediate_size",
    "longest": "max_position_embeddings",
    "types": "type_vocab_size",
}
UNUSED = ("pooler.", "embeddings.position_ids")  # of BERT's own tensors: mean pooling asks for neither


@dataclass(frozen=True)
class SentenceParams:
    """Sizes of the encoder; longest: tokens of a sentence."""

    vocabulary: int = 30_522
    width: int = 384
    layers: int = 6
    heads: int = 12
    inner: int = 1536
    longest: int = 512
    types: int = 2


class SentenceEncoder(nn.Module):
    """Devlin et al. 2018, as Wang et al. 2020 made it small and Reimers and Gurevych 2019 pool it.

    Names of parameters are those of the public checkpoint.
    """

    def __init__(self, params: SentenceParams = SentenceParams()):
        super().__init__()
        self.params = params
        self.embeddings = _Embeddings(params)
        self.encoder = nn.Module()
        self.encoder.layer = nn.ModuleList(_Layer(params) for _ in range(params.layers))

    def tokens(self, ids: Tensor, mask: Tensor) -> Tensor:
        """What each token means where it stands: (B, L, width).

        ids: (B, L) whole numbers below `vocabulary`, L up to `longest`. mask: (B, L), true where there is a token.
        """
        x = self.embeddings(ids)
        seen = mask[:, None, None, :].bool()
        for layer in self.encoder.layer:  # type: ignore[union-attr]
            x = layer(x, seen)
        return x

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Sentences (B, width) of length 1, the mean of their tokens. ids, mask: as `tokens`."""
        return pooled(self.tokens(ids, mask), mask)


def pooled(tokens: Tensor, mask: Tensor) -> Tensor:
    """The mean of tokens (B, L, width) where `mask` (B, L) is true, of length 1: (B, width)."""
    weights = mask.to(tokens.dtype)[..., None]
    return F.normalize((tokens * weights).sum(1) / weights.sum(1).clamp(min=1e-9), dim=1)


def from_checkpoint(
    config: Mapping[str, Any], state: Mapping[str, Tensor]
) -> tuple[SentenceEncoder, dict[str, Tensor]]:
    """The encoder on the meta device that a BERT config.json describes, and the tensors it wants.

    Raises WeightsError for a config of anything else.
    """
    sizes = {name: config.get(theirs) for name, theirs in FIELDS.items()}
    wrong = [FIELDS[name] for name, value in sizes.items() if type(value) is not int or not 1 <= value <= 1_000_000]
    if config.get("model_type") != "bert" or wrong:
        raise WeightsError(f"config.json: this is not a BERT encoder's ({', '.join(wrong) or 'model_type'}).")
    params = SentenceParams(**sizes)  # type: ignore[arg-type]
    if params.width % params.heads:
        raise WeightsError(f"config.json: hidden_size {params.width} cannot be split among {params.heads} heads.")
    with torch.device("meta"):
        return SentenceEncoder(params), {name: x for name, x in state.items() if not name.startswith(UNUSED)}


class _Embeddings(nn.Module):
    def __init__(self, params: SentenceParams):
        super().__init__()
        self.word_embeddings = nn.Embedding(params.vocabulary, params.width)
        self.position_embeddings = nn.Embedding(params.longest, params.width)
        self.token_type_embeddings = nn.Embedding(params.types, params.width)
        self.LayerNorm = nn.LayerNorm(params.width, eps=1e-12)

    def forward(self, ids: Tensor) -> Tensor:
        places = torch.arange(ids.shape[1], device=ids.device)
        x = self.word_embeddings(ids) + self.position_embeddings(places) + self.token_type_embeddings.weight[0]
        return self.LayerNorm(x)


class _Layer(nn.Module):
    def __init__(self, params: SentenceParams):
        super().__init__()
        self.heads = params.heads
        self.attention = nn.Module()
        self.attention.self = nn.Module()
        for name in ("query", "key", "value"):
            setattr(self.attention.self, name, nn.Linear(params.width, params.width))
        self.attention.output = _Added(params.width, params.width)
        self.intermediate = nn.Module()
        self.intermediate.dense = nn.Linear(params.width, params.inner)
        self.output = _Added(params.inner, params.width)

    def forward(self, x: Tensor, seen: Tensor) -> Tensor:
        """x: (B, L, width); seen: (B, 1, 1, L), the tokens that may be looked at."""
        own = self.attention.self
        query, key, value = (
            getattr(own, name)(x).unflatten(2, (self.heads, -1)).transpose(1, 2) for name in ("query", "key", "value")
        )
        found = F.scaled_dot_product_attention(query, key, value, attn_mask=seen)
        x = self.attention.output(found.transpose(1, 2).flatten(2), x)  # type: ignore[operator]
        return self.output(F.gelu(self.intermediate.dense(x)), x)  # type: ignore[operator]


class _Added(nn.Module):
    def __init__(self, inside: int, width: int):
        super().__init__()
        self.dense = nn.Linear(inside, width)
        self.LayerNorm = nn.LayerNorm(width, eps=1e-12)

    def forward(self, found: Tensor, x: Tensor) -> Tensor:
        return self.LayerNorm(x + self.dense(found))
