"""How near a mended picture is to the good one: PSNR as the field measures it, and LPIPS."""

from pathlib import Path

import torch
from torch import Tensor

from vgan.features import classifier
from vgan.models.lpips import Lpips
from vgan.settings import Settings
from vgan.weights import read_weights

STUDIO_LUMA = (65.481, 128.553, 24.966)  # BT.601 in studio range: 16 to 235


def psnr(made: Tensor, wanted: Tensor) -> float:
    """Peak signal to noise of two pictures (C, H, W) in [0, 1], dB."""
    error = (made.double() - wanted.double()).square().mean()
    return float(-10 * error.clamp_min(1e-12).log10())


def luma_psnr(made: Tensor, wanted: Tensor, border: int = 0) -> float:
    """The same of luma alone (BT.601, studio range) of pictures (3, H, W) in [0, 1], `border` pixels cut at each side:
    how papers on super-resolution measure it, with the scale as border."""
    cut = slice(border, -border or None)
    return psnr(*(studio_luma(picture)[:, cut, cut] for picture in (made, wanted)))


def studio_luma(picture: Tensor) -> Tensor:
    """(3, H, W) in [0, 1] to (1, H, W) in [16, 235] / 255."""
    weights = torch.tensor(STUDIO_LUMA, dtype=torch.float64)[:, None, None]
    return ((picture.double() * weights).sum(0, keepdim=True) + 16) / 255


def lpips_squeeze(settings: Settings, heads: Path | None = None) -> Lpips:
    """LPIPS with SqueezeNet 1.1 as `vgan.features.classifier` has it. heads: their file; without, those that
    torchmetrics carries. Raises WeightsError."""
    if heads is None:
        import torchmetrics  # with scipy's signals it takes a second: when needed

        heads = Path(torchmetrics.__file__).parent / "functional" / "image" / "lpips_models" / "squeeze.pth"
    return Lpips(classifier(settings), read_weights(heads)).eval().requires_grad_(False)
