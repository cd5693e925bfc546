"""Clips to train families of video generators on, as arrays in a folder.

`clips.npy`: uint8 (N, T, S, S, 3), RGB, read a batch at a time; `labels.npy`: int64 (N,), places among the labels'
names; `facts.json`: {"labels": names, "side": S, "frames": T} and whatever else its writer knows; where there are
sliders, `attributes.npy`: float32 (N, 7), shares of their ranges with hue in turns, as `attributes.to_shares` makes
them, and in facts.json the `knots` of these ranges by label.
"""

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from vgan.errors import RecipeError
from vgan.models.attributes import ATTRIBUTES
from vgan.models.generators.loop import encode_shares
from vgan.models.generators.video import Given
from vgan.tensors import to_pictures

MOST_FACTS = 64_000_000  # bytes of facts.json, which may tell about every clip
MOST_LABELS = 256
LEAST_SIDE, LEAST_FRAMES, MOST_SIDE, MOST_FRAMES = 16, 4, 1024, 1024
FARTHEST_SHARE = 100.0  # of a slider's range; clips far outside it exist, these do not


@dataclass(frozen=True)
class ClipArrays:
    """What `read_clips` found. frames: (N, T, S, S, 3) uint8, on disk; labels: (N,) int64; shares: (N, 7) float32, as
    in `attributes.npy`, 0.5 where there is none; names: of the labels; knots: of the sliders, by label, if told."""

    frames: np.ndarray
    labels: Tensor
    shares: Tensor
    names: tuple[str, ...]
    knots: dict[str, Any] | None

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def side(self) -> int:
        """Of a frame, pixels."""
        return int(self.frames.shape[2])

    @property
    def length(self) -> int:
        """Frames of a clip."""
        return int(self.frames.shape[1])

    def given(self, rows: Tensor) -> Given:
        """What the clips at `rows` (B,) are, as generators and critics are told it."""
        return Given(self.labels[rows], encode_shares(self.shares[rows].clamp(-0.1, 1.1)))

    def pictures(self, rows: Tensor, places: Tensor | None = None) -> Tensor:
        """Clips at `rows` (B,), whole or their frames at `places` (B, n): float32 (B, n, 3, S, S) in [-1, 1]."""
        index = rows.numpy()
        taken = self.frames[index] if places is None else self.frames[index[:, None], places.numpy()]
        return to_pictures(taken)


def read_clips(folder: Path) -> ClipArrays:
    """The clips of `folder`. Raises RecipeError naming the file and what is wrong with it."""
    facts = _facts(folder / "facts.json")
    frames = _array(folder / "clips.npy", np.uint8, 5)
    count, length, height, width, colours = frames.shape
    if colours != 3 or height != width or not LEAST_SIDE <= height <= MOST_SIDE or height & (height - 1):
        raise _refused(
            folder / "clips.npy",
            f"its shape is {frames.shape}",
            f"(clips, frames, side, side, 3) with a side that is a power of two from {LEAST_SIDE} to {MOST_SIDE}",
        )
    if not LEAST_FRAMES <= length <= MOST_FRAMES or not count:
        found = f"it has {count} clips of {length} frames"
        raise _refused(folder / "clips.npy", found, f"at least one clip, of {LEAST_FRAMES} to {MOST_FRAMES} frames")
    for name, told, is_there in (("side", facts["side"], height), ("frames", facts["frames"], length)):
        if told != is_there:
            raise _refused(folder / "facts.json", f"{name} is {told!r}", f"{is_there}, as clips.npy has it")
    labels = torch.from_numpy(np.array(_array(folder / "labels.npy", np.int64, 1)))
    names = tuple(facts["labels"])
    if len(labels) != count:
        raise _refused(folder / "labels.npy", f"it has {len(labels)} numbers", f"{count}, one for each clip")
    if int(labels.min()) < 0 or int(labels.max()) >= len(names):
        found = f"its numbers go from {int(labels.min())} to {int(labels.max())}"
        raise _refused(folder / "labels.npy", found, f"0 to {len(names) - 1}, places in the labels of facts.json")
    shares = torch.full((count, len(ATTRIBUTES)), 0.5)
    if (folder / "attributes.npy").exists():
        shares = torch.from_numpy(np.array(_array(folder / "attributes.npy", np.float32, 2)))
        if tuple(shares.shape) != (count, len(ATTRIBUTES)):
            found = f"its shape is {tuple(shares.shape)}"
            raise _refused(folder / "attributes.npy", found, f"({count}, {len(ATTRIBUTES)}): {', '.join(ATTRIBUTES)}")
        if not bool((shares.abs() <= FARTHEST_SHARE).all()):
            raise _refused(folder / "attributes.npy", "a number is missing or far out", "shares, mostly from 0 to 1")
    return ClipArrays(frames, labels, shares, names, _knots(facts, names, folder / "facts.json"))


def _facts(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > MOST_FACTS:
            raise _refused(path, "it is too long", f"up to {MOST_FACTS} bytes")
        facts = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _refused(path, f"it cannot be read ({error.strerror})", "a folder of clips, as in the docs") from error
    except (ValueError, RecursionError) as error:
        raise _refused(path, "it is no JSON", "an object with labels, side and frames") from error
    if not isinstance(facts, dict) or not {"labels", "side", "frames"} <= set(facts):
        raise _refused(path, "labels, side or frames is missing", "an object with all three")
    names = facts["labels"]
    if (
        not isinstance(names, list)
        or not 1 <= len(names) <= MOST_LABELS
        or not all(isinstance(name, str) and 1 <= len(name) <= 64 for name in names)
        or len(set(names)) != len(names)
    ):
        found = f"labels is {str(names)[:80]}"
        raise _refused(path, found, f"a list of 1 to {MOST_LABELS} names, each once and of 1 to 64 characters")
    return facts


def _knots(facts: dict[str, Any], names: tuple[str, ...], path: Path) -> dict[str, Any] | None:
    knots = facts.get("knots")
    if knots is None:
        return None
    if not isinstance(knots, dict) or set(knots) != set(names):
        raise _refused(path, "knots are not by label", "an object with a table for each of the labels")
    for name, table in knots.items():
        rows = table if isinstance(table, list) else []
        right = [isinstance(row, list) and len(row) == len(ATTRIBUTES) and all(map(_number, row)) for row in rows]
        if not right or not all(right):
            allowed = f"rows of {len(ATTRIBUTES)} numbers"
            raise _refused(path, f"knots.{name} is no table", allowed)
    return knots


def _number(value: object) -> bool:
    return type(value) in (int, float) and math.isfinite(value)  # type: ignore[arg-type]


def _array(path: Path, dtype: type[np.generic], dimensions: int) -> np.ndarray:
    try:
        found = np.load(path, mmap_mode="r", allow_pickle=False)
    except OSError as error:
        raise _refused(path, f"it cannot be read ({error.strerror or error})", "an array that numpy saved") from error
    except (ValueError, EOFError, SyntaxError, TypeError, OverflowError) as error:
        raise _refused(path, "it is no array, or damaged", "an array that numpy saved, without objects") from error
    if not isinstance(found, np.ndarray) or found.dtype != dtype or found.ndim != dimensions:
        kind = f"{found.dtype} with {found.ndim} dimensions" if isinstance(found, np.ndarray) else "several arrays"
        raise _refused(path, f"it holds {kind}", f"{np.dtype(dtype)} with {dimensions}")
    return found


def _refused(path: Path, found: str, allowed: str) -> RecipeError:
    return RecipeError(f"data: {path.name} cannot be trained on: {found}. Allowed: {allowed}.")
