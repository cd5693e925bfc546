"""Whatever else may break on the road: a thread, an overlay, a writer that loses frames; and nothing half is served."""

import shutil
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from clips import Waves, models, recipe, waves
from faults import encoders, fill, handles, small_disk
from gradio_client import Client
from over_http import web
from torch import Tensor

from vgan import sources
from vgan.errors import MediaError, OutOfMemory
from vgan.media.writer import Writer
from vgan.overlays import Overlays
from vgan.recipe import Recipe
from vgan.registry import Models
from vgan.render import render
from vgan.settings import Settings
from vgan.shapes import render_shapes
from vgan.share.formats import FORMATS
from vgan.ui import arrivals
from vgan.ui.folders import new_folder
from vgan.unfinished import ASIDE

__all__ = ["models", "waves", "web"]  # fixtures


def drawing_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name in ("ahead", "vgan-watch")]


def after(folder: Path) -> None:
    """What must be so after every fault."""
    assert list(folder.iterdir()) == []
    assert encoders() == []
    for thread in drawing_threads():
        thread.join(2)
    assert drawing_threads() == []


@pytest.mark.parametrize(
    "fault", [SystemExit(3), KeyboardInterrupt(), MemoryError(), StopIteration(), RecursionError()]
)
def test_the_thread_that_draws_dies(
    tmp_path: Path, models: Models, monkeypatch: pytest.MonkeyPatch, fault: BaseException
) -> None:
    class Dying(Waves):
        def draw(self, index: Tensor) -> Tensor:
            if index[0] >= 16:
                raise fault
            return super().draw(index)

    monkeypatch.setitem(sources.SOURCES, "generate", Dying)
    before = handles()
    kinds = (type(fault), RuntimeError, OutOfMemory)  # a generator turns StopIteration into a RuntimeError
    with pytest.raises(kinds):
        render(recipe(seconds=4), models, tmp_path / "clip.mp4")
    after(tmp_path)
    assert handles() <= before


@pytest.mark.parametrize("file_format", FORMATS)
def test_an_overlay_breaks(
    tmp_path: Path, models: Models, waves: None, monkeypatch: pytest.MonkeyPatch, file_format: str
) -> None:
    def lay(self: Overlays, frames: np.ndarray, first: int) -> None:
        if first >= 16:
            raise ZeroDivisionError("an overlay broke")

    monkeypatch.setattr(Overlays, "lay", lay)
    asked = recipe(seconds=4, format=file_format).model_dump(mode="json")
    asked["overlays"] = [{"kind": "captions", "cues": [{"start": 0, "end": 2, "text": "Hello"}]}]
    with pytest.raises(ZeroDivisionError, match="an overlay broke"):
        render(Recipe.parse(asked), models, tmp_path / "clip")
    after(tmp_path)


class Losing(Writer):
    """A writer that loses its last frame, and says nothing."""

    def __init__(self, inner: Writer, frames: int):
        self._inner, self._left = inner, frames - 1

    def write(self, frames: np.ndarray) -> None:
        kept = frames[: self._left]
        self._left -= len(kept)
        if len(kept):
            self._inner.write(kept)

    def close(self) -> None:
        self._inner.close()

    def abort(self) -> None:
        self._inner.abort()


@pytest.fixture
def losing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every format loses its last frame."""
    for name, row in list(FORMATS.items()):

        def opened(job: Any, device: str, row: Any = row) -> Writer:
            return Losing(row.open(job, device), job.frames)

        monkeypatch.setitem(FORMATS, name, replace(row, open=opened))


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_file_that_lacks_a_frame_is_not_handed_out(
    tmp_path: Path, models: Models, waves: None, losing: None, file_format: str
) -> None:
    with pytest.raises(MediaError, match=r"^clip: 23 frames of 144x256 came out instead of 24"):
        render(recipe(format=file_format), models, tmp_path / "clip")
    after(tmp_path)


def test_nor_in_any_shape(tmp_path: Path, models: Models, waves: None, losing: None) -> None:
    with pytest.raises(MediaError, match="23 frames"):
        render_shapes(recipe(), ["9:16", "1:1"], models, tmp_path)
    after(tmp_path)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """With a clip in the outputs that an earlier process has not finished."""
    folder = tmp_path_factory.mktemp("rest")
    left = folder / "outputs" / ASIDE / ".vgan-00000000000000aa.part"
    left.mkdir(parents=True)
    (left / ".about").write_text('{"kind": "clip", "began": 1.0, "done": 7, "total": 9}')
    return Settings(offline=True, device="cpu", outputs=folder / "outputs", looks=folder / "looks")


def test_what_an_earlier_process_left_is_counted(web: Client, settings: Settings) -> None:
    assert list((settings.outputs / ASIDE).iterdir()) == []
    assert 'vgan_unfinished_total{kind="clip"} 1.0' in httpx.get(f"{web.src.rstrip('/')}/metrics").text


def test_no_room_for_uploads(web: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with small_disk(tmp_path / "uploads", "8m") as disk:
        monkeypatch.setenv("GRADIO_TEMP_DIR", str(disk))

        def send() -> httpx.Response:
            address = f"{web.src.rstrip('/')}/gradio_api/upload"
            return httpx.post(address, files={"files": ("in.mp4", bytes(3_000_000))})

        def kept() -> list[str]:
            return [path.name for path in disk.rglob("*") if path.is_file() and path.name != "filler"]

        answers = [send()]  # less is free than uploads leave to others
        monkeypatch.setattr(arrivals, "SPARE_BYTES", 0)
        fill(disk, leave=1_000_000)
        answers += [send(), send()]  # full in the middle
        before = handles()
        answers += [send() for _ in range(6)]
        for answer in answers:
            assert answer.status_code == 507
            assert "no room for uploads" in answer.json()["detail"]
        assert kept() == []
        assert handles() < before + 6, "no file stays open"
        (disk / "filler").unlink()
        assert send().status_code == 200
        assert kept() == ["in.mp4"]


def test_what_is_not_finished_has_no_address(web: Client, settings: Settings) -> None:
    visit = new_folder(settings.outputs)
    (visit / "clip.mp4").write_bytes(b"finished")
    half = settings.outputs / ASIDE / ".vgan-0123456789abcdef.part"
    half.mkdir()
    (half / "clip.mp4").write_bytes(b"half of it")
    base = f"{web.src.rstrip('/')}/gradio_api/file="
    assert httpx.get(f"{base}{visit / 'clip.mp4'}").content == b"finished"
    shut = [half / "clip.mp4", visit / ".." / ASIDE / half.name / "clip.mp4", half]
    for path in shut:
        for method in ("GET", "HEAD"):
            answer = httpx.request(method, f"{base}{path}")
            assert answer.status_code in (403, 404), path
            assert b"half" not in answer.content
    assert httpx.head(f"{base}{visit / 'clip.mp4'}").status_code == 200
    shutil.rmtree(visit)
    assert httpx.head(f"{base}{visit / 'clip.mp4'}").status_code in (403, 404), (
        "by which the page knows that it is gone"
    )
    shutil.rmtree(half)
