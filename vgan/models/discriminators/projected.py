"""Critics that look through the eyes of a classifier: small heads on frozen features.

Projected GANs (Sauer et al. 2021) learn in a fraction of the steps, which is what counts where there is no GPU. The
features are SqueezeNet's, trained on ImageNet.
"""

from math import sqrt

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
TAPS = {1: 64, 4: 128, 7: 256, 10: 384}  # layers of `features` that are tapped, and their channels


class Head(nn.Module):
    """Scores three frames by one tap."""

    def __init__(self, channels: int, condition: int, width: int = 64):
        super().__init__()
        self.mix = spectral_norm(nn.Conv2d(3 * channels, width, 1))
        self.look = spectral_norm(nn.Conv2d(width, width, 3, padding=1))
        self.score = spectral_norm(nn.Conv2d(width, 1, 1))
        self.condition = nn.Linear(condition, width)

    def forward(self, features: Tensor, given: Tensor) -> Tensor:
        x = F.leaky_relu(self.mix(features), 0.2)
        x = F.leaky_relu(self.look(x), 0.2)
        pooled = x.mean((2, 3))
        projected = (self.condition(given) * pooled).sum(1) / sqrt(pooled.shape[1])
        return (self.score(x).mean((1, 2, 3)) + projected).float()


class ProjectedCritic(nn.Module):
    """Says how real three frames of a look are, once for each tap. `classifier`: weights in torchvision's layout."""

    mean: Tensor
    std: Tensor

    def __init__(self, looks: int, classifier: dict[str, Tensor], attributes: int = 8, views: int = 3):
        super().__init__()
        from torchvision.models import squeezenet1_1  # a second and a half: when needed

        net = squeezenet1_1(weights=None)
        net.load_state_dict({name: value.float() for name, value in classifier.items()})
        self.body = net.features[: max(TAPS) + 1].eval().requires_grad_(False)
        for layer in self.body.modules():
            if isinstance(layer, nn.ReLU):
                layer.inplace = False  # a tap would be overwritten
        self.register_buffer("mean", torch.tensor(MEAN).view(3, 1, 1))
        self.register_buffer("std", torch.tensor(STD).view(3, 1, 1))
        self.look, self.view = nn.Embedding(looks, 32), nn.Embedding(views, 16)
        self.heads = nn.ModuleList(Head(channels, 32 + 16 + attributes + 4) for channels in TAPS.values())

    def features(self, frames: Tensor) -> list[Tensor]:
        """frames: (B, 9, H, W), three RGB frames in [-1, 1]. Returns the taps, each (B, 3 C, h, w)."""
        x = frames.unflatten(1, (3, 3)).flatten(0, 1)
        x = ((x * 0.5 + 0.5 - self.mean) / self.std).contiguous(memory_format=torch.channels_last)
        taps = []
        for index, layer in enumerate(self.body):
            x = layer(x)
            if index in TAPS:
                taps.append(x.unflatten(0, (len(frames), 3)).flatten(1, 2))
        return taps

    def forward(self, taps: list[Tensor], look: Tensor, attributes: Tensor, view: Tensor, gaps: Tensor) -> Tensor:
        """taps: of `features`; the rest as in `ThreeFrameCritic`. Returns (B, taps) float32."""
        turns = 2 * torch.pi * gaps
        given = torch.cat([self.look(look), self.view(view), attributes, turns.sin(), turns.cos()], dim=1)
        return torch.stack([head(tap, given) for head, tap in zip(self.heads, taps, strict=True)], dim=1)

    def learned(self) -> dict[str, Tensor]:
        """The state without the frozen classifier, for checkpoints."""
        return {name: value for name, value in self.state_dict().items() if not name.startswith("body.")}
