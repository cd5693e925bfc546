"""What all families of video generators have in common, so that one trainer, one table and one player serve them."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import torch
from torch import Tensor, nn

ATTRIBUTES = 8  # numbers that say the seven attributes: hue is two


@dataclass(frozen=True)
class VideoParams:
    """Sizes that every family has; a family with more of them adds fields in a class of its own.

    side: of its square frames, pixels, a power of two from 16; frames: of a clip, at least 4; latent: numbers of the
    content; motion: numbers of the movement of one moment; width: channels of the finest layer; labels: the classes
    that a conditional family is asked for, and what a look's name in the gallery means.
    """

    labels: tuple[str, ...]
    side: int = 64
    frames: int = 16
    latent: int = 64
    motion: int = 8
    width: int = 32


@dataclass(frozen=True)
class Given:
    """What B clips are asked to be. labels: (B,) int64, places in `VideoParams.labels`; attributes: (B, 8) float32, as
    `encode_shares` makes them of sliders. Families without conditions look at neither."""

    labels: Tensor
    attributes: Tensor

    def __getitem__(self, rows: Tensor | slice) -> "Given":
        return Given(self.labels[rows], self.attributes[rows])

    def to(self, device: torch.device) -> "Given":
        """The same on `device`."""
        return Given(self.labels.to(device), self.attributes.to(device))


class VideoGenerator(nn.Module, ABC):
    """Clips from noise: all that differs between two clips of the same request is one vector of standard normal
    numbers, so that any of them can be drawn again, walked between, and searched for directions.

    conditional: whether it listens to `Given`.
    """

    conditional = False

    def __init__(self, params: VideoParams):
        super().__init__()
        self.params = params

    @property
    @abstractmethod
    def noise(self) -> int:
        """Numbers in the noise of one clip; the first `params.latent` of them are the content."""

    @abstractmethod
    def forward(self, noise: Tensor, given: Given) -> Tensor:
        """Clips as they are trained: noise (B, self.noise) ~ N(0, 1). Returns (B, frames, 3, side, side), [-1, 1]."""

    @property
    def moves(self) -> slice:
        """The part of the noise that says how a clip moves: times 0 it is as calm as the family can be. Here what
        comes after the content; empty where content and movement are one."""
        return slice(self.params.latent, self.noise)

    def set_progress(self, share: float) -> None:
        """How much of its training is behind it, from 0 to 1, told before each step. Families that grow listen."""

    def at(self, noise: Tensor, given: Given, places: Tensor) -> Tensor:
        """Some frames of the clips of `forward`: places (B, n) int64, from 0. Returns (B, n, 3, side, side).

        Here drawn as a whole and picked; a family that draws frames one by one draws no others.
        """
        return picked(self(noise, given), places)

    @abstractmethod
    def layers(self) -> list[Tensor]:
        """The matrices (out, latent) of the layers that read the content: what `closed_form` reads."""

    def draw(self, count: int, generator: torch.Generator) -> Tensor:
        """The noise of `count` clips from a CPU generator, float32 (count, self.noise) on the CPU."""
        return torch.randn(count, self.noise, generator=generator)

    def loop(self, noise: Tensor, given: Given, phases: Tensor) -> Tensor:
        """Frames of a seamless loop, (n, 3, side, side), one for each row: noise (n, self.noise), phases (n,) in loops.

        Here: the clip there and back, with frames between two frames blended. A family that can draw any moment, or
        whose clips close by themselves, has its own.
        """
        return there_and_back(self(noise, given), phases)


def moments(params: VideoParams, device: torch.device) -> Tensor:
    """(frames,) the moments of a trained clip, in clips: evenly from 0, the next after the last would be 1."""
    return torch.arange(params.frames, device=device) / params.frames


def picked(clips: Tensor, places: Tensor) -> Tensor:
    """Frames (B, n, ...) of clips (B, T, ...) at places (B, n) int64."""
    return clips[torch.arange(len(clips), device=clips.device)[:, None], places]


def there_and_back(sequences: Tensor, phases: Tensor) -> Tensor:
    """Each of the sequences (n, T, ...) at a moment of its own, `phases` (n,) in loops: forwards in the first half of
    a loop, backwards in the second, neighbours blended. Returns (n, ...)."""
    last = sequences.shape[1] - 1
    place = (1 - (phases.remainder(1.0) * 2 - 1).abs()) * last
    low = place.floor().clamp(max=last - 1).long()
    rows = torch.arange(len(phases), device=sequences.device)
    share = (place - low).to(sequences).view(-1, *[1] * (sequences.dim() - 2))
    return torch.lerp(sequences[rows, low], sequences[rows, low + 1], share)
