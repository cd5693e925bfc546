"""What one visitor may have made in an hour: works begun, and pixels of all their frames."""

import threading
import time
from collections import OrderedDict, deque
from dataclasses import dataclass

from vgan.errors import RecipeError
from vgan.plan import spoken
from vgan.settings import Settings
from vgan.ui.line import KEPT, Clock, Visitor

HOUR = 3600.0


@dataclass(frozen=True)
class Cost:
    """What a work takes of the device. seconds: about; pixels: of all frames; works: 0 for one that makes nothing."""

    seconds: float
    pixels: int = 0
    works: int = 1


@dataclass(frozen=True, eq=False)
class Taken:
    """What was taken of an allowance, and when."""

    at: float
    works: int
    pixels: int


class Allowances:
    """Of all visitors; an address is one visitor, however many pages and clients it has. Kept in memory alone."""

    def __init__(self, settings: Settings, now: Clock = time.monotonic):
        self._settings, self._now = settings, now
        self._taken: OrderedDict[str, deque[Taken]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, visitor: Visitor, cost: Cost) -> Taken:
        """Note a work. Raises RecipeError, which names the limit, how much of it was used, and when enough is free
        again."""
        limits = (
            ("VGAN_RENDERS_AN_HOUR", "renders", self._settings.renders_an_hour, cost.works, "works"),
            ("VGAN_PIXELS_AN_HOUR", "pixels", self._settings.pixels_an_hour, cost.pixels, "pixels"),
        )
        with self._lock:
            now, mine = self._now(), self._mine(visitor)
            for setting, what, most, wanted, field in limits:
                used = sum(getattr(one, field) for one in mine)
                if not most or not wanted or used + wanted <= most:
                    continue
                if wanted > most:
                    raise RecipeError(
                        f"{what}: this takes {wanted:,}, and one visitor has {most:,} an hour ({setting}). Choose a "
                        "shorter part, or a smaller size."
                    )
                raise RecipeError(
                    f"{what}: you have used {used:,} of {most:,} an hour ({setting}), and this takes {wanted:,}. "
                    f"Enough is free again in {spoken(self._until(mine, field, used + wanted - most) - now)}."
                )
            taken = Taken(now, cost.works, cost.pixels)
            mine.append(taken)
            return taken

    def give_back(self, visitor: Visitor, taken: Taken) -> None:
        """What was taken was not used after all."""
        with self._lock:
            mine = self._mine(visitor)
            if taken in mine:
                mine.remove(taken)

    def _mine(self, visitor: Visitor) -> "deque[Taken]":
        """What a visitor has taken in the last hour, oldest first."""
        mine = self._taken.setdefault(visitor.address or visitor.page, deque())
        self._taken.move_to_end(visitor.address or visitor.page)
        while len(self._taken) > KEPT:
            self._taken.popitem(last=False)
        while mine and mine[0].at <= self._now() - HOUR:
            mine.popleft()
        return mine

    @staticmethod
    def _until(mine: "deque[Taken]", field: str, needed: int) -> float:
        """When so much more is free."""
        for one in mine:
            needed -= getattr(one, field)
            if needed <= 0:
                break
        return one.at + HOUR
