"""Cuts are seen, motion and light are not taken for them."""

from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from vgan.errors import MediaError
from vgan.media import reader
from vgan.scene import is_cut
from vgan.tensors import to_pictures

CLIPS = Path("../shared/data/video/good")
KINDS = ("bottles-640x360.mp4", "corridor-768x432.mp4", "elf.mp4", "frog.mp4", "chaplin.mp4", "bbb-1080p-5s.mp4")


def scene(seed: int, height: int = 90, width: int = 160) -> Tensor:
    """A picture of coloured hills."""
    noise = torch.rand(1, 3, 5, 8, generator=torch.Generator().manual_seed(seed))
    hills = F.interpolate(noise, (height + 20, width + 40), mode="bicubic")[0]
    return hills.mul(2).sub(1).clamp(-1, 1)


def test_a_pan_a_flash_and_a_fade_are_no_cuts() -> None:
    whole = scene(1)
    first = whole[:, :90, :160]
    assert not is_cut(first, first)
    assert not is_cut(first, whole[:, 8:98, 24:184])
    assert not is_cut(first, (first * 0.7 + 0.5).clamp(-1, 1))
    black = torch.full_like(first, -1)
    dim = torch.lerp(black, first, 0.2)
    assert not is_cut(dim, torch.lerp(black, first, 0.25))
    assert not is_cut(black, black)


@pytest.mark.parametrize("seed", range(2, 10))
def test_another_picture_is_a_cut(seed: int) -> None:
    assert is_cut(scene(1)[:, :90, :160], scene(seed)[:, :90, :160])


def test_to_and_from_black_is_a_cut() -> None:
    first = scene(1)[:, :90, :160]
    assert is_cut(first, torch.full_like(first, -1))
    assert is_cut(torch.full_like(first, -1), first)


def frames(name: str, count: int) -> list[Tensor]:
    found = []
    try:
        for index, (_, frame) in enumerate(reader.frames(CLIPS / name)):
            if index == count:
                break
            found.append(to_pictures(np.array(frame[::4, ::4])))
    except MediaError:
        pytest.skip(f"{name} is not here: real clips come with the shared data")
    return found


@pytest.mark.parametrize("name", KINDS)
def test_real_clips_of_one_scene_have_no_cut(name: str) -> None:
    clip = frames(name, 60)
    assert not any(is_cut(one, other) for one, other in zip(clip, clip[2:], strict=False))


def test_clips_joined_are_cut_where_they_meet() -> None:
    firsts = {name: frames(name, 1)[0] for name in KINDS}
    for one in firsts:
        for other in firsts:
            assert is_cut(firsts[one], firsts[other]) == (one != other), (one, other)


def test_a_real_cut_is_found() -> None:
    clip = frames("bbb_800x640_768kbps_30fps_avc_pyramid_3b.mp4", 20)
    assert [index for index in range(1, 20) if is_cut(clip[index - 1], clip[index])] == [6]
