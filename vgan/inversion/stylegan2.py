"""A StyleGAN2 as the search sees it: a style for each layer (the space W+ of Abdal et al. 2019)."""

from typing import Any

import torch
from torch import Tensor

from vgan.models.generators.stylegan2 import PREVIEW, StyleGAN2
from vgan.picture_code import PictureCode
from vgan.sources.pictured import TYPICAL, found_with
from vgan.sources.square import crop

RATE = 0.05
AT_ONCE = 8  # pictures that are drawn together


class StyleGAN2Search:
    """See `vgan.inversion.Searched`. Its pictures are square: of another aspect the middle is drawn."""

    levels = 1

    def __init__(
        self,
        model: StyleGAN2,
        look: int,
        picture: Tensor,
        knots: Tensor | None,
        count: int,
        aspect: str,
    ):
        self._model, self._aspect = model, aspect
        self._side = min(PREVIEW, model.params.size)
        z = torch.randn(count, model.params.style, generator=torch.Generator().manual_seed(0))
        with torch.no_grad():
            away = TYPICAL * (model.mapping(z.to(picture.device)) - model.mean)
        self._away = away[:, None].repeat(1, model.params.layers, 1)
        self.keep(torch.arange(count))

    def moving(self) -> list[dict[str, Any]]:
        return [{"params": [self._away], "lr": RATE}]

    def keep(self, chosen: Tensor) -> None:
        self._away = self._away.detach()[chosen].requires_grad_()

    def draw(self, level: int) -> Tensor:
        parts = [
            self._model.synthesis(self._model.mean + away, side=self._side).float()
            for away in self._away.split(AT_ONCE)
        ]
        return crop(torch.cat(parts), self._aspect)

    def strayed(self) -> Tensor:
        return self._away.square().mean(-1).mean(-1)

    def code(self, weights: bytes) -> PictureCode:
        none = self._away.new_zeros(0)
        return found_with(self._away[0], none, none, "stylegan2", weights)
