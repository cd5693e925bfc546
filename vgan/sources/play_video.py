"""Plays any of the families of video generators: what a recipe's sliders mean to it, and frames of its loop."""

from dataclasses import dataclass
from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor

from vgan.models.directions import closed_form, principal
from vgan.models.generators.loop import encode_shares
from vgan.models.generators.video import Given, VideoGenerator
from vgan.recipe import ATTRIBUTES, VARIATIONS, Generate, Latent
from vgan.runtime import Runtime, generator
from vgan.sources.asked import label_of, shares_of
from vgan.sources.directions import Directions, Layers
from vgan.sources.driven import Moved, jumped
from vgan.sources.path import between, slerp
from vgan.sources.square import crop, cropped

SAMPLES, AT_ONCE, PATCHES = 512, 64, 16  # clips from which components are taken, and what is seen of a frame
LIVELIEST = 2.0  # what the moving part of the noise is multiplied by at full motion: half way it is as in training


@dataclass(frozen=True)
class _Way:
    """Frames on their way over the key looks: the key behind each and the one ahead, the share of the way between them
    (n, 1), and the first key of all, whose motion they have; each after as many cuts as the music made."""

    starts: list[Latent]
    ends: list[Latent]
    share: Tensor
    firsts: list[Latent]

    @classmethod
    def of(cls, source: Generate, phases: Tensor, moved: Moved | None) -> "_Way":
        places = phases if moved is None else moved.places.remainder(1.0)
        jumps = [0] * len(phases) if moved is None else moved.jumps.tolist()
        starts, ends, share = between(len(source.keys), places)

        def keys(indices: list[int]) -> list[Latent]:
            return [jumped(source.keys[index], jump) for index, jump in zip(indices, jumps, strict=True)]

        return cls(keys(starts.tolist()), keys(ends.tolist()), share[:, None].float(), keys([0] * len(phases)))


class VideoPlayer:
    """Draws frames of a `Generate` source with a VideoGenerator. Holds nothing that changes between calls.

    attributes: the named sliders, of families that listen to them. To others motion alone means something, where a part
    of their noise moves.
    """

    CHUNK = 4
    SECONDS: ClassVar[dict[str, float]] = {"cpu": 0.5, "cuda": 0.05}
    attributes: tuple[str, ...]
    size = staticmethod(cropped)

    def __init__(self, model: VideoGenerator, runtime: Runtime, directions: Directions):
        self.model = model
        self.runtime = runtime
        # Of the family, not of this network: one that hears labels alone has no sliders.
        self.attributes = ATTRIBUTES if type(model).conditional else ()
        self._directions = directions

    @staticmethod
    def directions(model: VideoGenerator, runtime: Runtime) -> Directions:
        """What `__init__` needs, once a model: unit directions of the content, on the CPU."""
        return Directions(model, runtime, _find)

    @torch.inference_mode()
    def draw(self, source: Generate, phases: Tensor, aspect: str, preview: bool, moved: Moved | None = None) -> Tensor:
        """Float pictures (n, 3, H, W) in [-1, 1] on the runtime's device, cut centrally to `aspect`.

        phases: (n,) moments of the loop; 0 and 1 are the same frame. preview: the same pictures, which are small
        anyway. moved: what the music does to each of them. All are drawn at once. Raises UnknownName for a label that
        this network has not.
        """
        device = self.runtime.device
        phases = phases.detach().to("cpu", torch.float32).remainder(1.0)
        way = _Way.of(source, phases, moved)
        noise, attributes = self._noise(way, source.truncation).to(device), self._attributes(way, moved).to(device)
        first, second = (self._labels(keys) for keys in (way.starts, way.ends))

        def drawn(labels: Tensor) -> Tensor:
            with torch.autocast(device.type, self.runtime.dtype, enabled=self.runtime.dtype != torch.float32):
                pictures = self.model.loop(noise, Given(labels.to(device), attributes), phases.to(device))
            return pictures.float().clamp(-1, 1)

        pictures = drawn(first)
        if not torch.equal(first, second):  # there is no label between two: their pictures are blended
            pictures = torch.lerp(pictures, drawn(second), way.share.to(device)[:, :, None, None])
        return crop(pictures, aspect)

    def _noise(self, way: _Way, truncation: float) -> Tensor:
        """The noise of each frame, float32 (n, noise) on the CPU: content from key to key, movement of the first."""
        latent = self.model.params.latent
        start, end = self._drawn(way.starts)[:, :latent], self._drawn(way.ends)[:, :latent]
        content = slerp(start, end, way.share) if len({key.seed for key in way.starts + way.ends}) > 1 else start
        start, end = (self._directions.moves(keys) for keys in (way.starts, way.ends))
        content = content * truncation + torch.lerp(start, end, way.share)
        noise = torch.cat([content, self._drawn(way.firsts)[:, latent:]], dim=1)
        if not self.attributes:  # those that listen to attributes are told how much motion there should be
            pace = _between([(key.motion,) for key in way.starts], [(key.motion,) for key in way.ends], way.share)
            noise[:, self.model.moves] *= LIVELIEST * pace
        return noise

    def _drawn(self, keys: list[Latent]) -> Tensor:
        """The noise that each key's seed draws, (n, noise)."""
        drawn = {key.seed: self.model.draw(1, generator(key.seed)) for key in keys}
        return torch.cat([drawn[key.seed] for key in keys])

    def _attributes(self, way: _Way, moved: Moved | None) -> Tensor:
        """What `Given` wants, (n, 8)."""
        shifts = None if moved is None else moved.shifts
        start, end = (encode_shares(shares_of(keys, shifts)) for keys in (way.starts, way.ends))
        return torch.lerp(start, end, way.share)

    def _labels(self, keys: list[Latent]) -> Tensor:
        return torch.tensor([label_of(key.look, self.model.params.labels) for key in keys])


def _between(starts: list[tuple[float, ...]], ends: list[tuple[float, ...]], share: Tensor) -> Tensor:
    """Sliders (n, k) of frames on their way."""
    return torch.lerp(torch.tensor(starts), torch.tensor(ends), share)


def _find(model: VideoGenerator, runtime: Runtime, basis: str, layers: Layers | None) -> Tensor:
    """See `Directions`: by components those of what is seen in the first frame, small."""
    if basis == "closed":
        return closed_form(model.layers(), VARIATIONS)
    noise = model.draw(SAMPLES, generator(0))
    seen = []
    for part in noise.split(AT_ONCE):
        asked = Given(torch.zeros(len(part), dtype=torch.int64), encode_shares(torch.full((len(part), 7), 0.5)))
        places = torch.zeros(len(part), 1, dtype=torch.int64, device=runtime.device)
        frames = model.at(part.to(runtime.device), asked.to(runtime.device), places)[:, 0]
        seen.append(F.adaptive_avg_pool2d(frames, PATCHES).flatten(1))
    return principal(noise[:, : model.params.latent], torch.cat(seen), VARIATIONS)
