"""What a child does: one task with one file that is open already, under limits that it cannot lift."""

import fcntl
import gc
import importlib
import itertools
import logging
import os
import signal
import socket
import tempfile
import time
import typing
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from vgan.errors import VganError
from vgan.media.guard import limits, wire
from vgan.media.guard.room import Room
from vgan.media.guard.tasks import TASKS
from vgan.media.raw.beat import on_beat

REQUEST_SECONDS = 20.0
BEAT_SECONDS = 1.0  # between two signs of life
LONGEST_REQUEST = 1 << 20  # bytes
MOST_LOGS = 8
LONGEST_WORDS = 1000  # characters of what is said about a file
TALK, FILE, ROOM = 10, 11, 12  # the descriptors that a child has, beside 0, 1 and 2, which lead nowhere


class Held(type(Path())):  # type: ignore[misc]
    """An open file, by its descriptor, under the name that it had when it was opened: nobody can put another there."""

    known_as: str

    @property
    def name(self) -> str:
        """The name that people know."""
        return self.known_as


def run(libc: Any, parent: int, talk: int, file: int, room: int | None) -> None:
    """Carry out the request that comes on the socket `talk` about the open `file`, and end the process. room: memory
    that is shared with the app, if there is any."""
    os.setsid()
    limits.die_with(libc, parent)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    held = [fcntl.fcntl(handle, fcntl.F_DUPFD, ROOM + 1) for handle in (talk, file, *([] if room is None else [room]))]
    for place, handle in zip((TALK, FILE, ROOM), held, strict=False):
        os.dup2(handle, place)
    os.closerange(3, TALK)
    os.closerange(TALK + len(held), os.sysconf("SC_OPEN_MAX"))
    with socket.socket(fileno=TALK) as app:
        _, request, blobs = wire.receive(app, time.monotonic() + REQUEST_SECONDS, LONGEST_REQUEST)
        app.settimeout(None)
        os.environ.clear()
        os.environ.update({"HOME": "/"} | request["settings"])
        tempfile.tempdir = "/"  # else it would look for one by writing
        shared = Room(ROOM, request["room"]) if room is not None else None
        limits.confine(libc, FILE, request["megabytes"])
        gc.enable()
        _speak(app)
        _answer(app, request, blobs, shared)
    os._exit(0)


def _answer(app: socket.socket, request: dict[str, Any], blobs: list[Any], room: Room | None) -> None:
    held = Held(f"/proc/self/fd/{FILE}")
    held.known_as = request["name"]
    module, _, name = TASKS[request["task"]].partition(":")
    work = getattr(importlib.import_module(module), name)
    try:
        for value in _values(work, held, request["arguments"], blobs):
            wire.send(app, wire.VALUE, value, room)
        wire.send(app, wire.END)
    except VganError as error:
        wire.send(app, wire.TROUBLE, ["media", str(error)[:LONGEST_WORDS]])
    except MemoryError:
        wire.send(app, wire.TROUBLE, ["memory", ""])
    except (BrokenPipeError, ConnectionError):  # nobody wants to know any more
        return
    except Exception as error:  # whatever a hostile file makes of the libraries: the app is told, and lives on
        wire.send(app, wire.TROUBLE, ["other", f"{type(error).__name__}: {error}"[:LONGEST_WORDS]])


def _values(work: Callable[..., Any], held: Path, arguments: list[Any], blobs: list[Any]) -> Iterator[Any]:
    hints = typing.get_type_hints(work)
    kinds = [kind for name, kind in hints.items() if name != "return"][1:]  # the first is the file
    given = [wire.decode(kind, one, blobs) for kind, one in zip(kinds, arguments, strict=False)]
    found = work(held, *given)
    if isinstance(found, Iterator):
        yield from found
    else:
        yield found


def _speak(app: socket.socket) -> None:
    """Warnings of this process are the app's, and it is told that work goes on."""

    class Told(logging.Handler):
        numbers = itertools.count()

        def emit(self, record: logging.LogRecord) -> None:
            if next(self.numbers) < MOST_LOGS:
                wire.send(app, wire.LOG, [record.levelno, record.name, record.getMessage()[:LONGEST_WORDS]])

    logging.getLogger("vgan").handlers = [Told(logging.WARNING)]
    last = time.monotonic()

    def heard() -> None:
        nonlocal last
        if time.monotonic() - last > BEAT_SECONDS:
            last = time.monotonic()
            wire.send(app, wire.BEAT)

    on_beat(heard)
