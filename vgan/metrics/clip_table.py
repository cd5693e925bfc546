"""Every figure of a set of clips, by one protocol: what families of video generators are compared by."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import torch
from torch import Tensor

from vgan.metrics.clip_features import ClipFeatures
from vgan.metrics.consistency import content_consistency
from vgan.metrics.coverage import reach
from vgan.metrics.features import SqueezeFeatures
from vgan.metrics.frechet import frechet_of_features
from vgan.metrics.loop_seam import loop_seam
from vgan.metrics.motion_probe import ClipProbe
from vgan.metrics.video_distance import fit_space, video_distance

# Of clips uint8 (N, T, 3, S, S), features (n, D) of whatever they look at: frames or whole clips.
Eyes = Callable[[Tensor], Tensor]

EVERY = 4  # of a clip's frames, one is looked at for the frame distance


@dataclass(frozen=True)
class ClipFigures:
    """Of one set of clips, against held-out real ones.

    video, frame: Fréchet distances, 0 is the same; consistency: of a clip's content; right: share whose label is told
    as it was asked, None where none was asked; sure, kinds: see `Told`; coverage, recall, precision: see `Reach`;
    seam: the median of the clips' loop seams, 1 is seamless; others: distances by features that not everybody has.
    """

    video: float
    frame: float
    consistency: float
    right: float | None
    sure: float
    kinds: float
    coverage: float
    recall: float
    precision: float
    seam: float
    others: dict[str, float] = field(default_factory=dict)


class ClipTable:
    """The protocol, made ready with real clips: axes and classifier from `train`, everything compared with `test`.

    train, test: uint8 (N, T, 3, S, S); labels of `train`: (N,); names: how many labels there are; weights: of
    SqueezeNet 1.1; axes: see `VideoSpace`; others: more features by name. All clips are used, and made sets should hold
    as many as `test`. Raises ValueError for sets that are too small, WeightsError where the network cannot be had.
    """

    def __init__(
        self,
        train: Tensor,
        labels: Tensor,
        test: Tensor,
        names: int,
        weights: Path | None,
        axes: int,
        others: Mapping[str, Eyes] | None = None,
    ):
        self.clip_eyes, self.frame_eyes = ClipFeatures(weights), SqueezeFeatures(weights)
        self.probe = ClipProbe(names)
        self.space, seen = fit_space(train, self.clip_eyes, axes)
        self.probe.fit(self.space(seen), labels)
        self.middle = seen.frames.mean((0, 1))
        self.real_video = self.clip_eyes(test)
        self.real_frames = self._frames(test)
        self.others = dict(others or {})
        self.real_others = {name: eyes(test) for name, eyes in self.others.items()}

    def measure(self, clips: Tensor, asked: Tensor | None) -> ClipFigures:
        """clips: uint8 (N, T, 3, S, S); asked: (N,) the labels they were to have, or None."""
        seen = self.clip_eyes(clips)
        real, made = self.space(self.real_video), self.space(seen)
        told, near = self.probe.told(made, asked), reach(real, made)
        return ClipFigures(
            video=video_distance(self.real_video, seen, self.space),
            frame=frechet_of_features(self.real_frames, self._frames(clips)),
            consistency=content_consistency(seen.frames, self.middle),
            right=told.right,
            sure=told.sure,
            kinds=told.kinds,
            coverage=near.coverage,
            recall=near.recall,
            precision=near.precision,
            seam=median(loop_seam(clip) for clip in clips),
            others={
                name: frechet_of_features(self.real_others[name], eyes(clips)) for name, eyes in self.others.items()
            },
        )

    def _frames(self, clips: Tensor) -> Tensor:
        frames = clips[:, ::EVERY].flatten(0, 1)
        return torch.cat([self.frame_eyes(part) for part in frames.split(64)])
