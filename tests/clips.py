"""Clips of plain arithmetic in the place of a generator, for tests of everything that comes after one."""

from collections.abc import Iterator, Sequence

import pytest
import torch
from torch import Tensor

from vgan import sources
from vgan.media.extent import Extent
from vgan.recipe import Recipe, generated
from vgan.registry import Models
from vgan.settings import Settings
from vgan.sources.generate import GenerateSource

CHUNK = 8


class Waves:
    """Soft moving waves, a fifth of the finished size: a loop, different for every seed."""

    loops = True

    def __init__(self, recipe: Recipe, models: Models):
        self.extent = self.extent_of(recipe)
        self.source, self.frames, self.size = generated(recipe), self.extent.frames, self.extent.size

    @staticmethod
    def extent_of(recipe: Recipe) -> Extent:
        """See `vgan.sources.Source`."""
        return GenerateSource.extent_of(recipe)

    def at(self, frames: Sequence[int]) -> Tensor:
        """See `vgan.sources.Source`."""
        return self.draw(torch.tensor(frames))

    def chunks(self) -> Iterator[Tensor]:
        """Float pictures (n, 3, H, W) in [-1, 1]."""
        for start in range(0, self.frames, CHUNK):
            yield self.draw(torch.arange(start, min(start + CHUNK, self.frames)))

    def draw(self, index: Tensor) -> Tensor:
        """The frames at `index` (n,)."""
        width, height = (side // 5 for side in self.size)
        t = (2 * torch.pi * index / self.frames)[:, None, None]
        y = torch.linspace(0, 6, height)[None, :, None] + self.source.seed
        x = torch.linspace(0, 4, width)[None, None, :]
        planes = (torch.sin(x + t) * torch.cos(y), torch.cos(2 * x - t), torch.sin(x + y + t))
        return torch.stack(torch.broadcast_tensors(*planes), 1)


class Bars(Waves):
    """Still bars of saturated and grey colours: COLOURS, from left to right."""

    PURE = ((255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0))
    COLOURS = (*PURE, (16, 16, 16), (128, 128, 128), (235, 235, 235), (200, 120, 60))

    def draw(self, index: Tensor) -> Tensor:
        bars = torch.tensor(self.COLOURS).float().div(127.5).sub(1).T[None, :, None, :]
        return bars.repeat_interleave(16, dim=3).expand(len(index), -1, 128, -1)


class Failing(Waves):
    """Breaks in the third chunk."""

    def draw(self, index: Tensor) -> Tensor:
        if index[0] >= 2 * CHUNK:
            raise RuntimeError("the third chunk broke")
        return super().draw(index)


@pytest.fixture
def models() -> Models:
    """No network, but a runtime."""
    return Models(Settings(device="cpu", offline=True))


@pytest.fixture
def waves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every generated source is `Waves` from here on."""
    monkeypatch.setitem(sources.SOURCES, "generate", Waves)


def recipe(seconds: float = 1.0, seed: int = 1, **share: object) -> Recipe:
    """A small recipe; further fields are those of `share`."""
    return Recipe.parse(
        {
            "source": {"kind": "generate", "seconds": seconds, "seed": seed},
            "share": {"short_side": 144, "fps": 24, **share},
        }
    )
