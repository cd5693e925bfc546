"""`python -m vgan compare-families`: all families of video generators on the same clips, for the same processor time,
with the same seeds, measured by one protocol.

Every run and its figures stay in a folder of their own, so that a comparison that was interrupted goes on.
"""

import json
import logging
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from vgan import runtime
from vgan.errors import RecipeError, TrainingFailed, UnknownName
from vgan.metrics.clip_table import ClipFigures, ClipTable, Eyes
from vgan.metrics.video_distance import AXES
from vgan.models.generators.video import VideoGenerator, VideoParams
from vgan.models.video_families import VIDEO_FAMILIES, VideoFamily
from vgan.tensors import to_uint8
from vgan.training import checkpoint
from vgan.training.run import Budget, train
from vgan.training.shapes.folders import CLIP_SETS, HELD_OUT, write_clip_set
from vgan.training.video.clips import ClipArrays, read_clips
from vgan.training.video.params import FamilyTraining
from vgan.training.video.standing import BATCHES, standing_statistics
from vgan.training.video.trainer import FamilyTrainer

log = logging.getLogger(__name__)

AT_ONCE = 16  # clips that are drawn together
SHOWN = 8  # clips of each run that are kept for the pictures
CHECKPOINT_MINUTES = 10.0  # by the clock: what a checkpoint costs is part of the time of a run

# Files of a run's folder.
TRAINING, CHECKPOINT, FIGURES, SHOWN_CLIPS = "training.json", "checkpoint.pt", "figures.json", "shown.npy"


@dataclass(frozen=True)
class Comparison:
    """What is compared, and how. Figures compare only where all of this is the same.

    cpu_minutes: of training, by clip set; seeds: runs of each family; side, frames: of clips; clips: that are trained
    on; samples: clips that are measured, of each run and of the real ones; axes: see `VideoSpace`; batch: clips a step.
    """

    cpu_minutes: Mapping[str, float] = field(default_factory=lambda: {"shapes": 2.0, "looks": 1.0})
    seeds: int = 3
    side: int = 32
    frames: int = 16
    clips: int = 1200
    samples: int = 256
    axes: int = AXES
    batch: int = 8

    def training(self, clip_set: str) -> dict[str, object]:
        """What a run's weights depend on, besides its family and seed."""
        kept: dict[str, object] = {name: getattr(self, name) for name in ("side", "frames", "clips", "batch")}
        return kept | {"cpu_minutes": self.cpu_minutes[clip_set]}

    def measuring(self) -> dict[str, float]:
        """What its figures depend on, besides its weights."""
        return {"samples": self.samples, "axes": self.axes, "standing": BATCHES}


@dataclass(frozen=True)
class Run:
    """One family, trained once: how long and on what, and how its clips measure.

    parameters: of the generator; frames_per_second: that it draws on one core, `AT_ONCE` clips together.
    """

    family: str
    seed: int
    steps: int
    parameters: int
    frames_per_second: float
    figures: ClipFigures


@dataclass
class Results:
    """All that was measured on one clip set so far. floor: other held-out real clips, measured as made ones are: what
    there is to reach; runs that failed are told by their reasons."""

    floor: ClipFigures
    runs: list[Run] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


