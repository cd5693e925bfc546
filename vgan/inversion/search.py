"""The search itself: many candidates that are small and quick to draw, then fewer and larger ones, then the best."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor

from vgan.inversion.picture import fitted
from vgan.models.lpips import Lpips

if TYPE_CHECKING:
    from vgan.inversion import Searched

BANK = 48  # places where it may begin; the best of them do
ENOUGH = 0.05  # LPIPS below which it is not tried further
STAYS, LOOSER = 0.002, 0.3  # weight of how far it strayed from what the look usually is; less in each further round
LEAST_SEEN = 32  # pixels a side that the classifier needs


@dataclass(frozen=True)
class Stage:
    """candidates: how many go on, the best ones; level: how large they are drawn; steps: at most; until: the share of
    the time after which the next stage begins."""

    candidates: int
    level: int
    steps: int
    until: float


STAGES = (Stage(8, 0, 80, 0.25), Stage(3, 1, 70, 0.45), Stage(1, 2, 240, 1.0))
ROUNDS = 3  # how often the last stage is gone through where the picture is hard to find
ALL_STEPS = sum(stage.steps for stage in STAGES) + (ROUNDS - 1) * STAGES[-1].steps


def look_for(
    begin: "Callable[[int], Searched]",
    picture: Tensor,
    eyes: Lpips,
    report: Callable[[int, int], None],
    seconds: float,
) -> "tuple[Searched, float, int]":
    """What `begin` makes a number of candidates of, moved until the first draws `picture` (1, 3, H, W) in [-1, 1].

    report: see `vgan.inversion.invert`. Returns it, its LPIPS at its full size, and how many steps it took.
    """
    clock = _Clock(report, seconds)
    places = begin(BANK)
    with torch.no_grad():
        places.keep(_order(places, 0, picture, None)[: STAGES[0].candidates])
    for stage in STAGES[:-1]:
        clock.tell()
        with torch.no_grad():
            places.keep(_order(places, stage.level, picture, eyes)[: stage.candidates])
        _move(places, stage, picture, eyes, clock)
    last, rate, stays = STAGES[-1], 1.0, STAYS
    with torch.no_grad():
        places.keep(_order(places, last.level, picture, eyes)[:1])
    for _ in range(ROUNDS):
        _move(places, last, picture, eyes, clock, rate, stays, settles=True)
        score = scored(places, picture, eyes)
        if score <= ENOUGH or clock.over >= 1:
            break
        rate, stays = rate * 0.6, stays * LOOSER
    report(100, 100)
    return places, score, clock.steps


def scored(places: "Searched", picture: Tensor, eyes: Lpips) -> float:
    """LPIPS of the first candidate at its full size against `picture`."""
    with torch.no_grad():
        drawn = places.draw(places.levels - 1)[:1].clamp(-1, 1)
        return float(eyes(drawn, fitted(picture, _size(drawn))))


class _Clock:
    """Reports how far the search is: by its steps or by the time, whichever is over first."""

    def __init__(self, report: Callable[[int, int], None], seconds: float):
        self._report, self._seconds, self._began, self.steps = report, seconds, time.monotonic(), 0

    @property
    def over(self) -> float:
        """The share of the time that has passed."""
        return (time.monotonic() - self._began) / self._seconds

    def tell(self) -> None:
        self._report(min(99, int(100 * max(self.over, self.steps / ALL_STEPS))), 100)


def _move(
    places: "Searched",
    stage: Stage,
    picture: Tensor,
    eyes: Lpips,
    clock: _Clock,
    rate: float = 1.0,
    stays: float = STAYS,
    settles: bool = False,
) -> None:
    """Every candidate downhill by Adam. settles: slower and slower towards the end."""
    groups = places.moving()
    rates = [rate * group["lr"] for group in groups]
    optimiser = torch.optim.Adam(groups, betas=(0.9, 0.99))
    measure, started = _Measure(places, stage.level, picture, eyes), clock.over
    for step in range(stage.steps):
        if clock.over >= stage.until:
            return
        clock.tell()
        gone = max(step / stage.steps, (clock.over - started) / max(1e-6, stage.until - started))
        for group, full in zip(optimiser.param_groups, rates, strict=True):
            group["lr"] = full * (min(1.0, 2 * (1 - gone) + 0.02) if settles else 1.0)
        with torch.enable_grad():
            loss = (measure(places.draw(stage.level)) + stays * places.strayed()).sum()
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
        optimiser.step()
        clock.steps += 1


def _order(places: "Searched", level: int, picture: Tensor, eyes: Lpips | None) -> Tensor:
    """Candidates, the nearest first."""
    return _Measure(places, level, picture, eyes)(places.draw(level)).argsort()


class _Measure:
    """How far pictures are from the one that is searched for: squared differences at three sizes, and LPIPS once there
    is something to see."""

    def __init__(self, places: "Searched", level: int, picture: Tensor, eyes: Lpips | None):
        with torch.no_grad():
            size = _size(places.draw(level)[:1])
            self._wanted = fitted(picture, size)
            self._eyes = eyes if level and min(size) >= LEAST_SEEN else None
            self._seen = self._eyes.eyes(self._wanted) if self._eyes else []

    def __call__(self, drawn: Tensor) -> Tensor:
        """drawn: (n, 3, h, w). Returns (n,)."""
        found = torch.zeros(len(drawn), device=drawn.device)
        for factor in (1, 2, 4):
            one, other = (F.avg_pool2d(picture, factor) for picture in (drawn, self._wanted))
            found = found + (one - other).square().mean((1, 2, 3))
        return found + self._eyes.between(self._eyes.eyes(drawn), self._seen) if self._eyes else found


def _size(pictures: Tensor) -> tuple[int, int]:
    return pictures.shape[-2], pictures.shape[-1]
