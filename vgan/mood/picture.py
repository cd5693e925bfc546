"""What is measured of a clip's pictures."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import cv2
import numpy as np

from vgan.attention import small
from vgan.flow import Motion, length
from vgan.media import reader
from vgan.scene import differ, thumb
from vgan.tensors import to_pictures

RATE = 8.0  # looks a second
PARTS, PART = 10, 3.0  # a long clip is looked at in so many parts of so many seconds
READ = 120.0  # seconds of a clip that are read in one go: to seek costs more
ORANGE = np.deg2rad(60)  # of CIELAB's hue: the warm end of its warm-cool axis


def measure_clip(path: Path) -> dict[str, float]:
    """Measures of `vgan.mood.terms.PICTURE` of the clip or picture at `path`, from 30 s of it at most; of a picture
    those of its colours. Raises MediaError."""
    facts = reader.facts(path)
    if facts.still:
        return measure([_looks(path, 0.0, 1.0)])
    if facts.seconds <= PARTS * PART:
        return measure([_looks(path, 0.0, facts.seconds)])
    starts = [float(start) for start in np.linspace(0, facts.seconds - PART, PARTS)]
    if facts.seconds > READ:
        return measure(_looks(path, start, PART) for start in starts)
    looks: list[list[tuple[float, np.ndarray]]] = [[] for _ in starts]
    for time, frame in _looks(path, 0.0, facts.seconds):
        part = int(np.searchsorted(starts, time, side="right")) - 1
        if time <= starts[part] + PART:
            looks[part].append((time, small(frame)))
    return measure(looks)


def measure(parts: Iterable[Iterable[tuple[float, np.ndarray]]]) -> dict[str, float]:
    """The same of parts of a clip, each of (seconds, uint8 RGB (H, W, 3)) in order, a few a second."""
    colours, moved, seconds, cuts = [], [], 0.0, 0
    for part in parts:
        motion, before = Motion(), None
        for time, picture in part:
            reduced = small(picture)
            grey, now = cv2.cvtColor(reduced, cv2.COLOR_RGB2GRAY), thumb(to_pictures(reduced))
            colours.append(colour(reduced))
            if before is not None and before[1].shape == grey.shape and time > before[0]:
                passed = time - before[0]
                seconds += passed
                if differ(before[2], now):
                    cuts += 1
                else:
                    flow = float(length(motion(grey, before[1])).mean())
                    moved.append(flow / float(np.hypot(*grey.shape)) / passed)
            before = time, grey, now
    found = {name: float(np.mean([one[name] for one in colours])) for name in (colours[0] if colours else ())}
    if moved:
        found |= {"motion": float(np.mean(moved)), "cuts": cuts / seconds}
    return found


def colour(picture: np.ndarray) -> dict[str, float]:
    """Measures of `vgan.mood.terms.COLOUR` of uint8 RGB (H, W, 3)."""
    lab = cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    light, a, b = lab[..., 0] / 100, lab[..., 1] / 100, lab[..., 2] / 100
    return {
        "brightness": float(light.mean()),
        "saturation": float(np.hypot(a, b).mean()),
        "warmth": float((a * np.cos(ORANGE) + b * np.sin(ORANGE)).mean()),
        "contrast": float(light.std()),
    }


def _looks(path: Path, start: float, seconds: float) -> Iterator[tuple[float, np.ndarray]]:
    """A few frames a second from `start` on."""
    due = start
    with closing(reader.frames(path, start)) as frames:
        for time, frame in frames:
            if time > start + seconds:
                return
            if time >= due - 1e-3:
                yield time, frame
                due = max(due, time) + 1 / RATE
