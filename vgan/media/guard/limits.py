"""What a child may not do, said to the system before it looks at a file. Linux alone; see docs/decoding.md."""

import os
import resource
import signal
from typing import Any

from vgan.media.guard import sandbox

MOST_SECONDS = 3600  # of processor time of one child: a long clip's frames, all of them
MOST_FILES = 32  # open at once
PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38


def die_with(libc: Any, parent: int) -> None:
    """This process ends when `parent` does."""
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def confine(libc: Any, file: int, megabytes: int) -> None:
    """No more than `megabytes` beside what this process has already, nothing written, no network, no other process;
    of files, the open one at descriptor `file` and the libraries, to read."""
    handle = os.open("/proc/self/statm", os.O_RDONLY)
    pages = int(os.read(handle, 64).split()[0])
    os.close(handle)
    memory = pages * resource.getpagesize() + (megabytes << 20)
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, MOST_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, MOST_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    sandbox.drop_rights(libc)
    sandbox.only_read(libc, file)
    sandbox.only_compute(libc)
