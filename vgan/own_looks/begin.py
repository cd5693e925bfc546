"""Where the training of a look begins: at looks that were trained already, the most alike first."""

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from vgan.errors import RecipeError, WeightsError
from vgan.look_files import build_look
from vgan.models.attributes import ATTRIBUTES, KNOTS
from vgan.models.generators.loop import LoopGenerator, LoopParams
from vgan.training.checkpoint import CRITICS
from vgan.training.own.trainer import one_look
from vgan.weights import load_into, read_config, read_weights

COMPARED = [index for index, name in enumerate(ATTRIBUTES) if name != "hue"]  # any look has any hue
NEAR = 3  # looks that are mixed


@dataclass(frozen=True)
class Beginning:
    """model: sizes of the generator, its one look called as asked; weights: None for a training from scratch; critics:
    of its critics, None where they were not kept; like: the looks that the new one begins between, nearest first."""

    model: LoopParams
    weights: dict[str, Tensor] | None
    critics: dict[str, Tensor] | None
    like: tuple[str, ...]


def beginning(folder: Path, name: str, table: Tensor, scratch: bool) -> Beginning:
    """How to begin the look `name` whose footage has the attribute knots `table` (KNOTS, 7).

    folder: of looks in our own format; scratch: take their sizes alone. Raises RecipeError for weights of another
    family, WeightsError for a folder that holds no whole weights.
    """
    config = read_config(folder / "config.json")
    if config.get("family") != "loop":
        raise RecipeError(
            f"start_from: {folder} holds weights of the family {str(config.get('family'))[:40]!r}. Allowed: 'loop', "
            "such as the looks that ship, or a look that was trained here."
        )
    state = read_weights(folder / "model.safetensors")
    network, state = build_look(config, state)
    if not isinstance(network, LoopGenerator):
        raise RecipeError(f"start_from: {folder} holds a loop generator for comparing families. Allowed: looks.")
    load_into(network, state, str(folder / "model.safetensors"))
    looks = network.params.looks
    model = dataclasses.replace(network.params, looks=(name,))
    if scratch:
        return Beginning(model, None, None, ())
    shares = _mixture(looks, config, table)
    critics = _critics(folder / CRITICS, shares) if (folder / CRITICS).is_file() else None
    return Beginning(model, one_look(network.state_dict(), shares), critics, tuple(looks[row] for row in shares))


def _critics(path: Path, shares: dict[int, float]) -> dict[str, Tensor]:
    """Raises WeightsError for what is damaged or knows fewer looks."""
    state = read_weights(path)
    if broken := next((name for name, value in state.items() if not bool(value.isfinite().all())), ""):
        raise WeightsError(f"{path.name}: {broken} holds what is not a number. Remove the file to begin without it.")
    try:
        return one_look(state, shares)
    except IndexError as error:
        raise WeightsError(
            f"{path.name}: it knows fewer looks than the weights beside it. Remove the file to begin without it."
        ) from error


def _mixture(looks: tuple[str, ...], config: dict[str, Any], table: Tensor) -> dict[int, float]:
    """Which looks of `config` are most like `table`, and how much each counts; all alike where nothing is known."""
    try:
        tables = torch.tensor([config["knots"][look] for look in looks])
        if tables.shape != (len(looks), KNOTS, len(ATTRIBUTES)) or not bool(tables.isfinite().all()):
            raise WeightsError("config.json: knots are not those of its looks.")
    except (KeyError, TypeError, ValueError):
        return dict.fromkeys(range(len(looks)), 1 / len(looks))
    width = (tables[:, -1] - tables[:, 0]).mean(0).clamp_min(1e-3)
    # Two sorted lists of quantiles, laid beside each other: the distance of what they stand for.
    apart = ((tables - table).abs().mean(1) / width)[:, COMPARED].mean(1)
    near = apart.argsort()[:NEAR]
    weights = 1 / apart[near].clamp_min(1e-3)
    return dict(zip(near.tolist(), (weights / weights.sum()).tolist(), strict=True))
