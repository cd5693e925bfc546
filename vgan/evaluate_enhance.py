"""`python -m vgan evaluate upscale|denoise`: what networks that mend bring back of photographs never trained on."""

import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import fmean
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor
from torchvision.transforms.v2.functional import gaussian_blur

from vgan.errors import MediaError, RecipeError
from vgan.measured_enhancers import Enhancer
from vgan.metrics.quality import luma_psnr, psnr
from vgan.models.lpips import Lpips
from vgan.training.enhance.spoil import LUMA, compressed, shrunk
from vgan.training.styles.paintings import read_picture

log = logging.getLogger(__name__)

PICTURES = {".png", ".jpg", ".jpeg"}
SIGMA = 25 / 255  # of the field's usual noise
QUALITY = 20  # of JPEG
# The degraded set, each within these bounds: blur (pixels of the good picture), noise (levels of 255), JPEG quality.
BLUR, NOISE, QUALITIES = (0.4, 2.0), (2.0, 15.0), (40, 80)
Kind = Literal["yardstick", "ours", "peer"]
Mend = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class Row:
    """What one way of mending reached, as means over the photographs. Figures: dB, and LPIPS (0 is equal)."""

    name: str
    kind: Kind
    scale: int
    figures: dict[str, float]


@dataclass
class EnhanceReport:
    """task: what was measured; photos: on how many; rows: yardsticks first, then ours, then peers, by scale."""

    task: Literal["upscale", "denoise"]
    photos: int
    rows: list[Row] = field(default_factory=list)

    def of(self, scale: int) -> list[Row]:
        """The rows of one scale."""
        return [row for row in self.rows if row.scale == scale]


def degraded(picture: Tensor, scale: int, seed: int) -> Tensor:
    """A good picture (3, H, W) in [0, 1] as bad footage has it: blurred and made `scale` times smaller (neither at 1),
    with Gaussian noise, from a JPEG file. The same `seed` spoils alike on every machine."""
    generator = torch.Generator().manual_seed(seed)
    blur, noise, quality = torch.rand(3, generator=generator).tolist()
    if scale > 1:
        sigma = BLUR[0] + blur * (BLUR[1] - BLUR[0])
        picture = shrunk(gaussian_blur(picture[None], [13, 13], [sigma, sigma]), scale)[0]
    strength = (NOISE[0] + noise * (NOISE[1] - NOISE[0])) / 255
    picture = picture + strength * torch.randn(picture.shape, generator=generator)
    return compressed(picture, round(QUALITIES[0] + quality * (QUALITIES[1] - QUALITIES[0])))


def evaluate_upscale(
    ours: list[Enhancer],
    peers: list[Enhancer],
    photos: Path,
    lpips: Lpips,
    most: int = 24,
    before: Enhancer | None = None,
) -> EnhanceReport:
    """Measure upscalers of any scales on the first `most` photographs in a folder. A peer of a larger scale than ours
    is shrunk to ours. before: a denoiser that ours are also measured behind, on the degraded set. Raises MediaError,
    and RecipeError for a network that upscales nothing or sees grey alone."""
    for one in (*ours, *peers):
        if one.scale == 1 or one.channels != 3:
            raise RecipeError(f"model: {one.name} does not enlarge pictures in colour. Name an upscaler.")
    report = EnhanceReport("upscale", 0)
    for scale in sorted({one.scale for one in ours}):
        pictures = _pictures(photos, most, scale)
        report.photos = len(pictures)
        ways: list[tuple[str, Kind, Mend]] = [("bicubic", "yardstick", _Bicubic(scale))]
        ways += [(one.name, "ours", one) for one in ours if one.scale == scale]
        ways += [(one.name, "peer", _AtScale(one, scale)) for one in peers if one.scale >= scale]
        for name, kind, mend in ways:
            first = before if kind == "ours" else None
            rows = [_enlarged(mend, picture, scale, seed, lpips, first) for seed, picture in enumerate(pictures)]
            report.rows.append(_row(name, kind, scale, rows, report.of(scale)))
    return report


def evaluate_denoise(
    ours: list[Enhancer], peers: list[Enhancer], photos: Path, lpips: Lpips, most: int = 24
) -> EnhanceReport:
    """Measure denoisers on the first `most` photographs in a folder. A peer that sees grey alone is asked about grey
    noise alone. Raises MediaError, and RecipeError for a network that changes the size or, if ours, sees grey alone."""
    for one in (*ours, *peers):
        if one.scale != 1 or (one in ours and one.channels != 3):
            raise RecipeError(f"model: {one.name} does not keep the size of pictures in colour. Name a denoiser.")
    pictures = _pictures(photos, most, 1)
    report = EnhanceReport("denoise", len(pictures))
    ways: list[tuple[str, Kind, Mend, int]] = [("as it is", "yardstick", _levels, 3)]
    ways += [(one.name, "ours", one, one.channels) for one in ours]
    ways += [(one.name, "peer", one, one.channels) for one in peers]
    for name, kind, mend, channels in ways:
        rows = []
        for seed, picture in enumerate(pictures):
            cleaned = _grey_cleaned(mend, picture, seed, channels)
            rows.append(cleaned | (_cleaned(mend, picture, seed, lpips) if channels == 3 else {}))
        report.rows.append(_row(name, kind, 1, rows, report.rows))
    return report


class _Bicubic:
    """The yardstick of upscaling."""

    def __init__(self, scale: int):
        self._scale = scale

    def __call__(self, picture: Tensor) -> Tensor:
        return _levels(F.interpolate(picture[None], scale_factor=self._scale, mode="bicubic")[0])


