"""What tests of the Share tab have in common: music with a beat, and the values that its components hand over."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import numpy as np
import pytest
from sounds import click_track, tone, write_sound_file
from style_app import pixels

from vgan.brand import ROLES
from vgan.recipe import Recipe
from vgan.recipe_sound import Soundtrack
from vgan.share import platforms
from vgan.ui import layers
from vgan.ui.services import Studio
from vgan.ui.share_messages import FIELDS
from vgan.ui.tabs.post_actions import PostActions
from vgan.ui.tabs.share_actions import BEFORE, ShareActions

__all__ = [
    "LOOK",
    "SAID",
    "asked",
    "before",
    "by_name",
    "changed",
    "do",
    "ink",
    "music",
    "post",
    "recipe",
    "small",
    "song",
    "template_file",
    "told",
    "upload",
    "values",
    "visit",
]

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


@pytest.fixture
def visit(request: pytest.FixtureRequest) -> Any:
    """The open page."""
    return SimpleNamespace(session_hash=request.node.name)


@pytest.fixture
def do(studio: Studio) -> ShareActions:
    return ShareActions(studio)


@pytest.fixture
def post(studio: Studio, do: ShareActions) -> PostActions:
    return PostActions(studio, do)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stories that take small and short pictures."""
    row = platforms.PLATFORMS["stories"].model_copy(
        update={"side_least": 144, "side_wanted": 160, "seconds": (0.5, 60.0)}
    )
    monkeypatch.setitem(platforms.PLATFORMS, "stories", row)


def told(**data: Any) -> gr.EventData:
    return gr.EventData(None, data)


def upload(path: Path) -> dict[str, Any]:
    return {"kind": "upload", "path": str(path)}


def by_name(answer: Any) -> dict[str, Any]:
    """An answer of every component, by the fields, and what is shown."""
    names = (*FIELDS, "stage", "meter", "text")
    return dict(zip(names, answer, strict=True))


def asked(answer: Any) -> Recipe:
    """What the recipe box says."""
    return Recipe.parse(answer[-1])


def ink(answer: Any) -> float:
    """How bright the brightest spots of the picture on the stage are, 0 to 255."""
    return float(np.percentile(pixels(by_name(answer)["stage"]["after"]).max(2), 99.5))


def template_file(path: Path, of: dict[str, Any], **more: Any) -> Path:
    """A template of somebody's own."""
    words = {"en": "Sly", "zh": "狡"}
    parts = {"title": words, "about": words, "fonts": {"font": "sans", "text": "sans"}, "blanks": {}}
    colours = dict.fromkeys(ROLES, "#808080")
    path.write_text(json.dumps(parts | {"colours": colours, "recipe": of} | more), encoding="utf-8")
    return path


def before(**known: Any) -> tuple[Any, ...]:
    """What the tabs before this one hand over."""
    return tuple(known.get(name, {}).get(field) for name, fields, _ in BEFORE for field in fields)
