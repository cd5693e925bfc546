"""A line before a device: so many works at a time, fair between visitors, and everybody knows their place.

Who has used the device least lately goes first. What counts is the address, so that ten pages of one visitor are one
visitor, and among the pages of an address the page. Seconds of use are forgotten by halves, and seconds of waiting are
taken off them: nobody waits for ever, however many new ones come.
"""

import heapq
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from vgan.errors import RecipeError
from vgan.plan import spoken

FORGET = 600.0  # seconds in which half of a use is forgotten
KEPT = 10_000  # addresses and pages whose use is known
LEAST = 1.0  # seconds that a work still takes which takes longer than was thought
FRESH = 0.5  # seconds for which a forecast holds

Clock = Callable[[], float]
Called = Callable[[], None]


class LineFull(RecipeError):
    """No more works may wait. The message says when to come again."""


@dataclass(frozen=True)
class Visitor:
    """Who asks. address: where from, in a form that tells nobody; page: the session of an open page, or of a client."""

    address: str = ""
    page: str = ""


@dataclass(frozen=True)
class Place:
    """ahead: works that go first, those that run included; 0: this one runs. seconds: until it begins, about."""

    ahead: int
    seconds: float


class Use:
    """Seconds of the device that each name has had, forgotten by halves in `half` seconds."""

    def __init__(self, half: float, known: dict[str, tuple[float, float]] | None = None):
        self._half, self._known = half, known or {}

    def of(self, name: str, now: float) -> float:
        """Seconds that count at `now`."""
        seconds, at = self._known.get(name, (0.0, now))
        return seconds * 0.5 ** (max(0.0, now - at) / self._half)

    def last(self, name: str) -> float:
        """When it last had the device; minus infinity for never."""
        return self._known.get(name, (0.0, float("-inf")))[1]

    def add(self, name: str, seconds: float, now: float) -> None:
        """It had the device for so long, until `now`."""
        self._known[name] = (self.of(name, now) + seconds, now)
        if len(self._known) > KEPT:
            oldest = sorted(self._known, key=self.last)[: KEPT // 10]
            for other in oldest:
                del self._known[other]

    def copy(self) -> "Use":
        """One to think ahead with."""
        return Use(self._half, dict(self._known))


class Turn:
    """A work in the line: it waits, runs, and leaves. seconds: that it will take, about; replaced: newer ones of the
    same page have taken its place."""

    def __init__(self, line: "Line", visitor: Visitor, seconds: float, called: Called, number: int):
        self.visitor, self.number, self.called = visitor, number, called
        self.seconds, self.arrived = max(LEAST, seconds), line.now()
        self.begun: float | None = None
        self.replaced = False
        self._line = line

    def place(self) -> Place:
        """Where it stands now."""
        return self._line.place(self)

    def expect(self, left: float) -> None:
        """It runs, and needs so many seconds more: those behind it are told better."""
        if self.begun is not None:
            self.seconds = self._line.now() - self.begun + max(0.0, left)

    def leave(self) -> None:
        """It is done, or not wanted any more. Leaving twice does nothing."""
        self._line.leave(self)


class Line:
    """The line before one device.

    most: works that may wait. each: those of one address among them, by default a quarter, so that nobody fills it.
    newest: of one page, so that the oldest one gives way, and is called without having a turn; by default none does.
    forget: seconds in which half of a use is forgotten. wide: works that run at a time. now: the clock, seconds.
    """

    def __init__(
        self,
        most: int,
        each: int | None = None,
        newest: int | None = None,
        forget: float = FORGET,
        wide: int = 1,
        now: Clock = time.monotonic,
    ):
        self.now, self.most, self.each = now, most, each if each is not None else max(1, most // 4)
        self._newest, self._wide = newest, wide
        self._use = Use(forget)
        self._lock = threading.Lock()
        self._waiting: list[Turn] = []
        self._running: list[Turn] = []
        self._count = 0
        self._forecast: tuple[float, dict[Turn, Place]] = (float("-inf"), {})
        self.idle = threading.Event()  # set while nothing runs and nothing waits
        self.idle.set()

    def join(self, visitor: Visitor, seconds: float, called: Called) -> Turn:
        """A place for a work of about so many `seconds`. called: once, when its turn has come, perhaps before this
        returns; it must not touch the line. Raises LineFull."""
        with self._lock:
            self._replace(visitor)
            mine = sum(turn.visitor.address == visitor.address for turn in self._waiting)
            busy = len(self._running) >= self._wide
            if busy and len(self._waiting) >= self.most:
                raise LineFull(
                    f"line: it is full, {len(self._waiting)} others wait for this machine. A place is free in about "
                    f"{spoken(self._until_free())}. Try again then; previews go on meanwhile."
                )
            if busy and mine >= self.each:
                raise LineFull(
                    f"line: {mine} works of yours wait already, and one visitor may have {self.each}. A place is free "
                    f"in about {spoken(self._until_free(visitor.address))}. Wait, or cancel one."
                )
            self._count += 1
            turn = Turn(self, visitor, seconds, called, self._count)
            self._waiting.append(turn)
            self.idle.clear()
            self._advance()
            return turn

    def leave(self, turn: Turn) -> None:
        """See `Turn.leave`."""
        with self._lock:
            if turn in self._running:
                self._running.remove(turn)
                now = self.now()
                had = now - (turn.begun if turn.begun is not None else now)
                self._use.add(_address(turn), had, now)
                self._use.add(_page(turn), had, now)
            elif turn in self._waiting:
                self._waiting.remove(turn)
            else:
                return
            self._advance()

    def place(self, turn: Turn) -> Place:
        """See `Turn.place`."""
        with self._lock:
            return self._places().get(turn, Place(0, 0.0))

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def _replace(self, visitor: Visitor) -> None:
        same = [turn for turn in self._waiting if turn.visitor == visitor]
        if self._newest is not None and len(same) >= self._newest:
            oldest = min(same, key=lambda turn: turn.number)
            oldest.replaced = True
            self._waiting.remove(oldest)
            oldest.called()

    def _advance(self) -> None:
        """Let the next ones begin where there is room."""
        self._forecast = (float("-inf"), {})
        while self._waiting and len(self._running) < self._wide:
            turn = _next(self._waiting, self._use, self.now())
            self._waiting.remove(turn)
            self._running.append(turn)
            turn.begun = self.now()
            turn.called()
        if not self._running:
            self.idle.set()

    def _places(self) -> dict[Turn, Place]:
        """All who wait, as they will go if nobody else comes."""
        now = self.now()
        if now - self._forecast[0] < FRESH:
            return self._forecast[1]
        use, waiting = self._use.copy(), list(self._waiting)
        places: dict[Turn, Place] = {}
        free = [now] * (self._wide - len(self._running))  # when there is room again, soonest first

        def pass_by(turn: Turn, end: float, in_all: float) -> None:
            heapq.heappush(free, end)
            use.add(_address(turn), in_all, end)
            use.add(_page(turn), in_all, end)

        for running in self._running:
            gone = now - (running.begun if running.begun is not None else now)
            rest = max(LEAST, running.seconds - gone)
            pass_by(running, now + rest, gone + rest)
        while waiting:
            then = heapq.heappop(free)
            turn = _next(waiting, use, then)
            waiting.remove(turn)
            places[turn] = Place(len(places) + len(self._running), then - now)
            pass_by(turn, then + turn.seconds, turn.seconds)
        self._forecast = (now, places)
        return places

    def _until_free(self, address: str | None = None) -> float:
        """Seconds until one of those who wait begins: of all, or of an address."""
        places = self._places()
        return min((at.seconds for one, at in places.items() if address in (None, one.visitor.address)), default=0.0)


def _next(waiting: Sequence[Turn], use: Use, now: float) -> Turn:
    """Who goes first, see the top. Waiting counts from when they came, or last had the device."""

    def owed(turn: Turn) -> float:
        name = _address(turn)
        return use.of(name, now) - (now - max(turn.arrived, use.last(name)))

    first = min(waiting, key=lambda turn: (owed(turn), turn.number))
    same = [turn for turn in waiting if turn.visitor.address == first.visitor.address]
    return min(same, key=lambda turn: (use.of(_page(turn), now), turn.number))


def _address(turn: Turn) -> str:
    return f"address {turn.visitor.address}"


def _page(turn: Turn) -> str:
    return f"page {turn.visitor.address} {turn.visitor.page}"
