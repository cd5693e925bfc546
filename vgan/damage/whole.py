"""Frames that are lost as a whole: of one colour, or the one before shown again."""

from collections.abc import Callable, Sequence
from itertools import groupby, pairwise
from statistics import median

import cv2
import numpy as np

from vgan.damage.look import Look
from vgan.flow import Motion, length

LONGEST = 12  # frames of a run; what lasts longer is meant, or cannot be made up from its neighbours
AROUND = 6  # frames on either side by which motion is judged
FLAT = 5.0  # spread below which a frame has one colour
STANDING = 0.25  # change below this share of the usual one is none
LEAST_CHANGE = 0.2  # grey levels: where less changes, nothing moves
LEAST_FLOW = 0.05  # pixels, likewise
HABIT = 3  # other runs of repeats around one that make repeating a habit of the clip, as long as two of them are
CLOSE = 6  # frames on either side by which motion is judged once more, where it gathers speed or loses it
NEXT = 2  # of them, those whose every step a jump has to exceed then
JUMP = 0.35  # by so much of a step for each frame left out, motion jumps behind a repeat, at least
MOVES = 0.4  # share of the usual change that there has to be on both sides of a repeat
CUT = 24.0  # grey levels by which another scene differs
BACK = 24.0  # grey levels by which the picture before a flat run differs from that behind it, at most
FADE = 0.6  # a picture of less than this share of the spread of those further away is fading


def flat(look: Look) -> bool:
    """Whether it is a picture of one colour."""
    return look.spread < FLAT


def flat_run(looks: Sequence[Look], place: int) -> float:
    """How surely the frame at `place` of consecutive `looks` is a flat one between pictures that belong together:
    0 for not at all, 1 at the threshold."""
    if not flat(looks[place]):
        return 0.0
    begin, end = _run(looks, place, flat)
    if end - begin > LONGEST or begin == 0 or end == len(looks):
        return 0.0
    before, after = looks[begin - 1], looks[end]
    if not before.size == looks[place].size == after.size:
        return 0.0
    apart = float(np.abs(looks[place].mean - (before.mean + after.mean) / 2).max())
    richer = min(before.spread, after.spread) / max(1.0, looks[place].spread)
    fades = before.spread < FADE * max(one.spread for one in looks[max(0, begin - 4) : begin]) or (
        after.spread < FADE * max(one.spread for one in looks[end : end + 4])
    )
    if fades or float(cv2.absdiff(before.small, after.small).mean()) > BACK or (apart < 6 and richer < 3):
        return 0.0
    return min(20.0, 2 * FLAT / max(1.0, looks[place].spread))


class Repeats:
    """Finds frames that show the one before again while everything around them moves."""

    def __init__(self) -> None:
        self._motion = Motion()
        self._flows: dict[tuple[int, int], float] = {}

    def __call__(self, looks: Sequence[Look], place: int) -> tuple[float, int]:
        """How surely the frame at `place` stands for one that is missing (1 at the threshold), and how long the run of
        such frames is, beyond what the clip repeats by habit. Repeats behind which motion goes on as if there were none
        are meant: a still screen, drawings shown twice each, a slower clip in a faster one."""
        return max(self._within(looks, place, reach) for reach in (LONGEST, CLOSE))

    def _within(self, looks: Sequence[Look], place: int, reach: int) -> tuple[float, int]:
        """The same by what is usual among so many frames on either side."""
        usual = _usual(looks, place, reach)

        def stands(look: Look) -> bool:
            return look.same or look.change < STANDING * usual

        if usual < LEAST_CHANGE or not stands(looks[place]):
            return 0.0, 0
        begin, end = _run(looks, place, stands)
        count = end - begin
        if count > LONGEST or begin == 0 or end == len(looks):
            return 0.0, count
        near = looks[max(1, begin - LONGEST) : begin], looks[end : end + LONGEST]
        runs = [len(list(run)) for part in near for still, run in groupby(part, stands) if still]
        habit = sorted(runs)[-2] if len(runs) >= HABIT else 0
        if place - begin < habit:
            return 0.0, count
        count -= habit
        moving = [
            (before, after)
            for before, after in pairwise(self._scene(looks, begin, end, CUT + 4 * usual))
            if not stands(after) and not flat(after) and not flat(before) and after is not looks[end]
        ]
        sides = [
            [after.change for _, after in moving if (after.index < looks[place].index) is early]
            for early in (True, False)
        ]
        if min(map(len, sides)) < 2 or flat(looks[end]) or flat(looks[begin - 1]):
            return 0.0, count
        if min(median(side) for side in sides) < MOVES * usual or looks[end].change > CUT + 4 * usual:
            return 0.0, count
        self._forget(looks[0].index)
        if reach == CLOSE:
            first = looks[0].index
            steps = [pair for pair in moving if begin - NEXT <= pair[1].index - first <= end + NEXT]
            jump = self._jump(looks[end - 1], looks[end], steps, max) if steps else 0.0
        else:
            jump = self._jump(looks[end - 1], looks[end], moving, median)
        return (jump - 1) / (JUMP * min(count, 2)), count

    def _jump(
        self, before: Look, after: Look, steps: list[tuple[Look, Look]], of: Callable[[list[float]], float]
    ) -> float:
        """How many times as far it is from one look to the next as those `steps` are, by flow or by what changes."""
        flow = max(LEAST_FLOW, of([self._flow(*pair) for pair in steps]))
        change = max(LEAST_CHANGE, of([later.change for _, later in steps]))
        return max(self._flow(before, after) / flow, after.change / change)

    @staticmethod
    def _scene(looks: Sequence[Look], begin: int, end: int, cut: float) -> Sequence[Look]:
        """Frames around a run that lie in its scene: those near it, up to where one differs by more than `cut`."""
        first, last = begin - 1, end
        while first > max(0, begin - AROUND - 1) and looks[first].change <= cut:
            first -= 1
        while last + 1 < min(len(looks), end + AROUND + 1) and looks[last + 1].change <= cut:
            last += 1
        return looks[first : last + 1]

    def _flow(self, before: Look, after: Look) -> float:
        pair = before.index, after.index
        if pair not in self._flows:
            self._flows[pair] = float(length(self._motion(before.grey, after.grey)).mean())
        return self._flows[pair]

    def _forget(self, oldest: int) -> None:
        self._flows = {pair: flow for pair, flow in self._flows.items() if pair[0] >= oldest}


def _usual(looks: Sequence[Look], place: int, reach: int) -> float:
    """How much changes from frame to frame around one, in grey levels."""
    near = looks[max(1, place - reach) : place + reach + 1]
    changes = [look.change for look in near if np.isfinite(look.change)]
    return float(np.percentile(changes, 60)) if changes else 0.0


def _run(looks: Sequence[Look], place: int, belongs: Callable[[Look], bool]) -> tuple[int, int]:
    """The run around `place` of looks that belong: its first, and the one behind its last."""
    begin, end = place, place + 1
    while begin > 0 and belongs(looks[begin - 1]):
        begin -= 1
    while end < len(looks) and belongs(looks[end]):
        end += 1
    return begin, end