class Contest:
    """One clip set: its data, its protocol, and the runs in `folder`."""

    def __init__(self, name: str, plan: Comparison, folder: Path, weights: Path | None, others: Mapping[str, Eyes]):
        """Draws the clips where there are none. Raises RecipeError, WeightsError."""
        self.name, self.plan, self.folder = name, plan, folder / name
        data, sizes = folder / "data" / name, (plan.side, plan.frames)
        write_clip_set(data / "train", name, plan.clips, *sizes)
        write_clip_set(data / "test", name, 2 * plan.samples, *sizes, HELD_OUT, data / "train")
        self.train, self.test = read_clips(data / "train"), read_clips(data / "test")
        every = torch.arange(2 * plan.samples)
        # Held-out clips come in the order of labels, so each half has as many of each.
        self.table = ClipTable(
            real_bytes(self.train, every[: plan.samples]),
            self.train.labels[: plan.samples],
            real_bytes(self.test, every[: plan.samples]),
            len(self.train.names),
            weights,
            plan.axes,
            others,
        )
        rest = every[plan.samples :]
        self.results = Results(self.table.measure(real_bytes(self.test, rest), self.test.labels[rest]))

    def shown(self) -> Tensor:
        """Real clips for the pictures, uint8 (SHOWN, T, 3, S, S)."""
        return real_bytes(self.test, torch.arange(SHOWN))

    def run(self, name: str, seed: int) -> None:
        """Train and measure one family with one seed, or take what was measured before, and add it to the results."""
        place, family = self.folder / f"{name}-{seed}", VIDEO_FAMILIES[name]
        params = FamilyTraining.of(family, seed=seed, batch=self.plan.batch, watch=0)
        clips = self.train
        model = family.params(labels=clips.names, side=clips.side, frames=clips.length)
        trained = self.plan.training(self.name) | as_json({"params": asdict(params), "model": asdict(model)})
        trained |= {"networks": [part.__name__ for part in (family.generator, *family.critics)]}
        protocol = trained | self.plan.measuring() | {"others": sorted(self.table.others)}
        found = kept_run(place, protocol)
        if found is None:
            begin(place, trained)
            try:
                generator, steps = self._trained(family, params, model, place)
            except TrainingFailed as error:
                log.warning("%s, %s, seed %d: %s", self.name, name, seed, error)
                self.results.failed[f"{name}, seed {seed}"] = str(error)
                return
            found = self._measured(name, seed, generator, steps, place)
            write_json(place / FIGURES, {"protocol": protocol, "run": asdict(found)})
        log.info("%s, %s, seed %d: %s", self.name, name, seed, found)
        self.results.runs.append(found)

    def _trained(
        self, family: VideoFamily, params: FamilyTraining, model: VideoParams, place: Path
    ) -> tuple[VideoGenerator, int]:
        trainer = FamilyTrainer(params, model, family, self.train, torch.device("cpu"))
        last = place / CHECKPOINT
        if last.is_file():
            trainer.restore(checkpoint.load(last))
        if trainer.progress < 1:
            left = self.plan.cpu_minutes[self.name] * (1 - trainer.progress)
            train(trainer, place, Budget(cpu_minutes=left), CHECKPOINT_MINUTES)
        standing_statistics(trainer.G_ema, self.train, runtime.generator(params.seed))
        return trainer.G_ema, trainer.step_count

    @torch.inference_mode()
    def _measured(self, name: str, seed: int, generator: VideoGenerator, steps: int, place: Path) -> Run:
        draws = runtime.generator(1_000 + seed)
        rows = torch.randperm(len(self.train), generator=draws)[: self.plan.samples]
        noise, given = generator.draw(len(rows), draws), self.train.given(rows)
        parts, began = [], time.process_time()
        for start in range(0, len(rows), AT_ONCE):
            part = slice(start, start + AT_ONCE)
            parts.append(generator(noise[part], given[part]).float())
        seconds = time.process_time() - began
        clips = torch.cat([as_bytes(part) for part in parts])
        np.save(place / SHOWN_CLIPS, clips[:SHOWN].numpy())
        figures = self.table.measure(clips, given.labels if generator.conditional else None)
        count = sum(weight.numel() for weight in generator.parameters())
        return Run(name, seed, steps, count, clips.shape[0] * clips.shape[1] / max(seconds, 1e-9), figures)


def real_bytes(clips: ClipArrays, rows: Tensor) -> Tensor:
    """Real clips at `rows`, uint8 (n, T, 3, S, S)."""
    return torch.from_numpy(clips.frames[rows.numpy()]).movedim(-1, 2).contiguous()


def as_bytes(clips: Tensor) -> Tensor:
    """Made clips (n, T, 3, S, S) in [-1, 1] as uint8, as large. Raises RecipeError where they are no numbers."""
    if not bool(clips.isfinite().all()):
        raise RecipeError("compare-families: a generator draws what is no number. Train it with a lower rate.")
    return to_uint8(clips.flatten(0, 1)).movedim(-1, 1).unflatten(0, clips.shape[:2])


def begin(place: Path, trained: Mapping[str, object]) -> None:
    """Make the folder of a run ready: what was trained there otherwise is not gone on with."""
    path = place / TRAINING
    if path.is_file() and json.loads(path.read_text(encoding="utf-8")) == trained:
        return
    for name in (CHECKPOINT, FIGURES, "log.csv"):
        (place / name).unlink(missing_ok=True)
    place.mkdir(parents=True, exist_ok=True)
    write_json(path, trained)


def kept_run(place: Path, protocol: Mapping[str, object]) -> Run | None:
    """What was measured before in `place` by the same protocol, or None."""
    path = place / FIGURES
    if not path.is_file() or not (place / SHOWN_CLIPS).is_file():
        return None
    told = json.loads(path.read_text(encoding="utf-8"))
    if told["protocol"] != protocol:
        return None
    return Run(**told["run"] | {"figures": ClipFigures(**told["run"]["figures"])})


def as_json(value: Mapping[str, object]) -> dict[str, object]:
    """As it is read back: tuples become lists."""
    found: dict[str, object] = json.loads(json.dumps(value))
    return found


def write_json(path: Path, value: object) -> None:
    """Whole or not at all."""
    part = path.with_suffix(".part")
    part.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")
    part.replace(path)


def compare(
    plan: Comparison, families: list[str], folder: Path, weights: Path | None, others: Mapping[str, Eyes] | None = None
) -> Iterator[dict[str, Contest]]:
    """Run everything that is not there yet, and give all contests after each run.

    folder: for data, runs and figures; weights: of SqueezeNet 1.1 (None: torchvision's own); others: see `ClipTable`.
    The first seed of everything comes first. Raises UnknownName, RecipeError, WeightsError.
    """
    for name in families:
        if name not in VIDEO_FAMILIES:
            raise UnknownName("family", name, VIDEO_FAMILIES)
    for name in plan.cpu_minutes:
        if name not in CLIP_SETS:
            raise UnknownName("clip set", name, CLIP_SETS)
    contests: dict[str, Contest] = {}
    for seed in range(plan.seeds):
        for clip_set in plan.cpu_minutes:
            if clip_set not in contests:
                contests[clip_set] = Contest(clip_set, plan, folder, weights, others or {})
            for name in families:
                contests[clip_set].run(name, seed)
                yield contests
