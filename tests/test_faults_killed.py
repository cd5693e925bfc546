"""Killed in the middle: nothing is left, nothing goes on, nobody sees half of it, and what was lost is said."""

import json
import logging
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from clips import models, recipe, waves
from faults import encoders, process, until

from vgan import unfinished
from vgan.registry import Models
from vgan.render import render
from vgan.settings import PROJECT
from vgan.ui.folders import new_folder, sweep

__all__ = ["models", "waves"]  # fixtures

SLOW = """
import sys, time
from pathlib import Path
from clips import Waves, recipe
from vgan import sources
from vgan.registry import Models
from vgan.render import render
from vgan.settings import Settings
class Slow(Waves):
    def draw(self, index):
        time.sleep(0.02)
        return super().draw(index)
sources.SOURCES["generate"] = Slow
out, share = Path(sys.argv[1]), eval(sys.argv[2])
render(recipe(seconds=30, **share), Models(Settings(device="cpu", offline=True)), out)
"""

HOLDING = """
import sys, time
from pathlib import Path
from vgan.unfinished import unfinished
with unfinished(Path(sys.argv[1]), "clip") as part:
    part.path.write_bytes(bytes(9000))
    print("here", flush=True)
    time.sleep(60)
"""


def parts(folder: Path) -> list[Path]:
    return sorted(folder.glob(".vgan-*.part"))


def far(folder: Path) -> bool:
    """Whether a render in `folder` has noted how far it is."""
    try:
        return json.loads((parts(folder)[0] / ".about").read_text())["done"] > 0
    except (IndexError, OSError, ValueError):
        return False


@pytest.mark.parametrize("share", [{}, {"format": "gif", "max_mb": 5}], ids=["pipe", "kept-frames"])
def test_a_killed_render_leaves_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, share: dict[str, object]
) -> None:
    out = tmp_path / "clip.mp4"
    with process(SLOW, out, share) as child:
        until(lambda: far(tmp_path) or child.poll() is not None, "a note")
        running = encoders(child.pid)
        assert bool(running) == ("format" not in share)
        assert unfinished.sweep(tmp_path) == [], "it is alive: nobody may touch it"
        child.kill()
        child.wait()
        until(lambda: not any(one.is_running() for one in running), "the end of ffmpeg", 10)
    assert not out.exists()
    assert len(parts(tmp_path)) == 1
    with caplog.at_level(logging.WARNING):
        (left,) = unfinished.sweep(tmp_path)
    assert left.kind == "clip"
    assert 0 < left.done < left.total == 720
    assert f"{left.done} of 720 frames" in caplog.text
    assert list(tmp_path.iterdir()) == []


def test_the_next_command_clears_up_and_says_so(tmp_path: Path) -> None:
    with process(HOLDING, tmp_path / "clip.png") as child:
        until(lambda: parts(tmp_path), "a part")
        assert child.stdout
        assert child.stdout.readline() == "here\n"
        child.kill()
        child.wait()
    asked = tmp_path / "recipe.json"
    asked.write_text('{"source": {"kind": "generate", "seconds": 0.5}, "share": {"format": "png", "short_side": 144}}')
    command = [sys.executable, "-m", "vgan", "render", str(asked), "-o", str(tmp_path / "frames.zip")]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Not finished, because its process was ended: a clip that was begun 20" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["frames.zip", "recipe.json"]


def test_temporary_folders_go_once_their_process_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = (
        "import time; from vgan.unfinished import scratch\n"
        "with scratch() as folder:\n"
        "    (folder / 'big').write_bytes(bytes(100)); print(folder, flush=True); time.sleep(60)"
    )
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with process(code, TMPDIR=str(tmp_path)) as one, process(code, TMPDIR=str(tmp_path)) as other:
        folders = [Path(child.stdout.readline().strip()) for child in (one, other) if child.stdout]
        assert [folder.parent for folder in folders] == [tmp_path, tmp_path]
        one.kill()
        one.wait()
        assert len(unfinished.sweep()) == 1
        assert parts(tmp_path) == [folders[1]], "the other one is still at work"
    assert len(unfinished.sweep()) == 1
    assert parts(tmp_path) == []


def test_two_apps_share_a_folder(tmp_path: Path, models: Models, waves: None) -> None:
    unfinished.keep_aside(tmp_path)
    visit, swept = new_folder(tmp_path), []

    def progress(done: int, total: int) -> None:
        swept.append(sweep(tmp_path) + len(unfinished.sweep(tmp_path)))
        assert len(parts(tmp_path / unfinished.ASIDE)) == 1
        assert list(visit.iterdir()) == [], "where a browser can reach, there is nothing until it is finished"

    clip = render(recipe(), models, visit / "clip.mp4", progress)
    assert swept
    assert not any(swept)
    assert clip.path.is_file()
    assert parts(tmp_path / unfinished.ASIDE) == []


def test_sweeping_while_others_begin_and_end(tmp_path: Path) -> None:
    """A folder that was just made, and one that is just removed, are nobody's mistake."""
    over, faults = threading.Event(), []

    def work() -> None:
        try:
            while not over.is_set():
                with unfinished.scratch(tmp_path) as folder:
                    (folder / "file").write_text("mine")
                    assert (folder / "file").read_text() == "mine"
        except Exception as error:
            faults.append(error)

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    found = [left for _ in range(300) for left in unfinished.sweep(tmp_path)]
    over.set()
    for worker in workers:
        worker.join()
    assert not faults
    assert len(found) < 300
    assert parts(tmp_path) == []


def test_only_our_own_are_swept(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "file").write_text("theirs")
    (tmp_path / ".vgan-0123456789abcdef.part").symlink_to(tmp_path / "elsewhere")
    (tmp_path / ".vgan-notes.part").mkdir()
    (tmp_path / ".vgan-00000000000000ff.part").write_text("a file")
    mine = tmp_path / ".vgan-fedcba9876543210.part"
    mine.mkdir()
    (mine / "file").symlink_to(tmp_path / "elsewhere" / "file")
    (left,) = unfinished.sweep(tmp_path)
    assert (left.kind, left.done, left.total) == ("work", 0, 0)
    assert len(list(tmp_path.iterdir())) == 4
    assert (tmp_path / "elsewhere" / "file").read_text() == "theirs"


@pytest.mark.parametrize(
    "note",
    [
        b"",
        b"{",
        b"[]",
        b'{"kind": "a\\nb", "began": 1e999, "done": 1, "total": 2}',
        b'{"kind": []}',
        b"9" * 5000,
        b"\xff",
    ],
)
def test_a_note_that_somebody_else_wrote_is_harmless(tmp_path: Path, note: bytes) -> None:
    folder = tmp_path / ".vgan-fedcba9876543210.part"
    folder.mkdir()
    (folder / ".about").write_bytes(note)
    (left,) = unfinished.sweep(tmp_path)
    assert left.kind == "work"
    assert "\n" not in str(left)
    assert not folder.exists()


def test_a_note_tells_nothing_of_a_person(tmp_path: Path, models: Models, waves: None) -> None:
    unfinished.keep_aside(tmp_path)
    said = []

    def progress(done: int, total: int) -> None:
        (folder,) = parts(tmp_path / unfinished.ASIDE)
        said.append((folder / ".about").read_text())
        assert os.stat(folder).st_mode & 0o077 == 0

    render(recipe(), models, tmp_path / "birthday-of-ada.mp4", progress)
    assert said
    assert all(json.loads(text).keys() == {"kind", "began", "done", "total"} for text in said)
