"""A picture becomes a style file: what the Style tab and `python -m vgan styles fit` share."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from vgan.errors import MediaError, RecipeError
from vgan.features import classifier
from vgan.media.reader import frames
from vgan.models.perceptual import SqueezeTaps
from vgan.models.stylizer import StyleNetwork
from vgan.registry import Models
from vgan.steps.painters import OURS
from vgan.style_files import save_style
from vgan.training.styles.fit import fit_style
from vgan.training.styles.targets import TAPS
from vgan.zoo import STYLE_FILES

LONGER_SIDE = 1024  # of the picture that a style is fitted to, pixels


def fit_picture(
    models: Models, picture: Path, out: Path, report: Callable[[int, int], None], seconds: float = 60.0
) -> None:
    """Fit a style of our network to `picture`, a file of any kind that clips are read from, and write it to `out`.

    report: called with (hundredths of the time that are over, 100); what it raises ends the fitting and nothing is
    written. Raises MediaError for a file that is no picture, RecipeError for one that is too small, WeightsError.
    """
    if picture.suffix.lower() in STYLE_FILES:
        raise MediaError(f"{picture.name}: this is a style already, not a picture. Load it instead.")
    _, pixels = next(iter(frames(picture)))
    small = Image.fromarray(pixels)
    small.thumbnail((LONGER_SIDE, LONGER_SIDE), Image.Resampling.LANCZOS)
    network, eyes = models.get(OURS), SqueezeTaps(classifier(models.settings), TAPS).to(models.runtime.device)
    assert isinstance(network, StyleNetwork)
    try:
        code = fit_style(network, torch.from_numpy(np.asarray(small).copy()).movedim(-1, 0), eyes, report, seconds)
    except ValueError as error:
        raise RecipeError(f"{picture.name}: {error}. Choose a larger picture.") from error
    save_style(out, code, models.fingerprint(OURS))
