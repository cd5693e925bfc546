"""The conditional GAN's critic: what is asked for enters by projection (Miyato and Koyama 2018)."""

from torch import Tensor, nn

from vgan.models.discriminators.clip_critic import ClipCritic
from vgan.models.discriminators.dcgan_clips import bounded, without_norm
from vgan.models.generators.dcgan import encoder, widths
from vgan.models.generators.video import ATTRIBUTES, Given, VideoParams


class ProjectionCritic(ClipCritic):
    """Judges each frame by itself, and how well it is what was asked for; the score of a clip is its frames' mean."""

    sees = 4

    def __init__(self, params: VideoParams):
        super().__init__(params)
        channels = widths(params.width, params.side)[-1]
        self.body = bounded(encoder(params.width, params.side, without_norm))
        self.features = bounded(nn.Conv2d(channels, channels, 4, bias=False))
        self.score = bounded(nn.Linear(channels, 1))
        self.label = bounded(nn.Embedding(len(params.labels), channels))
        self.attributes = bounded(nn.Linear(ATTRIBUTES, channels, bias=False))

    def forward(self, frames: Tensor, times: Tensor, given: Given) -> Tensor:
        """See `ClipCritic`."""
        features = nn.functional.leaky_relu(self.features(self.body(frames.flatten(0, 1))).flatten(1), 0.2)
        features = features.unflatten(0, frames.shape[:2]).mean(1)
        asked = self.label(given.labels) + self.attributes(given.attributes)
        return (self.score(features).squeeze(1) + (asked * features).sum(1)).float()
