"""`python -m vgan evaluate looks`: every figure of the shipped looks, measured the way that a creator meets them."""

import json
import logging
from dataclasses import asdict, dataclass, field
from pathlib import Path

import torch
from torch import Tensor

from vgan.errors import MediaError
from vgan.metrics.correlation import circular_rank, spearman
from vgan.metrics.features import SqueezeFeatures
from vgan.metrics.frechet import frechet_distance
from vgan.metrics.look_probe import LookProbe
from vgan.metrics.loop_seam import loop_seam
from vgan.models import attributes
from vgan.models.generators.dcgan import Dcgan, DcganParams
from vgan.recipe import ATTRIBUTES, Generate
from vgan.registry import Models
from vgan.runtime import in_parallel
from vgan.sources.players import player_for
from vgan.tensors import to_uint8
from vgan.training import checkpoint, dataset
from vgan.training.looks import LOOKS

log = logging.getLogger(__name__)

AllClips = dict[str, dataset.Clips]
ASPECTS = ("9:16", "1:1", "16:9")
SEAM_FRAMES = 48
MOMENTS = 4  # of a loop, at which a clip's attributes are measured


@dataclass(frozen=True)
class Protocol:
    """How much is measured. Fréchet: `frames` square frames of each set at 64 px, one a clip, SqueezeNet features."""

    classify: int = 24  # clips a look and aspect
    sweep: int = 32  # requests a look and slider
    frames: int = 2016  # of each set, spread evenly over the looks
    seams: int = 4  # loops a look


@dataclass
class Report:
    """What was measured. right: share of made clips that a classifier of real ones gives their own look."""

    protocol: dict[str, int]
    right: dict[str, float] = field(default_factory=dict)
    right_by_look: dict[str, float] = field(default_factory=dict)
    real_right: float = 0.0
    sliders: dict[str, float] = field(default_factory=dict)
    sliders_worst: dict[str, str] = field(default_factory=dict)
    seam: float = 0.0
    frechet: float = 0.0
    floor: float = 0.0
    dcgan: float | None = None
    dcgan_minutes: float | None = None
    dcgan_cpu_minutes: float | None = None


def evaluate_looks(
    models: Models, train: Path, held_out: Path, features: Path | None, protocol: Protocol, dcgan: Path | None = None
) -> Report:
    """Measure the bundled looks.

    train, held_out: folders that `dataset.build` filled. features: SqueezeNet 1.1 weights (None: torchvision's own).
    dcgan: a checkpoint of `train dcgan`, measured the same way. Raises MediaError where a folder was not built.
    """
    for folder in (train, held_out):
        if not (folder / "done.json").is_file():
            raise MediaError(f"{folder}: no drawn clips there. Make them with `python -m vgan looks draw {folder}`.")
    report = Report(asdict(protocol))
    extract = SqueezeFeatures(features)
    known, tables = dataset.load(train)
    fresh, _ = dataset.load(held_out, tables)
    _classify(report, models, extract, known, fresh, protocol)
    _sweep(report, models, tables, protocol)
    _seams(report, models, protocol)
    _frechet(report, models, extract, known, fresh, protocol, dcgan)
    return report


def _bytes(pictures: Tensor) -> Tensor:
    return to_uint8(pictures).movedim(-1, 1).cpu()


def _made(models: Models, sources: list[Generate], phases: Tensor, aspect: str = "1:1") -> Tensor:
    """Preview frames of many requests, (requests, phases, 3, H, W) float32 on the CPU."""

    def draw(source: Generate) -> Tensor:
        return player_for(source.look, models).draw(source, phases, aspect, preview=True).float().cpu()

    return torch.stack(list(in_parallel(draw, sources, models.runtime.device)))


def _random_source(look: str, seed: int) -> Generate:
    """A request as a creator might make it: every slider anywhere."""
    shares = torch.rand(len(ATTRIBUTES), generator=torch.Generator().manual_seed(seed)).tolist()
    return Generate(look=look, seed=seed, **dict(zip(ATTRIBUTES, shares, strict=True)))


def _classify(
    report: Report, models: Models, extract: SqueezeFeatures, known: AllClips, fresh: AllClips, protocol: Protocol
) -> None:
    probe = LookProbe(extract, len(LOOKS))
    probe.fit([clips.small[:, 0] for clips in known.values()], [clips.look for clips in known.values()])
    guesses = [probe.guess(clips.small[:, 0]) == clips.look for clips in fresh.values()]
    report.real_right = torch.cat(guesses).float().mean().item()
    by_look: dict[str, list[float]] = {look: [] for look in LOOKS}
    for aspect in ASPECTS:
        for label, look in enumerate(LOOKS):
            sources = [_random_source(look, 10_000 + i) for i in range(protocol.classify)]
            frames = _made(models, sources, torch.tensor([0.3]), aspect)[:, 0]
            by_look[look].append((probe.guess(_bytes(frames)) == label).float().mean().item())
        report.right[aspect] = sum(shares[-1] for shares in by_look.values()) / len(LOOKS)
        log.info("right look at %s: %.3f", aspect, report.right[aspect])
    report.right_by_look = {look: sum(shares) / len(shares) for look, shares in by_look.items()}


