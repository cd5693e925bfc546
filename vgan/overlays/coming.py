"""How what is laid over a clip comes and goes: fades, slides and pops, as opacity, place and size at a moment."""

import math
from dataclasses import dataclass

ENTER, LEAVE = 0.45, 0.3  # seconds
SLIDE = 0.06  # of the picture's shorter side
SMALL = 0.7  # the size that a pop begins with
OVERSHOOT = 1.4  # of a pop, as in the easing curves known as "back"


@dataclass(frozen=True)
class Pose:
    """opacity: 0 to 1; drop: how far below its place, in shares of the picture's shorter side; size: 1 as it is."""

    opacity: float = 1.0
    drop: float = 0.0
    size: float = 1.0


def pose(time: float, start: float, end: float | None, enter: str, leave: str) -> Pose | None:
    """How it is at `time`, seconds; None before `start` and from `end` on. Without an end it stays, and never leaves.

    Both last no longer than a third of the time that there is.
    """
    if time < start or (end is not None and time >= end):
        return None
    whole = math.inf if end is None else end - start
    came = min(1.0, (time - start) / min(ENTER, whole / 3)) if enter != "none" else 1.0
    left = min(1.0, (end - time) / min(LEAVE, whole / 3)) if end is not None and leave != "none" else 1.0
    if came < 1:
        return _pose(came, enter, 1)
    return _pose(left, leave, -1) if left < 1 else Pose()


def _pose(done: float, how: str, side: int) -> Pose:
    """side: 1 comes from below, -1 goes upward."""
    soft = 1 - (1 - done) ** 3
    if how == "slide":
        return Pose(soft, side * SLIDE * (1 - soft))
    if how == "pop":
        back = 1 + (OVERSHOOT + 1) * (done - 1) ** 3 + OVERSHOOT * (done - 1) ** 2
        return Pose(min(1.0, 2.5 * done), size=SMALL + (1 - SMALL) * (back if side > 0 else soft))
    return Pose(soft)
