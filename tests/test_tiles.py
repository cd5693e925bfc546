"""Tiles: what is put together is what it would be in one piece, and where it cannot be, no seam shows."""

from collections.abc import Callable

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from vgan.steps.tiles import Tiling, tiled


def texture(height: int, width: int) -> Tensor:
    """Like a photograph: shades, edges and noise."""
    rng = torch.Generator().manual_seed(3)
    coarse = F.interpolate(torch.rand(1, 3, 7, 9, generator=rng), (height, width), mode="bicubic", align_corners=False)
    return coarse + 0.05 * torch.rand(1, 3, height, width, generator=rng)


def blurred(pictures: Tensor) -> Tensor:
    """Sees 3 pixels far, and black beyond the edge; twice as large."""
    return F.interpolate(F.avg_pool2d(pictures, 7, 1, 3), scale_factor=2.0, mode="nearest")


def levelled(pictures: Tensor) -> Tensor:
    """What every foreign network does a little: its output depends on all that it is shown."""
    return pictures - 0.2 * pictures.mean((-2, -1), keepdim=True)


@pytest.mark.parametrize("size", [(64, 64), (65, 200), (200, 65), (31, 400), (400, 31), (143, 157), (5, 3000)])
def test_known_reach_gives_the_whole_picture(size: tuple[int, int]) -> None:
    picture = texture(*size)
    made = tiled(blurred, picture, 2, Tiling(48 * 48, 6, 3))
    assert torch.allclose(made, blurred(picture), atol=1e-6)


def test_no_window_is_larger_than_allowed() -> None:
    seen: list[int] = []

    def draw(pictures: Tensor) -> Tensor:
        seen.append(pictures.shape[-2] * pictures.shape[-1])
        return pictures

    picture = texture(300, 500)
    assert torch.allclose(tiled(draw, picture, 1, Tiling(64 * 64, 16, 4)), picture, atol=1e-6)
    assert max(seen) <= 64 * 64
    assert len(seen) > 40
    seen.clear()
    tiled(draw, texture(64, 64), 1, Tiling(64 * 64, 16, 4))
    assert len(seen) == 1


@pytest.mark.parametrize(
    "make", [texture, lambda h, w: torch.linspace(0, 1, w).expand(1, 3, h, w)], ids=["photo", "ramp"]
)
def test_no_seams_where_windows_disagree(make: Callable[[int, int], Tensor]) -> None:
    picture = make(180, 260)
    made = tiled(levelled, picture, 1, Tiling(96 * 96, 32, 8))
    # steps between neighbours are those of the picture, and what was added changes slowly
    added = made - picture
    assert float(added.diff(dim=-1).abs().max()) < 0.02
    assert float(added.diff(dim=-2).abs().max()) < 0.02
    hard = tiled(levelled, picture, 1, Tiling(96 * 96, 32, 16)) - picture
    assert float(hard.diff(dim=-1).abs().max()) > 0.02
