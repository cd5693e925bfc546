"""`python -m vgan evaluate styles`: every figure of the style network, on photographs and clips it has never seen."""

import itertools
import json
import logging
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import fmean

import numpy as np
import torch
from torch import Tensor

from vgan.errors import MediaError
from vgan.features import classifier
from vgan.media import reader
from vgan.metrics.flicker import flicker
from vgan.metrics.style import structure_kept, style_distances
from vgan.models.perceptual import SqueezeTaps
from vgan.models.stylizer import StyleNetwork
from vgan.recipe import Recipe, Upload
from vgan.recipe_steps import Stylize
from vgan.registry import Models
from vgan.render import generate_only
from vgan.steps.painters import OURS
from vgan.training.styles.fit import MIN_SIDE, fit_style
from vgan.training.styles.paintings import PAINTINGS, read_picture, resized, to_float
from vgan.training.styles.targets import TAPS, Target, target_of, targets_in

log = logging.getLogger(__name__)

SIDE = 512  # shorter side of photographs, pixels
CLIP_SIDE = 432  # shorter side at which clips are painted
SECONDS = 60.0  # for fitting one style
PICTURES = {".png", ".jpg", ".jpeg"}


@dataclass(frozen=True)
class Protocol:
    """How much is measured: photographs in every style, frames of each clip, styles for each clip, photographs for each
    own style."""

    photos: int = 24
    frames: int = 32
    clip_styles: int = 4
    own_photos: int = 8


@dataclass
class StyleReport:
    """What was measured, as means. right: share of styled photographs whose nearest Gram matrices are the asked
    style's; distance: to them, styled over unstyled; structure: SSIM of edges. Flicker is over the input's own."""

    protocol: dict[str, int]
    right: float = 0.0
    distance: float = 0.0
    structure: float = 0.0
    by_style: dict[str, dict[str, float]] = field(default_factory=dict)
    flicker: dict[str, dict[str, float]] = field(default_factory=dict)
    own: dict[str, dict[str, float]] = field(default_factory=dict)


@torch.inference_mode()
def paint(network: StyleNetwork, picture: Tensor, code: Tensor, dtype: torch.dtype) -> Tensor:
    """One picture (3, H, W) by itself, (3, H, W) float32."""
    batch = picture[None].to(dtype).contiguous(memory_format=torch.channels_last)
    painted: Tensor = network(batch, code)[0]
    return painted.float()


