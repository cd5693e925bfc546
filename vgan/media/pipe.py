"""Raw frames into ffmpeg, by moviepy's writer."""

import subprocess
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from moviepy.config import FFMPEG_BINARY
from moviepy.tools import cross_platform_popen_params
from moviepy.video.io.ffmpeg_writer import FFMPEG_VideoWriter


class FramePipe(FFMPEG_VideoWriter):
    """moviepy's writer with a command line of its own: moviepy's takes RGB alone, and rates in hundredths."""

    def __init__(self, path: Path, size: tuple[int, int], fps: Fraction, pixels: str, arguments: Sequence[str]):
        """path: of the file to write. size: (width, height) of the frames that come. pixels: ffmpeg's name of their
        format. arguments: all of ffmpeg's from further inputs on, but for the file's name. Raises OSError."""
        self.filename, self.ext, self.codec, self.logfile = str(path.absolute()), path.suffix, "", subprocess.PIPE
        head = f"-y -loglevel error -f rawvideo -s {size[0]}x{size[1]} -pix_fmt {pixels} -r {fps} -an -i -".split()
        options = {"stdin": subprocess.PIPE, "stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
        command = [FFMPEG_BINARY, *head, *arguments, f"file:{self.filename}"]
        self.proc: Any = subprocess.Popen(command, **cross_platform_popen_params(options))

    def write_frame(self, img_array: np.ndarray) -> None:
        """As moviepy's, without a copy of every frame. Raises OSError with ffmpeg's own words."""
        super().write_frame(_Bytes(img_array))


class _Bytes:
    """A frame that gives its bytes as they lie in memory."""

    def __init__(self, frame: np.ndarray):
        self._frame = np.ascontiguousarray(frame)

    def tobytes(self) -> memoryview:
        """What moviepy writes."""
        return self._frame.data
