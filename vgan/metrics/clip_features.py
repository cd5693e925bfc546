"""Features of clips that see motion, from a network that sees pictures: SqueezeNet 1.1, trained on ImageNet.

Networks for video are large, and their weights cannot be had everywhere. What moves shows as well in how the features
of frames change: where something is (features of places), what it is (features of the whole frame), how far both stray
over the clip, and how much they change in one, two and four frames. Played backwards, a clip has the same features.
"""

from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from vgan.metrics.features import SqueezeFeatures

SIDE = 64  # pixels at which clips are seen
PLACES = 4  # cells across, in which the features of places are averaged
EARLY = 5  # modules of SqueezeNet up to the second fire, 128 channels
SCALES = (1, 2, 4)  # frames between which change is seen


@dataclass(frozen=True)
class Seen:
    """frames: (N, T, 512) float32, what each frame shows; blocks: what each clip does, each (N, D) float32: mean,
    deviation and change at every scale, of places and of whole frames."""

    frames: Tensor
    blocks: tuple[Tensor, ...]

    def __getitem__(self, rows: slice | Tensor) -> "Seen":
        return Seen(self.frames[rows], tuple(block[rows] for block in self.blocks))


class ClipFeatures(nn.Module):
    """uint8 clips (N, T, 3, H, W), T > 4, to `Seen`. weights: as for `SqueezeFeatures`, and WeightsError as there."""

    def __init__(self, weights: Path | None = None):
        super().__init__()
        self.eyes = SqueezeFeatures(weights)

    @torch.inference_mode()
    def forward(self, clips: Tensor, batch: int = 8) -> Seen:
        """clips: uint8 (N, T, 3, H, W). Raises ValueError for clips of four frames or fewer."""
        if clips.shape[1] <= max(SCALES):
            raise ValueError(f"clips of {clips.shape[1]} frames: more than {max(SCALES)} are needed")
        parts = [self._seen(part) for part in clips.split(batch)]
        blocks = tuple(torch.cat(same) for same in zip(*(part.blocks for part in parts), strict=True))
        return Seen(torch.cat([part.frames for part in parts]), blocks)

    def _seen(self, clips: Tensor) -> Seen:
        x = F.interpolate(
            clips.flatten(0, 1).float(), (SIDE, SIDE), mode="bilinear", antialias=True, align_corners=False
        )
        early = self.eyes.body[:EARLY]((x / 255 - self.eyes.mean) / self.eyes.std)
        places = F.adaptive_avg_pool2d(early, PLACES).flatten(1)
        whole = self.eyes.body[EARLY:](early).mean((2, 3))
        over_time = [part.unflatten(0, clips.shape[:2]) for part in (places, whole)]
        blocks = []
        for part in over_time:
            blocks += [part.mean(1), part.std(1)]
            blocks += [(part[:, scale:] - part[:, :-scale]).abs().mean(1) for scale in SCALES]
        return Seen(over_time[1], tuple(blocks))
