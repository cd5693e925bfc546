"""Critics in the manner of DCGAN (Radford et al. 2016): of frames one by one, and of whole clips by 3-D convolutions
(Vondrick et al. 2016, Tulyakov et al. 2018)."""

from collections.abc import Callable

from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

from vgan.models.discriminators.clip_critic import ClipCritic
from vgan.models.generators.dcgan import encoder, initialise, widths
from vgan.models.generators.video import Given, VideoParams


class FrameCritic(ClipCritic):
    """Judges each frame by itself: the score of a clip is the mean of its frames', which are as independent to it as
    frames of different clips."""

    sees = 4

    def __init__(self, params: VideoParams, norm: Callable[[int], nn.Module] = nn.BatchNorm2d):
        super().__init__(params)
        self.body = encoder(params.width, params.side, norm)
        self.score = nn.Conv2d(widths(params.width, params.side)[-1], 1, 4, bias=False).apply(initialise)

    def forward(self, frames: Tensor, times: Tensor, given: Given) -> Tensor:
        """See `ClipCritic`."""
        scores: Tensor = self.score(self.body(frames.flatten(0, 1)))
        return scores.float().view(frames.shape[:2]).mean(1)


class ImageCritic(FrameCritic):
    """MoCoGAN's critic of pictures: it sees one frame."""

    sees = 1


class VolumeCritic(ClipCritic):
    """Judges whole clips, time being a third side of the picture: halved with the others until it is gone."""

    def __init__(self, params: VideoParams, norm: Callable[[int], nn.Module] = nn.BatchNorm3d):
        super().__init__(params)
        layers: list[nn.Module] = []
        before, frames = 3, params.frames
        for channels in widths(params.width, params.side):
            halved = frames > 1
            kernel, stride, pad = (4, 2, 1) if halved else (1, 1, 0)
            layers.append(nn.Conv3d(before, channels, (kernel, 4, 4), (stride, 2, 2), (pad, 1, 1), bias=False))
            layers += [norm(channels)] if before != 3 else []
            layers.append(nn.LeakyReLU(0.2, True))
            before, frames = channels, frames // 2 if halved else frames
        self.body = nn.Sequential(*layers).apply(initialise)
        self.score = nn.Conv3d(before, 1, (frames, 4, 4), bias=False).apply(initialise)

    def forward(self, frames: Tensor, times: Tensor, given: Given) -> Tensor:
        """See `ClipCritic`."""
        scores: Tensor = self.score(self.body(frames.transpose(1, 2)))
        return scores.flatten().float()


class BoundedVolumeCritic(VolumeCritic):
    """TGAN's critic. The paper clips singular values so that scores rise no faster than pictures change; spectral norm
    (Miyato et al. 2018), which grew out of it, divides by the largest instead, and needs no step of its own."""

    def __init__(self, params: VideoParams):
        super().__init__(params, nn.Identity)
        for layer in self.modules():
            if isinstance(layer, nn.Conv3d):
                spectral_norm(layer)


class WassersteinCritic(FrameCritic):
    """Gulrajani et al. 2017: without batch norm, because a penalty on the gradient of a picture makes no sense where
    its score depends on the others; layer norm instead. Two frames, since it is trained five times as often."""

    sees = 2

    def __init__(self, params: VideoParams):
        super().__init__(params, lambda channels: nn.GroupNorm(1, channels))
