"""Damaged frames found and rebuilt from their neighbours; every other frame passes as it came, to the bit."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from vgan.damage import Detector, Finding, Judged
from vgan.recipe_steps import Repair
from vgan.steps.around import Around
from vgan.steps.mend import Mender
from vgan.tensors import to_frames

BEFORE, BEHIND = 10, 16  # frames around one that is looked at by itself
MOST_HELD = 24  # frames that wait for a good one behind them
SECONDS = {"cpu": 0.03, "cuda": 0.015}  # see `vgan.steps.Kind`


@dataclass
class _Held:
    """A frame that waits to be judged, or for a good one behind it. picture: (1, 3, H, W)."""

    index: int
    picture: Tensor
    judged: bool = False
    finding: Finding | None = None


def repair(chunks: Iterator[Tensor], step: Repair, around: Around) -> Iterator[Tensor]:
    """The pictures of `chunks`, as many, one by one: (1, 3, H, W). Some frames are held until those behind them are
    known. Raises WeightsError."""
    if not step.strength:
        yield from chunks
        return
    yield from _Repairer(step, around).run(one for chunk in chunks for one in chunk.split(1))


def repaired_at(step: Repair, around: Around, places: Sequence[int]) -> Tensor:
    """Pictures at `places`, negative ones counted from the end, each judged from the frames around it."""
    frames, drawn = around.extent.frames, []
    for place in places:
        place %= frames
        first, last = max(0, place - BEFORE), min(frames, place + BEHIND + 1)
        moved = {
            field: tuple(index - first for index in getattr(step, field) if first <= index < last)
            for field in ("leave", "mend")
        }
        window = repair(iter(around.at([index]) for index in range(first, last)), step.model_copy(update=moved), around)
        drawn.append(next(one for index, one in enumerate(window, first) if index == place))
    return torch.cat(drawn)


class _Repairer:
    """Judges frames as they come, and lets them go in their order."""

    def __init__(self, step: Repair, around: Around):
        self._step, self._leave, self._asked = step, frozenset(step.leave), frozenset(step.mend)
        self._mender = Mender(around.models)
        self._held: deque[_Held] = deque()
        self._past: tuple[int, Tensor] | None = None  # the last good frame that was let go

    def run(self, pictures: Iterator[Tensor]) -> Iterator[Tensor]:
        detector = Detector(self._step.sensitivity)
        for index, picture in enumerate(pictures):
            self._held.append(_Held(index, picture))
            self._note(detector.push(to_frames(picture)[0]))
            yield from self._ready(ended=False)
        self._note(detector.finish())
        yield from self._ready(ended=True)

    def _note(self, found: Iterator[Judged]) -> None:
        for judged in found:
            held = self._held[judged.index - self._held[0].index]
            held.judged = True
            if held.index in self._leave:
                continue
            held.finding = judged.finding
            if held.finding is None and held.index in self._asked:
                held.finding = Finding(held.index, "asked", 1.0)

    def _ready(self, ended: bool) -> Iterator[Tensor]:
        held = self._held
        while held and held[0].judged:
            if held[0].finding is None:
                first = held.popleft()
                self._past = first.index, first.picture
                yield first.picture
                continue
            run = 0
            while run < len(held) and held[run].judged and held[run].finding is not None:
                run += 1
            good = held[run] if run < len(held) and held[run].judged else None
            if good is None and not ended and run < MOST_HELD:
                return
            broken = [held.popleft() for _ in range(run)]
            after = None if good is None else (good.index, good.picture)
            findings = [one.finding for one in broken if one.finding is not None]
            yield from self._mender.mended(
                [one.picture for one in broken], findings, self._past, after, self._step.strength
            )
