"""Weights of the right shape that were never trained, for a checkout whose own weights are not there yet."""

from pathlib import Path

import torch

from vgan.models.generators.loop import LoopGenerator, LoopParams
from vgan.training.attributes import KNOTS
from vgan.training.checkpoint import export
from vgan.zoo import LOOKS


def write(folder: Path) -> None:
    """A deterministic, tiny model of all bundled looks in `folder`."""
    torch.manual_seed(0)
    params = LoopParams(
        looks=tuple(look.label for look in LOOKS.values() if look.model == "looks" and look.label),
        channels=(16, 12, 8, 8),
    )
    tables = torch.linspace(0, 1, KNOTS).view(1, KNOTS, 1).expand(len(params.looks), KNOTS, 7)
    export(folder, params, LoopGenerator(params).state_dict(), tables, {"steps": 0})
