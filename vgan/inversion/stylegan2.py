"""A StyleGAN2 as the search sees it: a style for each layer (the space W+ of Abdal et al. 2019)."""

import torch
from torch import Tensor

from vgan.inversion.square import SquareSearch
from vgan.models.generators.stylegan2 import PREVIEW, StyleGAN2
from vgan.picture_code import PictureCode
from vgan.sources.pictured import TYPICAL, found_with


class StyleGAN2Search(SquareSearch):
    """See `vgan.inversion.Searched`. Its latent is how far each layer's style is from the mean."""

    def __init__(self, model: StyleGAN2, look: int, picture: Tensor, knots: Tensor | None, count: int, aspect: str):
        self._model = model
        self._side = min(PREVIEW, model.params.size)
        z = torch.randn(count, model.params.style, generator=torch.Generator().manual_seed(0))
        with torch.no_grad():
            away = TYPICAL * (model.mapping(z.to(picture.device)) - model.mean)
        super().__init__(away[:, None].repeat(1, model.params.layers, 1), aspect)

    def pictures(self, latent: Tensor) -> Tensor:
        """See `SquareSearch`."""
        return self._model.synthesis(self._model.mean + latent, side=self._side).float()

    def code(self, weights: bytes) -> PictureCode:
        none = self._latent.new_zeros(0)
        return found_with(self._latent[0], none, none, "stylegan2", weights)
