"""Small sounds written with PyAV, in every format that people have music in."""

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from vgan.media.audio import RATE

CODECS = {".wav": "pcm_s16le", ".mp3": "libmp3lame", ".ogg": "libopus", ".flac": "flac", ".m4a": "aac"}
PIECE = 1152  # samples of a frame that goes to the encoder


def write_sound_file(
    path: Path, samples: np.ndarray | Iterable[np.ndarray], rate: int = RATE, layout: str = "", begin: float = 0.0
) -> Path:
    """`samples` in [-1, 1], (n,) or (n, channels), or many such in turn, as the file that the path's ending says.

    layout: ffmpeg's name; by default mono or stereo. begin: seconds at which they start in the file's clock.
    """
    parts = [samples] if isinstance(samples, np.ndarray) else samples
    with av.open(str(path), "w") as file:
        stream, place = None, round(begin * rate)
        for part in parts:
            part = part if part.ndim == 2 else part[:, None]
            layout = layout or ("mono", "stereo")[part.shape[1] - 1]
            if stream is None:
                stream = file.add_stream(CODECS[path.suffix], rate=rate, layout=layout)
            whole = (part.clip(-1, 1) * 32767).astype(np.int16)
            for start in range(0, len(whole), PIECE):
                piece = whole[start : start + PIECE]
                frame = av.AudioFrame.from_ndarray(piece.reshape(1, -1), format="s16", layout=layout)
                frame.sample_rate, frame.time_base, frame.pts = rate, Fraction(1, rate), place
                place += len(piece)
                file.mux(stream.encode(frame))
        if stream is not None:
            file.mux(stream.encode(None))
    return path


def tone(seconds: float, frequency: float = 440.0, height: float = 0.5, rate: int = RATE) -> np.ndarray:
    """A sine (n,)."""
    return height * np.sin(2 * np.pi * frequency * np.arange(round(seconds * rate)) / rate)


def click_track(seconds: float, moments: Iterable[float], rate: int = RATE) -> np.ndarray:
    """Silence with a short soft click whose middle is at each of the moments, seconds: (n,)."""
    samples, click = np.zeros(round(seconds * rate)), 0.5 * np.hanning(31)
    for moment in moments:
        first = round(moment * rate) - len(click) // 2
        samples[max(0, first) : first + len(click)] += click[max(0, -first) :]
    return samples
