"""Features of frames, for distances and for telling looks apart: SqueezeNet 1.1, trained on ImageNet."""

from dataclasses import replace
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from vgan.features import classifier
from vgan.settings import Settings

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
SHORT_SIDE = 128


class SqueezeFeatures(nn.Module):
    """uint8 frames (N, 3, H, W) to the means of SqueezeNet's last feature maps, (N, 512) float32.

    Every picture is brought to 128 px on its shorter side first, so that sizes compare. weights: a file in
    torchvision's layout; without one they are had as `vgan.features.classifier` has them. Its interface is the one that
    torchmetrics expects. Raises WeightsError.
    """

    num_features = 512
    mean: Tensor
    std: Tensor

    def __init__(self, weights: Path | None = None):
        super().__init__()
        from torchvision.models import squeezenet1_1  # a second and a half: when needed

        settings, net = Settings(), squeezenet1_1(weights=None)
        state = classifier(replace(settings, features=weights) if weights else settings)
        net.load_state_dict({name: value.float() for name, value in state.items()})
        self.body = net.features.eval().requires_grad_(False)
        self.register_buffer("mean", torch.tensor(MEAN).view(3, 1, 1))
        self.register_buffer("std", torch.tensor(STD).view(3, 1, 1))

    @torch.inference_mode()
    def forward(self, frames: Tensor) -> Tensor:
        """frames: uint8 (N, 3, H, W). Returns (N, 512)."""
        ratio = SHORT_SIDE / min(frames.shape[-2:])
        size = tuple(round(side * ratio) for side in frames.shape[-2:])
        x = F.interpolate(frames.float(), size, mode="bilinear", antialias=True, align_corners=False) / 255
        features: Tensor = self.body((x - self.mean) / self.std).mean((2, 3))
        return features
