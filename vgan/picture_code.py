"""Where a generator draws somebody's own picture: numbers that were found for it, as a short text in a recipe."""

import base64
import binascii
import struct
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from vgan.errors import RecipeError

LONGEST = 28_000  # characters of a code: the eighteen layers of the largest StyleGAN2 need 24,700
FAMILIES = ("loop", "fastgan", "stylegan2")  # their places are written: append only
LARGEST = 100.0  # of any number in a code; those that are found stay below 20
MOST = {"rows": 32, "width": 1024, "phases": 1024, "attributes": 16}
MARK, VERSION = b"VP", 1
_HEAD = struct.Struct("<2sBB8s4H")
_AGAIN = "Find the picture again under Your picture, or remove it."


@dataclass(frozen=True)
class PictureCode:
    """What was found for one picture.

    family: of the generator, one of FAMILIES; weights: the first 8 bytes of the sha256 of its weights file. styles:
    float32 (rows, width), what is added to the styles of its layers, or its latents. phases: float32 (n,) radians, of
    its waves. attributes: float32 (7,) shares that the picture measures, in the order of `recipe.ATTRIBUTES`; the last
    two are empty where the family has none.
    """

    family: str
    weights: bytes
    styles: np.ndarray
    phases: np.ndarray = field(default_factory=lambda: np.zeros(0, np.float32))
    attributes: np.ndarray = field(default_factory=lambda: np.zeros(0, np.float32))

    def to_text(self) -> str:
        """The code in base64, numbers as float16."""
        sizes = (*self.styles.shape, len(self.phases), len(self.attributes))
        head = _HEAD.pack(MARK, VERSION, FAMILIES.index(self.family), self.weights[:8], *sizes)
        numbers = np.concatenate([part.ravel() for part in (self.styles, self.phases, self.attributes)])
        return base64.b64encode(head + numbers.astype("<f2").tobytes()).decode("ascii")


@lru_cache(maxsize=64)
def read(text: str) -> PictureCode:
    """The code that `text` is. Raises RecipeError for any other text, and for numbers that nothing can draw."""
    if len(text) > LONGEST:
        raise RecipeError(f"picture: {len(text):,} characters. Allowed: at most {LONGEST:,}. {_AGAIN}")
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
        mark, version, family, weights, *sizes = _HEAD.unpack_from(raw)
    except (UnicodeEncodeError, binascii.Error, struct.error) as error:
        raise RecipeError(f"picture: {text[:40]!r} is not the code of a found picture. {_AGAIN}") from error
    if mark != MARK or version != VERSION or family >= len(FAMILIES):
        raise RecipeError(f"picture: {text[:40]!r} is no code, or one of a newer version of this app. {_AGAIN}")
    for (name, most), size in zip(MOST.items(), sizes, strict=True):
        if size > most:
            raise RecipeError(f"picture: its code has {size} {name}. Allowed: at most {most}. {_AGAIN}")
    rows, width, phases, attributes = sizes
    numbers = np.frombuffer(raw, "<f2", offset=_HEAD.size) if (len(raw) - _HEAD.size) % 2 == 0 else np.zeros(0)
    if not rows * width or len(numbers) != rows * width + phases + attributes:
        raise RecipeError(f"picture: its code is cut off, or too long for what it says it holds. {_AGAIN}")
    values = numbers.astype(np.float32)
    if not np.isfinite(values).all() or np.abs(values).max() > LARGEST:
        raise RecipeError(f"picture: its code has numbers beyond {LARGEST:g}, or none at all. {_AGAIN}")
    styles, waves, shares = np.split(values, [rows * width, rows * width + phases])
    return PictureCode(FAMILIES[family], weights, styles.reshape(rows, width), waves, shares)
