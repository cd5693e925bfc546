"""The app's side: asks for a task, waits no longer than is allowed, and checks what comes back."""

import functools
import importlib
import logging
import os
import select
import signal
import stat
import sys
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, TypeVar

from vgan.errors import MediaError
from vgan.media.guard import wire
from vgan.media.guard.room import SMALLEST, Room
from vgan.media.guard.tasks import TASKS
from vgan.settings import Settings

log = logging.getLogger(__name__)

T = TypeVar("T")
GUARDED = sys.platform == "linux"
PATIENCE = 6  # times the seconds of the settings: the longest wait for one value from a child that shows signs of life
LONGEST_NAME = 80  # characters of a file's name that are shown
TOLD_WITHIN = 2.0  # seconds after its end that it is known how a child ended
MOST_LOGS = 8
AT_ONCE = 8  # children that answer one question: all may need the memory that is allowed


def one(gives: type[T], task: str, path: Path, *arguments: Any) -> T:
    """What `task` makes of the file at `path`, one value. See `stream`."""
    with _turns, closing(stream(gives, task, path, *arguments)) as found:
        return next(found)


def stream(gives: type[T], task: str, path: Path, *arguments: Any, room: int = 0) -> Generator[T]:
    """What `task` of TASKS makes of the file at `path`, value by value; it pauses where nobody takes them.

    gives: the type of a value, which is checked. room: bytes that most values have, where they are large. Raises
    OSError and ValueError where `path` cannot be opened or is no file; MediaError, naming it, as the task does, and
    where it takes too long, needs too much memory, or breaks off.
    """
    if not GUARDED:
        yield from _here(task, path, *arguments)
        return
    file = _open(path)
    try:
        with closing(_Child(task, file, path, arguments, room)) as child:
            yield from child.values(gives)
    finally:
        os.close(file)


def warm() -> None:
    """Start the process that children come from, so that the first file need not wait for it."""
    if GUARDED:
        from vgan.media.guard.parent import nursery

        nursery()


def children() -> tuple[int, ...]:
    """The processes that read files for this one now."""
    if not GUARDED:
        return ()
    from vgan.media.guard.parent import running

    return running()


