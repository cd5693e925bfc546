"""How footage goes bad: blurred, resized, noisy and compressed, in random order (Real-ESRGAN, Wang et al. 2021)."""

import logging
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor
from torchvision.transforms.v2.functional import gaussian_blur

from vgan.training.enhance.spoil import compressed, shrunk
from vgan.training.enhance.video import as_video, can_encode

log = logging.getLogger(__name__)

KERNEL = 13  # pixels a side of a blur
BLURS = (0.2, 2.4)  # standard deviation, pixels of the good picture; each direction its own
SIZES = (0.5, 1.3)  # of a resize in between
MODES = ("area", "bilinear", "bicubic")
MOST_NOISE = 20 / 255  # standard deviation
PHOTONS = (200.0, 4000.0)  # of a white pixel, in Poisson noise
QUALITIES = (25, 95)  # of JPEG
RATES = (20, 38)  # constant rate factors of H.264
CHANCES = {"blur": 0.8, "resize": 0.25, "noise": 0.75, "compress": 0.7}
LAST_COMPRESSED = 0.5  # share of windows that end as a compressed file, whatever happened before

Step = Callable[[Tensor, torch.Generator], Tensor]


class Degrader:
    """Spoils good windows for a network that makes them `scale` times larger again. A share of `clean` ones is only
    made smaller, so that good pictures stay good.

    Compression is H.264 in half the cases where PyAV is installed, and JPEG.
    """

    def __init__(self, scale: int, clean: float):
        self._scale, self._clean = scale, clean
        self._video = can_encode()
        if not self._video:
            log.info("PyAV is not installed: compression is learned from JPEG alone, not from H.264")
        self._steps: dict[str, Step] = {
            "blur": _blurred,
            "resize": _resized,
            "noise": _noisy,
            "compress": self._compressed,
        }

    def __call__(self, good: Tensor, generator: torch.Generator) -> Tensor:
        """Windows (B, 3, H, W) in [0, 1] to (B, 3, H / scale, W / scale), in 256 levels."""
        return torch.cat([self._one(window[None], generator) for window in good])

    def _one(self, window: Tensor, generator: torch.Generator) -> Tensor:
        size = [side // self._scale for side in window.shape[2:]]
        if _chance(self._clean, generator):
            return shrunk(window, self._scale) if self._scale > 1 else window
        names = list(self._steps)
        order = [names[index] for index in torch.randperm(len(names), generator=generator).tolist()]
        # Somewhere behind the lens it gets its small size: what comes later is as coarse as its pixels.
        sampled = int(torch.randint(order.index("blur") + 1, len(order) + 1, (), generator=generator))
        for place, name in enumerate(order):
            if place == sampled:
                window = _to(window, size, generator)
            if _chance(CHANCES[name], generator):
                window = self._steps[name](window, generator)
        window = _to(window, size, generator)
        if _chance(LAST_COMPRESSED, generator):
            window = self._compressed(window, generator)
        return window.clamp(0, 1).mul(255).round().div(255)

    def _compressed(self, window: Tensor, generator: torch.Generator) -> Tensor:
        if self._video and _chance(0.5, generator):
            return as_video(window[0], _whole(RATES, generator), generator)[None]
        return compressed(window[0], _whole(QUALITIES, generator))[None]


def _blurred(window: Tensor, generator: torch.Generator) -> Tensor:
    """Gaussian, alike in all directions in half the cases."""
    across, down = (_between(BLURS, generator) for _ in range(2))
    sigma = [across, across if _chance(0.5, generator) else down]
    blurred: Tensor = gaussian_blur(window, [KERNEL, KERNEL], sigma)
    return blurred


def _resized(window: Tensor, generator: torch.Generator) -> Tensor:
    """There and back, so that the order of what follows does not depend on it."""
    ratio = _between(SIZES, generator)
    small = _to(window, [max(16, round(side * ratio)) for side in window.shape[2:]], generator)
    return _to(small, list(window.shape[2:]), generator)


def _noisy(window: Tensor, generator: torch.Generator) -> Tensor:
    """Gaussian or Poisson, in colour or grey."""
    channels = 1 if _chance(0.4, generator) else 3
    shape = (1, channels, *window.shape[2:])
    noise = torch.randn(shape, generator=generator)
    if _chance(0.6, generator):
        return window + noise * _between((0.0, MOST_NOISE), generator)
    few, many = (torch.tensor(count).log().item() for count in PHOTONS)
    photons = torch.tensor(_between((few, many), generator)).exp()
    # So many photons are counted that their law is a normal one, whose variance is their number.
    light = window.clamp(0, 1) if channels == 3 else window.clamp(0, 1).mean(1, keepdim=True)
    return window + noise * (light / photons).sqrt()


def _to(window: Tensor, size: list[int], generator: torch.Generator) -> Tensor:
    """Resized in one of several ways, unless it has that size."""
    mode = MODES[int(torch.randint(len(MODES), (), generator=generator))]
    if list(window.shape[2:]) == size:
        return window
    options = {} if mode == "area" else {"antialias": True, "align_corners": False}
    return F.interpolate(window, size, mode=mode, **options)


def _chance(share: float, generator: torch.Generator) -> bool:
    return float(torch.rand((), generator=generator)) < share


def _between(bounds: tuple[float, float], generator: torch.Generator) -> float:
    return bounds[0] + float(torch.rand((), generator=generator)) * (bounds[1] - bounds[0])


def _whole(bounds: tuple[int, int], generator: torch.Generator) -> int:
    return int(torch.randint(bounds[0], bounds[1] + 1, (), generator=generator))
