"""Generators as other projects publish them, recognised by their keys. A new layout is one file and one row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from torch import Tensor, nn

from vgan.errors import WeightsError
from vgan.models.generators import fastgan_checkpoint, mocogan, stylegan2_checkpoint
from vgan.models.generators.fastgan import FastGAN
from vgan.models.generators.stylegan2 import StyleGAN2

State = Mapping[str, Tensor]


@dataclass(frozen=True)
class PublicLayout:
    """One published layout.

    title: what it is called where it is explained. tell_tales: keys of which only its checkpoints have one. cls: the
    module. from_checkpoint: the module on the meta device for a checkpoint's tensors, and those tensors by its own
    names; raises WeightsError. side: of its square pictures in pixels, from the keys alone; 0 where they do not tell.
    """

    title: str
    tell_tales: tuple[str, ...]
    cls: type[nn.Module]
    from_checkpoint: Callable[[State], tuple[nn.Module, dict[str, Tensor]]]
    side: Callable[[State], int]


PUBLIC_LAYOUTS: dict[str, PublicLayout] = {
    "fastgan": PublicLayout(
        "FastGAN, original or HugGAN",
        ("init.init.0.weight_orig", "_init._layers.0._conv.weight_orig"),
        FastGAN,
        fastgan_checkpoint.from_checkpoint,
        fastgan_checkpoint.side_of,
    ),
    "stylegan2": PublicLayout(
        "StyleGAN2, rosinality's names",
        (stylegan2_checkpoint.TELL_TALE,),
        StyleGAN2,
        stylegan2_checkpoint.from_checkpoint,
        stylegan2_checkpoint.side_of,
    ),
    "mocogan": PublicLayout(
        "MoCoGAN",
        ("recurrent.weight_ih",),
        mocogan.MocoGan,
        mocogan.from_checkpoint,
        lambda state: 64,
    ),
}


def layout_of(state: State) -> PublicLayout:
    """The layout of a checkpoint's tensors. Raises WeightsError, saying what was expected and what was found."""
    keys = {key.removeprefix("module.") for key in state}
    for layout in PUBLIC_LAYOUTS.values():
        if not keys.isdisjoint(layout.tell_tales):
            return layout
    expected = "; ".join(f"{row.title} (has {row.tell_tales[0]})" for row in PUBLIC_LAYOUTS.values())
    found = ", ".join(key[:60] for key in list(state)[:3]) or "nothing"
    raise WeightsError(f"no generator that is known here. Expected: {expected}. Found: {found}.")


def from_checkpoint(state: State) -> tuple[nn.Module, dict[str, Tensor]]:
    """The generator (on the meta device) that a checkpoint's tensors are for, and those tensors by its own names.

    Raises WeightsError for tensors of no known layout, and as the layout's own reader does.
    """
    return layout_of(state).from_checkpoint(state)
