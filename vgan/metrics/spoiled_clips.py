"""Clips with one known fault each: what a distance between clips must be able to see."""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor


def frozen(clips: Tensor, generator: torch.Generator) -> Tensor:
    """Every frame is the first."""
    return clips[:, :1].expand_as(clips)


def shuffled(clips: Tensor, generator: torch.Generator) -> Tensor:
    """The same frames in any order."""
    order = torch.rand(clips.shape[:2], generator=generator).argsort(1)
    return clips[torch.arange(len(clips))[:, None], order]


def blurred(clips: Tensor, generator: torch.Generator) -> Tensor:
    """As small as a quarter, and large again."""
    height, width = clips.shape[-2:]
    small = F.interpolate(clips.flatten(0, 1).float(), (max(1, height // 4), max(1, width // 4)), mode="area")
    return F.interpolate(small, (height, width), mode="bilinear").round().to(torch.uint8).view_as(clips)


def noisy(clips: Tensor, generator: torch.Generator) -> Tensor:
    """Noise of 25 levels, another in every frame."""
    noise = torch.randn(clips.shape, generator=generator) * 25
    return (clips.float() + noise).clamp(0, 255).round().to(torch.uint8)


def swapped(clips: Tensor, generator: torch.Generator) -> Tensor:
    """From the middle on another clip of the set goes on."""
    half = clips.shape[1] // 2
    return torch.cat([clips[:, :half], clips.roll(1, 0)[:, half:]], dim=1)


def recoloured(clips: Tensor, generator: torch.Generator) -> Tensor:
    """Red, green and blue change places."""
    return clips.roll(1, 2)


# Each: uint8 clips (N, T, 3, H, W) and a CPU generator to as many clips.
SPOILS: dict[str, Callable[[Tensor, torch.Generator], Tensor]] = {
    "frozen": frozen,
    "shuffled": shuffled,
    "blurred": blurred,
    "noisy": noisy,
    "swapped": swapped,
    "recoloured": recoloured,
}
