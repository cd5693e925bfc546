"""A FastGAN as the search sees it: its latent, drawn by its small head."""

from typing import Any

import torch
from torch import Tensor

from vgan.models.generators.fastgan import FastGAN
from vgan.picture_code import PictureCode
from vgan.sources.pictured import TYPICAL, found_with
from vgan.sources.square import crop

RATE = 0.05
AT_ONCE = 8  # pictures that are drawn together


class FastGanSearch:
    """See `vgan.inversion.Searched`. Its pictures are square: of another aspect the middle is drawn."""

    levels = 1

    def __init__(
        self,
        model: FastGAN,
        look: int,
        picture: Tensor,
        knots: Tensor | None,
        count: int,
        aspect: str,
    ):
        self._model, self._aspect = model, aspect
        draws = torch.randn(count, model.params.z_dim, generator=torch.Generator().manual_seed(0))
        self._z = TYPICAL * draws.to(picture.device)
        self.keep(torch.arange(count))

    def moving(self) -> list[dict[str, Any]]:
        return [{"params": [self._z], "lr": RATE}]

    def keep(self, chosen: Tensor) -> None:
        self._z = self._z.detach()[chosen].requires_grad_()

    def draw(self, level: int) -> Tensor:
        parts = [self._model(z, size="small")[:, :3].float() for z in self._z.split(AT_ONCE)]
        return crop(torch.cat(parts), self._aspect)

    def strayed(self) -> Tensor:
        return self._z.square().mean(-1)

    def code(self, weights: bytes) -> PictureCode:
        return found_with(self._z[:1], self._z.new_zeros(0), self._z.new_zeros(0), "fastgan", weights)
