"""The line before the device, with a clock of its own: order, bound, places, times."""

from dataclasses import dataclass

import pytest

from vgan.ui.line import Line, LineFull, Place, Turn, Visitor


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


class Device:
    """A line with its clock, and the names of those whose turn came."""

    def __init__(self, **options: int):
        self.clock, self.called = Clock(), []
        self.line = Line(**({"most": 24} | options), now=self.clock)

    def join(self, name: str, seconds: float = 10.0) -> Turn:
        """`name`: an address, and after a slash a page."""
        address, _, page = name.partition("/")
        return self.line.join(Visitor(address, page), seconds, lambda: self.called.append(name))

    def work(self, turn: Turn, seconds: float) -> None:
        assert turn.begun is not None
        self.clock.now += seconds
        turn.leave()


@pytest.fixture
def device() -> Device:
    return Device()


def test_first_begins_at_once_and_others_one_by_one(device: Device) -> None:
    first, second, third = device.join("a"), device.join("b"), device.join("c")
    assert device.called == ["a"]
    device.work(first, 5)
    assert device.called == ["a", "b"]
    device.work(second, 5)
    device.work(third, 5)
    assert device.called == ["a", "b", "c"]
    assert device.line.idle.is_set()


def test_two_at_a_time() -> None:
    device = Device(most=2, each=2, wide=2)
    first, second, third, fourth = (
        device.join(name, seconds) for name, seconds in zip("abcd", (10, 4, 6, 5), strict=True)
    )
    assert device.called == ["a", "b"]
    assert [turn.place() for turn in (first, third, fourth)] == [Place(0, 0.0), Place(2, 4.0), Place(3, 10.0)]
    with pytest.raises(LineFull):
        device.join("e")
    device.work(second, 4)
    assert device.called == ["a", "b", "c"]
    for turn in (third, fourth, first):
        assert not device.line.idle.is_set()
        turn.leave()
    assert device.called == ["a", "b", "c", "d"]
    assert device.line.idle.is_set()


def test_who_used_it_least_goes_first(device: Device) -> None:
    device.work(device.join("heavy"), 60)
    running = device.join("other")
    device.join("heavy")
    device.clock.now += 5
    device.join("fresh")
    device.work(running, 5)
    assert device.called[-1] == "fresh"


def test_ten_pages_of_one_visitor_are_one_visitor() -> None:
    device = Device(most=24, each=10)
    turns = [device.join(f"greedy/{page}") for page in range(10)]
    device.clock.now += 3
    fresh = device.join("fresh")
    device.work(turns[0], 6)
    assert device.called[-1] == "fresh"
    device.work(fresh, 6)
    assert device.called[-1].startswith("greedy")


def test_among_pages_of_an_address_the_page_that_had_least(device: Device) -> None:
    device.work(device.join("office/one"), 30)
    running = device.join("else")
    device.join("office/one")
    device.join("office/two")
    device.work(running, 1)
    assert device.called[-1] == "office/two"


def test_use_is_forgotten(device: Device) -> None:
    device.work(device.join("long ago"), 30)
    device.clock.now += 6 * 600
    device.work(device.join("lately"), 5)
    running = device.join("other")
    device.join("lately")
    device.join("long ago")
    device.work(running, 1)
    assert device.called[-1] == "long ago"


def test_nobody_waits_for_ever(device: Device) -> None:
    device.work(device.join("heavy"), 120)
    device.clock.now += 1
    running, waits = device.join("new 0"), device.join("heavy")
    for number in range(1, 100):
        device.join(f"new {number}")
        device.clock.now += 10
        running.leave()
        running = next(turn for turn in device.line._running)
        if waits.begun is not None:
            break
    assert waits.begun is not None
    assert 100 < device.clock.now - waits.arrived < 200


def test_line_is_bounded_and_says_how_long() -> None:
    device = Device(most=3, each=3)
    device.join("running", 30)
    for name in "abc":
        device.join(name, 20)
    with pytest.raises(LineFull, match=r"full, 3 others wait.*in about 30 s"):
        device.join("d")
    assert len(device.line) == 3


def test_one_visitor_does_not_fill_it(device: Device) -> None:
    for _ in range(1 + device.line.each):
        device.join("greedy")
    with pytest.raises(LineFull, match="6 works of yours wait already"):
        device.join("greedy")
    device.join("other")


def test_oldest_of_a_page_gives_way() -> None:
    device = Device(most=9, each=9, newest=2)
    running = device.join("other")
    turns = [device.join("page/1") for _ in range(3)]
    assert [turn.replaced for turn in turns] == [True, False, False]
    assert turns[0].begun is None
    device.work(running, 1)
    device.work(turns[1], 1)
    assert turns[2].begun is not None


def test_places_and_times_are_told(device: Device) -> None:
    first, second, third = device.join("a", 30), device.join("b", 20), device.join("c", 10)
    assert (first.place().ahead, second.place().ahead, third.place().ahead) == (0, 1, 2)
    assert (second.place().seconds, third.place().seconds) == (30, 50)
    device.clock.now += 12
    assert (second.place().seconds, third.place().seconds) == (18, 38)
    first.expect(3)
    device.clock.now += 1
    assert second.place().seconds == pytest.approx(2)
    second.leave()
    assert third.place().ahead == 1


def test_forecast_goes_as_the_line_will(device: Device) -> None:
    running = device.join("x", 10)
    turns = {name: device.join(name, 10) for name in ("a/1", "a/2", "a/3", "b/1")}
    told = sorted(turns, key=lambda name: turns[name].place().ahead)
    assert told[:2] == ["a/1", "b/1"]
    device.work(running, 10)
    for name in told:
        assert device.called[-1] == name
        device.work(turns[name], 10)


def test_late_work_counts_a_little_longer(device: Device) -> None:
    device.join("a", 5)
    waits = device.join("b", 5)
    device.clock.now += 60
    assert 0 < waits.place().seconds <= 1


def test_leaving_twice_and_while_waiting(device: Device) -> None:
    running, waits = device.join("a"), device.join("b")
    waits.leave()
    waits.leave()
    running.leave()
    running.leave()
    assert device.called == ["a"]
    assert device.line.idle.is_set()
