"""What the sentence encoder says about captions, and a file that keeps it, so that they are read only once."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

TOGETHER = 64  # captions that are embedded at once
Encode = Callable[[list[str]], tuple[Tensor, Tensor]]


def embedded(texts: list[str], encode: Encode) -> list[Tensor]:
    """Tokens of every text, (its own length, width) in float16. Texts of a length are read together."""
    order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
    found: dict[int, Tensor] = {}
    for start in range(0, len(order), TOGETHER):
        places = order[start : start + TOGETHER]
        tokens, mask = encode([texts[place] for place in places])
        for place, row, seen in zip(places, tokens, mask.bool(), strict=True):
            found[place] = row[seen].half().cpu()
    return [found[place] for place in range(len(texts))]


def kept(texts: list[str], encode: Encode, path: Path, write: bool = True) -> list[Tensor]:
    """As `embedded`, from `path` if it holds the same texts; else made anew and, if `write`, put there."""
    digest = hashlib.sha256("\n".join(texts).encode()).hexdigest()
    if found := _read(path, digest):
        return found
    made = embedded(texts, encode)
    if write:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        lengths = torch.tensor([len(row) for row in made])
        save_file({"tokens": torch.cat(made), "lengths": lengths}, part, {"texts": digest})
        part.replace(path)
    return made


def batch_of(rows: list[Tensor]) -> tuple[Tensor, Tensor]:
    """Rows (own length, width) as one float32 batch (n, L, width), and where there is a token (n, L)."""
    lengths = torch.tensor([len(row) for row in rows])
    tokens = pad_sequence([row.float() for row in rows], batch_first=True)
    return tokens, torch.arange(tokens.shape[1]) < lengths[:, None]


def _read(path: Path, digest: str) -> list[Tensor]:
    """Rows of a file that `kept` wrote for the texts of `digest`; none where it is of others or is no such file."""
    try:
        with safe_open(path, "pt") as file:
            if (file.metadata() or {}).get("texts") != digest:
                return []
            return list(file.get_tensor("tokens").split(file.get_tensor("lengths").tolist()))
    except (OSError, SafetensorError):
        return []
