"""Flicker: what changes beyond what moves."""

import numpy as np
import pytest
import torch

from vgan.metrics.flicker import flicker
from vgan.steps.steady import Tracker, Trail


def moving(count: int = 6, shift: int = 3) -> list[np.ndarray]:
    """A soft texture that drifts to the right."""
    noise = torch.rand(1, 3, 12, 16, generator=torch.Generator().manual_seed(0))
    picture = torch.nn.functional.interpolate(noise, (96, 128), mode="bicubic").clamp(0, 1)
    frames = [picture.roll(shift * index, 3) for index in range(count)]
    return [(frame[0].permute(1, 2, 0).numpy() * 255).astype(np.uint8) for frame in frames]


def pulsing(frames: list[np.ndarray], by: int = 24) -> list[np.ndarray]:
    lit = [frame.astype(int) + by * (index % 2) for index, frame in enumerate(frames)]
    return [np.clip(frame, 0, 255).astype(np.uint8) for frame in lit]


def test_motion_alone_is_no_flicker_and_a_pulse_is() -> None:
    frames = moving()
    same, pulse = flicker(frames, frames), flicker(frames, pulsing(frames))
    assert same.ratio == pytest.approx(1)
    assert same.before < 4
    assert pulse.after > 15


def test_one_frame_is_refused() -> None:
    with pytest.raises(ValueError, match="two frames"):
        flicker(moving(1), moving(1))


def as_picture(frame: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(frame).permute(2, 0, 1).float() / 127.5 - 1


def as_frame(picture: torch.Tensor) -> np.ndarray:
    return ((picture.permute(1, 2, 0).numpy() + 1) * 127.5).clip(0, 255).astype(np.uint8)


def test_trail_takes_flicker_away_and_follows_motion() -> None:
    frames = moving(10)
    tracker, trail = Tracker(0.8), Trail()
    painted = pulsing(frames)
    shown = [as_frame(trail(as_picture(b), tracker(as_picture(a)))) for a, b in zip(frames, painted, strict=True)]
    assert flicker(frames, shown).after < 0.5 * flicker(frames, painted).after
    middle = slice(20, -20)
    # what it shows is where the picture is now, not where it was
    error_now = np.abs(shown[-1][:, middle].astype(int) - frames[-1][:, middle]).mean()
    error_then = np.abs(shown[-1][:, middle].astype(int) - frames[-4][:, middle]).mean()
    assert error_now < error_then


def test_trail_keeps_nothing_across_a_cut() -> None:
    first, second = moving()[0], 255 - moving(4, 20)[3][::-1]
    tracker, trail = Tracker(0.8), Trail()
    trail(torch.ones(3, 96, 128), tracker(as_picture(first)))
    after = trail(-torch.ones(3, 96, 128), tracker(as_picture(np.ascontiguousarray(second))))
    assert (after < -0.9).float().mean() > 0.7
