"""Contact sheets: all looks or styles at a glance; looks as the formulas make them or as the generator draws them."""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torchvision.utils import save_image

from vgan.errors import MediaError
from vgan.media.writer import resize
from vgan.recipe import Generate, Recipe, Share, Upload
from vgan.recipe_steps import Stylize
from vgan.registry import Models
from vgan.render import still
from vgan.sources.players import player_for
from vgan.tensors import to_pictures
from vgan.training.looks import LOOKS, make_clip
from vgan.zoo import STYLES

MOMENTS = (0.0, 1 / 16, 0.4)  # now, the next preview frame, much later


def contact_sheet(out: Path, clips: int, side: int, seed: int, models: Models | None) -> None:
    """Write a PNG with a row for each look and `clips` clips a row, three moments each, `side` pixels square.

    models: draws with the generator instead of the formulas. Raises MediaError where `out` cannot be written.
    """
    times = torch.tensor(MOMENTS)
    frames = [_frames(look, seed + i, times, side, models) for look in LOOKS for i in range(clips)]
    _save(torch.cat(frames), out, clips * len(MOMENTS))


def style_sheet(out: Path, source: Generate | Upload, side: int, columns: int, models: Models) -> None:
    """Write a PNG with the first frame of `source` in every style, `side` pixels square, in the order of the table.

    Raises MediaError where `out` cannot be written, and as `render`.
    """
    share = Share(aspect="1:1", short_side=side, format="png")
    tiles = [
        still(Recipe(source=source, steps=(Stylize(style=style, canvas=side),), share=share), models)[1]
        for style in STYLES
    ]
    _save(to_pictures(resize(np.stack(tiles), (side, side))), out, columns)


def _save(pictures: Tensor, out: Path, columns: int) -> None:
    try:
        save_image(pictures * 0.5 + 0.5, out, nrow=columns, padding=2)
    except (OSError, ValueError) as error:
        raise MediaError(
            f"{out}: the sheet cannot be written ({error}). Name a .png in a folder that exists."
        ) from error


def _frames(look: str, seed: int, times: Tensor, side: int, models: Models | None) -> Tensor:
    if models is None:
        return make_clip(look, seed, times, side, side)
    source = Generate(look=look, seed=seed, hue=(0.13 + 0.29 * seed) % 1)
    drawn = player_for(look, models).draw(source, times, "1:1", preview=False).float().cpu()
    return torch.nn.functional.interpolate(drawn, (side, side), mode="bicubic", antialias=True).clamp(-1, 1)
