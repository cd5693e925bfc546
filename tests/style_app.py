"""A studio with untrained networks and files to upload, for tests of the Style tab without a browser."""

import base64
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import untrained
from films import drifting, write_film
from PIL import Image

from vgan.models.stylizer import StyleNetwork
from vgan.recipe import Recipe
from vgan.registry import Models
from vgan.settings import Settings
from vgan.style_files import save_style
from vgan.ui.services import Studio
from vgan.ui.style_messages import FIELDS

FEATURES = Path("../shared/data/weights/squeezenet1_1.safetensors")
STYLE = "udnie"
LOOK: dict[str, Any] = {
    "source": {"kind": "generate", "seconds": 0.5},
    "share": {"short_side": 144, "fps": 8, "aspect": "1:1"},
}


@pytest.fixture(scope="module")
def arrived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder where Gradio puts uploads."""
    folder = tmp_path_factory.mktemp("gradio")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(folder))
        yield folder


@pytest.fixture(scope="module")
def settings(arrived: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("style")
    untrained.write(folder / "weights" / "looks")
    untrained.write_styles(folder / "weights" / "styles")
    (folder / "clips").mkdir()
    places = {"weights": folder / "weights", "outputs": folder / "clips"}
    features = FEATURES if FEATURES.is_file() else None
    return Settings(offline=True, device="cpu", fit_seconds=1, features=features, **places)


@pytest.fixture(scope="module")
def studio(settings: Settings) -> Studio:
    return Studio(Models(settings), settings)


@pytest.fixture(scope="module")
def clip(arrived: Path) -> Path:
    """A second of 192 x 144 at 20 frames, with sound."""
    return write_film(arrived / "My walk.mp4", drifting(20), tone=(0.0, 1.0))


@pytest.fixture(scope="module")
def picture(arrived: Path) -> Path:
    Image.fromarray(drifting(1)[0]).save(arrived / "tiles.png")
    return arrived / "tiles.png"


def style_file(studio: Studio, path: Path, code: int = 3) -> Path:
    """A style for the studio's network, the same as its gallery's number `code`."""
    network = studio.models.get("styles")
    assert isinstance(network, StyleNetwork)
    save_style(path, network.codes[code : code + 1], studio.models.fingerprint("styles"))
    return path


def restyled(path: Path, share: dict[str, Any] | None = None, **step: Any) -> Recipe:
    return Recipe.parse(
        {
            "source": {"kind": "upload", "path": str(path)},
            "steps": [{"kind": "stylize", "style": STYLE, "canvas": 144, **step}],
            "share": share or {},
        }
    )


def values(source: Any, timeline: Any = None, /, **changes: Any) -> tuple[Any, ...]:
    """What the tab's components hand over."""
    held = {"source": {"source": source}, "timeline": timeline or {}, "style": STYLE, "second": "", "blend": 0.5}
    held |= {"strength": 0.8, "keep_colours": 0, "steadiness": 0.9, "canvas": 384}
    held |= {"format": "mp4", "short_side": "own", "fps": "own"} | changes
    return tuple(held[name] for name in FIELDS)


def pixels(uri: str) -> np.ndarray:
    """The picture in a data URI."""
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(uri.partition(",")[2]))).convert("RGB")).astype(int)
