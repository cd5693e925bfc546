"""Folders of whole loops as bytes, with what is known about each: what families of video generators are compared on.

A folder holds `clips.npy` (N, T, S, S, 3) uint8 RGB, each clip one loop whose next frame would be its first;
`labels.npy` (N,) int64, places in the list `labels` of `facts.json`; `attributes.npy` (N, 7) float32, measured, as
shares of the range of the clip's own label (hue in turns); and `facts.json`: `labels`, `frames`, `side`, `loop`, the
`knots` of those ranges by label, and `clips`, the ground truth of each. It is written last: a folder without it is not
whole.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from vgan.errors import RecipeError, UnknownName
from vgan.models import attributes
from vgan.tensors import to_frames
from vgan.training import checkpoint
from vgan.training.looks import LOOKS, make_clip
from vgan.training.shapes import draw_scene, make_shape_clip
from vgan.training.shapes.motions import MOTIONS
from vgan.training.shapes.outlines import OUTLINES

FORMAT = 1
HELD_OUT = 1_000_000  # seeds from here on are never trained on
FINER = 2  # times finer that looks are drawn, then averaged: they have edges of their own

Draw = Callable[[int, int, Tensor, int], tuple[Tensor, dict[str, Any]]]


def _moving(kind: str) -> Draw:
    def draw(label: int, seed: int, times: Tensor, side: int) -> tuple[Tensor, dict[str, Any]]:
        name = list(MOTIONS if kind == "motion" else OUTLINES)[label]
        scene = draw_scene(seed, motion=name) if kind == "motion" else draw_scene(seed, shape=name)
        return make_shape_clip(scene, times, side), asdict(scene)

    return draw


def _look(label: int, seed: int, times: Tensor, side: int) -> tuple[Tensor, dict[str, Any]]:
    look = list(LOOKS)[label]
    clip = make_clip(look, seed, times, side * FINER, side * FINER)
    return F.avg_pool2d(clip, FINER), {"look": look, "seed": seed}


# What the labels are, and what draws a clip: (label, seed, times, side) to pictures and what is known about them.
CLIP_SETS: dict[str, tuple[tuple[str, ...], Draw]] = {
    "shapes": (tuple(MOTIONS), _moving("motion")),
    "shapes-by-kind": (tuple(OUTLINES), _moving("shape")),
    "looks": (tuple(LOOKS), _look),
}


def write_clip_set(
    folder: Path, name: str, clips: int, side: int = 64, frames: int = 16, first_seed: int = 0, like: Path | None = None
) -> None:
    """Draw `clips` clips of the set `name` of CLIP_SETS into `folder`, its labels in turns, from seeds `first_seed` on.

    side: pixels; frames: of a clip, at least 4; like: another such folder of the same set, in whose ranges attributes
    are expressed (a held-out set uses the training set's). A folder that holds exactly this already is left alone.
    Raises UnknownName, and RecipeError for sizes that are out of range.
    """
    if name not in CLIP_SETS:
        raise UnknownName("clip set", name, CLIP_SETS)
    labels, draw = CLIP_SETS[name]
    if side < 16 or frames < 4 or clips < len(labels):
        raise RecipeError(
            f"clip set {name!r}: {clips} clips of {frames} frames, {side} px. Allowed: at least {len(labels)} clips "
            "(one of each label), 4 frames, 16 pixels."
        )
    asked = {
        "format": FORMAT,
        "set": name,
        "labels": list(labels),
        "frames": frames,
        "side": side,
        "first_seed": first_seed,
    }
    done = folder / "facts.json"
    if _holds(done, asked, clips):
        return
    folder.mkdir(parents=True, exist_ok=True)
    done.unlink(missing_ok=True)
    stored = np.lib.format.open_memmap(folder / "clips.npy", "w+", np.uint8, (clips, frames, side, side, 3))
    measured, truths = torch.zeros(clips, len(attributes.ATTRIBUTES)), []
    of_label = torch.arange(clips) % len(labels)
    for index, (shown, pair, truth) in enumerate(_drawn(draw, of_label, first_seed, frames, side)):
        stored[index] = to_frames(shown)
        measured[index] = attributes.measure(pair[:1], pair[1:])[0]
        truths.append(truth)
    stored.flush()
    tables = _tables(measured, of_label, len(labels)) if like is None else _tables_of(like, labels)
    shares = attributes.to_shares(measured, tables[of_label])
    np.save(folder / "labels.npy", of_label.numpy())
    np.save(folder / "attributes.npy", shares.numpy().astype(np.float32))
    facts = asked | {"loop": True, "knots": checkpoint.knots(labels, tables), "clips": truths}
    done.write_text(json.dumps(facts) + "\n", encoding="utf-8")


def _drawn(
    draw: Draw, labels: Tensor, first_seed: int, frames: int, side: int
) -> Iterator[tuple[Tensor, Tensor, dict[str, Any]]]:
    """Of each clip: its frames, the two that its attributes are measured on, and what is known about it."""
    times = torch.cat([torch.arange(frames) / frames, torch.tensor([0.0, attributes.STEP])])
    for index, label in enumerate(labels.tolist()):
        pictures, truth = draw(label, first_seed + index, times, side)
        yield pictures[:frames], pictures[frames:], truth


def _holds(done: Path, asked: dict[str, Any], clips: int) -> bool:
    if not done.is_file():
        return False
    facts = json.loads(done.read_text(encoding="utf-8"))
    return len(facts.get("clips", ())) == clips and all(facts.get(key) == value for key, value in asked.items())


def _tables(measured: Tensor, of_label: Tensor, labels: int) -> Tensor:
    return torch.stack([attributes.knots(measured[of_label == label]) for label in range(labels)])


def _tables_of(folder: Path, labels: tuple[str, ...]) -> Tensor:
    facts = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
    return torch.tensor([facts["knots"][label] for label in labels])
