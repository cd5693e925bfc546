"""Layers in a creator's words: coarse, middle, fine, or from one number to another."""

import re

from vgan.sources.known import known

ALL = "all"
NAMES = ("coarse", "middle", "fine")
_SPAN = re.compile(r"(\d{1,2})-(\d{1,2})")
_LARGE = 9  # layers from which on the first four are coarse, the next four middle, as StyleGAN's are told apart

Range = tuple[int, int]


def bands(look: str) -> dict[str, Range]:
    """The first and last layer of each of NAMES in the network of `look`; empty where it has no layers."""
    layers = known(look).layers
    if not layers:
        return {}
    one, two = (4, 8) if layers > _LARGE else (round(layers / 3), round(layers * 2 / 3))
    return {"coarse": (0, one - 1), "middle": (one, two - 1), "fine": (two, layers - 1)}


def range_of(chip: object, look: str) -> Range | None:
    """The layers that a chip stands for: a name, or "3-7"; None for all, and for names in a network without layers."""
    if match := _SPAN.fullmatch(str(chip)):
        return int(match[1]), int(match[2])
    return bands(look).get(str(chip))


def chip_of(layers: Range | None, look: str) -> str:
    """The chip that says `layers`."""
    if layers is None:
        return ALL
    named = next((name for name, span in bands(look).items() if span == tuple(layers)), None)
    return named or f"{layers[0]}-{layers[1]}"


def start_of(chip: object, look: str) -> int | None:
    """The layer at which a chip begins: a name, or a number; None where it says nothing."""
    text = str(chip)
    if text.isdecimal() and len(text) <= 2:
        return int(text)
    span = bands(look).get(text)
    return span[0] if span else None


def start_chip(layer: int, look: str) -> str:
    """The chip that says to begin at `layer`."""
    return next((name for name, span in bands(look).items() if span[0] == layer), str(layer))
