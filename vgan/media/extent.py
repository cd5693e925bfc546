"""How long and how large a clip is, before it is made."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path


@dataclass(frozen=True)
class Sound:
    """The sound that belongs to a clip. start: of what is heard, in the file; seconds: of the clip; where the file has
    less, the rest is silence. speed: how fast it is played, at its own pitch."""

    path: Path
    start: Fraction
    seconds: Fraction
    speed: Fraction = Fraction(1)


@dataclass(frozen=True)
class Extent:
    """frames: how many, or at most, where that is not `exact`; fps: frames a second; size: (width, height), pixels."""

    frames: int
    fps: Fraction
    size: tuple[int, int]
    sound: Sound | None = None
    exact: bool = True

    @property
    def seconds(self) -> float:
        """Length of the clip."""
        return float(self.frames / self.fps)

    @property
    def pixels(self) -> int:
        """Pixels of all frames together."""
        return self.frames * self.size[0] * self.size[1]
