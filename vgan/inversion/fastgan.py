"""A FastGAN as the search sees it: its latent, drawn by its small head."""

import torch
from torch import Tensor

from vgan.inversion.square import SquareSearch
from vgan.models.generators.fastgan import FastGAN
from vgan.picture_code import PictureCode
from vgan.sources.pictured import TYPICAL, found_with


class FastGanSearch(SquareSearch):
    """See `vgan.inversion.Searched`."""

    def __init__(self, model: FastGAN, look: int, picture: Tensor, knots: Tensor | None, count: int, aspect: str):
        self._model = model
        draws = torch.randn(count, model.params.z_dim, generator=torch.Generator().manual_seed(0))
        super().__init__(TYPICAL * draws.to(picture.device), aspect)

    def pictures(self, latent: Tensor) -> Tensor:
        """See `SquareSearch`."""
        return self._model(latent, size="small")[:, :3].float()

    def code(self, weights: bytes) -> PictureCode:
        none = self._latent.new_zeros(0)
        return found_with(self._latent[:1], none, none, "fastgan", weights)
