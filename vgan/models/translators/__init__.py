"""Generators that turn pictures into pictures, in the layouts that people publish, recognised by their keys.

A new layout is one file and one row.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from vgan.errors import WeightsError
from vgan.models.translators import animegan2, resnet, transformer_net

State = dict[str, Tensor]


@dataclass(frozen=True)
class Layout:
    """One published layout.

    tell_tale: a key that only its checkpoints have. cls: the module. from_state: the module for a checkpoint's tensors,
    and those of them that it wants. draw: with a module of this layout, float pictures (N, 3, H, W) in [-1, 1] of any
    size from 16 px to the same.
    """

    name: str
    title: str
    tell_tale: str
    cls: type[nn.Module]
    from_state: Callable[[State], tuple[Any, State]]
    draw: Callable[[nn.Module, Tensor], Tensor]


LAYOUTS: dict[str, Layout] = {
    layout.name: layout
    for layout in (
        Layout(
            "resnet",
            "CycleGAN or pix2pix ResnetGenerator",
            resnet.TELL_TALE,
            resnet.ResnetGenerator,
            resnet.from_state,
            resnet.draw,
        ),
        Layout(
            "animegan2",
            "AnimeGANv2 Generator",
            animegan2.TELL_TALE,
            animegan2.AnimeGenerator,
            animegan2.from_state,
            animegan2.draw,
        ),
        Layout(
            "fast-neural-style",
            "fast-neural-style TransformerNet",
            transformer_net.TELL_TALE,
            transformer_net.TransformerNet,
            transformer_net.from_state,
            transformer_net.draw,
        ),
    )
}


def from_checkpoint(state: State) -> tuple[nn.Module, State]:
    """The module (on the meta device) that a checkpoint's tensors are for, and those of them that it wants.

    Raises WeightsError for tensors of no known layout, saying what was expected and what was found.
    """
    layout = next((row for row in LAYOUTS.values() if row.tell_tale in state), None)
    if layout is None:
        expected = "; ".join(f"{row.title} (has {row.tell_tale})" for row in LAYOUTS.values())
        found = ", ".join(key[:60] for key in list(state)[:3]) or "nothing"
        raise WeightsError(
            f"no layout that is known here. Expected: {expected}; or a style saved by this app (code, network). "
            f"Found: {found}."
        )
    try:
        with torch.device("meta"):
            return layout.from_state(state)
    except (KeyError, IndexError) as error:
        raise WeightsError(
            f"{layout.title}: the checkpoint is not whole, {error} is missing. Fetch it anew."
        ) from error


def layout_of(model: nn.Module) -> Layout:
    """The layout of a module made by `from_checkpoint`."""
    return next(layout for layout in LAYOUTS.values() if isinstance(model, layout.cls))
