"""`python -m vgan evaluate repair`: real clips damaged at random; what is found, what is mended, what is left alone."""

import itertools
import json
import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from pathlib import Path
from statistics import fmean

import numpy as np
import torch
from torch import Tensor
from torchvision.io import write_png

from vgan.damage import judge
from vgan.errors import MediaError
from vgan.evaluate_interpolate import START, psnr
from vgan.media import reader
from vgan.media.extent import Extent
from vgan.media.writer import resize
from vgan.recipe_steps import Repair
from vgan.registry import Models
from vgan.steps.around import Around
from vgan.steps.repair import repair
from vgan.tensors import to_frames, to_pictures
from vgan.training.repair.spoil import KINDS, spoil

log = logging.getLogger(__name__)

SEEN = 38.0  # dB: a frame that is as near to what it was is not counted, neither as damaged nor as whole
APART = (14, 30)  # good frames between two pieces of damage
FIRST, LAST = 6, 8  # frames at either end of a clip that are left whole


@dataclass
class Count:
    """Frames. right: damaged and found; missed: damaged and not found; false: found and whole; named: found as what
    they are."""

    right: int = 0
    missed: int = 0
    false: int = 0
    named: int = 0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 1 where there is nothing to find and nothing was found."""
        return 2 * self.right / max(1, 2 * self.right + self.missed + self.false) if self._any else 1.0

    @property
    def precision(self) -> float:
        """Share of what was found that is damaged."""
        return self.right / (self.right + self.false) if self.right + self.false else 1.0

    @property
    def recall(self) -> float:
        """Share of what is damaged that was found."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def _any(self) -> bool:
        return bool(self.right + self.missed + self.false)


