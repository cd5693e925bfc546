"""What the searches of generators with square pictures have in common: one latent for each picture that is tried."""

from abc import ABC, abstractmethod
from typing import Any

import torch
from torch import Tensor

from vgan.sources.square import crop

RATE = 0.05
AT_ONCE = 8  # pictures that are drawn together


class SquareSearch(ABC):
    """See `vgan.inversion.Searched`. Of an aspect other than the square one the middle is drawn.

    latent: (count, ...), where the pictures that are tried begin; each learns by itself.
    """

    levels = 1

    def __init__(self, latent: Tensor, aspect: str):
        self._latent, self._aspect = latent, aspect
        self.keep(torch.arange(len(latent)))

    @abstractmethod
    def pictures(self, latent: Tensor) -> Tensor:
        """The whole pictures (n, 3, S, S) of a few latents, float32 in [-1, 1] up to overshoot."""

    def moving(self) -> list[dict[str, Any]]:
        return [{"params": [self._latent], "lr": RATE}]

    def keep(self, chosen: Tensor) -> None:
        self._latent = self._latent.detach()[chosen].requires_grad_()

    def draw(self, level: int) -> Tensor:
        return crop(torch.cat([self.pictures(part) for part in self._latent.split(AT_ONCE)]), self._aspect)

    def strayed(self) -> Tensor:
        return self._latent.square().flatten(1).mean(1)
