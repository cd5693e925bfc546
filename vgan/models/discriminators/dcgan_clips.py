"""Critics in the manner of DCGAN (Radford et al. 2016): of frames one by one, and of whole clips by 3-D convolutions
(Vondrick et al. 2016, Tulyakov et al. 2018).

In place of their batch norm there is spectral norm (Miyato et al. 2018): with the former they know every made clip
after a hundred steps, and the generator has nothing left to learn from.
"""

from typing import TypeVar

from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

from vgan.models.discriminators.clip_critic import ClipCritic
from vgan.models.generators.dcgan import encoder, initialise, widths
from vgan.models.generators.video import Given, VideoParams

M = TypeVar("M", bound=nn.Module)


def bounded(network: M) -> M:
    """`network` whose layers change no faster than what they see, each divided by its largest singular value."""
    for layer in list(network.modules()):
        if isinstance(layer, (nn.Conv2d, nn.Conv3d, nn.Linear, nn.Embedding)):
            spectral_norm(layer)
    return network


def without_norm(channels: int) -> nn.Module:
    """In place of a norm: nothing."""
    return nn.Identity()


class FrameCritic(ClipCritic):
    """Judges each frame by itself: the score of a clip is the mean of its frames', which are as independent to it as
    frames of different clips."""

    sees = 4

    def __init__(self, params: VideoParams):
        super().__init__(params)
        self.body = bounded(encoder(params.width, params.side, without_norm))
        self.score = bounded(frame_score(params))

    def forward(self, frames: Tensor, times: Tensor, given: Given) -> Tensor:
        """See `ClipCritic`."""
        scores: Tensor = self.score(self.body(frames.flatten(0, 1)))
        return scores.float().view(frames.shape[:2]).mean(1)


def frame_score(params: VideoParams) -> nn.Conv2d:
    """From the features of an `encoder` to one number."""
    return nn.Conv2d(widths(params.width, params.side)[-1], 1, 4, bias=False).apply(initialise)


class ImageCritic(FrameCritic):
    """MoCoGAN's critic of pictures: it sees one frame."""

    sees = 1


class WassersteinCritic(FrameCritic):
    """Gulrajani et al. 2017: a penalty bounds it, so that nothing else does; layer norm, since batch norm makes the
    gradient of a picture's score depend on the others. Two frames, for it is trained five times as often."""

    sees = 2

    def __init__(self, params: VideoParams):
        super().__init__(params)
        self.body = encoder(params.width, params.side, layer_norm)
        self.score = frame_score(params)


def layer_norm(channels: int) -> nn.Module:
    """Over all channels and places of a picture."""
    return nn.GroupNorm(1, channels)


class VolumeCritic(ClipCritic):
    """Judges whole clips, time being a third side of the picture: halved with the others until it is gone."""

    def __init__(self, params: VideoParams):
        super().__init__(params)
        layers: list[nn.Module] = []
        before, frames = 3, params.frames
        for channels in widths(params.width, params.side):
            halved = frames > 1
            kernel, stride, pad = (4, 2, 1) if halved else (1, 1, 0)
            layers.append(nn.Conv3d(before, channels, (kernel, 4, 4), (stride, 2, 2), (pad, 1, 1), bias=False))
            layers.append(nn.LeakyReLU(0.2, True))
            before, frames = channels, frames // 2 if halved else frames
        self.body = bounded(nn.Sequential(*layers).apply(initialise))
        self.score = bounded(nn.Conv3d(before, 1, (frames, 4, 4), bias=False).apply(initialise))

    def forward(self, frames: Tensor, times: Tensor, given: Given) -> Tensor:
        """See `ClipCritic`."""
        scores: Tensor = self.score(self.body(frames.transpose(1, 2)))
        return scores.flatten().float()
