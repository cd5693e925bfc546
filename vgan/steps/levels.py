"""Where black and white lie in a clip, and how its exposure flickers: followed from frame to frame."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from vgan.scene import differ, thumb
from vgan.steps.steady import LUMA

ENDS = (0.005, 0.995)  # shares of a picture that are darker than black, and not lighter than white
SAMPLED = 96  # shorter side of the grid of pixels that are looked at
STRETCH = 2.5  # at most: a dull picture does not become a harsh one
SPAN = 0.1  # from black to white: a picture with less, a fade or a black one, says nothing about the clip
LEVEL_SECONDS = 2.0  # until most of what is known about levels is new; of exposure, the same
LIGHT_SECONDS = 0.5
FLICKER = math.log(1.35)  # of exposure, at most, that is taken out
SEEN = (0.05, 0.95)  # how light a place is that tells about exposure: not in the dark, and not clipped
SEEN_SHARE = 0.05  # of the picture, at least


@dataclass(frozen=True)
class Level:
    """Light in [0, 1] is multiplied by `gain`; then what was at `black` becomes 0, and what was at `white`, 1."""

    gain: float = 1.0
    black: float = 0.0
    white: float = 1.0

    def part(self, share: float) -> "Level":
        """Some of the way from nothing to this."""
        return Level(self.gain**share, self.black * share, 1 - (1 - self.white) * share)


class Levels:
    """The levels of each frame of a clip, from it and those before it in its scene.

    Black and white are percentiles of the luma, averaged over about two seconds, so that what moves through the picture
    does not make all of it pump. Exposure is followed by the middle one of all ratios of neighbouring frames, which
    moving things do not touch; what of it is faster than half a second is taken out.
    """

    def __init__(self) -> None:
        self._past: Tensor | None = None
        self._count, self._light, self._mean_light = 0, 0.0, 0.0
        self._black, self._white = 0.0, 1.0

    def __call__(self, picture: Tensor, seconds: float) -> Level:
        """picture: (1, 3, H, W) in [-1, 1]; seconds: since the one before."""
        stride = max(1, min(picture.shape[-2:]) // SAMPLED)
        sample = picture[0, :, ::stride, ::stride].float()
        now = thumb(sample)
        if self._past is None or differ(self._past, now):
            self._count, self._light, self._mean_light = 0, 0.0, 0.0
            self._black, self._white = 0.0, 1.0
        else:
            self._light += _brighter(_luma(self._past), _luma(now))
        self._past = now
        self._mean_light += _share(self._count, seconds, LIGHT_SECONDS) * (self._light - self._mean_light)
        gain = math.exp(max(-FLICKER, min(FLICKER, self._mean_light - self._light)))
        luma = _luma(sample).mul(0.5).add(0.5).flatten().mul(gain).clamp(0, 1)
        black, white = torch.quantile(luma, torch.tensor(ENDS, device=luma.device)).tolist()
        if white - black >= SPAN:
            share = _share(self._count, seconds, LEVEL_SECONDS)
            self._black += share * (black - self._black)
            self._white += share * (white - self._white)
            self._count += 1
        return Level(gain, *_not_too_far(self._black, self._white))


def _share(count: int, seconds: float, memory: float) -> float:
    """Of a running average that is new: all of the first one, much of the next few."""
    return max(1 / (count + 1) ** 2, 1 - math.exp(-seconds / memory))


def _not_too_far(black: float, white: float) -> tuple[float, float]:
    span = max(white - black, 1 / STRETCH)
    low = min(max(0.0, (black + white - span) / 2), 1 - span)
    return (black, white) if span == white - black else (low, low + span)


def _luma(picture: Tensor) -> Tensor:
    red, green, blue = picture
    return red * LUMA[0] + green * LUMA[1] + blue * LUMA[2]


def _brighter(past: Tensor, now: Tensor) -> float:
    """Logarithm of how much lighter `now` is than `past`, luma in [0, 1]; 0 where too little is seen."""
    low, high = SEEN
    seen = (past > low) & (past < high) & (now > low) & (now < high)
    if float(seen.float().mean()) < SEEN_SHARE:
        return 0.0
    return float((now[seen] / past[seen]).median().log())
