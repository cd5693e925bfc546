"""The mood of a clip or a song, estimated from colour, motion and sound, with its grounds; and what goes with it."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from vgan.errors import MediaError
from vgan.mood.estimate import NAMED, Because, Mood, apart, estimate
from vgan.mood.picture import measure, measure_clip
from vgan.mood.sound import measure_sound
from vgan.mood.suggest import Suggestion, suggest
from vgan.mood.toward import grade_toward

__all__ = [
    "NAMED",
    "Because",
    "Mood",
    "Suggestion",
    "apart",
    "grade_toward",
    "mood_of_clip",
    "mood_of_frames",
    "suggest",
]


def mood_of_clip(path: Path, sound: Path | None = None) -> Mood:
    """The mood of the clip, picture or song at `path`. sound: what is heard instead of the clip's own.

    Raises MediaError, naming the file, for one that is neither picture nor sound, and for a `sound` that is none.
    """
    try:
        measures, none = measure_clip(path), None
    except MediaError as error:
        measures, none = {}, error
    try:
        measures |= measure_sound(sound or path)
    except MediaError:
        if sound is not None or none is not None:
            raise none or MediaError(f"{sound}: no sound can be read from it. Choose another file.") from None
    return estimate(measures)


def mood_of_frames(frames: Iterable[np.ndarray], rate: float, sound: Path | None = None) -> Mood:
    """The same of uint8 RGB frames (H, W, 3), `rate` of them a second; some eight a second are enough."""
    measures = measure([((place / rate, frame) for place, frame in enumerate(frames))])
    return estimate(measures | (measure_sound(sound) if sound is not None else {}))
