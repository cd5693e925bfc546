"""The classifier through whose eyes styles are compared: SqueezeNet 1.1, trained on ImageNet."""

from urllib.error import URLError

import torch
from torch import Tensor

from vgan.errors import WeightsError
from vgan.settings import Settings
from vgan.weights import load_into, read_weights


def classifier(settings: Settings) -> dict[str, Tensor]:
    """Its weights in torchvision's layout: from the file that VGAN_FEATURES names, else torchvision's own, which it
    fetches once (5 MB) and keeps.

    Raises WeightsError where they cannot be had, or are of another network.
    """
    from torchvision.models import SqueezeNet1_1_Weights, squeezenet1_1  # a second and a half: when needed

    if settings.features:
        given = read_weights(settings.features)
        with torch.device("meta"):
            wanted = squeezenet1_1(weights=None)
        load_into(wanted, given, f"features: {settings.features.name}")
        return given
    how = "Run once with a network, or set VGAN_FEATURES to a file with SqueezeNet 1.1 in torchvision's layout."
    if settings.offline:
        raise WeightsError(f"features: SqueezeNet 1.1 is needed, and VGAN_OFFLINE forbids fetching it. {how}")
    try:
        state: dict[str, Tensor] = SqueezeNet1_1_Weights.IMAGENET1K_V1.get_state_dict(progress=False, check_hash=True)
    except (URLError, OSError, RuntimeError) as error:
        raise WeightsError(f"features: SqueezeNet 1.1 could not be fetched ({str(error)[:120]}). {how}") from error
    return state
