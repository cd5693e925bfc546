"""The app's hold on the process that children are forked from: started when first needed, and anew when it is gone."""

import atexit
import itertools
import logging
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress

from vgan.errors import MediaError
from vgan.media.guard.nursery import BEGIN, ORDER, STOP

log = logging.getLogger(__name__)

PROGRAM = "vgan.media.guard"
STARTS_WITHIN = 60.0  # seconds, on a busy machine
ENDS_WITHIN = 5.0
ENVIRONMENT = {  # the process needs one thread, and little memory beside what it decodes
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
    "PYTHONDONTWRITEBYTECODE": "1",
}
KEPT = ("LD_LIBRARY_PATH", "PYTHONHOME", "LANG", "LC_ALL")

_lock = threading.Lock()
_numbers = itertools.count(1)
_nursery: "Nursery | None" = None


class Nursery:
    """A running one. Raises OSError where it cannot be started."""

    def __init__(self) -> None:
        self.control, theirs = socket.socketpair()
        paths = os.pathsep.join(os.path.abspath(path) for path in sys.path)
        environment = {name: os.environ[name] for name in KEPT if name in os.environ} | ENVIRONMENT
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", PROGRAM, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env=environment | {"PYTHONPATH": paths},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,  # not for the terminal's signals: it ends with the app
            )
        assert self._process.stderr
        try:
            self.control.settimeout(STARTS_WITHIN)
            if len(self.control.recv(ORDER.size)) < ORDER.size:
                words = self._process.stderr.read(100_000).decode("utf-8", "replace")
                raise OSError(f"the process that reads files did not start: {words[-2000:]}")
            self.control.settimeout(None)
        except OSError:
            self.close()
            raise
        finally:
            self._process.stderr.close()

    def order(self, what: bytes, number: int, handles: tuple[int, ...] = ()) -> None:
        """Raises OSError where it is gone."""
        socket.send_fds(self.control, [ORDER.pack(what, number)], handles)

    @property
    def process(self) -> int:
        """Its number."""
        return self._process.pid

    def close(self) -> None:
        """End it, and with it all children."""
        self.control.close()
        try:
            self._process.wait(ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def nursery() -> Nursery:
    """The one of this process. Raises MediaError where it cannot be started."""
    with _lock:
        return _running()


def begin(*handles: int) -> tuple[socket.socket, int, Callable[[], None]]:
    """A new child with these open `handles`, a file and perhaps a room: the socket on which it listens, the descriptor
    on which it is told how it ended, and what ends it. Raises MediaError where no child can be had."""
    number = next(_numbers)
    talk, theirs = socket.socketpair()
    told, tells = os.pipe2(os.O_CLOEXEC)
    try:
        with theirs, _lock:
            for attempt in (1, 2):
                mother = _running()
                try:
                    mother.order(BEGIN, number, (theirs.fileno(), handles[0], tells, *handles[1:]))
                    break
                except OSError:  # it is gone: one more time, with a new one
                    _forget()
                    if attempt == 2:
                        raise
    except BaseException as error:
        talk.close()
        os.close(told)
        if isinstance(error, OSError):
            raise MediaError(f"files cannot be read at this moment ({error}). Try again.") from error
        raise
    finally:
        os.close(tells)

    def end() -> None:
        with suppress(OSError):
            mother.order(STOP, number)

    return talk, told, end


def running() -> tuple[int, ...]:
    """The children of this process's own."""
    if _nursery is None:
        return ()
    number = _nursery.process
    with suppress(OSError), open(f"/proc/{number}/task/{number}/children") as file:
        return tuple(int(word) for word in file.read().split())
    return ()


def _running() -> Nursery:
    global _nursery
    if _nursery is None:
        try:
            _nursery = Nursery()
        except OSError as error:
            log.error("%s", error)
            raise MediaError("files cannot be read at this moment: see the app's log.") from error
    return _nursery


def _forget() -> None:
    """End the one of this process, if there is one."""
    global _nursery
    if _nursery is not None:
        _nursery.close()
    _nursery = None


def _after_fork() -> None:
    """A process forked from the app has one of its own: the app's belongs to the app."""
    global _lock, _nursery
    _lock = threading.Lock()
    if _nursery is not None:
        _nursery.control.close()
    _nursery = None


os.register_at_fork(after_in_child=_after_fork)
atexit.register(_forget)