def shown(path: Path) -> str:
    """A file's name as it may stand in a message: on one line, in one direction, and not without end."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in path.name)[
        :LONGEST_NAME
    ]


def _open(path: Path) -> int:
    """Of a file alone: a pipe or device would never end."""
    file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        raise ValueError("this is not a file")
    return file


def _here(task: str, path: Path, *arguments: Any) -> Iterator[Any]:
    """The same in this process, where the system has no such children."""
    _warned()
    module, _, name = TASKS[task].partition(":")
    found = getattr(importlib.import_module(module), name)(path, *arguments)
    if isinstance(found, Iterator):
        yield from found
    else:
        yield found


@functools.cache
def _warned() -> None:
    log.warning("files are decoded in the app's own process: on %s they cannot be kept apart", sys.platform)


_turns = threading.BoundedSemaphore(AT_ONCE)


def _after_fork() -> None:
    """In a process forked from the app, nobody holds a turn."""
    global _turns
    _turns = threading.BoundedSemaphore(AT_ONCE)


os.register_at_fork(after_in_child=_after_fork)


class _Child:
    """One child and what it says. Closing ends it, whatever it is doing."""

    def __init__(self, task: str, file: int, path: Path, arguments: tuple[Any, ...], room: int):
        from vgan.media.guard.parent import begin

        settings = Settings()
        self._name, self._seconds, self._megabytes = shown(path), settings.decode_seconds, settings.decode_mb
        self._most = max(settings.max_pixels * 4, 64_000_000) * 4  # bytes of a value: a picture with transparency
        self._logs = 0
        self._room: Room | None = None
        if room >= SMALLEST:
            with suppress(OSError):  # a system without: frames then go through the socket
                self._room = Room.made(room)
        try:
            self._talk, self._told, self._end = begin(file, *([self._room.handle] if self._room else []))
        except MediaError:
            self._leave()
            raise
        request = {
            "task": task,
            "room": room if self._room else 0,
            "name": self._name,
            "megabytes": self._megabytes,
            "settings": {"VGAN_MAX_PIXELS": str(settings.max_pixels)},
            "arguments": list(arguments),
        }
        with suppress(OSError):  # it is gone: the first look says so
            self._talk.settimeout(self._seconds)
            wire.send(self._talk, wire.VALUE, request)

    def close(self) -> None:
        """End the child."""
        self._end()
        self._talk.close()
        os.close(self._told)
        self._leave()

    def _leave(self) -> None:
        if self._room:
            self._room.close()
            self._room = None

    def values(self, gives: Any) -> Iterator[Any]:
        """What it gives, each checked to be of that type. Raises MediaError."""
        while True:
            kind, data, blobs = self._next()
            if kind == wire.END:
                return
            if kind == wire.VALUE:
                try:
                    yield wire.decode(gives, data, blobs)
                except wire.Broken as error:
                    raise self._broken(error) from error
            else:
                self._trouble(kind, data)

    def _next(self) -> tuple[bytes, Any, list[Any]]:
        """The next message that is no sign of life alone."""
        began = time.monotonic()
        while True:
            deadline = min(time.monotonic() + self._seconds, began + PATIENCE * self._seconds)
            try:
                message = wire.receive(self._talk, deadline, self._most, self._room)
            except wire.Late as error:
                self._end()
                raise self._late() from error
            except wire.Broken as error:
                raise self._broken(error) from error
            if message[0] != wire.BEAT:
                return message

    def _trouble(self, kind: bytes, data: Any) -> None:
        """Log what it wants to have logged; raise what it says went wrong."""
        words = [_clean(one) for one in data if isinstance(one, str)] if isinstance(data, list) else []
        if kind == wire.LOG and len(words) == 2 and isinstance(data[0], int):
            self._logs += 1
            if self._logs <= MOST_LOGS:
                logging.getLogger(words[0] if words[0].startswith("vgan.") else __name__).log(data[0], "%s", words[1])
        elif kind == wire.TROUBLE and len(words) == 2:
            if words[0] == "media":
                raise MediaError(words[1])
            if words[0] == "memory":
                raise self._too_large()
            log.warning("%s: reading it failed: %s", self._name, words[1])
            raise self._unreadable(words[1])
        else:
            raise self._broken(wire.Broken(f"a message of kind {kind!r}"))

    def _broken(self, why: wire.Broken) -> MediaError:
        """For what broke off: by how the child ended, where that is known."""
        self._end()
        status, _, megabytes = _told(self._told).partition(" ")
        log.warning("%s: what read it broke off (%s; status %s; %s MB)", self._name, why, status, megabytes)
        if status == str(-signal.SIGXCPU):
            return self._late()
        return self._unreadable("the decoder broke off")

    def _late(self) -> MediaError:
        return MediaError(
            f"{self._name}: it took longer to read than {self._seconds:g} s, which are allowed (VGAN_DECODE_SECONDS). "
            "Try another file, or save it anew as MP4."
        )

    def _too_large(self) -> MediaError:
        return MediaError(
            f"{self._name}: to read it needs more memory than {self._megabytes} MB, which are allowed "
            "(VGAN_DECODE_MB). Try a smaller file, or save it anew as MP4."
        )

    def _unreadable(self, why: str) -> MediaError:
        return MediaError(f"{self._name}: this cannot be read ({why[:160]}). Try another file, or save it anew as MP4.")


def _clean(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text[:1000])


def _told(pipe: int) -> str:
    """How a child ended, and how many MB it had, as the process above it tells; nothing where that is gone."""
    ready, _, _ = select.select([pipe], [], [], TOLD_WITHIN)
    return os.read(pipe, 64).decode("ascii", "replace") if ready else ""
