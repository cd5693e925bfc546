"""Which label does a clip have? A small classifier, trained on real clips, asked about made ones."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class Told:
    """What the classifier says about N clips. right: share whose label it tells, None where none was asked for; sure:
    its mean confidence, in [1 / labels, 1]; kinds: how many labels there are among the clips, from 1 to all (the
    exponential of the entropy of its mean answer)."""

    right: float | None
    sure: float
    kinds: float


class ClipProbe:
    """Multinomial regression on features of clips (N, D)."""

    def __init__(self, labels: int):
        self._labels = labels
        self._mean, self._std = torch.zeros(()), torch.ones(())
        self._linear: nn.Module = nn.Identity()

    def fit(self, features: Tensor, labels: Tensor, steps: int = 400) -> None:
        """features: (N, D) of real clips; labels: (N,) int64. Deterministic."""
        self._mean, self._std = features.mean(0), features.std(0) + 1e-4
        x = (features - self._mean) / self._std
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            self._linear = nn.Linear(features.shape[1], self._labels)
        optimiser = torch.optim.AdamW(self._linear.parameters(), lr=1e-2, weight_decay=1e-1)
        for _ in range(steps):
            loss = F.cross_entropy(self._linear(x), labels)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()

    @torch.inference_mode()
    def told(self, features: Tensor, asked: Tensor | None = None) -> Told:
        """features: (N, D); asked: (N,) the labels that the clips were to have, None for families without."""
        chances = self._linear((features - self._mean) / self._std).softmax(1)
        mean = chances.mean(0)
        right = None if asked is None else (chances.argmax(1) == asked).float().mean().item()
        return Told(right, chances.amax(1).mean().item(), float(torch.exp(-(mean * (mean + 1e-12).log()).sum())))
