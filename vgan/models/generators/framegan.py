"""FrameGAN: a DCGAN (Radford et al. 2016) that knows single pictures alone, walked through in a circle."""

from torch import Tensor, nn

from vgan.models.generators.coded import CirclingGenerator
from vgan.models.generators.dcgan import decoder
from vgan.models.generators.video import Given, VideoParams


class FrameGan(CirclingGenerator):
    """Every frame by itself. Nothing teaches it what moves how: what changes along its walk is what its numbers of
    motion happen to mean."""

    def __init__(self, params: VideoParams):
        super().__init__(params)
        self.main = decoder(params.latent + params.motion, params.width, params.side)

    def picture(self, codes: Tensor, given: Given) -> Tensor:
        """See `CodedGenerator`."""
        frames: Tensor = self.main(codes[:, :, None, None])
        return frames

    def layers(self) -> list[Tensor]:
        """See `VideoGenerator`."""
        return [content_matrix(self.main[0], self.params.latent)]


def content_matrix(layer: nn.Module, latent: int) -> Tensor:
    """What the first layer, a transposed convolution, makes of the first `latent` numbers of a code: (out, latent)."""
    weight: Tensor = layer.weight  # type: ignore[assignment]
    return weight.flatten(1).T[:, :latent]