def _sweep(report: Report, models: Models, tables: Tensor, protocol: Protocol) -> None:
    """One slider goes evenly over its range, the seed changes each time, the other sliders stay in the middle."""
    starts = torch.arange(MOMENTS) / MOMENTS
    pairs = torch.stack([starts, starts + attributes.STEP], dim=1).flatten()
    asked = (torch.arange(protocol.sweep) + 0.5) / protocol.sweep
    for index, name in enumerate(ATTRIBUTES):
        scores: dict[str, float] = {}
        for label, look in enumerate(LOOKS):
            sources = []
            for i, value in enumerate(asked.tolist()):
                middle = dict.fromkeys(ATTRIBUTES, 0.5) | {"hue": (0.37 * i) % 1, name: value}
                sources.append(Generate(look=look, seed=20_000 + i, **middle))
            clips = _made(models, sources, pairs).clamp(-1, 1).flatten(0, 1)
            measured = attributes.measure(clips[::2], clips[1::2])
            shares = attributes.to_shares(measured, tables[label].expand(len(measured), -1, -1))
            of_clip = shares[:, index].unflatten(0, (protocol.sweep, MOMENTS))
            scores[look] = circular_rank(asked, of_clip[:, 0]) if name == "hue" else spearman(asked, of_clip.mean(1))
        report.sliders[name] = sum(scores.values()) / len(scores)
        worst = min(scores, key=lambda look: scores[look])
        report.sliders_worst[name] = f"{worst} {scores[worst]:.2f}"
        log.info("slider %s: %.3f (worst: %s)", name, report.sliders[name], report.sliders_worst[name])


def _seams(report: Report, models: Models, protocol: Protocol) -> None:
    phases = torch.arange(SEAM_FRAMES) / SEAM_FRAMES
    sources = [_random_source(look, 30_000 + i) for look in LOOKS for i in range(protocol.seams)]
    seams = [loop_seam(clip) for clip in _made(models, sources, phases)]
    report.seam = sum(seams) / len(seams)
    log.info("loop seam: %.3f (worst %.3f)", report.seam, max(seams))


def _frechet(
    report: Report,
    models: Models,
    extract: SqueezeFeatures,
    known: AllClips,
    fresh: AllClips,
    protocol: Protocol,
    dcgan: Path | None,
) -> None:
    real = fresh["square"].small[: protocol.frames, 0]
    # A conditional generator is asked for what real clips have: their looks and attributes, and the whole width of z.
    asked = known["square"]
    rows = torch.randperm(len(asked.look), generator=torch.Generator().manual_seed(0))
    sources = []
    for i in range(len(real)):
        row = rows[i % len(rows)]
        shares = dict(zip(ATTRIBUTES, asked.shares[row].clamp(0, 1).tolist(), strict=True))
        look = list(LOOKS)[int(asked.look[row])]
        sources.append(Generate(look=look, seed=40_000 + i, truncation=1.0, **shares))
    made = _made(models, sources, torch.tensor([0.3]))[:, 0]
    small = torch.nn.functional.interpolate(made, (64, 64), mode="area")
    # The same count of real frames of the training set: what a perfect generator would score.
    report.floor = frechet_distance(real, asked.small[:, ::2].flatten(0, 1)[: len(real)], extract)
    report.frechet = frechet_distance(real, _bytes(small), extract)
    log.info("Fréchet: %.2f, real to real %.2f", report.frechet, report.floor)
    if dcgan is not None:
        state = checkpoint.load(dcgan)
        yardstick = Dcgan(DcganParams(**state["params"])).eval()
        yardstick.load_state_dict(state["G"])
        with torch.inference_mode():
            z = torch.randn(len(real), yardstick.params.latent, generator=torch.Generator().manual_seed(0))
            frames = torch.cat([_bytes(yardstick(part)) for part in z.split(64)])
        report.dcgan, report.dcgan_minutes = frechet_distance(real, frames, extract), state["minutes"]
        report.dcgan_cpu_minutes = state["cpu_minutes"]
        log.info("Fréchet of the DCGAN: %.2f", report.dcgan)


def write_json(report: Report, path: Path) -> None:
    """The report as JSON at `path`."""
    path.write_text(json.dumps(asdict(report), indent=1) + "\n")


def table(report: Report) -> str:
    """The report as a Markdown table."""
    rows = [
        (f"look told rightly by a classifier of real clips, {aspect}", f"{100 * share:.1f} %")
        for aspect, share in report.right.items()
    ]
    rows.append(("the same classifier on held-out real clips", f"{100 * report.real_right:.1f} %"))
    worst = min(report.right_by_look, key=lambda look: report.right_by_look[look])
    rows.append(("worst look", f"{worst}, {100 * report.right_by_look[worst]:.1f} %"))
    for name, value in report.sliders.items():
        rows.append(
            (
                f"slider {name}, asked to measured, rank correlation",
                f"{value:.3f} (worst: {report.sliders_worst[name]})",
            )
        )
    rows.append(("loop seam, mean", f"{report.seam:.3f}"))
    rows.append(("Fréchet distance (SqueezeNet) to held-out real frames", f"{report.frechet:.1f}"))
    rows.append(("real to real, as many", f"{report.floor:.1f}"))
    if report.dcgan is not None:
        spent = f"{report.dcgan_minutes:g} minutes, {report.dcgan_cpu_minutes:g} of CPU time"
        rows.append((f"a DCGAN of the same frames, trained for {spent}", f"{report.dcgan:.1f}"))
    return "\n".join(["| what | measured |", "|---|---|", *(f"| {what} | {value} |" for what, value in rows)]) + "\n"
