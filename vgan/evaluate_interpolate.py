"""`python -m vgan evaluate interpolate`: frames of real clips left out and drawn again, beside blending and flow."""

import itertools
import json
import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from pathlib import Path
from statistics import fmean, median

import numpy as np
import torch
from torch import Tensor

from vgan.errors import MediaError
from vgan.families import FAMILIES
from vgan.media import reader
from vgan.metrics.interpolation import FlowWarp, blended
from vgan.models.interpolator import Interpolator
from vgan.runtime import Runtime
from vgan.scene import is_cut
from vgan.steps.between import Gap
from vgan.steps.interpolate import fill
from vgan.tensors import to_pictures
from vgan.weights import load_into, read_config, read_weights

log = logging.getLogger(__name__)

START = 0.6  # share of every clip that is left to training
LARGEST_PSNR = 60.0  # dB: of frames that are equal, which would count for infinity
STILL = 0.25  # mean difference of both neighbours, levels, below which nothing moves that could be missed
CLIPS = {".mp4", ".webm", ".mov", ".mkv", ".avi", ".gif"}
WAYS = ("blend", "flow", "ours")


@dataclass(frozen=True)
class Row:
    """One clip. psnr: by way of interpolation, dB, as means over `triplets` frames that were left out."""

    clip: str
    size: tuple[int, int]
    triplets: int
    psnr: dict[str, float]


@dataclass
class InterpolationReport:
    """rows: by clip; joints: frames of two clips side by side; blended: of these, where something in between was
    shown; milliseconds: that a frame in between took, median, by size."""

    start: float
    most: int
    rows: list[Row] = field(default_factory=list)
    joints: int = 0
    blended: int = 0
    milliseconds: dict[str, float] = field(default_factory=dict)

    def mean(self, way: str) -> float:
        """PSNR over all clips, each counting alike."""
        return fmean(row.psnr[way] for row in self.rows)


def clips_in(folder: Path, leave: Sequence[str] = ()) -> list[Path]:
    """The clips in a folder, without those called as in `leave`. Raises MediaError where there are none."""
    found = sorted(path for path in folder.glob("*") if path.suffix.lower() in CLIPS and path.name not in leave)
    if not found:
        raise MediaError(f"data: there are no clips ({', '.join(sorted(CLIPS))}) in {folder}.")
    return found


def load(folder: Path, runtime: Runtime) -> Interpolator:
    """The interpolator in an export folder, ready to draw. Raises WeightsError."""
    config, weights = folder / "config.json", folder / "model.safetensors"
    model, state = FAMILIES["interpolate"].build(read_config(config), read_weights(weights))
    load_into(model, state, weights.name)
    placed = runtime.place(model)
    assert isinstance(placed, Interpolator)
    return placed


@torch.inference_mode()
def evaluate_interpolate(
    model: Interpolator, runtime: Runtime, clips: list[Path], start: float = START, most: int = 40
) -> InterpolationReport:
    """Leave out every second frame of each clip from `start` (a share) on and draw it again, at most `most` times
    evenly spread; and show what is drawn between frames of different clips. Clips in which nothing moves are left out.
    Raises MediaError."""
    report = InterpolationReport(start, most)
    heads: list[Tensor] = []  # the first frame of each clip
    flow = FlowWarp()
    for path in clips:
        figures: list[list[float]] = []
        taken: list[float] = []
        size = reader.facts(path).size
        for one, middle, other in triplets(path, start, most):
            if not figures:
                heads.append(_picture(one))
            drawn, seconds = _ours(model, runtime, one, other)
            taken.append(seconds)
            made = (blended(one, other, 0.5), flow(one, other, 0.5), drawn)
            figures.append([psnr(each, middle) for each in made])
        if not figures:
            log.info("%s: nothing moves in it", path.name)
            continue
        means = dict(zip(WAYS, map(fmean, zip(*figures, strict=True)), strict=True))
        report.rows.append(Row(path.name, size, len(figures), means))
        report.milliseconds[f"{size[0]}x{size[1]}"] = 1000 * median(taken)
        log.info("%s: %s", path.name, means)
    if not report.rows:
        raise MediaError("data: nothing moves in any of these clips. Give clips of at least three frames that do.")
    for here, there in itertools.permutations(heads, 2):
        next_one = _like(there, here)
        shown = fill(Gap(here, next_one, (Fraction(1, 2),)), model, 1.0, runtime)[0]
        report.joints += 1
        report.blended += not any(torch.equal(shown, end) for end in (here, next_one))
    return report


def triplets(path: Path, start: float, most: int) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Frames side by side from `start` on, of one scene, in which something moves."""
    count = len(reader.facts(path).times)
    first = int(start * count)
    stride = max(1, (count - first - 2) // most)
    held: list[np.ndarray] = []
    for index, (_, frame) in enumerate(reader.frames(path)):
        held = [*held[-2:], frame]
        place = index - first - 2
        if place < 0 or place % stride or len(held) < 3 or any(each.shape != frame.shape for each in held):
            continue
        if np.abs(held[0].astype(np.int16) - frame).mean() < STILL or is_cut(_picture(held[0])[0], _picture(frame)[0]):
            continue
        yield held[0], held[1], frame


def psnr(made: np.ndarray, wanted: np.ndarray) -> float:
    """Peak signal to noise of levels (H, W, 3), rounded as a file has them, dB."""
    error = np.square(np.clip(np.rint(made), 0, 255) - wanted.astype(np.float32)).mean()
    return min(LARGEST_PSNR, float(10 * np.log10(255**2 / max(error, 1e-9))))


def _ours(model: Interpolator, runtime: Runtime, one: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, float]:
    gap = Gap(_picture(one), _picture(other), (Fraction(1, 2),))
    began = time.perf_counter()
    drawn = fill(gap, model, 1.0, runtime)[0]
    seconds = time.perf_counter() - began
    return drawn[0].permute(1, 2, 0).mul(127.5).add(127.5).numpy(), seconds


def _picture(frame: np.ndarray) -> Tensor:
    return to_pictures(frame.copy())[None]


def _like(picture: Tensor, other: Tensor) -> Tensor:
    return torch.nn.functional.interpolate(picture, other.shape[-2:], mode="bilinear", antialias=True)


def write_json(report: InterpolationReport, path: Path) -> None:
    """The report as JSON at `path`."""
    path.write_text(json.dumps(asdict(report), indent=1) + "\n")


def table(report: InterpolationReport) -> str:
    """The report as a Markdown table."""
    lines = ["| clip | frames | blending | DIS flow | VGAN | over blending |", "|---|---|---|---|---|---|"]
    for row in sorted(report.rows, key=lambda row: row.clip):
        name = f"{row.clip}, {row.size[0]}x{row.size[1]}"
        lines.append(_line(name, str(row.triplets), row.psnr))
    every = {way: report.mean(way) for way in WAYS}
    lines.append(_line("mean of clips", str(sum(row.triplets for row in report.rows)), every))
    return "\n".join(lines) + "\n"


def _line(name: str, count: str, psnr: dict[str, float]) -> str:
    figures = " | ".join(f"{psnr[way]:.2f} dB" for way in WAYS)
    return f"| {name} | {count} | {figures} | {psnr['ours'] - psnr['blend']:+.2f} dB |"
