"""What tests of provenance have in common: recipes with every kind of text, and how they are written."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import av
import pytest
from clips import models, waves
from films import drifting, write_film
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from vgan.recipe import Recipe
from vgan.registry import Models
from vgan.render import render
from vgan.share.provenance import (
    embedded,
)

__all__ = ["models", "waves"]  # fixtures

WORDS = (
    "你好，世界！“引号”",
    "مرحبا بالعالم — ‏RTL‎",
    "family 👨‍👩‍👧‍👦 flag 🇩🇪 e\u0301 ﷽ \U0001f9d1\u200d\U0001f680",
    "quotes \" ' ` back\\slash \\u0041 \\n; = # % $HOME `id`",
    "line\none\r\ntwo\ttab",
    "<xml attr='1'>&amp; ]]> <!-- -->",
    "\u0001\u001f\u007f\u0085\u2028\u202e\ufeff\ufffe",
    "comment=x;title=y\n[STREAM]\n;FFMETADATA1",
)
LOOK: dict[str, Any] = {"source": {"kind": "generate"}}
LIMIT_SECONDS = 20  # for what takes a second here: only a hang is meant


def written(count: int = 1, **share: Any) -> Recipe:
    """A recipe whose captions hold every kind of text, more of it with `count`."""
    cues = [{"start": index / 10, "text": text * count} for index, text in enumerate(WORDS * (1 + count))]
    return Recipe.parse(
        {
            "source": {
                "kind": "generate",
                "seconds": 0.5,
                "hue": 0.123456789012345,
                "variation": [-3, 1e-9, 0, 0.1, 1, 3],
            },
            "steps": [{"kind": "grade", "tint": -0.1}, {"kind": "trim", "end": 0.4}],
            "overlays": [{"kind": "captions", "cues": cues, "strength": 0}, {"kind": "mark", "text": "AI 人工智能"}],
            "share": {"short_side": 144, "fps": 24, **share},
        }
    )


def plain(recipe: Recipe) -> Recipe:
    """The same picture without what is laid over: the fields of overlays are what is looked at, not their pixels."""
    return recipe.model_copy(update={"overlays": (), "steps": ()})


def write(recipe: Recipe, path: Path, models: Models, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The frames of a plain clip, in a file that carries all of `recipe`."""
    monkeypatch.setattr("vgan.render.embedded", lambda _, models: embedded(recipe, models))
    render(plain(recipe), models, path)
    return path


@contextmanager
def opened() -> Iterator[list[str]]:
    """The files that Python opens meanwhile."""
    seen: list[str] = []
    on = True

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if on and event in ("open", "os.listdir", "os.scandir", "socket.connect", "subprocess.Popen"):
            seen.append(str(arguments[0]))

    sys.addaudithook(hook)  # there is no way to take it off
    try:
        yield seen
    finally:
        on = False


def commented(path: Path, comment: str) -> Path:
    """A file with that comment, of the kind that the name says."""
    if path.suffix == ".mp4":
        write_film(path.with_suffix(".plain.mp4"), drifting(3))
        with av.open(str(path.with_suffix(".plain.mp4"))) as source, av.open(str(path), "w") as target:
            stream = target.add_stream_from_template(source.streams.video[0])
            target.metadata["comment"] = comment
            for packet in source.demux(video=0):
                if packet.dts is not None:
                    packet.stream = stream
                    target.mux(packet)
    else:
        text = PngInfo()
        text.add_text("comment", comment)
        Image.new("RGB", (8, 8)).save(path, pnginfo=text)
    return path
