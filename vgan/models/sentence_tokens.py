"""Text to the numbers that the sentence encoder reads."""

from pathlib import Path

import torch
from torch import Tensor

from vgan.errors import WeightsError

LONGEST = 128  # tokens of a sentence; what comes after is not read


class Tokens:
    """The WordPiece vocabulary in a `tokenizer.json`, lower case, without accents. Safe to use from several threads."""

    def __init__(self, path: Path):
        """Raises WeightsError for a file that is missing or is no tokenizer."""
        from tokenizers import Tokenizer  # only who has a sentence to read loads it

        try:
            self._tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # the library raises nothing narrower
            raise WeightsError(f"{path.name}: this is no tokenizer ({str(error)[:120]}). Fetch it anew.") from error
        self._tokenizer.enable_truncation(LONGEST)
        self._tokenizer.enable_padding()

    def __call__(self, sentences: list[str]) -> tuple[Tensor, Tensor]:
        """ids and mask, both (B, L) whole numbers; L is that of the longest sentence, at most `LONGEST`."""
        read = self._tokenizer.encode_batch(sentences)
        return torch.tensor([one.ids for one in read]), torch.tensor([one.attention_mask for one in read])
