"""Walls around a child: Landlock for files and the network, seccomp for everything else it has no business with.

Where the kernel knows one of them not, the others and the limits of `limits` still hold.
"""

import ctypes
import errno
import functools
import os
import platform
import struct
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from vgan.media.guard import calls

# --- capabilities: a root in a container has some

_CAPABILITIES_3 = 0x20080522
_READ_ANY = 1 << 2  # CAP_DAC_READ_SEARCH: the file may be somebody else's, and was opened for this


def drop_rights(libc: Any) -> None:
    """Give up whatever root may do beyond reading."""
    if os.geteuid() == 0:
        head = struct.pack("<Ii", _CAPABILITIES_3, 0)
        libc.capset(head, struct.pack("<6I", _READ_ANY, _READ_ANY, 0, 0, 0, 0))


# --- Landlock: include/uapi/linux/landlock.h

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # of every architecture
_PATH_BENEATH = 1
_READ_FILE, _READ_FOLDER = 1 << 2, 1 << 3
_FILE_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}
_NETWORK, _NETWORK_SINCE = 0b11, 4  # bind and connect
_SCOPED, _SCOPED_SINCE = 0b11, 6  # abstract sockets and signals


def only_read(libc: Any, file: int) -> None:
    """From here on, no file can be opened but the one at descriptor `file`, and libraries, and these only to read."""
    version = libc.syscall(_CREATE_RULESET, None, 0, 1)
    if version < 1:
        return
    rights = _FILE_RIGHTS[min(version, max(_FILE_RIGHTS))]
    attributes = struct.pack("<Q", rights)
    if version >= _NETWORK_SINCE:
        attributes += struct.pack("<Q", _NETWORK)
    if version >= _SCOPED_SINCE:
        attributes += struct.pack("<Q", _SCOPED)
    rules = libc.syscall(_CREATE_RULESET, attributes, len(attributes), 0)
    if rules < 0:
        return
    libc.syscall(_ADD_RULE, rules, _PATH_BENEATH, struct.pack("<Qi", _READ_FILE, file), 0)
    for folder in _libraries():
        handle = os.open(folder, os.O_PATH | os.O_CLOEXEC)
        libc.syscall(_ADD_RULE, rules, _PATH_BENEATH, struct.pack("<Qi", _READ_FILE | _READ_FOLDER, handle), 0)
        os.close(handle)
    libc.syscall(_RESTRICT_SELF, rules, 0)
    os.close(rules)


@functools.cache
def _libraries() -> Sequence[str]:
    """Folders of Python code that may still be imported."""
    known = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    known |= {folder for folder in sys.path if Path(folder).name in ("site-packages", "dist-packages")}
    return [folder for folder in (*known, str(Path(__file__).parents[2])) if os.path.isdir(folder)]


# --- seccomp: a program for the kernel's packet filter, over struct seccomp_data

_SET_SECCOMP, _FILTER = 22, 2
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _FAIL = 0x7FFF0000, 0x00050000
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_THREAD = 0x10000  # CLONE_THREAD
_OTHER_ABI = 0x40000000  # x32's numbers on x86_64
Step = tuple[int, int, int, int]  # code, steps to skip if so, if not, number


def only_compute(libc: Any) -> None:
    """From here on, no process is begun, signalled or looked into, no socket opened, no file written or moved."""
    known = calls.TABLES.get(platform.machine())
    if known is None:
        return
    steps = _program(known, os.getpid())
    code = b"".join(struct.pack("<HBBI", *step) for step in steps)
    buffer = ctypes.create_string_buffer(code, len(code))

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_void_p))

    program = Program(len(steps), ctypes.cast(buffer, ctypes.c_void_p))
    libc.prctl(_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0)


def _program(known: calls.Calls, process: int) -> list[Step]:
    refuse, unknown, allow = (
        (_RETURN, 0, 0, _FAIL | errno.EPERM),
        (_RETURN, 0, 0, _FAIL | errno.ENOSYS),  # the C library then takes the older way
        (_RETURN, 0, 0, _ALLOW),
    )
    steps: list[Step] = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, known.architecture),
        refuse,
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 0, 1, _OTHER_ABI),
        refuse,
    ]
    for number in known.refused:
        steps += [(_EQUAL, 0, 1, number), refuse]
    for number in known.unknown:
        steps += [(_EQUAL, 0, 1, number), unknown]
    for number, place in known.opens:
        steps += [(_EQUAL, 0, 4, number), _argument(place), (_ANY_BIT, 0, 1, _WRITING), refuse, allow]
    steps += [(_EQUAL, 0, 4, known.clone), _argument(0), (_ANY_BIT, 1, 0, _THREAD), refuse, allow]
    steps += [(_EQUAL, 0, 4, known.tgkill), _argument(0), (_EQUAL, 1, 0, process), refuse, allow]
    new_limit = [_argument(2), (_EQUAL, 0, 2, 0), _argument(2, 4), (_EQUAL, 1, 0, 0), refuse, allow]
    steps += [(_EQUAL, 0, len(new_limit), known.prlimit), *new_limit]
    return [*steps, allow]


def _argument(place: int, half: int = 0) -> Step:
    """Load an argument of the call: its lower half, which is the first in memory on all machines of the tables."""
    return _LOAD, 0, 0, _ARGUMENTS + 8 * place + half
