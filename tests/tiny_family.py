"""A video family of a few hundred weights, with everything that families may have: labels, several critics of few and
of all frames, batch normalisation, progress, chance of its own."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from vgan.models.discriminators.clip_critic import ClipCritic
from vgan.models.generators.video import Given, VideoGenerator, VideoParams
from vgan.models.video_families import VideoFamily


@dataclass(frozen=True)
class TinyParams(VideoParams):
    """hidden: channels in between."""

    hidden: int = 16


class TinyGenerator(VideoGenerator):
    """All frames at a quarter of the size, by one matrix, then a convolution."""

    conditional = True

    def __init__(self, params: VideoParams):
        super().__init__(params)
        small = params.side // 4
        self.shape = (params.frames, params.width, small, small)
        self.first = nn.Linear(self.noise + len(params.labels), params.frames * params.width * small**2)
        self.norm = nn.BatchNorm2d(params.width)
        self.last = nn.Conv2d(params.width, 3, 3, padding=1)
        self.told = 0.0

    @property
    def noise(self) -> int:
        return self.params.latent + self.params.motion

    def set_progress(self, share: float) -> None:
        self.told = share

    def forward(self, noise: Tensor, given: Given) -> Tensor:
        label = nn.functional.one_hot(given.labels, len(self.params.labels)).to(noise)
        x = self.first(torch.cat([noise, label], 1)).unflatten(1, self.shape).flatten(0, 1)
        x = nn.functional.interpolate(self.norm(x).relu(), scale_factor=4)
        return self.last(x).tanh().unflatten(0, (len(noise), self.params.frames))

    def layers(self) -> list[Tensor]:
        return [self.first.weight[:, : self.params.latent]]


class TinyCritic(ClipCritic):
    """Of a few frames, with chance of its own."""

    sees = 3

    def __init__(self, params: VideoParams):
        super().__init__(params)
        seen = self.sees or params.frames
        self.body = nn.Sequential(
            nn.Conv2d(3 * seen, 8, 4, 4),
            nn.LeakyReLU(0.2),
            nn.Conv2d(8, 8, 3, padding=1, bias=False),
            nn.BatchNorm2d(8),
        )
        self.score = nn.Sequential(nn.LeakyReLU(0.2), nn.Dropout(0.1), nn.Flatten(), nn.LazyLinear(1))
        self(
            torch.zeros(2, seen, 3, params.side, params.side),
            torch.zeros(2, seen),
            Given(torch.zeros(2), torch.zeros(2)),
        )

    def forward(self, frames: Tensor, times: Tensor, given: Given) -> Tensor:
        scores: Tensor = self.score(self.body(frames.flatten(1, 2)))
        return scores.flatten().float()


class TinyClipCritic(TinyCritic):
    """Of all frames."""

    sees = 0


TINY = VideoFamily("Tiny", "nowhere", TinyParams, TinyGenerator, (TinyCritic, TinyClipCritic), "non-saturating")
