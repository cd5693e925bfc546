"""Checkpoints that resume exactly, and weights for the app."""

import errno
import json
import os
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save as to_bytes
from torch import Tensor, nn

from vgan.errors import TrainingFailed, WeightsError

CRITICS = "critics.safetensors"  # beside a look's weights: where the training of another may begin


def save(path: Path, state: dict[str, Any]) -> None:
    """Write `state` to `path`, whole or not at all. Raises TrainingFailed, and leaves what was there, where a number in
    it is not one, and where there is no room."""
    if name := _not_finite(state, ""):
        raise TrainingFailed(
            f"training: {name} holds what is not a number, at step {state.get('step')}. {path.name} was not written, "
            "and the last one is as it was. Go on from it with `--resume` and half the `--rate`."
        )
    with _whole(path) as part:
        torch.save(state, part)


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """A file beside `path`, in its place once it is written; else gone, and what was at `path` is as it was."""
    part = path.with_suffix(".part")
    try:
        yield part
        os.replace(part, path)
    except (OSError, RuntimeError) as error:  # torch tells of a full disk by a RuntimeError, and says only "failed"
        known = isinstance(error, OSError) and error.errno not in (errno.ENOSPC, errno.EDQUOT)
        why = f"it cannot be written ({error})" if known else "the disk is full"
        raise TrainingFailed(
            f"training: {path.name}: {why}. The last one, if there is one, is as it was. Free some space in "
            f"{path.parent}, and go on from it with `--resume`."
        ) from error
    finally:
        part.unlink(missing_ok=True)


def _not_finite(value: Any, name: str) -> str:
    """The first name in `value` of a tensor that is not finite; "" if there is none."""
    if isinstance(value, Tensor):
        return "" if not value.is_floating_point() or bool(value.isfinite().all()) else name
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list | tuple) else ()
    return next((found for key, each in pairs if (found := _not_finite(each, f"{name}.{key}".strip(".")))), "")


def load(path: Path) -> dict[str, Any]:
    """Read a checkpoint: tensors and plain values alone, no code. Raises WeightsError for what is none, and OSError."""
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, EOFError, ValueError, KeyError, IndexError) as error:
        raise WeightsError(
            f"{path.name}: this is no checkpoint of a training, or is damaged, or holds code, which is never run. "
            "Name another, or begin without it."
        ) from error
    if not isinstance(state, dict):
        raise WeightsError(f"{path.name}: a checkpoint holds an object of parts, not {type(state).__name__}.")
    return state


def export(folder: Path, weights: dict[str, Tensor], config: dict[str, Any]) -> None:
    """Write `model.safetensors` (bfloat16, but for counts) and `config.json`, the format that the Hub and the app read.

    config: family, params and training facts (steps, minutes, device, workers) for the card; the count of parameters
    is added.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_weights(folder / "model.safetensors", weights)
    count = sum(value.numel() for value in weights.values())
    (folder / "config.json").write_text(json.dumps(config | {"parameters": count}) + "\n")


def write_weights(path: Path, weights: dict[str, Tensor]) -> None:
    """Write tensors as safetensors, bfloat16 but for counts: whole or not at all. Raises TrainingFailed."""
    small = {
        name: (value.to(torch.bfloat16) if value.is_floating_point() else value).contiguous()
        for name, value in weights.items()
    }
    with _whole(path) as part:  # not save_file: its files can be read by their owner alone
        part.write_bytes(to_bytes(small, metadata={"format": "pt"}))


def knots(looks: tuple[str, ...], tables: Tensor) -> dict[str, list[list[float]]]:
    """Attribute tables (looks, KNOTS, 7) for a config: what each slider's range means, by look."""
    return {
        look: [[round(v, 5) for v in row] for row in table.tolist()] for look, table in zip(looks, tables, strict=True)
    }


def ema_update(average: nn.Module, model: nn.Module, decay: float) -> None:
    """Move `average` towards `model`: exponential moving average of weights; buffers are copied."""
    with torch.no_grad():
        for mean, weight in zip(average.parameters(), model.parameters(), strict=True):
            mean.lerp_(weight, 1 - decay)
        for kept, buffer in zip(average.buffers(), model.buffers(), strict=True):
            kept.copy_(buffer)
