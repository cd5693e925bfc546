"""The process that children are forked from: it has loaded what they need, holds one thread, and opens no file."""

import ctypes
import gc
import importlib
import os
import select
import signal
import socket
import struct
from contextlib import suppress

from PIL import Image

from vgan.media.guard.child import run
from vgan.media.guard.tasks import TASKS

LATER = ("av.subtitles.stream", "numpy.ma")  # what libraries would load when they first need it: in every child anew
ORDER = struct.Struct("<cQ")  # what to do, with which child
BEGIN, STOP, READY = b"B", b"S", b"R"


def serve(control: int) -> None:
    """Do what the app asks for on the socket `control`, until it is gone; then no child is left either."""
    for name in (*(place.partition(":")[0] for place in TASKS.values()), *LATER):
        importlib.import_module(name)
    Image.init()  # all of Pillow's formats
    asking = socket.socket(fileno=control)
    woken, wakes = socket.socketpair()
    for each in (woken, wakes):
        each.setblocking(False)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wakes.fileno(), warn_on_full_buffer=False)
    gc.collect()
    gc.freeze()  # what is here now is never looked at again: children share its memory
    os.dup2(0, 2)  # from here on, nobody listens
    asking.sendall(ORDER.pack(READY, 0))
    _Nursery(asking, woken).run()


class _Nursery:
    def __init__(self, asking: socket.socket, woken: socket.socket):
        self._asking, self._woken = asking, woken
        self._children: dict[int, tuple[int, int]] = {}  # number: process, where its end is told
        self._libc = ctypes.CDLL(None)

    def run(self) -> None:
        poll = select.poll()
        poll.register(self._asking, select.POLLIN)
        poll.register(self._woken, select.POLLIN)
        while True:
            ready = {fd for fd, _ in poll.poll()}
            if self._woken.fileno() in ready:
                with suppress(BlockingIOError):
                    while self._woken.recv(4096):
                        pass
                self._bury()
            if self._asking.fileno() in ready and not self._obey():
                break
        for process, _ in self._children.values():
            _kill(process)
        os._exit(0)

    def _obey(self) -> bool:
        """Carry out one order; False where the app is gone."""
        try:
            data, handles, _, _ = socket.recv_fds(self._asking, ORDER.size, 4)
        except OSError:
            return False
        if len(data) < ORDER.size:
            return False
        what, number = ORDER.unpack(data)
        if what == STOP:
            if number in self._children:
                _kill(self._children[number][0])
            return True
        try:
            if len(handles) >= 3:
                self._begin(number, *handles)
        finally:
            for handle in (*handles[:2], *handles[3:]):
                os.close(handle)
        return True

    def _begin(self, number: int, talk: int, file: int, told: int, room: int | None = None) -> None:
        """A child that talks on `talk` about the open `file`, with the memory `room`; how it ended is written to
        `told`."""
        here = os.getpid()
        try:
            process = os.fork()
        except OSError:  # no room for one more: the app sees an end without a word
            os.close(told)
            return
        if process == 0:
            try:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                run(self._libc, here, talk, file, room)
            finally:
                os._exit(1)
        self._children[number] = (process, told)

    def _bury(self) -> None:
        """Tell how children ended that did."""
        numbers = {process: number for number, (process, _) in self._children.items()}
        while True:
            try:
                ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            except ChildProcessError:
                return
            if ended is None:
                return
            process = ended.si_pid
            _kill(process)  # what it may have left: its number is nobody else's before it is buried
            _, status, used = os.wait4(process, 0)
            if process in numbers:
                _, told = self._children.pop(numbers[process])
                with suppress(OSError):
                    os.write(told, f"{os.waitstatus_to_exitcode(status)} {used.ru_maxrss >> 10}".encode())
                os.close(told)


def _kill(process: int) -> None:
    with suppress(OSError):
        os.kill(process, signal.SIGKILL)
    with suppress(OSError):
        os.killpg(process, signal.SIGKILL)
