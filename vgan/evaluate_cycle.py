"""`python -m vgan evaluate cycle`: what two trained translators do to frames that they have never seen."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from vgan.errors import MediaError
from vgan.metrics.flicker import flicker
from vgan.metrics.frechet import frechet_distance
from vgan.metrics.look_probe import LookProbe
from vgan.models.translators import from_checkpoint, layout_of
from vgan.tensors import to_uint8
from vgan.training.cycle.domain import Domain
from vgan.training.styles.paintings import to_float
from vgan.weights import load_into, read_weights

DIRECTIONS = ("a-to-b", "b-to-a")
FLICKER_CLIPS = 12


@dataclass(frozen=True)
class Figures:
    """One direction. before, after: Fréchet distance to the other set, untranslated and translated; floor: of that set
    to itself, half against half; share_before, share_after: of frames that a classifier takes for the other set's;
    changed, returned: mean difference of a frame to its translation, and to what comes back, in grey levels of 255;
    flicker: of translated clips over their own, None without clips."""

    frames: int
    before: float
    after: float
    floor: float
    share_before: float
    share_after: float
    changed: float
    returned: float
    flicker: float | None


class Translator:
    """A generator of any known layout, from a folder that `train cycle` exports. Raises WeightsError."""

    def __init__(self, folder: Path):
        state = read_weights(folder / "model.safetensors")
        self._model, wanted = from_checkpoint(state)
        load_into(self._model, wanted, str(folder))
        self._model.to(memory_format=torch.channels_last).eval().requires_grad_(False)
        self._layout = layout_of(self._model)

    @torch.inference_mode()
    def __call__(self, frames: Tensor, batch: int = 16) -> Tensor:
        """uint8 frames (N, 3, H, W) to the same, in float32."""
        made = [self._layout.draw(self._model, to_float(part)) for part in frames.split(batch)]
        return to_uint8(torch.cat(made)).movedim(-1, 1)


@dataclass(frozen=True)
class Held:
    """Frames of one set, uint8 (N, 3, side, side): every other clip to compare with, the others to be translated."""

    compared: Tensor
    translated: list[Tensor]

    @property
    def frames(self) -> Tensor:
        """Those to be translated, of all clips together."""
        return torch.cat(self.translated)


def evaluate_cycle(folder: Path, a: Path, b: Path, features: nn.Module, side: int) -> dict[str, Figures]:
    """Both directions of the translators in `folder`, on the central squares of `side` pixels of the frames in `a` and
    `b`, folders as for training. features: uint8 frames to (N, D). Raises MediaError, WeightsError."""
    translators = [Translator(folder / name) for name in DIRECTIONS]
    sets = [_held(path, side) for path in (a, b)]
    probe = LookProbe(features, 2)
    labels = [torch.full((len(held.compared),), index) for index, held in enumerate(sets)]
    probe.fit([held.compared for held in sets], labels)
    ways = ((0, 1), (1, 0))
    return {
        name: _direction(translators[here], translators[there], sets[here], sets[there], probe, there)
        for name, (here, there) in zip(DIRECTIONS, ways, strict=True)
    }


def _held(folder: Path, side: int) -> Held:
    squares = [_square(clip) for clip in Domain(folder, side).clips]
    if len(squares) < 2:
        raise MediaError(f"{folder}: two clips or pictures at least are needed, one to compare with. Found: 1.")
    return Held(torch.cat(squares[0::2]), squares[1::2])


def _square(clip: Tensor) -> Tensor:
    height, width = clip.shape[-2:]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return clip[..., top : top + side, left : left + side]


def _direction(to: Translator, back: Translator, here: Held, there: Held, probe: LookProbe, target: int) -> Figures:
    frames = here.frames
    made = to(frames)
    returned = back(made)
    clips = zip(here.translated, made.split([len(clip) for clip in here.translated]), strict=True)
    pairs = [pair for pair in clips if len(pair[0]) > 1][:FLICKER_CLIPS]
    seen = [flicker(_listed(clip), _listed(translated)) for clip, translated in pairs]

    def distance(to_compare: Tensor) -> float:
        return frechet_distance(there.compared, to_compare, probe.features)

    def share(asked: Tensor) -> float:
        return float((probe.guess(asked) == target).float().mean())

    return Figures(
        len(frames),
        distance(frames),
        distance(made),
        distance(there.frames),
        share(frames),
        share(made),
        _difference(frames, made),
        _difference(frames, returned),
        sum(one.after for one in seen) / max(1e-6, sum(one.before for one in seen)) if seen else None,
    )


def _listed(clip: Tensor) -> Iterator[np.ndarray]:
    return iter(clip.movedim(1, -1).contiguous().numpy())


def _difference(one: Tensor, other: Tensor) -> float:
    return float((one.float() - other.float()).abs().mean())


def sheet(folder: Path, a: Path, b: Path, side: int, count: int = 10) -> Tensor:
    """For each direction a row of frames never seen, a row of their translations, and a row of what comes back:
    uint8 (3, 6 * side, count * side)."""
    translators = [Translator(folder / name) for name in DIRECTIONS]
    rows = []
    for path, (to, back) in zip((a, b), (translators, translators[::-1]), strict=True):
        frames = torch.stack([clip[0] for clip in _held(path, side).translated[:count]])
        made = to(frames)
        rows += [torch.cat(list(row), 2) for row in (frames, made, back(made))]
    return torch.cat(rows, 1)


def write_json(report: dict[str, Figures], path: Path) -> None:
    """The report as JSON at `path`."""
    path.write_text(json.dumps({name: asdict(row) for name, row in report.items()}, indent=1) + "\n")


def table(report: dict[str, Figures]) -> str:
    """The report as a Markdown table."""

    rows = (
        ("frames", lambda row: str(row.frames)),
        ("distance to the other set, as they are", lambda row: f"{row.before:.1f}"),
        ("distance to the other set, translated", lambda row: f"{row.after:.1f}"),
        ("distance of that set's halves", lambda row: f"{row.floor:.1f}"),
        ("taken for the other set's, as they are", lambda row: f"{100 * row.share_before:.1f} %"),
        ("taken for the other set's, translated", lambda row: f"{100 * row.share_after:.1f} %"),
        ("changed by translation, of 255", lambda row: f"{row.changed:.1f}"),
        ("difference of what comes back, of 255", lambda row: f"{row.returned:.1f}"),
        ("flicker of clips over their own", lambda row: "no clips" if row.flicker is None else f"{row.flicker:.2f}"),
    )
    lines = [f"| what | {' | '.join(report)} |", "|---" * (len(report) + 1) + "|"]
    lines += [f"| {what} | {' | '.join(tell(row) for row in report.values())} |" for what, tell in rows]
    return "\n".join(lines) + "\n"
