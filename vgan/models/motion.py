"""Motion that loops by construction."""

from dataclasses import dataclass
from math import pi

import torch
from torch import Tensor

CYCLES = 3  # whole cycles per loop, 1 to this


@dataclass(frozen=True)
class Motion:
    """How clips move, and which part of the endless plane they show.

    amplitude, phase: (B, M, CYCLES) of the sines; offset: (B, 2) of the plane, in short sides.
    """

    amplitude: Tensor
    phase: Tensor
    offset: Tensor

    @classmethod
    def draw(cls, count: int, width: int, generator: torch.Generator, reach: float = 24.0) -> "Motion":
        """`count` random motions of `width` channels from a CPU generator; offsets within +-reach short sides."""
        falling = 1 / torch.arange(1, CYCLES + 1)
        return cls(
            torch.randn(count, width, CYCLES, generator=generator) * falling,
            2 * pi * torch.rand(count, width, CYCLES, generator=generator),
            reach * (2 * torch.rand(count, 2, generator=generator) - 1),
        )

    def code(self, times: Tensor) -> Tensor:
        """times: (B, T) in loops. Returns the motion code (B, T, M), the same at t and t + 1."""
        cycles = torch.arange(1, CYCLES + 1, device=times.device)
        angle = 2 * pi * times.remainder(1.0)[:, :, None, None] * cycles + self.phase[:, None]
        return (self.amplitude[:, None] * torch.sin(angle)).sum(-1)

    def to(self, device: torch.device) -> "Motion":
        return Motion(self.amplitude.to(device), self.phase.to(device), self.offset.to(device))
