"""The loop generator (`vgan.models.generators.loop`) as one of the families: its clips from one vector of noise."""

from dataclasses import dataclass

import torch
from torch import Tensor

from vgan.models.generators.loop import LoopGenerator, LoopParams
from vgan.models.generators.video import Given, VideoGenerator, VideoParams, moments
from vgan.models.motion import CYCLES, Motion

REACH = 24.0  # short sides from the middle of the plane to the furthest window


@dataclass(frozen=True)
class LoopClipsParams(VideoParams):
    """style, waves, bend_waves: as in LoopParams; base and channels follow from side and width."""

    motion: int = 16
    width: int = 24
    style: int = 128
    waves: int = 128
    bend_waves: int = 64

    def loop(self) -> LoopParams:
        """The same as the loop generator's own sizes: its base is a quarter of the side, from 8 to 32 cells."""
        base = min(32, max(8, self.side // 4))
        levels = (self.side // base).bit_length()
        return LoopParams(
            looks=self.labels,
            latent=self.latent,
            style=self.style,
            motion=self.motion,
            base=base,
            bend_waves=self.bend_waves,
            waves=self.waves,
            channels=tuple(self.width * 2**index for index in range(levels))[::-1],
        )


class LoopClips(VideoGenerator):
    """The noise is z, then amplitudes and phases of the sines that move it, then the place of the window. It listens to
    labels and attributes, and draws any moment by itself."""

    conditional = True
    params: LoopClipsParams

    def __init__(self, params: LoopClipsParams):
        super().__init__(params)
        self.net = LoopGenerator(params.loop())

    @property
    def noise(self) -> int:
        """See `VideoGenerator`."""
        return self.params.latent + 2 * self._sines + 2

    @property
    def moves(self) -> slice:
        """See `VideoGenerator`: the amplitudes."""
        return slice(self.params.latent, self.params.latent + self._sines)

    @property
    def _sines(self) -> int:
        return self.params.motion * CYCLES

    def forward(self, noise: Tensor, given: Given) -> Tensor:
        """See `VideoGenerator`."""
        return self._clips(noise, given, moments(self.params, noise.device).expand(len(noise), -1))

    def at(self, noise: Tensor, given: Given, places: Tensor) -> Tensor:
        """See `VideoGenerator`. Only these are drawn."""
        return self._clips(noise, given, moments(self.params, noise.device)[places])

    def loop(self, noise: Tensor, given: Given, phases: Tensor) -> Tensor:
        """See `VideoGenerator`."""
        return self._clips(noise, given, phases[:, None].to(noise))[:, 0]

    def _clips(self, noise: Tensor, given: Given, times: Tensor) -> Tensor:
        params = self.params
        z, amplitude, phase, offset = noise.float().split([params.latent, self._sines, self._sines, 2], dim=1)
        sines, turns, window = (params.motion, CYCLES), torch.special.ndtr(phase), torch.special.ndtr(offset)
        falling = torch.arange(1, CYCLES + 1, device=noise.device).reciprocal()
        motion = Motion(
            amplitude.unflatten(1, sines) * falling,
            2 * torch.pi * turns.unflatten(1, sines),
            REACH * (2 * window - 1),
        )
        clips: Tensor = self.net(z, given.labels, given.attributes, motion, times)
        return clips

    def layers(self) -> list[Tensor]:
        """See `VideoGenerator`."""
        weight: Tensor = self.net.mapper[0].weight  # type: ignore[assignment]
        return [weight[:, : self.params.latent]]
