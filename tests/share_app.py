"""What tests of the Share tab have in common: music with a beat, and the values that its components hand over."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sounds import click_track, tone, write_sound_file

from vgan.recipe import Recipe
from vgan.recipe_sound import Soundtrack
from vgan.ui import layers
from vgan.ui.share_messages import FIELDS

__all__ = ["LOOK", "SAID", "changed", "music", "song", "values"]

LOOK: dict[str, Any] = {"kind": "generate", "seconds": 0.5, "loops": 1}
SHAPE: dict[str, Any] = {"short_side": 144, "fps": 8, "aspect": "1:1"}
SAID: dict[str, Any] = {"kind": "captions", "cues": [{"text": "Hello"}]}
TEMPO = 120


@pytest.fixture(scope="module")
def music(arrived: Path) -> Path:
    """Eight seconds of 120 beats a minute that was uploaded."""
    return song(arrived / "beat.wav", 8.0)


def song(path: Path, seconds: float) -> Path:
    """A soft tone with a click on every beat, a strong one on the first of four."""
    beats = np.arange(0.25, seconds, 60 / TEMPO)
    clicks = click_track(seconds, beats) + click_track(seconds, beats[::4])
    return write_sound_file(path, (0.8 * clicks + tone(seconds, 110, 0.1)).clip(-1, 1))


def values(
    source: Any = None, timeline: Any = None, /, *, over: Any = (), sound: Any = None, **changes: Any
) -> tuple[Any, ...]:
    """What the tab's components hand over. over: overlays; sound: fields of the soundtrack."""
    source = LOOK if source is None else source
    share = SHAPE if source.get("kind") == "generate" else {}
    heard = Soundtrack().model_dump(mode="json") | (sound or {})
    held: dict[str, Any] = {"source": {"source": source, "share": share, "from": "upload"}, "timeline": timeline or {}}
    held |= {"steps": [], "seconds": LOOK["seconds"], "loops": LOOK["loops"], "layers": layers.value(list(over))}
    held |= {"sound": {"sound": heard, "own": False, "upload": source.get("kind") == "upload"}}
    held |= {"aspect": share.get("aspect", "source"), "platform": "any", "max_mb": None, "disclose": True}
    held |= {"format": "mp4", "short_side": "own", "fps": "own"} | changes
    return tuple(held[name] for name in FIELDS)


def changed(held: Any, **changes: Any) -> list[Any]:
    """What the components hand over after an answer of every one of them, with `changes` by a person."""
    return [changes.get(name, value) for name, value in zip(FIELDS, held, strict=False)]


def recipe(source: Any, **parts: Any) -> Recipe:
    """A recipe of a small look, or of an upload."""
    share = SHAPE if source.get("kind") == "generate" else {}
    return Recipe.parse({"source": source} | parts | {"share": share | parts.get("share", {})})
