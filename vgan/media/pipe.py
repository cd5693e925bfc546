"""Raw frames into ffmpeg, by moviepy's writer, under a watch: an encoder that does not get on is ended."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryFile
from threading import Event, Thread
from typing import IO, Any

import numpy as np

from vgan.errors import Cancelled, MediaError

try:
    from moviepy.config import FFMPEG_BINARY
    from moviepy.tools import cross_platform_popen_params
    from moviepy.video.io.ffmpeg_writer import FFMPEG_VideoWriter
except (OSError, RuntimeError) as error:  # moviepy looks for it at once
    raise MediaError(
        "the encoder, ffmpeg, was not found. Run `pip install imageio-ffmpeg`, or let FFMPEG_BINARY name one that is "
        "there, and start again."
    ) from error

PATIENCE = 120.0  # seconds for one frame, or for the end of a file, at most: no encoder thinks that long
EVERY = 0.2  # seconds between two looks


class FramePipe(FFMPEG_VideoWriter):
    """moviepy's writer with a command line of its own: moviepy's takes RGB alone, and rates in hundredths."""

    def __init__(
        self,
        path: Path,
        size: tuple[int, int],
        fps: Fraction,
        pixels: str,
        arguments: Sequence[str],
        tick: Callable[[], None] = lambda: None,
    ):
        """path: of the file to write. size: (width, height) of the frames that come. pixels: ffmpeg's name of their
        format. arguments: all of ffmpeg's from further inputs on, but for the file's name. tick: asked again and again
        while ffmpeg is waited for; if it raises Cancelled, that is ended. Raises MediaError without ffmpeg, OSError."""
        self.filename, self.ext, self.codec = str(path.absolute()), path.suffix, ""
        self.logfile = _log()
        head = f"-y -loglevel error -f rawvideo -s {size[0]}x{size[1]} -pix_fmt {pixels} -r {fps} -an -i -".split()
        options = {"stdin": subprocess.PIPE, "stdout": subprocess.DEVNULL, "stderr": self.logfile}
        command = [FFMPEG_BINARY, *head, *arguments, f"file:{self.filename}"]
        try:
            self.proc: Any = subprocess.Popen(command, **cross_platform_popen_params(options))
        except (FileNotFoundError, PermissionError) as error:
            raise MediaError(
                f"the encoder, ffmpeg, cannot be run: {FFMPEG_BINARY} ({error.strerror}). Run `pip install "
                "imageio-ffmpeg`, or let FFMPEG_BINARY name one that is there."
            ) from error
        self.watch = Watch(self.proc, tick)

    def write_frame(self, img_array: np.ndarray) -> None:
        """As moviepy's, without a copy of every frame. Raises OSError with ffmpeg's own words."""
        with self.watch.waiting():
            super().write_frame(_Bytes(img_array))

    def said(self) -> str:
        """What ffmpeg has written about itself. Closes that."""
        with self.logfile:
            self.logfile.seek(0)
            return str(self.logfile.read())


def _log() -> IO[str]:
    """Room for what ffmpeg says: not a pipe, which would be full while nobody reads it, and not on a disk, which may be
    full when that is what it says."""
    if hasattr(os, "memfd_create"):
        return open(os.memfd_create("ffmpeg"), "w+", encoding="utf-8", errors="replace")
    return TemporaryFile("w+", encoding="utf-8", errors="replace")


class Watch:
    """Looks after a program that may be waited for. late: whether it was ended because it took too long."""

    def __init__(self, process: "subprocess.Popen[bytes]", tick: Callable[[], None]):
        self.late = False
        self._process, self._tick, self._over = process, tick, Event()
        self._since: float | None = None
        Thread(target=self._look, name="vgan-watch", daemon=True).start()

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Somebody waits for the program here."""
        self._since = time.monotonic()
        try:
            yield
        finally:
            self._since = None

    def stop(self) -> None:
        """Nobody waits for it any more."""
        self._over.set()

    def _look(self) -> None:
        while not self._over.wait(EVERY):
            since = self._since
            if since is None:
                continue
            try:
                self._tick()
            except Cancelled:
                return self._process.kill()
            if time.monotonic() - since > PATIENCE:
                self.late = True
                return self._process.kill()


class _Bytes:
    """A frame that gives its bytes as they lie in memory."""

    def __init__(self, frame: np.ndarray):
        self._frame = np.ascontiguousarray(frame)

    def tobytes(self) -> memoryview:
        """What moviepy writes."""
        return self._frame.data
