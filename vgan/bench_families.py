"""`python -m vgan bench families`: what every family of video generators learns in its first steps."""

import logging
import tempfile
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from vgan import runtime
from vgan.bench import processor
from vgan.compare_families import as_bytes, real_bytes
from vgan.errors import UnknownName
from vgan.metrics.layout import layout_distance
from vgan.models.video_families import VIDEO_FAMILIES
from vgan.training.shapes.folders import HELD_OUT, write_clip_set
from vgan.training.video.clips import ClipArrays, read_clips
from vgan.training.video.params import FamilyTraining
from vgan.training.video.standing import standing_statistics
from vgan.training.video.trainer import FamilyTrainer

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class FirstSteps:
    """How far training goes, and on what. measured: clips of each set, against as many held-out ones."""

    steps: int = 200
    batch: int = 16
    side: int = 32
    frames: int = 16
    clips: int = 600
    measured: int = 256


@dataclass(frozen=True)
class Learned:
    """One family. before, after: layout distances of the averaged generator, untrained and trained; seconds: of one
    core, for all steps."""

    family: str
    loss: str
    before: float
    after: float
    seconds: float

    @property
    def share(self) -> float:
        """What is left of the distance."""
        return self.after / self.before


@dataclass(frozen=True)
class FamiliesBench:
    """floor: the layout distance of two sets of real clips."""

    machine: str
    plan: FirstSteps
    floor: float
    learned: list[Learned]


def bench_families(plan: FirstSteps = FirstSteps(), families: Collection[str] = VIDEO_FAMILIES) -> FamiliesBench:
    """Train every family for `plan.steps` on moving shapes, one thread each. Raises UnknownName, RecipeError."""
    for name in families:
        if name not in VIDEO_FAMILIES:
            raise UnknownName("family", name, VIDEO_FAMILIES)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with tempfile.TemporaryDirectory() as folder:
            train, test = Path(folder) / "train", Path(folder) / "test"
            write_clip_set(train, "shapes", plan.clips, plan.side, plan.frames)
            write_clip_set(test, "shapes", 2 * plan.measured, plan.side, plan.frames, HELD_OUT, train)
            clips, real = read_clips(train), real_bytes(read_clips(test), torch.arange(2 * plan.measured))
        floor = layout_distance(*real.chunk(2))
        learned = [_learned(name, plan, clips, real[: plan.measured]) for name in families]
    finally:
        torch.set_num_threads(threads)
    return FamiliesBench(processor(), plan, floor, learned)


def _learned(name: str, plan: FirstSteps, clips: ClipArrays, real: Tensor) -> Learned:
    family = VIDEO_FAMILIES[name]
    params = FamilyTraining.of(family, batch=plan.batch, watch=0)
    model = family.params(labels=clips.names, side=clips.side, frames=clips.length)
    trainer = FamilyTrainer(params, model, family, clips, torch.device("cpu"))

    def distance() -> float:
        standing_statistics(trainer.G_ema, clips, runtime.generator(0))
        draws = runtime.generator(1)
        rows = torch.randint(len(clips), (plan.measured,), generator=draws)
        return layout_distance(real, torch.cat([as_bytes(part) for part in trainer.drawn(plan.measured, draws, rows)]))

    before, start = distance(), time.process_time()
    for step in range(plan.steps):
        trainer.progress = step / plan.steps
        trainer.step()
    seconds = time.process_time() - start
    found = Learned(name, params.loss, before, distance(), seconds)
    log.info("%s", found)
    return found


def table(result: FamiliesBench) -> str:
    """The result as a Markdown table."""
    plan = result.plan
    lines = [
        f"{result.machine}; one thread; {plan.steps} steps of {plan.batch} clips ({plan.frames} frames, {plan.side} "
        f"px, moving shapes); layout distance of {plan.measured} clips to held-out ones, of real ones "
        f"{result.floor:.2f}",
        "",
        "| family | loss | untrained | trained | left | processor time |",
        "|---|---|---|---|---|---|",
    ]
    for one in result.learned:
        title = VIDEO_FAMILIES[one.family].title
        figures = f"{one.before:.1f} | {one.after:.1f} | {one.share:.2f} | {one.seconds:.0f} s"
        lines.append(f"| {title} | {one.loss} | {figures} |")
    return "\n".join(lines) + "\n"