class _AtScale:
    """An upscaler whose pictures are shrunk where it enlarges more than asked."""

    def __init__(self, enhancer: Enhancer, scale: int):
        self._enhancer, self._scale = enhancer, scale

    def __call__(self, picture: Tensor) -> Tensor:
        made = self._enhancer(picture)
        size = tuple(side * self._scale for side in picture.shape[1:])
        if made.shape[1:] == size:
            return made
        return _levels(F.interpolate(made[None], size, mode="bicubic", antialias=True)[0])


def _enlarged(
    mend: Mend, picture: Tensor, scale: int, seed: int, lpips: Lpips, before: Mend | None
) -> dict[str, float]:
    made, bad = mend(shrunk(picture[None], scale)[0]), degraded(picture, scale, seed)
    figures = {
        "psnr": luma_psnr(made, picture, scale),
        "lpips": _looks(made, picture, lpips),
        "lpips_degraded": _looks(mend(bad), picture, lpips),
    }
    return figures | ({"lpips_denoised": _looks(mend(before(bad)), picture, lpips)} if before else {})


def _cleaned(mend: Mend, picture: Tensor, seed: int, lpips: Lpips) -> dict[str, float]:
    noisy = picture + SIGMA * torch.randn(picture.shape, generator=torch.Generator().manual_seed(seed))
    blocky = compressed(picture, QUALITY)
    clean, smooth = mend(noisy), mend(blocky)
    return {
        "colour": psnr(clean, picture),
        "jpeg": luma_psnr(smooth, picture),
        "lpips_noise": _looks(clean, picture, lpips),
        "lpips_jpeg": _looks(smooth, picture, lpips),
        "lpips_degraded": _looks(mend(degraded(picture, 1, seed)), picture, lpips),
        "untouched": psnr(mend(picture), picture),
    }


def _grey_cleaned(mend: Mend, picture: Tensor, seed: int, channels: int) -> dict[str, float]:
    """Noise on a grey picture. A network in colour gets it three times, and its three answers are meaned."""
    grey = _levels((picture * torch.tensor(LUMA)[:, None, None]).sum(0, keepdim=True))
    noisy = grey + SIGMA * torch.randn(grey.shape, generator=torch.Generator().manual_seed(1000 + seed))
    return {"grey": psnr(mend(noisy.expand(channels, -1, -1)).mean(0, keepdim=True), grey)}


def _looks(made: Tensor, wanted: Tensor, lpips: Lpips) -> float:
    with torch.inference_mode():
        return float(lpips(made[None] * 2 - 1, wanted[None] * 2 - 1))


def _levels(picture: Tensor) -> Tensor:
    return picture.clamp(0, 1).mul(255).round().div(255)


def _row(name: str, kind: Kind, scale: int, rows: list[dict[str, float]], before: Iterable[Row]) -> Row:
    """Means, and gains over the yardstick, which is the first of its scale."""
    figures = {key: fmean(row[key] for row in rows) for key in rows[0]}
    yardstick = next((row.figures for row in before), figures)
    for key in ("psnr", "jpeg"):
        if key in figures:
            figures[f"{key}_gain"] = figures[key] - yardstick[key]
    for key in [key for key in figures if key.startswith("lpips") and key in yardstick]:
        figures[f"{key}_share"] = figures[key] / yardstick[key]
    log.info("x%d %s: %s", scale, name, figures)
    return Row(name, kind, scale, figures)


def _pictures(folder: Path, most: int, scale: int) -> list[Tensor]:
    """Photographs in [0, 1], cut to whole multiples of the scale. Raises MediaError."""
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in PICTURES)[:most]
    if not files:
        raise MediaError(f"{folder}: there are no JPEG or PNG photographs in this folder.")
    found = []
    for path in files:
        picture = read_picture(path)
        height, width = (side - side % scale for side in picture.shape[1:])
        if min(height, width) < 32 * scale:
            raise MediaError(f"{path}: {width}x{height} pixels; {32 * scale} a side at least are measured at x{scale}.")
        found.append(picture[:, :height, :width].float() / 255)
    return found


def write_json(report: EnhanceReport, path: Path) -> None:
    """The report as JSON at `path`."""
    path.write_text(json.dumps(asdict(report), indent=1) + "\n")


TITLES = {
    "psnr": "PSNR of Y, dB",
    "psnr_gain": "over bicubic, dB",
    "colour": "sigma 25 colour, dB",
    "grey": "sigma 25 grey, dB",
    "jpeg_gain": "JPEG q20, dB of Y gained",
    "untouched": "good picture kept, dB",
    "lpips": "LPIPS",
    "lpips_share": "of bicubic's",
    "lpips_noise": "LPIPS sigma 25",
    "lpips_jpeg": "LPIPS JPEG q20",
    "lpips_degraded": "LPIPS degraded",
    "lpips_degraded_share": "of the yardstick's",
    "lpips_denoised": "denoised first",
}


def table(report: EnhanceReport, scale: int | None = None) -> str:
    """The report as a Markdown table; of one scale alone, if it is given."""
    rows = report.rows if scale is None else report.of(scale)
    keys = [key for key in TITLES if any(key in row.figures for row in rows)]
    lines = ["| | " + " | ".join(TITLES[key] for key in keys) + " |", "|---" * (len(keys) + 1) + "|"]
    for row in rows:
        told = [_told(key, row.figures[key]) if key in row.figures else "" for key in keys]
        lines.append(f"| {row.name} x{row.scale} | {' | '.join(told)} |")
    return "\n".join(lines) + "\n"


def _told(key: str, value: float) -> str:
    if key == "untouched" and value > 100:
        return "whole"
    if key.endswith("_gain"):
        return f"{value:+.2f}"
    return f"{value:.3f}" if key.startswith("lpips") else f"{value:.2f}"
