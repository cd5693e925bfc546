"""Clips of all looks, drawn once and kept as bytes, so that a training step waits for nothing."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor
from tqdm import tqdm

from vgan.models import attributes
from vgan.training.looks import LOOKS, make_clip

SHORT_SIDE = 256  # pixels kept of the shorter side
FRAMES = 4  # the first two are `attributes.STEP` apart, the others anywhere in the loop
SHAPES = {"square": (1.0, 1.0), "tall": (1.75, 1.0), "wide": (1.0, 1.75)}  # (height, width) in short sides
SHARES = {"square": 0.4, "tall": 0.4, "wide": 0.2}  # of all clips
HELD_OUT = 1_000_000  # seeds from here on are never trained on


@dataclass(frozen=True)
class Clips:
    """Clips of one shape. frames: uint8 (N, F, H, W, 3), the first two of F `attributes.STEP` apart; small: the same at
    64 px; times (N, F) in loops; look (N,) indices into the set's looks; shares (N, 7), filled in by `load`."""

    frames: np.ndarray
    small: Tensor
    times: Tensor
    look: Tensor
    shares: Tensor


def clip_times(seed: int) -> Tensor:
    """(FRAMES,) moments of the clip `seed`, in loops."""
    draw = torch.rand(FRAMES, generator=torch.Generator().manual_seed(seed))
    draw[1] = draw[0] + attributes.STEP
    return draw


def build(folder: Path, per_look: int, first_seed: int = 0, short_side: int = SHORT_SIDE) -> None:
    """Draw `per_look` clips of every look into `folder` (skipped where a whole set of that size is there already)."""
    done = folder / "done.json"
    wanted = {"per_look": per_look, "first_seed": first_seed, "short_side": short_side, "looks": list(LOOKS)}
    if done.is_file() and json.loads(done.read_text()) == wanted:
        return
    folder.mkdir(parents=True, exist_ok=True)
    done.unlink(missing_ok=True)
    offset = first_seed
    for shape, (tall, wide) in SHAPES.items():
        count = max(1, round(per_look * SHARES[shape]))
        height, width = round(short_side * tall), round(short_side * wide)
        frames = np.lib.format.open_memmap(
            folder / f"{shape}.npy", "w+", np.uint8, (count * len(LOOKS), FRAMES, height, width, 3)
        )
        times, looks = torch.zeros(len(frames), FRAMES), torch.zeros(len(frames), dtype=torch.long)
        for index in tqdm(range(len(frames)), desc=f"drawing {shape}", mininterval=5):
            label, seed = index % len(LOOKS), offset + index // len(LOOKS)
            times[index], looks[index] = clip_times(seed), label
            clip = make_clip(list(LOOKS)[label], seed, times[index], height, width)
            frames[index] = clip.mul(127.5).add(127.5).round().to(torch.uint8).movedim(1, -1).numpy()
        frames.flush()
        torch.save({"times": times, "look": looks}, folder / f"{shape}.pt")
        offset += count
    done.write_text(json.dumps(wanted))


def _to_pictures(frames: Tensor) -> Tensor:
    return frames.movedim(-1, -3).float().div_(127.5).sub_(1)


def looks_of(folder: Path) -> tuple[str, ...]:
    """The names of the looks in a whole set of clips."""
    return tuple(json.loads((folder / "done.json").read_text())["looks"])


def load(folder: Path, tables: Tensor | None = None, least: Tensor | None = None) -> tuple[dict[str, Clips], Tensor]:
    """All clips of `folder` by shape, and the looks' attribute knots (looks, KNOTS, 7). Shapes that it has no file of
    are left out.

    tables: knots of another set, to express this one's attributes in (a held-out set uses the training set's). least:
    as in `attributes.knots`.
    """
    raw: dict[str, tuple[np.ndarray, Tensor, dict[str, Tensor], Tensor]] = {}
    for shape in SHAPES:
        if not (folder / f"{shape}.npy").is_file():
            continue
        frames = np.load(folder / f"{shape}.npy", mmap_mode="r")
        facts = torch.load(folder / f"{shape}.pt", weights_only=True)
        factor = min(frames.shape[2:4]) // attributes.SHORT_SIDE
        small, measured = [], []
        for start in range(0, len(frames), 64):
            pictures = _to_pictures(torch.from_numpy(np.array(frames[start : start + 64])))
            pooled = F.avg_pool2d(pictures.flatten(0, 1), factor).unflatten(0, pictures.shape[:2])
            measured.append(attributes.measure(pooled[:, 0], pooled[:, 1]))
            small.append(pooled.mul(127.5).add(127.5).round().to(torch.uint8))
        raw[shape] = frames, torch.cat(small), facts, torch.cat(measured)
    if tables is None:
        all_measured = torch.cat([row[3] for row in raw.values()])
        all_looks = torch.cat([row[2]["look"] for row in raw.values()])
        labels = range(len(looks_of(folder)))
        tables = torch.stack([attributes.knots(all_measured[all_looks == label], least) for label in labels])
    clips = {
        shape: Clips(
            frames, small, facts["times"], facts["look"], attributes.to_shares(measured, tables[facts["look"]])
        )
        for shape, (frames, small, facts, measured) in raw.items()
    }
    return clips, tables
