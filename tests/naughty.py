"""What hostile files would have a decoder do, as tasks of a child: a program beside `python -m vgan.media.guard`."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from vgan.media.guard import wire
from vgan.media.guard.child import TALK
from vgan.media.guard.tasks import TASKS


def abort(path: Path) -> str:
    os.abort()


def segfault(path: Path) -> str:
    return ctypes.string_at(0).decode()


def loop(path: Path) -> str:
    while True:
        pass


def trickle(path: Path) -> str:
    """A message that never ends, a byte now and then."""
    for byte in wire.HEAD.pack(wire.VALUE, 1000, 0) + b" " * 1000:
        os.write(TALK, bytes([byte]))
        time.sleep(0.2)
    return ""


def eat(path: Path) -> str:
    held = [np.ones(10_000_000) for _ in range(200)]
    return str(len(held))


def flood(path: Path) -> str:
    return "x" * (1 << 24)


def blob(path: Path) -> np.ndarray:
    return np.zeros(1 << 29, np.uint8)


def another_type(path: Path) -> int:
    return 5


def nonsense(path: Path) -> str:
    os.write(TALK, os.urandom(100_000))
    return ""


def pickled(path: Path) -> str:
    os.write(TALK, b"\x80\x04\x95\x1e\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x8c\x06system\x93\x8c\x02id\x85R." * 50)
    return ""


def endless(path: Path) -> Iterator[int]:
    number = 0
    while True:
        yield number
        number += 1


def chatter(path: Path) -> str:
    import logging

    for number in range(1000):
        logging.getLogger("vgan.media").warning("said %d\nin two lines", number)
    return "done"


def try_all(path: Path, other: str, port: int) -> dict[str, str]:
    """What of all this is allowed: by name, "yes" or the error."""
    here = os.getppid()
    attempts = {
        "write": lambda: Path(other).with_name("written").write_text("x"),
        "append": lambda: os.open(other, os.O_WRONLY | os.O_APPEND),
        "overwrite": lambda: os.open(path, os.O_RDWR),
        "unlink": lambda: os.unlink(other),
        "rename": lambda: os.rename(other, f"{other}.moved"),
        "folder": lambda: os.mkdir(f"{other}.folder"),
        "link": lambda: os.symlink("/etc/passwd", f"{other}.link"),
        "mode": lambda: os.chmod(other, 0o777),
        "read another": lambda: Path(other).read_bytes(),
        "read the app": lambda: Path(f"/proc/{here}/environ").read_bytes(),
        "list": lambda: os.listdir(Path(other).parent),
        "fork": os.fork,
        "run": lambda: subprocess.run(["/bin/true"], check=True),
        "exec": lambda: os.execv("/bin/true", ["true"]),
        "kill": lambda: os.kill(here, signal.SIGTERM),
        "connect": lambda: socket.create_connection(("127.0.0.1", port), 2),
        "listen": lambda: socket.create_server(("127.0.0.1", 0)),
        "datagram": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
        "memory file": lambda: os.memfd_create("x"),
        "more time": lambda: __import__("resource").setrlimit(0, (-1, -1)),
    }
    found = {}
    for name, attempt in attempts.items():
        try:
            attempt()
            found[name] = "yes"
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            found[name] = type(error).__name__
    return found


def threads(path: Path) -> int:
    import threading

    done: list[int] = []
    begun = [threading.Thread(target=done.append, args=(number,)) for number in range(8)]
    for thread in begun:
        thread.start()
    for thread in begun:
        thread.join()
    return len(done)


def surroundings(path: Path) -> dict[str, str]:
    """The child's environment, its modules, and its descriptors."""

    def open_here(handle: int) -> bool:
        try:
            os.fstat(handle)
        except OSError:
            return False
        return True

    handles = ",".join(str(handle) for handle in range(32) if open_here(handle))
    return {"environ": ",".join(sorted(os.environ)), "modules": ",".join(sorted(sys.modules)), "handles": handles}


def name(path: Path) -> str:
    return path.name


def first_bytes(path: Path) -> bytes:
    return path.open("rb").read(100)


if __name__ == "__main__":
    from vgan.media.guard.nursery import serve

    mine = [abort, segfault, loop, trickle, eat, flood, blob, another_type, nonsense, pickled, endless, chatter]
    mine += [try_all, threads, surroundings, name, first_bytes]
    TASKS.update({each.__name__: f"naughty:{each.__name__}" for each in mine})
    serve(int(sys.argv[1]))
