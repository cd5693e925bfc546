"""Small clips written with PyAV, for tests of everything that is done to an upload."""

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from vgan.media.audio import RATE


def write_film(
    path: Path,
    pictures: Iterable[np.ndarray],
    stamps: list[int] | None = None,
    tone: tuple[float, float] | None = None,
    rate: int = 20,
) -> Path:
    """A clip of `pictures` (uint8 RGB, H, W, 3) at `rate` frames a second, or at `stamps` (in those parts of a second).

    tone: (begin, seconds) of its sound.
    """
    frames = list(pictures)
    with av.open(str(path), "w") as file:
        video = file.add_stream("mpeg4" if path.suffix == ".avi" else "libx264", rate=rate)
        video.height, video.width, video.pix_fmt = *frames[0].shape[:2], "yuv420p"
        video.options = {"qp": "4"}
        video.codec_context.time_base = Fraction(1, rate)
        sound = file.add_stream("aac", rate=RATE) if tone else None
        for index, picture in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts = stamps[index] if stamps else index
            frame.time_base = Fraction(1, rate)
            file.mux(video.encode(frame))
        file.mux(video.encode(None))
        if sound and tone:
            begin, seconds = (round(value * RATE) for value in tone)
            for start in range(0, seconds, 1024):
                wave_form = (0.5 * np.sin(np.arange(1024) * 0.06)).astype(np.float32)
                part = av.AudioFrame.from_ndarray(np.stack([wave_form, wave_form]), format="fltp", layout="stereo")
                part.sample_rate, part.pts, part.time_base = RATE, begin + start, Fraction(1, RATE)
                file.mux(sound.encode(part))
            file.mux(sound.encode(None))
    return path


def drifting(count: int = 30, size: tuple[int, int] = (192, 144)) -> list[np.ndarray]:
    """Pictures of soft colours that drift to the right, `size` (width, height)."""
    x, y = np.meshgrid(np.linspace(0, 6, size[0]), np.linspace(0, 5, size[1]))
    phases = (x - 0.1 * index for index in range(count))
    waves = (np.stack([np.sin(phase) * np.cos(y), np.cos(2 * phase), np.sin(phase + y)], -1) for phase in phases)
    return [(110 * wave + 128).astype(np.uint8) for wave in waves]