@dataclass
class RepairReport:
    """kinds: counts by kind of damage (false ones are under the kind they were taken for); untouched: frames of clips
    without damage in which something was found, of `whole`; changed: frames without a finding that differ by a bit
    after the step; mended, blended: PSNR to the truth of frames that were found and damaged, by kind, rebuilt and as
    their good neighbours blended; rate: frames a second that are judged. side: longer side to which frames were shrunk,
    pixels; None left them."""

    seed: int
    rounds: int
    most: int
    side: int | None = None
    kinds: dict[str, Count] = field(default_factory=lambda: {kind: Count() for kind in KINDS})
    whole: int = 0
    untouched: int = 0
    changed: int = 0
    mended: dict[str, list[float]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    blended: dict[str, list[float]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    rate: float = 0.0

    @property
    def all(self) -> Count:
        """Counts of all kinds together."""
        counts = [asdict(count) for count in self.kinds.values()]
        return Count(**{name: sum(count[name] for count in counts) for name in counts[0]})

    def gain(self, kind: str | None = None) -> float:
        """Decibels by which frames are nearer to the truth than their neighbours blended, in the mean."""
        names = [kind] if kind else list(KINDS)
        pairs = [pair for name in names for pair in zip(self.mended[name], self.blended[name], strict=True)]
        return fmean(made - blend for made, blend in pairs) if pairs else 0.0


@dataclass(frozen=True)
class Broken:
    """A clip and its damaged copy, (T, H, W, 3) uint8; kinds: of each frame's damage, None for whole ones, `unseen` for
    damage that cannot be seen."""

    good: np.ndarray
    frames: np.ndarray
    kinds: tuple[str | None, ...]


def damage(good: np.ndarray, random: np.random.Generator) -> Broken:
    """`good` with damage of all kinds in random places."""
    frames, kinds = good.copy(), [None for _ in good]
    at = FIRST + int(random.integers(0, 10))
    while True:
        kind = str(random.choice(list(KINDS)))
        length = int(random.integers(2 if kind == "frozen" else 1, KINDS[kind].longest + 1))
        if at + length > len(good) - LAST:
            return Broken(good, frames, tuple(kinds))
        frames[at : at + length] = spoil(good, kind, at, length, random)[0]
        for index in range(at, at + length):
            kinds[index] = kind if psnr(frames[index], good[index]) < SEEN else "unseen"  # type: ignore[call-overload]
        at += length + int(random.integers(*APART))


def evaluate_repair(
    models: Models, clips: list[Path], rounds: int = 2, most: int = 120, seed: int = 0, side: int | None = None
) -> tuple[RepairReport, list[np.ndarray]]:
    """Judge each clip as it is, then `rounds` damaged copies of at most `most` frames from its held-out part.

    side: longer side to which frames are shrunk, pixels; None leaves them. Returns the report, and rows of a contact
    sheet: damaged, mended and true, one for each kind in every clip. Raises MediaError, WeightsError.
    """
    report, sheet, frames, seconds = RepairReport(seed, rounds, most, side), [], 0, 0.0
    for number, path in enumerate(clips):
        good = _held_out(path, most, side)
        began = time.perf_counter()
        told = [one for one in judge(good) if one.finding is not None]
        frames, seconds = frames + len(good), seconds + time.perf_counter() - began
        report.whole, report.untouched = report.whole + len(good), report.untouched + len(told)
        log.info("%s: found in %d whole frames: %s", path.name, len(good), [one.finding.facts() for one in told])  # type: ignore[union-attr]
        for turn in range(rounds if len(good) >= FIRST + LAST + 12 else 0):
            broken = damage(good, np.random.default_rng([seed, number, turn]))
            sheet += _round(report, broken, models)
        log.info("%s: so far %s, %+.2f dB", path.name, report.all, report.gain())
    report.rate = frames / max(seconds, 1e-9)
    return report, sheet


def _held_out(path: Path, most: int, side: int | None) -> np.ndarray:
    """Frames of one size from the part of the clip that was never trained on; more of a short clip."""
    count = len(reader.facts(path).times)
    first = max(0, min(round(START * count), count - most))
    taken = [frame for _, frame in itertools.islice(reader.frames(path), first, first + most)]
    frames = np.stack([frame for frame in taken if frame.shape == taken[0].shape])
    height, width = frames.shape[1:3]
    if side is None or max(height, width) <= side:
        return frames
    return resize(
        frames, (max(2, round(width * side / max(height, width))), max(2, round(height * side / max(height, width))))
    )


def _round(report: RepairReport, broken: Broken, models: Models) -> list[np.ndarray]:
    """Judge and mend one damaged clip."""
    found = {one.index: one.finding.reason for one in judge(broken.frames) if one.finding is not None}
    made = _mended(broken.frames, models)
    shown: dict[str, np.ndarray] = {}
    whole = [index for index in range(len(broken.frames)) if broken.kinds[index] is None and index not in found]
    for index, (kind, frame) in enumerate(zip(broken.kinds, made, strict=True)):
        reason = found.get(index)
        if reason is None:
            report.changed += not np.array_equal(frame, broken.frames[index])
        if kind is None and reason is not None:
            report.kinds[reason].false += 1
        if kind is None or kind == "unseen":
            continue
        count = report.kinds[kind]
        count.right, count.missed = count.right + (reason is not None), count.missed + (reason is None)
        count.named += reason == kind
        before = max((place for place in whole if place < index), default=None)
        after = min((place for place in whole if place > index), default=None)
        if reason is None or before is None or after is None:
            continue
        share = (index - before) / (after - before)
        blend = (1 - share) * broken.good[before].astype(np.float32) + share * broken.good[after]
        report.mended[kind].append(psnr(frame, broken.good[index]))
        report.blended[kind].append(psnr(blend, broken.good[index]))
        shown.setdefault(kind, np.concatenate([broken.frames[index], frame, broken.good[index]], 1))
    return list(shown.values())


def _mended(frames: np.ndarray, models: Models) -> list[np.ndarray]:
    extent = Extent(len(frames), Fraction(25), frames.shape[2:0:-1])

    def at(places: Sequence[int]) -> Tensor:
        return to_pictures(frames[list(places)])

    chunks: Iterator[Tensor] = (to_pictures(frame[None].copy()) for frame in frames)
    with torch.inference_mode():
        return [to_frames(one)[0] for one in repair(chunks, Repair(), Around(extent, extent, False, at, models))]


def table(report: RepairReport) -> str:
    """The report as a Markdown table."""
    lines = ["| damage | F1 | precision | recall | named rightly | mended, over blending | frames |"]
    lines.append("|---|---|---|---|---|---|---|")
    for name, count in (*report.kinds.items(), ("all", report.all)):
        kind = None if name == "all" else name
        named = count.named / max(1, count.right)
        lines.append(
            f"| {name} | {count.f1:.3f} | {count.precision:.3f} | {count.recall:.3f} | {100 * named:.0f} % | "
            f"{report.gain(kind):+.2f} dB | {count.right + count.missed} |"
        )
    lines += [
        "",
        f"Found in {report.whole} whole frames: {report.untouched}. Frames without a finding that the step changed: "
        f"{report.changed}. Judged at {report.rate:.0f} frames a second.",
    ]
    return "\n".join(lines) + "\n"


def write_json(report: RepairReport, path: Path) -> None:
    """The report as JSON at `path`."""
    facts = asdict(report) | {"f1": report.all.f1, "gain": report.gain()}
    path.write_text(json.dumps(facts, indent=1) + "\n")


def write_sheet(rows: list[np.ndarray], path: Path, side: int = 960) -> None:
    """A contact sheet (.png): a row for each of `rows`, `side` pixels wide. Raises MediaError."""
    small = [resize(row[None], (side, max(1, round(side * row.shape[0] / row.shape[1]))))[0] for row in rows]
    if not small:
        raise MediaError("sheet: nothing was mended, so there is nothing to show. Give more --rounds.")
    try:
        write_png(torch.from_numpy(np.concatenate(small)).permute(2, 0, 1), str(path))
    except (OSError, RuntimeError) as error:
        raise MediaError(f"sheet: {path} cannot be written ({error}). Name a .png in a folder that exists.") from error
