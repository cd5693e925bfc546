"""What one visitor may have made in an hour, and who a visitor is."""

from dataclasses import dataclass, replace

import pytest

from vgan.errors import RecipeError
from vgan.settings import Settings
from vgan.ui.limits import Allowances, Cost
from vgan.ui.line import Visitor
from vgan.ui.visitors import address_of, asking, gone, hashed


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


ME, OTHER = Visitor("me", "1"), Visitor("other", "1")


@pytest.fixture
def clock() -> Clock:
    return Clock()


def allowances(clock: Clock, renders: int = 0, pixels: int = 0) -> Allowances:
    return Allowances(replace(Settings(), renders_an_hour=renders, pixels_an_hour=pixels), clock)


def test_renders_are_counted_by_address(clock: Clock) -> None:
    rules = allowances(clock, renders=3)
    for page in "123":
        rules.take(Visitor("me", page), Cost(1.0))
        clock.now += 600
    with pytest.raises(
        RecipeError, match=r"renders: you have used 3 of 3 an hour .VGAN_RENDERS_AN_HOUR.*in 30 minutes"
    ):
        rules.take(Visitor("me", "4"), Cost(1.0))
    rules.take(OTHER, Cost(1.0))
    clock.now = 3600
    rules.take(ME, Cost(1.0))


def test_pixels_say_when_enough_is_free(clock: Clock) -> None:
    rules = allowances(clock, pixels=1000)
    rules.take(ME, Cost(1.0, 300))
    clock.now = 1200
    rules.take(ME, Cost(1.0, 600))
    with pytest.raises(RecipeError, match=r"900 of 1,000 an hour .VGAN_PIXELS_AN_HOUR.*takes 200.*in 40 minutes"):
        rules.take(ME, Cost(1.0, 200))
    with pytest.raises(RecipeError, match="in 60 minutes"):
        rules.take(ME, Cost(1.0, 800))
    rules.take(ME, Cost(1.0, 100))


def test_more_than_an_hour_has_is_said_so(clock: Clock) -> None:
    with pytest.raises(RecipeError, match="takes 2,000, and one visitor has 1,000 an hour"):
        allowances(clock, pixels=1000).take(ME, Cost(1.0, 2000))


def test_what_made_nothing_counts_no_render(clock: Clock) -> None:
    rules = allowances(clock, renders=1)
    for _ in range(3):
        rules.take(ME, Cost(1.0, 100, works=0))
    rules.take(ME, Cost(1.0))


def test_what_was_not_used_is_given_back(clock: Clock) -> None:
    rules = allowances(clock, renders=1)
    rules.give_back(ME, rules.take(ME, Cost(1.0)))
    rules.take(ME, Cost(1.0))


def test_without_limits_nothing_is_refused(clock: Clock) -> None:
    rules = allowances(clock)
    for _ in range(100):
        rules.take(ME, Cost(1.0, 10**12))


@pytest.mark.parametrize(
    ("told", "proxies", "inner", "address"),
    [
        (["1.2.3.4"], 0, False, "10.0.0.9"),  # nobody vouches for it
        ([], 1, False, "10.0.0.9"),
        (["1.2.3.4"], 1, False, "1.2.3.4"),
        (["6.6.6.6", "1.2.3.4"], 1, False, "1.2.3.4"),  # the first one was sent by the visitor
        (["6.6.6.6", "1.2.3.4", "10.0.0.1"], 2, False, "1.2.3.4"),
        (["1.2.3.4"], 3, False, "1.2.3.4"),
        (["6.6.6.6", "1.2.3.4", "10.0.0.1", "10.0.0.2"], 1, True, "1.2.3.4"),
        (["192.168.1.5"], 1, True, "192.168.1.5"),
        (["6.6.6.6", "192.168.1.5"], 1, False, "192.168.1.5"),
    ],
)
def test_address_behind_proxies(told: list[str], proxies: int, inner: bool, address: str) -> None:
    assert address_of("10.0.0.9", told, proxies, inner) == address


def test_addresses_are_told_apart_and_not_kept() -> None:
    assert hashed("1.2.3.4") != hashed("1.2.3.5")
    assert hashed("1.2.3.4") == hashed("1.2.3.4:5050") == hashed("::ffff:1.2.3.4")
    assert hashed("2001:db8::1") == hashed("[2001:db8::ffff]") != hashed("2001:db8:0:1::1")
    assert "1.2.3.4" not in hashed("1.2.3.4")
    assert hashed("\ud800 no address")


def test_outside_of_an_event_nobody_asks() -> None:
    assert asking(Settings(), "page") == Visitor("", "page")
    assert not gone()
