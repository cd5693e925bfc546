"""What looks are made of: a plane seen over one loop, random periodic fields on it, colour, and soft shapes."""

from dataclasses import dataclass
from math import pi

import torch
from torch import Tensor


@dataclass(frozen=True)
class Plane:
    """Where and when a look is asked for its colour.

    x, y: (1, h, w), in units of the shorter side, y downwards, from 0 at the top left of the scene.
    t: (T, 1, 1), in loops: 0 and 1 are the same moment.
    wide, tall: size of the whole scene in the same units.
    """

    x: Tensor
    y: Tensor
    t: Tensor
    wide: float
    tall: float


class Draw:
    """Random choices of one clip, from a seed: the same seed makes the same clip anywhere."""

    def __init__(self, seed: int):
        self._generator = torch.Generator("cpu").manual_seed(seed)

    def uniform(self, low: float, high: float) -> float:
        return low + (high - low) * float(torch.rand((), generator=self._generator))

    def log_uniform(self, low: float, high: float) -> float:
        return low * (high / low) ** self.uniform(0, 1)

    def whole(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return int(torch.randint(low, high + 1, (), generator=self._generator))

    def many(self, count: int, low: float = 0.0, high: float = 1.0) -> Tensor:
        """(count,) uniform numbers."""
        return low + (high - low) * torch.rand(count, generator=self._generator)

    def waves(self, count: int, low: int, high: int) -> Tensor:
        """(count,) whole numbers of cycles per loop, as floats, either sign."""
        n = torch.randint(low, high + 1, (count,), generator=self._generator)
        return n * torch.where(torch.rand(count, generator=self._generator) < 0.5, -1, 1)

    def normal(self, count: int) -> Tensor:
        return torch.randn(count, generator=self._generator)


class Field:
    """f(x, y, t) = sum of a cos(2 pi (k.x + n t) + p) with whole n: smooth, endless, and exactly periodic in t.

    frequency: typical cycles per unit. stretch: factors on the frequency along x and y. lively: share of modes that
    travel in time, from 0 (still) to 1. Values have unit variance.
    """

    def __init__(
        self,
        draw: Draw,
        frequency: float,
        modes: int = 8,
        stretch: tuple[float, float] = (1.0, 1.0),
        lively: float = 1.0,
    ):
        angle = 2 * pi * (torch.arange(modes) + draw.many(modes)) / modes
        length = frequency * (0.45 + 0.9 * draw.many(modes))
        self._kx = length * torch.cos(angle) * stretch[0]
        self._ky = length * torch.sin(angle) * stretch[1]
        travels = draw.many(modes) < 0.35 + 0.65 * lively
        self._n = draw.waves(modes, 1, 1 + round(lively)) * travels
        self._phase = 2 * pi * draw.many(modes)
        amplitude = (0.5 + draw.many(modes)) / length.clamp_min(1e-3) ** 0.5
        self._amplitude = amplitude * (2 / amplitude.square().sum()).sqrt()

    def __call__(self, x: Tensor, y: Tensor, t: Tensor) -> Tensor:
        """Values at the broadcast of x, y (.., h, w) and t (T, 1, 1): (T, h, w)."""
        value: Tensor = torch.zeros(())
        for kx, ky, n, phase, amplitude in zip(
            self._kx.tolist(),
            self._ky.tolist(),
            self._n.tolist(),
            self._phase.tolist(),
            self._amplitude.tolist(),
            strict=True,
        ):
            value = value + amplitude * torch.cos((2 * pi * kx) * x + (2 * pi * ky) * y + (2 * pi * n * t + phase))
        return value


def smoothstep(low: float, high: float, value: Tensor) -> Tensor:
    """0 below `low`, 1 above `high`, smooth between."""
    s = ((value - low) / (high - low)).clamp(0, 1)
    return s * s * (3 - 2 * s)


def hsv(hue: Tensor | float, saturation: Tensor | float, value: Tensor | float) -> Tensor:
    """Colour (.., 3, ..) with channels in front: hue in turns, saturation and value in [0, 1]; inputs broadcast."""
    turn, vivid, light = torch.broadcast_tensors(*(torch.as_tensor(part) for part in (hue, saturation, value)))
    channels = [
        light * (1 - vivid * (1 - ((turn + shift).remainder(1.0) * 6 - 3).abs().sub(1).clamp(0, 1)))
        for shift in (0.0, 2 / 3, 1 / 3)
    ]
    return torch.stack(channels, dim=-3 if turn.dim() >= 2 else 0)


def tint(hue: float, saturation: float, value: float) -> Tensor:
    """One colour, (3, 1, 1)."""
    return hsv(hue, saturation, value).view(3, 1, 1)


def mix(a: Tensor, b: Tensor, amount: Tensor) -> Tensor:
    """Colours a to b (.., 3, h, w) by `amount` (T, h, w)."""
    return a + (b - a) * amount.unsqueeze(-3)


def ramp(value: Tensor, *colours: Tensor) -> Tensor:
    """`value` (T, h, w) in [0, 1] to colour (T, 3, h, w) along `colours`, each (3, 1, 1), evenly spaced, smooth."""
    spread = value.clamp(0, 1) * (len(colours) - 1)
    out = colours[0].expand(*value.shape[:-2], 3, *value.shape[-2:])
    for index, colour in enumerate(colours[1:]):
        out = mix(out, colour, smoothstep(0, 1, spread - index))
    return out
