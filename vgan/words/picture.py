"""A picture or clip as settings of a look: its colours, what is measured on it, the look whose clips measure alike."""

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor

from vgan.attention import small
from vgan.media import reader
from vgan.models.attributes import ATTRIBUTES, STEP, measure, to_shares
from vgan.recipe import Generate
from vgan.registry import Models
from vgan.tensors import to_pictures
from vgan.words.reading import COLOURED

COLOURS = 5  # of the palette
LOOP = 4.0  # seconds of a loop that a clip's motion is measured as
LIKE = ("brightness", "contrast", "scale", "complexity")  # by which looks differ; any look takes any colour


@dataclass(frozen=True)
class Seen:
    """palette: up to `COLOURS` colours as #rrggbb, the commonest first. look: the nearest one. shares: attributes as
    shares of that look's range, hue in turns; motion only of a clip."""

    palette: tuple[str, ...]
    look: str
    shares: dict[str, float]


def see(path: Path, models: Models) -> Seen:
    """What the picture or clip at `path` is like. Raises MediaError for a file that is neither."""
    first, later = _frames(path)
    measured = measure(to_pictures(first.copy())[None], to_pictures((first if later is None else later).copy())[None])
    knots = models.config("looks")["knots"]
    tables = {look: torch.tensor(table) for look, table in knots.items()}
    look = nearest(measured[0], tables)
    shares = to_shares(measured, tables[look][None])[0].clamp(0, 1).tolist()
    found = {name: round(share, 2) for name, share in zip(ATTRIBUTES, shares, strict=True)}
    if later is None:
        del found["motion"]
    return Seen(palette(first), look, found)


def coloured(seen: Seen, source: Generate, whole: bool = True) -> Generate:
    """`source` with what was seen. whole: with the look, too. A colour that is there at all is shown, not greyed."""
    changes = dict(seen.shares)
    changes["hue"] %= 1.0
    if changes["saturation"] > 0.15:
        changes["saturation"] = max(changes["saturation"], COLOURED)
    look = {"look": seen.look} if whole else {}
    return Generate.model_validate(source.model_dump() | changes | look | {"path": ()})


def nearest(measured: Tensor, tables: dict[str, Tensor]) -> str:
    """The look whose own clips are most like `measured` (7,): a Gaussian of each of `LIKE`, from the look's knots."""

    def unlike(table: Tensor) -> float:
        places = [ATTRIBUTES.index(name) for name in LIKE]
        middle = table[len(table) // 2, places]
        spread = (table[-3, places] - table[2, places]) / 2.3  # the middle three quarters, of a Gaussian
        away = (measured[places] - middle) / spread
        return float((away.square() / 2 + spread.log()).sum())

    return min(tables, key=lambda look: unlike(tables[look]))


def palette(picture: np.ndarray) -> tuple[str, ...]:
    """The main colours of uint8 RGB (H, W, 3), the commonest first: k-means in CIELAB."""
    lab = cv2.cvtColor(small(picture), cv2.COLOR_RGB2LAB).reshape(-1, 3).astype(np.float32)
    count = min(COLOURS, len(np.unique(lab, axis=0)))
    cv2.setRNGSeed(0)
    ends = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 20, 0.5)
    _, labels, centres = cv2.kmeans(lab, count, None, ends, 2, cv2.KMEANS_PP_CENTERS)  # type: ignore[call-overload]
    order = np.argsort(-np.bincount(labels.ravel(), minlength=count))
    rgb = cv2.cvtColor(centres[order][None].round().clip(0, 255).astype(np.uint8), cv2.COLOR_LAB2RGB)[0]
    return tuple(f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue in rgb.tolist())


def _frames(path: Path) -> tuple[np.ndarray, np.ndarray | None]:
    """The first frame, and of a clip one a sixteenth of a loop later."""
    facts = reader.facts(path)
    first = None
    with closing(reader.frames(path, 0.0)) as frames:
        for time, frame in frames:
            if first is None:
                first, began = frame, time
                if facts.still:
                    return first, None
            elif time - began >= STEP * LOOP:
                return first, frame
    assert first is not None  # the reader raises for a file without frames
    return first, None
