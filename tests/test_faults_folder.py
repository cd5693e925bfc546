"""The folder of the outputs goes away while it is used: refused by name, or made anew, and the next render works."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from clips import CHUNK, models, recipe, waves

from vgan import unfinished
from vgan.errors import MediaError
from vgan.media.probe import probe
from vgan.registry import Models
from vgan.render import render
from vgan.settings import Settings
from vgan.share.formats import FORMATS
from vgan.ui.folders import new_folder
from vgan.ui.jobs import Progress
from vgan.ui.services import Studio
from vgan.ui.visits import Made

__all__ = ["models", "waves"]  # fixtures


def in_the_middle(act: Callable[[], object]) -> Callable[[int, int], None]:
    """A progress that does `act` once."""

    def progress(done: int, total: int) -> None:
        if done == CHUNK:
            act()

    return progress


def remove(folder: Path) -> None:
    """Until it is gone: an encoder may write into it at this moment."""
    while folder.exists():
        shutil.rmtree(folder, ignore_errors=True)


def below(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("file_format", FORMATS)
def test_removed(tmp_path: Path, models: Models, waves: None, file_format: str) -> None:
    folder, asked = tmp_path / "clips", recipe(seconds=2, format=file_format)
    folder.mkdir()
    with pytest.raises(MediaError, match=r"^clip: "):
        render(asked, models, folder / "clip", in_the_middle(lambda: remove(folder)))
    assert below(tmp_path) == []
    folder.mkdir(exist_ok=True)
    assert probe(render(asked, models, folder / "clip").path).frames == 48


@pytest.mark.parametrize("file_format", FORMATS)
def test_the_folder_of_a_visit_is_made_anew(tmp_path: Path, models: Models, waves: None, file_format: str) -> None:
    visit = new_folder(tmp_path)
    clip = render(recipe(seconds=2, format=file_format), models, visit / "clip", in_the_middle(lambda: remove(visit)))
    assert probe(clip.path).frames == 48
    assert below(tmp_path) == ["clip"]
    assert visit.stat().st_mode & 0o077 == 0


def test_replaced_by_a_file(tmp_path: Path, models: Models, waves: None) -> None:
    visit = new_folder(tmp_path)

    def replace() -> None:
        shutil.rmtree(visit)
        visit.write_text("a file")

    with pytest.raises(MediaError, match=r"^clip: the folder was removed, or replaced by a file\."):
        render(recipe(seconds=2), models, visit / "clip", in_the_middle(replace))
    assert below(tmp_path) == [visit.name]
    with pytest.raises(MediaError, match=r"^clip: there is no folder"):
        render(recipe(), models, visit / "clip")


@pytest.fixture
def of_nobody() -> Iterator[Path]:
    """A folder of somebody who is not root, who may write anywhere, and this process as that one."""
    with TemporaryDirectory() as place:
        was_root = os.geteuid() == 0
        if was_root:
            os.chown(place, 65534, 65534)
            os.seteuid(65534)
        try:
            yield Path(place)
        finally:
            if was_root:
                os.seteuid(0)


def test_made_read_only(of_nobody: Path, models: Models, waves: None) -> None:
    visit = new_folder(of_nobody)
    with pytest.raises(MediaError, match=r"^clip: there is no permission to write here"):
        render(recipe(seconds=2), models, visit / "clip", in_the_middle(lambda: visit.chmod(0o500)))
    assert below(of_nobody) == []
    visit.chmod(0o700)
    assert render(recipe(), models, visit / "clip").frames == 24


@pytest.fixture
def studio(models: Models, tmp_path: Path) -> Studio:
    return Studio(models, Settings(offline=True, device="cpu", outputs=tmp_path / "outputs"))


def made(studio: Studio, act: Callable[[], object] = lambda: None) -> Made:
    """A clip, in the middle of which `act` happens."""
    found: list[Made] = []
    for index, step in enumerate(studio.render("visit", recipe(seconds=2))):
        if isinstance(step, Progress) and index == 0:
            act()
        if isinstance(step, Made):
            found.append(step)
    return found[-1]


def test_all_outputs_are_removed_under_an_open_page(studio: Studio, waves: None, tmp_path: Path) -> None:
    outputs = tmp_path / "outputs"
    first = made(studio)
    shutil.rmtree(outputs)
    second = made(studio)
    assert second.clip.path.is_file()
    assert below(outputs) == [second.clip.path.name]
    assert (outputs / unfinished.ASIDE).is_dir(), "what comes next is out of reach of browsers, too"
    assert not first.clip.path.exists()
    assert [one.number for one in studio.made("visit")] == [0, 1]


def test_outputs_replaced_by_a_file(studio: Studio, waves: None, tmp_path: Path) -> None:
    outputs = tmp_path / "outputs"
    made(studio)
    shutil.rmtree(outputs)
    outputs.write_text("a file")
    with pytest.raises(MediaError, match=r"outputs: .* cannot be written"):
        made(studio)
    outputs.unlink()
    assert made(studio).clip.path.is_file()
