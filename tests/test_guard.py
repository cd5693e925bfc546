"""Children that read files: whatever goes wrong in one, the app gets a sentence, and nothing is left."""

import itertools
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from vgan.errors import MediaError
from vgan.media import guard, reader
from vgan.media.guard import client, parent, sandbox

pytestmark = pytest.mark.skipif(not client.GUARDED, reason="children with limits are for Linux")


@pytest.fixture(autouse=True)
def naughty(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A process whose children can do what they should not."""
    monkeypatch.setattr(parent, "PROGRAM", "naughty")
    parent._forget()
    yield
    parent._forget()


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    Image.new("RGB", (8, 6), (255, 0, 0)).save(tmp_path / "a.png")
    return tmp_path / "a.png"


def gone(*numbers: int, within: float = 5.0) -> bool:
    """Whether these processes are no more, or will be in a moment."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        if not any(alive(number) for number in numbers):
            return True
        time.sleep(0.02)
    return False


def alive(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def no_child() -> bool:
    end = time.monotonic() + 5
    while guard.children() and time.monotonic() < end:
        time.sleep(0.01)
    return not guard.children()


@pytest.mark.parametrize("task", ["abort", "segfault", "nonsense", "pickled", "flood", "blob", "another_type"])
def test_a_child_that_breaks_off_or_says_nonsense_is_an_error_of_its_file(picture: Path, task: str) -> None:
    with pytest.raises(MediaError, match=r"^a\.png: this cannot be read \(the decoder broke off\)"):
        guard.one(str, task, picture)
    assert no_child()
    assert reader.facts(picture).size == (8, 6)


@pytest.mark.parametrize("task", ["loop", "trickle"])
def test_a_child_that_takes_too_long_is_ended(picture: Path, task: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VGAN_DECODE_SECONDS", "0.4")
    with pytest.raises(MediaError, match=r"^a\.png: it took longer to read than 0\.4 s.*VGAN_DECODE_SECONDS"):
        guard.one(str, task, picture)
    assert no_child()


def test_memory_is_limited(picture: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VGAN_DECODE_MB", "300")
    with pytest.raises(MediaError, match=r"^a\.png: .* more memory than 300 MB.*VGAN_DECODE_MB"):
        guard.one(str, "eat", picture)
    assert no_child()


def test_a_child_can_do_nothing_but_read_its_file(picture: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("somebody else's")
    before = sorted(tmp_path.iterdir())
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        found = guard.one(dict[str, str], "try_all", picture, str(other), listener.getsockname()[1])
        with pytest.raises(TimeoutError):
            listener.accept()
    assert "yes" not in found.values(), found
    assert len(found) == 20
    assert sorted(tmp_path.iterdir()) == before
    assert other.read_text() == "somebody else's"
    assert guard.one(int, "threads", picture) == 8, "decoders have threads"
    assert guard.one(bytes, "first_bytes", picture).startswith(b"\x89PNG")
    assert sandbox.calls.TABLES, "and this machine's calls are known"


def test_a_child_knows_nothing_of_the_app(picture: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "secret")
    parent._forget()
    found = guard.one(dict[str, str], "surroundings", picture)
    assert set(found["environ"].split(",")) == {"HOME", "VGAN_MAX_PIXELS"}
    assert found["handles"] == "0,1,2,10,11", "nothing, what it talks on, its file"
    modules = set(found["modules"].split(","))
    assert "av" in modules
    assert not modules & {"torch", "gradio", "pydantic", "moviepy", "ray", "vgan.recipe"}
    environment = Path(f"/proc/{parent.nursery().process}/environ").read_bytes()
    assert b"secret" not in environment


def test_what_it_says_is_logged_with_bounds(picture: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert guard.one(str, "chatter", picture) == "done"
    assert 0 < len(caplog.records) <= client.MOST_LOGS
    assert all("\n" not in record.getMessage() for record in caplog.records)
    assert {record.name for record in caplog.records} == {"vgan.media"}


def test_closing_frees_the_child_at_once(picture: Path) -> None:
    handles = len(os.listdir("/proc/self/fd"))
    with closing(guard.stream(int, "endless", picture)) as numbers:
        assert [next(numbers) for _ in range(100)] == list(range(100))
        assert len(guard.children()) == 1
        began = time.monotonic()
    assert no_child()
    assert time.monotonic() - began < 5
    assert len(os.listdir("/proc/self/fd")) <= handles + 1  # the hold on the process above them


def test_many_threads_ask_at_once(tmp_path: Path) -> None:
    pictures = []
    for number in range(24):
        pictures.append(tmp_path / f"{number}.png")
        Image.new("RGB", (number + 1, 5)).save(pictures[-1])
    with ThreadPoolExecutor(12) as pool:
        found = list(pool.map(reader.facts, pictures))
    assert [facts.size for facts in found] == [(number + 1, 5) for number in range(24)]
    assert no_child()


def test_when_the_process_above_them_dies_another_is_started(picture: Path) -> None:
    numbers = guard.stream(int, "endless", picture)
    assert next(numbers) == 0
    (child,), above = guard.children(), parent.nursery().process
    os.kill(above, signal.SIGKILL)
    with pytest.raises(MediaError, match="the decoder broke off"):
        sum(itertools.islice(numbers, 10_000_000))
    assert gone(child)
    assert reader.facts(picture).size == (8, 6)
    assert parent.nursery().process != above


def test_when_the_app_dies_so_do_they(picture: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from vgan.media import guard; from vgan.media.guard import parent;"
        "parent.PROGRAM = 'naughty'; numbers = guard.stream(int, 'endless', Path(sys.argv[1])); next(numbers);"
        "print(*guard.children(), parent.nursery().process, flush=True); time.sleep(100)"
    )
    paths = os.pathsep.join(sys.path)
    with subprocess.Popen(
        [sys.executable, "-c", program, str(picture)], stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": paths}
    ) as app:
        assert app.stdout
        numbers = [int(word) for word in app.stdout.readline().split()]
        assert len(numbers) == 2
        assert all(alive(number) for number in numbers)
        app.kill()
    assert gone(*numbers)


def test_a_forked_app_has_its_own(picture: Path) -> None:
    assert reader.facts(picture).size == (8, 6)
    above = parent.nursery().process
    told, tells = os.pipe()
    process = os.fork()
    if process == 0:
        code = 1
        try:
            reader._facts.cache_clear()
            code = 0 if reader.facts(picture).size == (8, 6) and parent.nursery().process != above else 1
            parent._forget()
        finally:
            os._exit(code)
    os.close(told), os.close(tells)
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 0
    reader._facts.cache_clear()
    assert reader.facts(picture).size == (8, 6)
    assert parent.nursery().process == above


@pytest.mark.parametrize(
    "name",
    [
        "-i evil.png",
        "$(id);`id`|&.png",
        "a\nb: c.png",
        "\u202egnp.exe",
        "é" * 120 + ".png",
        "%s%n{}<b>.png",
        "..\\..png",
    ],
)
def test_names_are_shown_on_one_line_and_mean_nothing(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"no picture")
    for look in (reader.facts, lambda path: next(reader.frames(path))):
        with pytest.raises(MediaError) as refused:
            look(path)
        said = str(refused.value)
        assert said.isprintable()
        assert len(said) < 400
    Image.new("RGB", (8, 6)).save(path, "PNG")
    assert reader.facts(path).size == (8, 6)


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    (tmp_path / "zeros.mp4").symlink_to("/dev/zero")
    (tmp_path / "folder.mp4").mkdir()
    for name in ("pipe.mp4", "zeros.mp4", "folder.mp4", "missing.mp4", "nul\0.mp4"):
        for look in (reader.facts, lambda path: next(reader.frames(path)), lambda path: guard.one(str, "name", path)):
            with pytest.raises((MediaError, OSError, ValueError)):
                look(tmp_path / name)
    assert not guard.children()


def test_a_file_that_is_replaced_meanwhile_is_still_the_one_that_was_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.webp"
    first = [Image.new("RGB", (32, 32), (50 * n, 0, 0)) for n in range(4)]
    first[0].save(path, save_all=True, append_images=first[1:], lossless=True)
    with closing(reader.frames(path)) as frames:
        next(frames)
        Image.new("RGB", (8, 8)).save(tmp_path / "b.webp")
        os.replace(tmp_path / "b.webp", path)
        rest = [frame for _, frame in frames]
    assert [frame.shape for frame in rest] == [(32, 32, 3)] * 3


def test_elsewhere_the_app_reads_files_itself(
    picture: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(client, "GUARDED", False)
    client._warned.cache_clear()
    reader._facts.cache_clear()
    with caplog.at_level(logging.WARNING):
        assert reader.facts(picture).size == (8, 6)
        ((_, frame),) = reader.frames(picture)
    assert np.array_equal(frame, np.full((6, 8, 3), (255, 0, 0), np.uint8))
    assert caplog.text.count("decoded in the app's own process") == 1
    assert not guard.children()


def test_where_no_child_can_be_had_it_says_so(picture: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parent, "PROGRAM", "no_such_program")
    parent._forget()
    with pytest.raises(MediaError, match="files cannot be read at this moment"):
        guard.one(str, "name", picture)


def test_threads_wait_no_longer_than_their_own_file(picture: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that hangs holds up nobody else."""
    monkeypatch.setenv("VGAN_DECODE_SECONDS", "1")
    failed: list[str] = []

    def hang() -> None:
        try:
            guard.one(str, "loop", picture)
        except MediaError as error:
            failed.append(str(error))

    slow = threading.Thread(target=hang)
    slow.start()
    assert guard.one(str, "name", picture) == "a.png"
    assert not failed, "and the other is still at it"
    slow.join()
    assert "VGAN_DECODE_SECONDS" in failed[0]
