"""A studio with untrained networks and files to upload, for tests of the Enhance tab without a browser."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import untrained
from films import drifting, write_film
from style_app import LOOK, arrived, clip, picture

from vgan.registry import Models
from vgan.settings import Settings
from vgan.ui import chain
from vgan.ui.enhance_messages import FIELDS
from vgan.ui.services import Studio

__all__ = ["LOOK", "arrived", "broken", "clip", "picture", "settings", "studio", "values"]

BLACK, FROZEN = 12, (25, 26)


@pytest.fixture(scope="module")
def settings(arrived: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("enhance")
    untrained.write(folder / "weights" / "looks")
    untrained.write_styles(folder / "weights" / "styles")
    untrained.write_all_enhancers(folder / "weights")
    (folder / "clips").mkdir()
    return Settings(offline=True, device="cpu", weights=folder / "weights", outputs=folder / "clips")


@pytest.fixture(scope="module")
def studio(settings: Settings) -> Studio:
    return Studio(Models(settings), settings)


@pytest.fixture(scope="module")
def broken(arrived: Path) -> Path:
    """Two seconds of 192 x 144 at 20 frames: one is black, and two stand still."""
    return write_film(arrived / "broken.mp4", damaged())


def damaged() -> list[np.ndarray]:
    """Pictures that drift, of which one is black and two stand still."""
    frames = [np.roll(_texture(), 3 * index, axis=1) for index in range(40)]
    frames[BLACK] = np.full_like(frames[0], 16)
    for place in FROZEN:
        frames[place] = frames[FROZEN[0] - 1]
    return frames


def _texture() -> np.ndarray:
    noise = np.random.default_rng(0).integers(0, 60, (18, 24, 3)).repeat(8, 0).repeat(8, 1)
    return (drifting(1)[0] // 2 + noise.astype(np.uint8)).astype(np.uint8)


def values(
    source: Any, timeline: Any = None, /, *, steps: Any = (), held: Any = None, **changes: Any
) -> tuple[Any, ...]:
    """What the tab's components hand over. steps: of the chain; held: the chain itself."""
    all_of = {"source": {"source": source}, "timeline": timeline or {}, "chain": held or chain.value(list(steps))}
    all_of |= {"format": "mp4", "short_side": "own", "fps": "own"} | changes
    return tuple(all_of[name] for name in FIELDS)
