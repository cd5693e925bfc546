"""The memory that the app may use: how much is left, and what goes before there is none.

A work that would not fit waits a little and is then refused by name; one that runs while memory goes is ended by name:
better than by the kernel, which would end the app with all that its visitors have.
"""

import ctypes
import functools
import gc
import logging
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psutil

from vgan.errors import RecipeError
from vgan.settings import Settings

log = logging.getLogger(__name__)

SPARE = 400_000_000  # bytes that stay free when a work begins
LAST = 150_000_000  # bytes at which one that runs is ended
PATIENCE = 20.0  # seconds that a work waits for others to let go
EVERY = 1.0  # seconds between two looks while works run
TRIMMED = 10.0  # seconds between two times that memory is given back meanwhile
ARENAS = 2  # in which threads take memory: by default eight for each core, of which each keeps some
CGROUPS = Path("/sys/fs/cgroup")
_M_ARENA_MAX = -8  # of malloc.h
UNLIMITED = 1 << 60  # v1 says so with a number beyond any machine


class MemoryFull(RecipeError):
    """There is no memory for a work. The message says how much there is and what to do."""


def left(settings: Settings, root: Path = CGROUPS, me: Path = Path("/proc/self/cgroup")) -> int:
    """Bytes that may still be taken: of the machine, of every control group around the app (v1 and v2; what is kept of
    files counts as free), and of what `settings` allow the app and its children."""
    found = [psutil.virtual_memory().available, *_left_in_groups(root, me)]
    if settings.max_memory_mb:
        found.append(settings.max_memory_mb * 1_000_000 - used())
    return max(0, min(found))


def used() -> int:
    """Bytes of the app and its children in memory. What several of them share is counted for each."""
    me = psutil.Process()
    total = me.memory_info().rss
    for child in me.children(recursive=True):
        try:
            total += child.memory_info().rss
        except psutil.Error:  # it has just ended
            continue
    return int(total)


def give_back() -> None:
    """Memory that is free in this process and was kept for later goes back to the machine, where the C library can."""
    libc = _glibc()
    if libc is not None:
        libc.malloc_trim(0)


def few_arenas() -> None:
    """Let the threads of this process share what they take their memory from, where the C library can. To be called
    before there are any: each arena keeps what it was once given, and visitors come in dozens of threads."""
    libc = _glibc()
    if libc is not None:
        libc.mallopt(_M_ARENA_MAX, ARENAS)


class Memory:
    """Watches over what is left.

    lets_go: name and function of what can be done without, least needed first; each is called again and again until it
    returns False: it had nothing. free: what is left, bytes. now, sleep: the clock.
    """

    def __init__(
        self,
        lets_go: Sequence[tuple[str, Callable[[], bool]]],
        free: Callable[[], int],
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ):
        self._lets_go, self._free, self._now, self._sleep = lets_go, free, now, sleep
        self._lock = threading.Lock()
        self._seen = self._trimmed = float("-inf")
        self._low = False

    def make_room(self, tick: Callable[[], None] = lambda: None, spare: int = SPARE) -> None:
        """See to it that `spare` bytes are free, whatever has to go. tick: called while it waits for others; what it
        raises ends the waiting. Raises MemoryFull."""
        until = self._now() + PATIENCE
        while not self._shrunk(spare):
            tick()
            if self._now() >= until:
                free = self._free()
                log.warning("%d bytes are left of the memory: a work is refused", free)
                raise MemoryFull(
                    f"memory: {free / 1e6:.0f} MB are left on this machine, and a work needs {spare / 1e6:.0f} MB to "
                    "begin. Try again in a few minutes, or with a smaller size."
                )
            self._sleep(0.5)

    def watch(self) -> None:
        """Called again and again by works that run: cheap, it looks once in a while. Raises MemoryFull where so little
        is left, with all gone that can, that the kernel would end something."""
        now = self._now()
        if now - self._seen < EVERY:
            return
        self._seen = now
        if now - self._trimmed >= TRIMMED:
            self._trimmed = now
            give_back()
        low, self._low = self._low, not self._shrunk(LAST)
        if low and self._low:  # what was let go of takes a moment to go
            free = self._free()
            log.error("%d bytes are left of the memory: a work is ended", free)
            raise MemoryFull(
                f"memory: this took all but {free / 1e6:.0f} MB of this machine and was ended before it harmed others. "
                "Choose a smaller size, factor or part."
            )

    def _shrunk(self, spare: int) -> bool:
        """Whether `spare` bytes are free, after letting go of as little as possible."""
        with self._lock:
            for name, let_go in self._lets_go:
                while True:
                    if self._free() >= spare:
                        return True
                    if not let_go():
                        break
                    gc.collect()
                    give_back()
                    log.info("memory: let go of %s", name)
            return self._free() >= spare


def _left_in_groups(root: Path, me: Path) -> list[int]:
    try:
        lines = me.read_text().splitlines()
    except OSError:  # no Linux
        return []
    found = []
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if not controllers:  # v2: one tree, whose every level may have a limit
            here = root / path.strip("/")
            levels = [here, *(level for level in here.parents if level.is_relative_to(root))]
            found += [_left_in(level, "memory.max", "memory.current", "inactive_file") for level in levels]
        elif "memory" in controllers.split(","):
            names = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
            tree = root / "memory"
            here = tree / path.strip("/")
            levels = [here if here.is_dir() else tree]  # in a container, the path is the host's
            found += [_left_in(level, *names) for level in levels]
    return [one for one in found if one is not None]


def _left_in(group: Path, limit: str, current: str, cache: str) -> int | None:
    """Bytes left in a control group; None where it has no limit."""
    try:
        most = (group / limit).read_text().strip()
        if not most.isdecimal() or int(most) >= UNLIMITED:
            return None
        facts = dict(line.split() for line in (group / "memory.stat").read_text().splitlines())
        return int(most) - int((group / current).read_text()) + int(facts.get(cache, 0))
    except (OSError, ValueError):
        return None


@functools.cache
def _glibc() -> Any:
    """The C library where it is glibc, else None."""
    try:
        libc = ctypes.CDLL("libc.so.6")
        libc.mallopt.argtypes, libc.malloc_trim.argtypes = [ctypes.c_int, ctypes.c_int], [ctypes.c_size_t]
    except (OSError, AttributeError):
        return None
    return libc
