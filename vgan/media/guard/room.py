"""Memory that the app shares with one child, so that frames need not go through a socket in small pieces.

It has a few places. The child fills one after the other, and waits where the app has not emptied the next one yet.
"""

import fcntl
import mmap
import os
import socket
from contextlib import suppress

import numpy as np

PLACES = 3
SMALLEST = 1 << 16  # bytes: less goes through the socket as quickly


class Room:
    """PLACES of `size` bytes each. handle: the open memory. The app makes it, and seals its size: a child that made it
    smaller would end the app."""

    def __init__(self, handle: int, size: int):
        self.handle, self.size = handle, size
        self._memory = mmap.mmap(handle, PLACES * size)
        self._next, self._free = 0, PLACES

    @classmethod
    def made(cls, size: int) -> "Room":
        """A new one. Raises OSError."""
        handle = os.memfd_create("vgan-frames", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        try:
            os.ftruncate(handle, PLACES * size)
            fcntl.fcntl(handle, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL)
            return cls(handle, size)
        except OSError:
            os.close(handle)
            raise

    def fits(self, data: np.ndarray) -> bool:
        """Whether `data` goes this way."""
        return SMALLEST <= data.nbytes <= self.size

    def put(self, data: np.ndarray, app: socket.socket) -> None:
        """Fill the next place, as soon as the app says on its socket that it is free. Raises BrokenPipeError."""
        if not self._free:
            if not app.recv(1):
                raise BrokenPipeError
            self._free += 1
        self._place(data.nbytes)[:] = data.reshape(-1).view(np.uint8)
        self._free -= 1

    def take(self, size: int, child: socket.socket) -> np.ndarray:
        """A copy of what the child put there, uint8 (size,), whose place is then free. Raises ValueError."""
        if not 0 < size <= self.size:
            raise ValueError(f"{size} bytes of {self.size}")
        found = self._place(size).copy()
        with suppress(OSError):  # it has given all it had, and is gone
            child.sendall(b"\0")
        return found

    def _place(self, size: int) -> np.ndarray:
        found = np.frombuffer(self._memory, np.uint8, size, self._next * self.size)
        self._next = (self._next + 1) % PLACES
        return found

    def close(self) -> None:
        """Give the memory back."""
        with suppress(BufferError):  # somebody looks at it in this moment
            self._memory.close()
        os.close(self.handle)
