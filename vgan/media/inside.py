"""What a finished file is, as a platform that takes it would find: container, streams, times, both its ends."""

from pathlib import Path

from vgan.media import guard
from vgan.media.raw.inside import BT709, Ends, Heard, Inside, Timing
from vgan.media.raw.trouble import reading

__all__ = ["BT709", "Ends", "Heard", "Inside", "Timing", "look_inside"]


def look_inside(path: Path) -> Inside:
    """What the file at `path` is, by its content, whatever its name; packets are counted, not believed.

    Raises MediaError, naming the file, for one that cannot be read, holds no picture, or one too large for this host.
    """
    with reading(path):
        return guard.one(Inside, "inside", path)
