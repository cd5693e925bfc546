"""What every trainer is held to: a run that stopped and went on from its checkpoint is the run that never stopped."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from vgan.training import checkpoint
from vgan.training.base import Trainer


def assert_resumes(build: Callable[[], Trainer[Any]], folder: Path) -> None:
    """Four steps, and two and two with a checkpoint in `folder` between them, end in the same state, to the bit."""
    whole, first, second = build(), build(), build()
    for _ in range(4):
        whole.step()
    for _ in range(2):
        first.step()
    checkpoint.save(folder / "checkpoint.pt", first.state())
    second.restore(checkpoint.load(folder / "checkpoint.pt"))
    for _ in range(2):
        second.step()
    assert_same(whole.state(), second.state(), "state")


def assert_same(one: Any, other: Any, name: str) -> None:
    """Two states, or parts of them, to the bit. name: of the part, for the message."""
    if isinstance(one, dict):
        assert one.keys() == other.keys(), name
        for key, value in one.items():
            assert_same(value, other[key], f"{name}.{key}")
    elif isinstance(one, list):
        assert len(one) == len(other), name
        for index, value in enumerate(one):
            assert_same(value, other[index], f"{name}.{index}")
    elif isinstance(one, torch.Tensor):
        assert torch.equal(one, other), name
    else:
        assert one == other, name