def evaluate_styles(
    models: Models, paintings: Path, photos: Path, clips: list[Path], own: list[Path], protocol: Protocol
) -> StyleReport:
    """Measure everything. photos: a folder; own: pictures to fit styles to. Raises MediaError, WeightsError."""
    files = sorted(path for path in photos.rglob("*") if path.suffix.lower() in PICTURES)[: protocol.photos]
    if not files:
        raise MediaError(f"{photos}: there are no JPEG or PNG photographs in this folder.")
    _check(clips, own)
    network = models.get(OURS)
    assert isinstance(network, StyleNetwork)
    eyes = SqueezeTaps(classifier(models.settings), TAPS)
    targets = targets_in(paintings, [PAINTINGS[name] for name in network.params.styles], eyes)
    pictures = [to_float(resized(read_picture(path), SIDE)) for path in files]
    report = StyleReport(asdict(protocol))
    _photographs(report, network, models.runtime.dtype, pictures, targets, eyes)
    for path in own:
        report.own[path.stem] = _own(
            network, models.runtime.dtype, path, pictures[: protocol.own_photos], targets, eyes
        )
        log.info("own style %s: %s", path.stem, report.own[path.stem])
    styles = list(network.params.styles)[:: max(1, len(targets) // protocol.clip_styles)][: protocol.clip_styles]
    for path in clips:
        report.flicker[path.stem] = _flicker(models, path, styles, protocol.frames)
        log.info("flicker of %s: %s", path.stem, report.flicker[path.stem])
    return report


def _check(clips: list[Path], own: list[Path]) -> None:
    """Refuse what cannot be measured before the minutes that come first. Raises MediaError."""
    for path in clips:
        if len(reader.facts(path).times) < 2:
            raise MediaError(f"{path}: one frame does not flicker. Give a clip of two frames at least.")
    for path in own:
        height, width = read_picture(path).shape[1:]
        if min(height, width) < MIN_SIDE:
            raise MediaError(f"{path}: {width}x{height} pixels; a style needs {MIN_SIDE} a side at least.")


def _photographs(
    report: StyleReport,
    network: StyleNetwork,
    dtype: torch.dtype,
    pictures: list[Tensor],
    targets: list[Target],
    eyes: SqueezeTaps,
) -> None:
    grams = [target.grams for target in targets]
    plain = [style_distances(picture, grams, eyes) for picture in pictures]
    for index, name in enumerate(network.params.styles):
        rows = []
        for picture, unstyled in zip(pictures, plain, strict=True):
            painted = paint(network, picture, network.codes[index : index + 1], dtype)
            distances = style_distances(painted, grams, eyes)
            rows.append(
                (
                    float(int(distances.argmin()) == index),
                    float(distances[index] / unstyled[index]),
                    structure_kept(picture, painted),
                )
            )
        means = [fmean(column) for column in zip(*rows, strict=True)]
        report.by_style[name] = dict(zip(("right", "distance", "structure"), means, strict=True))
        log.info("%s: %s", name, report.by_style[name])
    for figure in ("right", "distance", "structure"):
        setattr(report, figure, fmean(row[figure] for row in report.by_style.values()))


def _own(
    network: StyleNetwork,
    dtype: torch.dtype,
    path: Path,
    pictures: list[Tensor],
    targets: list[Target],
    eyes: SqueezeTaps,
) -> dict[str, float]:
    picture = read_picture(path)
    began = time.monotonic()
    code = fit_style(network, picture, eyes, lambda done, total: None, SECONDS)
    seconds = time.monotonic() - began
    grams = [*(target.grams for target in targets), target_of(picture, eyes).grams]
    right, ratios = [], []
    for photo in pictures:
        distances = style_distances(paint(network, photo, code, dtype), grams, eyes)
        right.append(float(int(distances.argmin()) == len(targets)))
        ratios.append(float(distances[-1] / style_distances(photo, grams, eyes)[-1]))
    return {"seconds": seconds, "right": fmean(right), "distance": fmean(ratios)}


def _flicker(models: Models, path: Path, styles: list[str], frames: int) -> dict[str, float]:
    """Flicker of a clip over its own, steady as by default and with every frame by itself, mean over `styles`."""

    def drawn(*steps: Stylize) -> Iterator[np.ndarray]:
        recipe = Recipe(source=Upload(path=str(path)), steps=steps)
        every = (frame for chunk in generate_only(recipe, models) for frame in chunk)
        return itertools.islice(every, frames)

    before = list(drawn())
    ways = {"steady": Stylize.model_fields["steadiness"].default, "frame by frame": 0.0}
    return {
        way: fmean(
            flicker(before, drawn(Stylize(style=style, steadiness=steadiness, canvas=CLIP_SIDE))).ratio
            for style in styles
        )
        for way, steadiness in ways.items()
    }


def write_json(report: StyleReport, path: Path) -> None:
    """The report as JSON at `path`."""
    path.write_text(json.dumps(asdict(report), indent=1) + "\n")


def table(report: StyleReport) -> str:
    """The report as a Markdown table."""
    rows = [
        ("right style by nearest Gram matrices among all", f"{100 * report.right:.1f} %"),
        ("Gram distance to the style's picture, styled over unstyled", f"{report.distance:.3f}"),
        ("structure kept: SSIM of luminance edges, styled to input", f"{report.structure:.3f}"),
    ]
    worst = max(report.by_style, key=lambda name: report.by_style[name]["distance"])
    rows.append(("style furthest from its picture", f"{worst}, {report.by_style[worst]['distance']:.3f}"))
    for name, row in report.flicker.items():
        text = f"{row['steady']:.2f}; frame by frame {row['frame by frame']:.2f}"
        rows.append((f"flicker over the clip's own, {name}", text))
    for name, row in report.own.items():
        text = f"{row['seconds']:.0f} s; right {100 * row['right']:.0f} %; distance {row['distance']:.3f}"
        rows.append((f"own style fitted: {name}", text))
    return "\n".join(["| what | measured |", "|---|---|", *(f"| {what} | {value} |" for what, value in rows)]) + "\n"
