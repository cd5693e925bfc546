"""Where the variation sliders lead: directions of a model by basis and layers, worked out when first asked for."""

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any
from weakref import ref

import torch
from torch import Tensor, nn

from vgan.breaks import holding
from vgan.recipe import Latent
from vgan.runtime import Runtime

Layers = tuple[int, int]
Find = Callable[[Any, Runtime, str, Layers | None], Tensor]


class Directions:
    """The directions of one model, (VARIATIONS, dim) for each basis and range of layers.

    find: works them out, from model, runtime, basis and the first and last layer, None for all. layers: how many layers
    of the model can vary apart; 0 where it has none, and ranges mean nothing. Safe to use from several threads; keeps
    no model in memory.
    """

    def __init__(self, model: nn.Module, runtime: Runtime, find: Find, layers: int = 0):
        self.layers = layers
        self._model, self._runtime, self._find = ref(model), runtime, find
        self._kept: dict[tuple[str, Layers | None], Tensor] = {}
        self._lock = Lock()

    def of(self, key: Latent) -> Tensor:
        """The directions that the sliders of `key` stand for, (VARIATIONS, dim)."""
        asked = (key.basis, self.range(key.layers))
        with self._lock, holding():
            if asked not in self._kept:
                with torch.inference_mode():
                    self._kept[asked] = self._find(self._model(), self._runtime, *asked)
            return self._kept[asked]

    def range(self, asked: Layers | None) -> Layers | None:
        """The first and the last layer of a range, which may be of another network, in this one; None for all."""
        if asked is None or not self.layers:
            return None
        first, last = (min(layer, self.layers - 1) for layer in asked)
        return None if last - first == self.layers - 1 else (first, last)

    @staticmethod
    def alike(keys: Sequence[Latent]) -> bool:
        """Whether the sliders of all `keys` stand for the same directions."""
        return len({(key.basis, key.layers) for key in keys}) == 1

    def moves(self, keys: Sequence[Latent]) -> Tensor:
        """What the sliders of each key add to its latent, (n, dim)."""
        groups = [list(keys)] if self.alike(keys) else [[key] for key in keys]
        parts = []
        for group in groups:
            directions = self.of(group[0])
            sliders = torch.tensor([key.variation for key in group], dtype=directions.dtype, device=directions.device)
            parts.append(sliders @ directions)
        return torch.cat(parts)

    def where(self, keys: Sequence[Latent]) -> Tensor:
        """Which layers the sliders of each key move, 1 or 0, (n, layers)."""
        rows = torch.ones(len(keys), self.layers)
        for row, key in zip(rows, keys, strict=True):
            if wanted := self.range(key.layers):
                row[: wanted[0]] = row[wanted[1] + 1 :] = 0
        return rows

    def mixed(self, keys: Sequence[Latent]) -> Tensor:
        """In which layers the second seed of each key draws, 1 or 0, (n, layers)."""
        rows = torch.zeros(len(keys), self.layers)
        for row, key in zip(rows, keys, strict=True):
            if key.mix_seed is not None:
                row[key.mix_from :] = 1
        return rows


def layered(keys: Sequence[Latent]) -> bool:
    """Whether any of `keys` asks for something else in some layers than in others."""
    return any(key.layers is not None or key.mix_seed is not None for key in keys)
