"""Features of frames from torchvision's Inception v3, where its 104 MB of weights can be had."""

from pathlib import Path
from urllib.error import URLError

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torchvision.models import Inception_V3_Weights, inception_v3

from vgan.errors import WeightsError
from vgan.metrics.features import MEAN, STD
from vgan.weights import load_into, read_weights

SIDE = 299  # pixels at which frames are seen
EVERY = 4  # of a clip's frames, one is looked at


class InceptionEyes:
    """uint8 clips (N, T, 3, S, S) to features (frames, 2048) of every fourth frame: with them, a Fréchet distance is
    FID with torchvision's weights, which differ from those of the paper's TensorFlow network.

    weights: a file in torchvision's layout; None: torchvision's own, which it fetches once. Raises WeightsError.
    """

    def __init__(self, weights: Path | None):
        net = inception_v3(weights=None, init_weights=False, transform_input=True)
        load_into(net, read_weights(weights) if weights else _fetched(), "inception")
        net.fc = nn.Identity()
        self._net = net.eval().requires_grad_(False)
        self._mean, self._std = torch.tensor(MEAN).view(3, 1, 1), torch.tensor(STD).view(3, 1, 1)

    @torch.inference_mode()
    def __call__(self, clips: Tensor) -> Tensor:
        frames = clips[:, ::EVERY].flatten(0, 1)
        return torch.cat([self._seen(part) for part in frames.split(16)])

    def _seen(self, frames: Tensor) -> Tensor:
        x = F.interpolate(frames.float(), (SIDE, SIDE), mode="bilinear", antialias=True, align_corners=False) / 255
        features: Tensor = self._net((x - self._mean) / self._std)
        return features


def _fetched() -> dict[str, Tensor]:
    try:
        state: dict[str, Tensor] = Inception_V3_Weights.IMAGENET1K_V1.get_state_dict(progress=False, check_hash=True)
    except (URLError, OSError, RuntimeError) as error:
        raise WeightsError(
            f"inception: the weights could not be fetched ({str(error)[:120]}). Name a file in torchvision's layout."
        ) from error
    return state
