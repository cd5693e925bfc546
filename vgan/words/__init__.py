"""A sentence, a picture or a song, as settings of a look: what is understood of it, and why."""

from vgan.words.reading import Heard, Reading, applied, read

__all__ = ["Heard", "Reading", "applied", "read"]
