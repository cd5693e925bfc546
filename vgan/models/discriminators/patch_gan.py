"""The 70x70 patch critic of pix2pix and CycleGAN (Isola et al. 2017, Zhu et al. 2017)."""

import torch.nn.functional as F
from torch import Tensor, nn

HALVINGS = 3  # each doubles the patch: 3 make it 70 pixels


class PatchGan(nn.Module):
    """Scores every 70x70 patch of a picture by itself, so that texture is judged and not composition.

    width: channels after the first convolution, 64 in the papers.
    """

    def __init__(self, width: int = 64):
        super().__init__()
        layers: list[nn.Module] = [nn.Conv2d(3, width, 4, 2, 1), nn.LeakyReLU(0.2)]
        channels = width
        for index in range(1, HALVINGS + 1):
            wider = width * min(2**index, 8)
            stride = 2 if index < HALVINGS else 1
            layers += [nn.Conv2d(channels, wider, 4, stride, 1), nn.InstanceNorm2d(wider), nn.LeakyReLU(0.2)]
            channels = wider
        self.model = nn.Sequential(*layers, nn.Conv2d(channels, 1, 4, 1, 1))

    def forward(self, pictures: Tensor) -> Tensor:
        """pictures: (B, 3, H, W) in [-1, 1], at least 32 px a side. Returns float32 scores (B, 1, H/8 - 2, W/8 - 2)."""
        scores: Tensor = self.model(pictures)
        return scores.float()


def least_squares(scores: Tensor, wanted: float) -> Tensor:
    """Least-squares adversarial loss (LSGAN, Mao et al. 2017): how far scores are from `wanted`, 1 for real."""
    return F.mse_loss(scores, scores.new_full((), wanted).expand_as(scores))
