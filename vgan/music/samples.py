"""The samples of a piece of music, or of a video's sound, for listening: mono, at one rate, a bounded part."""

from pathlib import Path

from vgan.media import guard
from vgan.media.raw.listen import LONGEST, RATE, Part, listening

__all__ = ["LONGEST", "RATE", "Part", "part_of"]


def part_of(path: Path, start: float = 0.0, end: float | None = None) -> Part:
    """The sound of `path` between `start` and `end`, seconds from its first sample, at `RATE`, at most `LONGEST` of it.

    A file that is damaged is read as far as it goes, with a warning in the log. Raises MediaError, naming the file, for
    one that cannot be opened, that holds no sound, or none after `start`.
    """
    with listening(path):
        return guard.one(Part, "part_of", path, float(start), end)
