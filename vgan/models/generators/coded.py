"""Families that draw every frame from a code of its own: what differs between them is how codes follow each other."""

from abc import abstractmethod
from math import pi

import torch
from torch import Tensor

from vgan.models.generators.video import Given, VideoGenerator, moments, picked, there_and_back


class CodedGenerator(VideoGenerator):
    """codes(noise) -> one for each frame, then picture(code) -> a frame."""

    @abstractmethod
    def codes(self, noise: Tensor, given: Given) -> Tensor:
        """noise: (B, self.noise). Returns the code of every frame of the trained clips, (B, frames, code)."""

    @abstractmethod
    def picture(self, codes: Tensor, given: Given) -> Tensor:
        """codes: (N, code), `given` with a row for each. Returns frames (N, 3, side, side) in [-1, 1]."""

    def forward(self, noise: Tensor, given: Given) -> Tensor:
        """See `VideoGenerator`."""
        return self._clips(self.codes(noise, given), given)

    def at(self, noise: Tensor, given: Given, places: Tensor) -> Tensor:
        """See `VideoGenerator`. Only these are drawn."""
        return self._clips(picked(self.codes(noise, given), places), given)

    def loop(self, noise: Tensor, given: Given, phases: Tensor) -> Tensor:
        """See `VideoGenerator`. Codes are blended between frames, not pictures."""
        return self.picture(there_and_back(self.codes(noise, given), phases), given)

    def _clips(self, codes: Tensor, given: Given) -> Tensor:
        clips, count = codes.shape[:2]
        rows = torch.arange(clips, device=codes.device).repeat_interleave(count)
        return self.picture(codes.flatten(0, 1), given[rows]).unflatten(0, (clips, count))


class CirclingGenerator(CodedGenerator):
    """A walk in time through the latents of a generator of pictures: a code is the content, which stays, and the place
    on a circle through the numbers of motion.

    The noise is the content and two points, each N(0, 1); a quarter of the circle lies between them. So every code of
    the way is N(0, 1) as well, which is all that a generator of pictures was trained on; which plane the circle lies
    in, and how large it is, differ from clip to clip.
    """

    @property
    def noise(self) -> int:
        """See `VideoGenerator`."""
        return self.params.latent + 2 * self.params.motion

    def codes(self, noise: Tensor, given: Given) -> Tensor:
        """See `CodedGenerator`."""
        return self._circle(noise, moments(self.params, noise.device).expand(len(noise), -1))

    def loop(self, noise: Tensor, given: Given, phases: Tensor) -> Tensor:
        """See `VideoGenerator`. The circle closes by itself, and any of its moments can be drawn."""
        return self.picture(self._circle(noise, phases[:, None])[:, 0], given)

    def _circle(self, noise: Tensor, phases: Tensor) -> Tensor:
        """phases: (B, n). Returns codes (B, n, latent + motion)."""
        content, start, quarter = noise.split([self.params.latent, self.params.motion, self.params.motion], dim=1)
        angle = 2 * pi * phases.remainder(1.0).to(noise)[:, :, None]
        place = angle.cos() * start[:, None] + angle.sin() * quarter[:, None]
        return torch.cat([content[:, None].expand(-1, place.shape[1], -1), place], dim=2)
