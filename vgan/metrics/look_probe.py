"""A look classifier: trained on real clips, asked about made ones."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class LookProbe:
    """Multinomial regression on fixed features of frames."""

    def __init__(self, features: nn.Module, looks: int):
        self.features, self._looks = features, looks
        self._mean, self._std = torch.zeros(()), torch.ones(())
        self._linear = nn.Linear(features.num_features, looks)  # type: ignore[arg-type]

    def fit(self, frames: list[Tensor], labels: list[Tensor], steps: int = 400) -> None:
        """frames: batches of uint8 (N, 3, H, W), each of its own size; labels: their (N,) looks."""
        x, y = torch.cat([self.features(part) for part in frames]), torch.cat(labels)
        self._mean, self._std = x.mean(0), x.std(0) + 1e-4
        x = (x - self._mean) / self._std
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            self._linear.reset_parameters()
        optimiser = torch.optim.AdamW(self._linear.parameters(), lr=1e-2, weight_decay=1e-2)
        for _ in range(steps):
            loss = F.cross_entropy(self._linear(x), y)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()

    @torch.inference_mode()
    def guess(self, frames: Tensor) -> Tensor:
        """uint8 frames (N, 3, H, W) to look indices (N,)."""
        return self._linear((self.features(frames) - self._mean) / self._std).argmax(1)
