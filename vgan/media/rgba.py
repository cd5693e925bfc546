"""Logos and product pictures: single pictures with their transparent places, small enough to be laid over a clip."""

from pathlib import Path

import numpy as np

from vgan.media import guard
from vgan.media.raw.rgba import resized
from vgan.media.raw.trouble import reading

__all__ = ["LONGEST", "read_rgba", "resized"]

LONGEST = 2160  # pixels: nothing that is laid over a clip needs more


def read_rgba(path: Path, longest: int = LONGEST) -> np.ndarray:
    """The picture at `path`, upright, uint8 RGBA (h, w, 4) with straight alpha, reduced to `longest` pixels a side.

    PNG, JPEG and WebP (the first frame of one that moves). Sizes are read before anything is decoded: what has more
    than LARGEST_PICTURE pixels is refused, but for a JPEG, whose decoder makes it smaller on the way. Raises
    MediaError, naming the file, for that, for a drawing (SVG), and for what cannot be read.
    """
    with reading(path):
        return guard.one(np.ndarray, "rgba", path, longest)
