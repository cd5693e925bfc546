"""How a family of video generators is trained."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Self

import torch

from vgan.errors import RecipeError, UnknownName
from vgan.models.video_families import VideoFamily
from vgan.training.video.augment import AUGMENTS
from vgan.training.video.losses import LOSSES
from vgan.training.video.optimisers import OPTIMISERS, SCHEDULES

PRECISIONS = ("auto", "float32", "bf16")


@dataclass(frozen=True)
class FamilyTraining:
    """How to train. Steps count from the beginning, so that a resumed run is the same run.

    batch: clips of each process; rate: of learning, in Adam's sense; loss, optimiser, schedule, augment: names in their
    tables; warm_up: steps in which the rate rises to its full; decay_from: the step after which `root` falls; longest:
    the gradient that is longer is shortened to this, 0 leaves all as they are; penalty: weight of the loss's penalty, 0
    for the loss's own; precision: float32, bf16 where that is safe (autocast), or the
    one that the device has its own instructions for, auto; watch: steps between looks at mode
    collapse, 0 for none. Raises RecipeError for what is out of range, UnknownName for names that no table has.
    """

    seed: int = 0
    batch: int = 16
    rate: float = 2e-4
    loss: str = "non-saturating"
    optimiser: str = "adam"
    schedule: str = "constant"
    augment: str = "none"
    warm_up: int = 0
    decay_from: int = 3000
    longest: float = 0.0
    penalty: float = 0.0
    ema: float = 0.998
    precision: str = "auto"
    watch: int = 250

    def __post_init__(self) -> None:
        tables: dict[str, Collection[str]] = {
            "loss": LOSSES,
            "optimiser": OPTIMISERS,
            "schedule": SCHEDULES,
            "augment": AUGMENTS,
        }
        for field, table in (tables | {"precision": PRECISIONS}).items():
            if getattr(self, field) not in table:
                raise UnknownName(field, getattr(self, field), table)
        bounds = {"batch": (1, 4096), "rate": (1e-8, 1.0), "warm_up": (0, 1e6), "longest": (0, 1e6)}
        bounds |= {
            "decay_from": (1, 1e9),
            "penalty": (0, 1e6),
            "ema": (0, 0.99999),
            "watch": (0, 1e9),
            "seed": (0, 1e9),
        }
        for field, (least, most) in bounds.items():
            value = getattr(self, field)
            if not least <= value <= most:  # also where it is no number
                raise RecipeError(f"{field}: {value} cannot be trained with. Allowed: {least:g} to {most:g}.")

    def halved(self, device: torch.device) -> bool:
        """Whether `device` computes in bf16. Never found by timing: a run must go on as it began."""
        if self.precision != "auto":
            return self.precision == "bf16"
        if device.type == "cuda":
            return torch.cuda.is_bf16_supported()
        known: dict[str, Any] = getattr(torch.cpu, "get_capabilities", dict)()
        return bool(known.get("avx512_bf16"))

    @classmethod
    def of(cls, family: VideoFamily, **given: Any) -> Self:
        """As the family's row has it, but for what is given and not None."""
        row: dict[str, Any] = {"loss": family.loss, "optimiser": family.optimiser, "rate": family.rate}
        return cls(**row | {name: value for name, value in given.items() if value is not None})
