"""How long and how large a clip is, before it is made."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path


@dataclass(frozen=True)
class Sound:
    """The sound that belongs to a clip. start, seconds: the part of the file's sound that is heard; where the file has
    less, the rest is silence."""

    path: Path
    start: Fraction
    seconds: Fraction


@dataclass(frozen=True)
class Extent:
    """frames: how many; fps: frames a second; size: (width, height) of the finished file, pixels."""

    frames: int
    fps: Fraction
    size: tuple[int, int]
    sound: Sound | None = None

    @property
    def seconds(self) -> float:
        """Length of the clip."""
        return float(self.frames / self.fps)

    @property
    def pixels(self) -> int:
        """Pixels of all frames together."""
        return self.frames * self.size[0] * self.size[1]
