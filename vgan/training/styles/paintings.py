"""The pictures that styles are learned from: public-domain works, one style each. The pictures do not ship."""

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from vgan.errors import MediaError

PAINTINGS = {
    "great-wave": "wave.jpg",
    "starry-night": "starry_night.jpg",
    "udnie": "udnie.jpg",
    "water-lilies": "water-lilies-1919-2.jpg",
    "composition": "composition_vii.jpg",
    "scream": "the_scream.jpg",
    "calanque": "calanque.jpg",
    "grid": "mondrian.jpg",
    "dusk": "monet-san_giorgio_maggiore_at_dusk.jpg",
    "hat": "woman-with-hat-matisse.jpg",
    "shipwreck": "shipwreck.jpg",
    "bedroom": "vangogh-bedroom_in_arles.jpg",
    "rhone": "vangogh-starry_night_over_the_rhone.png",
    "tahiti": "gauguin-te_fare.jpg",
    "mist": "monet-charing_cross_bridge.jpg",
    "gold-leaf": "japanese_flower_sakai_hoitsu.jpg",
}  # each style, and its file in the folder of paintings


def read_picture(path: Path) -> Tensor:
    """A JPEG or PNG file as uint8 (3, H, W). Raises MediaError for a file that is not there, or no picture."""
    from torchvision.io import ImageReadMode, read_image  # a second and a half: when needed

    if not path.is_file():
        raise MediaError(f"{path}: there is no such file.")
    try:
        return read_image(str(path), ImageReadMode.RGB)
    except RuntimeError as error:
        raise MediaError(f"{path}: cannot be read as a picture ({str(error).splitlines()[0][:120]}).") from error


def resized(picture: Tensor, short_side: int) -> Tensor:
    """uint8 (3, H, W) with a shorter side of `short_side` pixels, antialiased."""
    height, width = picture.shape[-2:]
    ratio = short_side / min(height, width)
    size = (max(short_side, round(height * ratio)), max(short_side, round(width * ratio)))
    return F.interpolate(picture[None], size, mode="bicubic", antialias=True)[0]


def to_float(pictures: Tensor) -> Tensor:
    """uint8 pictures to float32 in [-1, 1]."""
    return pictures.float().div_(127.5).sub_(1)


def random_windows(picture: Tensor, side: int, count: int, generator: torch.Generator) -> Tensor:
    """`count` square windows of uint8 (3, H, W), each `side` pixels, as float (count, 3, side, side) in [-1, 1]."""
    height, width = picture.shape[-2:]
    windows = []
    for _ in range(count):
        top = int(torch.randint(height - side + 1, (), generator=generator))
        left = int(torch.randint(width - side + 1, (), generator=generator))
        windows.append(picture[:, top : top + side, left : left + side])
    return to_float(torch.stack(windows))
