"""What key looks ask a network for that listens to labels and attributes."""

from collections.abc import Sequence

import torch
from torch import Tensor

from vgan import zoo
from vgan.errors import UnknownName
from vgan.recipe import ATTRIBUTES, Latent


def label_of(look: str, labels: Sequence[str]) -> int:
    """The place of `look` among a network's `labels`; a name without a class in it means the first.

    Raises UnknownName for a class that the network has not, and as `zoo.find_look`.
    """
    label = zoo.find_look(look).label
    if label is None:
        return 0
    if label not in labels:
        raise UnknownName("look", label, labels)
    return labels.index(label)


def shares_of(keys: Sequence[Latent], shifts: Tensor | None = None) -> Tensor:
    """The attribute sliders of each key, float32 (n, 7) in the order of `ATTRIBUTES`.

    shifts: (n, 7), what the music adds: hue goes round, others end at 0 and 1.
    """
    shares = torch.tensor([[getattr(key, name) for name in ATTRIBUTES] for key in keys])
    if shifts is None:
        return shares
    return torch.cat([shares[:, :1] + shifts[:, :1], (shares[:, 1:] + shifts[:, 1:]).clamp(0, 1)], dim=1)
