"""Where the variation sliders lead in a loop generator."""

from typing import Any

import torch
from torch import Tensor

from vgan.models.directions import closed_form, principal
from vgan.models.generators.loop import LoopGenerator, encode_shares
from vgan.recipe import ATTRIBUTES, VARIATIONS
from vgan.runtime import Runtime, generator
from vgan.sources.directions import Layers

SPREAD_SAMPLES = 256  # styles from which components and the reach of a variation slider are measured


def found(model: LoopGenerator, runtime: Runtime, basis: str, layers: Layers | None) -> Tensor:
    """See `Directions`.

    In closed form those of the first modulated layers, or of the layers that vary; by components those of all styles. A
    unit is a third of the standard deviation of styles along them, over looks and attributes: within one look z moves
    the style too little to be seen.
    """
    params = model.params
    z = torch.randn(SPREAD_SAMPLES, params.latent, generator=generator(0)).to(runtime.device)
    look = torch.arange(SPREAD_SAMPLES, device=z.device) % len(params.looks)
    shares = torch.rand(SPREAD_SAMPLES, len(ATTRIBUTES), generator=generator(1)).to(z.device)
    w = model.mapping(z, look, encode_shares(shares))
    if basis == "pca":
        directions = principal(w, w, VARIATIONS)
    else:
        # What mixes the waves, and the first convolutions of the base: what the picture is made of.
        matrices = _matrices(model, layers or (1, 1 + min(2, len(model.base_convs))))
        directions = closed_form(matrices, VARIATIONS)
    directions = directions.to(runtime.device)
    return directions * ((w @ directions.t()).std(0)[:, None] / 3)


def _matrices(model: LoopGenerator, layers: Layers) -> list[Tensor]:
    """The matrices by which some of `model.parts` read the style."""
    base: Any = model.base
    convs: Any = model.base_convs
    levels: Any = model.levels
    parts = [[base.bending.phase.weight, base.waves.phase.weight, base.bend.affine.weight], [base.mix.affine.weight]]
    parts += [[conv.affine.weight] for conv in convs]
    parts += [[*(conv.affine.weight for conv in level.convs), level.rgb.affine.weight] for level in levels]
    return [matrix for part in parts[layers[0] : layers[1] + 1] for matrix in part]
