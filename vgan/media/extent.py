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
class Mix:
    """Music with the clip's own sound.

    own, music: either may be missing. start, end: seconds of the music's own time that are used, to its end where `end`
    is None; loop: whether they are heard again and again, else silence follows. fade_in, fade_out: seconds. volume,
    original: of the music and of the clip's own sound, 0 to 1. loudness: of the whole, LUFS; None for as mixed.
    seconds: of the clip, which may turn out shorter where it is not `exact`.
    """

    own: Sound | None
    music: Path | None
    seconds: Fraction
    start: float = 0.0
    end: float | None = None
    loop: bool = True
    fade_in: float = 0.0
    fade_out: float = 0.0
    volume: float = 1.0
    original: float = 1.0
    loudness: float | None = None
    exact: bool = True


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
