"""Patches over finished frames: in RGB, in a codec's planes, and through a whole render."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from vgan.media import reader
from vgan.media.planes import to_planes, views
from vgan.overlays import OVERLAYS
from vgan.overlays.around import Layer, Onto
from vgan.overlays.blend import Patch, Picture, lay
from vgan.recipe import Recipe
from vgan.recipe_overlays import Mark
from vgan.registry import Models
from vgan.render import render, still
from vgan.settings import Settings

RED = (230, 20, 40)


def grey(height: int = 96, width: int = 64, level: int = 100) -> np.ndarray:
    return np.full((height, width, 3), level, np.uint8)


def block(width: int, height: int, alpha: int = 255) -> Picture:
    rgba = np.empty((height, width, 4), np.uint8)
    rgba[:] = (*RED, alpha)
    return Picture.of(rgba)


def rgb_of(planes: np.ndarray) -> np.ndarray:
    """One frame of planes back to RGB by the matrix of HD, colours at the size of their own plane enlarged by four."""
    light, blue, red = (plane.astype(np.float64) for plane in views(planes))
    blue, red = (np.kron(plane, np.ones((2, 2))) - 128 for plane in (blue, red))
    y = (light - 16) * 255 / 219
    blue, red = blue * 255 / 224, red * 255 / 224
    out = np.stack([y + 1.5748 * red, y - 0.1873 * blue - 0.4681 * red, y + 1.8556 * blue], -1)
    return out.clip(0, 255).round().astype(np.uint8)


def test_a_solid_patch_covers_and_leaves_the_rest() -> None:
    frame = grey()
    lay(frame, [Patch(10, 20, block(8, 6))])
    assert (frame[20:26, 10:18] == RED).all()
    frame[20:26, 10:18] = 100
    assert (frame == 100).all()


def test_opacity_and_alpha_multiply() -> None:
    frame = grey(level=0)
    lay(frame, [Patch(0, 0, block(4, 4, alpha=128), opacity=0.5)])
    assert np.abs(frame[0, 0].astype(int) - [round(v * 128 / 255 / 2) for v in RED]).max() <= 1


@pytest.mark.parametrize(("left", "top"), [(-5, -5), (60, 92), (-50, 0), (200, 10), (0, -200)])
def test_what_lies_outside_is_left_out(left: int, top: int) -> None:
    frame = grey()
    lay(frame, [Patch(left, top, block(8, 8))])
    inside = frame[max(0, top) : max(0, top + 8), max(0, left) : max(0, left + 8)]
    assert (inside == RED).all()
    assert ((frame == 100).all(-1).sum() + (inside.size // 3)) == 96 * 64


@pytest.mark.parametrize(("left", "top"), [(10, 20), (11, 20), (10, 21), (11, 21), (-3, -7), (59, 90)])
def test_planes_hold_the_same_picture_as_rgb(left: int, top: int) -> None:
    """Away from the patch's border, where colour planes are as coarse as they are."""
    frame = grey()
    planes = to_planes(frame[None], (64, 96))[0]
    patches = [Patch(left, top, block(20, 14), opacity=0.7)]
    lay(frame, patches)
    lay(planes, patches)
    known, found = frame.astype(int), rgb_of(planes).astype(int)
    border = np.ones(frame.shape[:2], bool)
    for at, length, axis in ((top, 14, 0), (left, 20, 1)):
        for edge in (at, at + length):
            index = [slice(None), slice(None)]
            index[axis] = slice(max(0, edge - 2), max(0, edge + 2))
            border[tuple(index)] = False
    assert np.abs(known - found)[border].max() <= 4


def test_planes_shrink_and_grow_without_a_shift() -> None:
    ramp = np.repeat(np.linspace(0, 255, 128).astype(np.uint8)[None, :, None], 96, 0).repeat(3, 2)
    for size in ((64, 48), (256, 192), (128, 96)):
        light = views(to_planes(ramp[None], size)[0])[0].astype(float)
        assert light.shape == (size[1], size[0])
        middle = (light[0, size[0] // 2 - 1] + light[0, size[0] // 2]) / 2
        assert abs((middle - 16) * 255 / 219 - 127.5) < 2


class Blink:
    """A red block in the middle, in odd frames alone."""

    def __init__(self, onto: Onto):
        width, height = onto.extent.size
        self._patch = Patch(width // 2 - 20, height // 2 - 20, block(40, 40))
        self.safe = onto.safe

    def at(self, frame: int) -> Sequence[Patch]:
        return [self._patch] if frame % 2 else []


@pytest.fixture
def blinking(monkeypatch: pytest.MonkeyPatch) -> list[Blink]:
    """The mark's row shows a `Blink` in its place; those that were opened."""
    opened: list[Blink] = []

    def open_blink(_: Mark, onto: Onto) -> Layer:
        opened.append(Blink(onto))
        return opened[-1]

    monkeypatch.setitem(OVERLAYS, "mark", open_blink)
    return opened


def recipe(file_format: str, **share: object) -> Recipe:
    return Recipe.parse(
        {
            "source": {"kind": "generate", "look": "aurora", "seconds": 0.5},
            "overlays": [{"kind": "mark"}],
            "share": {"short_side": 240, "fps": 8, "format": file_format, **share},
        }
    )


@pytest.mark.parametrize("file_format", ["mp4", "webm", "gif", "webp"])
def test_every_format_shows_it_in_its_frames(tmp_path: Path, blinking: list[Blink], file_format: str) -> None:
    out = tmp_path / f"clip.{file_format}"
    clip = render(recipe(file_format), Models(Settings(), 1), out)
    assert (clip.width, clip.height, clip.frames) == (240, 426, 4)
    frames = [frame for _, frame in reader.frames(out)]
    red = [np.abs(frame[213 - 10 : 213 + 10, 110:130].astype(int) - RED).mean() for frame in frames]
    assert max(red[1::2]) < 14 < 40 < min(red[::2])


def test_a_still_is_the_frame_of_the_render(tmp_path: Path, blinking: list[Blink]) -> None:
    models, out = Models(Settings(), 1), tmp_path / "clip.mp4"
    render(recipe("mp4"), models, out)
    frames = [frame for _, frame in reader.frames(out)]
    for index in (0, 1):
        before, after = still(recipe("mp4"), models, index)
        assert np.abs(after.astype(int) - frames[index]).mean() < 4
        assert (np.abs(after[213, 120].astype(int) - RED).max() < 3) == bool(index)
        assert np.abs(before[before.shape[0] // 2, before.shape[1] // 2].astype(int) - RED).max() > 20


def test_the_safe_zone_is_the_platform_s(tmp_path: Path, blinking: list[Blink]) -> None:
    models = Models(Settings(), 1)
    for platform in ("any", "tiktok"):
        still(recipe("mp4", platform=platform), models)
    common, tiktok = (one.safe for one in blinking)
    assert tiktok.bottom < common.bottom
    assert tiktok.size[0] < common.size[0]
