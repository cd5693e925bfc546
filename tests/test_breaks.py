"""Breaks between layers, and jobs that give the device to others at them."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from torch import nn

from vgan.ahead import ahead
from vgan.breaks import breakable, held_up, holding, take_a_break, urgent
from vgan.errors import Cancelled
from vgan.runtime import in_parallel
from vgan.ui.jobs import Job, Paused
from vgan.ui.line import Line, LineFull, Turn, Visitor
from vgan.ui.parked import Parked

CPU = torch.device("cpu")
SOON = 10.0  # seconds


class Ended(Exception):
    pass


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + SOON
    while not true():
        assert time.monotonic() < end
        time.sleep(0.005)


def deep(layers: int = 50) -> nn.Module:
    return nn.Sequential(*(nn.Linear(4, 4) for _ in range(layers)))


def test_network_ends_between_two_layers() -> None:
    asked = []

    def ask(alone: bool) -> None:
        asked.append(alone)
        if len(asked) == 10:
            raise Ended

    with breakable(ask), pytest.raises(Ended):
        deep()(torch.zeros(1, 4))
    assert asked == [True] * 10
    deep()(torch.zeros(1, 4))
    assert len(asked) == 10, "outside nobody is asked"


def test_threads_compute_alone_where_that_is_asked_for() -> None:
    before = torch.get_num_threads()
    assert set(in_parallel(lambda _: torch.get_num_threads(), range(8), CPU, alone=True)) == {1}
    assert set(in_parallel(lambda _: torch.get_num_threads(), range(8), CPU)) == {before}
    assert torch.get_num_threads() == before


def test_threads_that_others_need_do_not_wait_long() -> None:
    asked: list[tuple[str, bool]] = []

    def ask(alone: bool) -> None:
        asked.append((threading.current_thread().name.partition("_")[0], alone))

    network = deep(1)
    with breakable(ask):
        assert not urgent()
        list(in_parallel(lambda item: network(item).shape, [torch.zeros(1, 4)] * 4, CPU))
        with holding():
            take_a_break()
    assert ("draw", False) in asked
    assert ("draw", True) not in asked
    assert asked[-1] == ("MainThread", False)
    assert urgent()


def test_what_is_urgent_has_threads_of_its_own() -> None:
    network, hold, begun = deep(1), threading.Event(), threading.Event()

    def ask(alone: bool) -> None:
        if not alone:
            begun.set()
            hold.wait(SOON)

    def slow() -> None:
        with breakable(ask):
            list(in_parallel(network, [torch.zeros(1, 4)] * 8, CPU))

    thread = threading.Thread(target=slow)
    thread.start()
    assert begun.wait(SOON)
    assert len(list(in_parallel(network, [torch.zeros(1, 4)] * 3, CPU))) == 3, "though the others' threads are held"
    hold.set()
    thread.join()


def test_frames_drawn_ahead_end_with_who_wants_them() -> None:
    network, drawn = deep(), []

    def draw() -> Iterator[int]:
        for index in range(10**6):
            network(torch.zeros(1, 4))
            drawn.append(index)
            yield index

    items = ahead(draw(), 1, lambda: None)
    next(items)
    items.close()
    count = len(drawn)
    time.sleep(0.05)
    assert len(drawn) == count


def test_time_at_breaks_is_known() -> None:
    with breakable(lambda alone: time.sleep(0.01)):
        before = held_up()
        take_a_break()
        assert held_up() - before >= 0.01


def endless(report: Any, cancelled: Any) -> None:
    network = deep()
    for done in range(10**9):
        network(torch.zeros(1, 4))
        report(done, 10**9)


def joining(line: Line, name: str) -> Callable[[Callable[[], None]], Turn]:
    return lambda called: line.join(Visitor(name), 5.0, called)


def test_jobs_go_one_after_another_and_are_told_their_place() -> None:
    line = Line(4)
    first = Job(endless, join=joining(line, "a"))
    second = Job(lambda report, cancelled: "done", join=joining(line, "b"))
    updates = second.updates(every=0.01)
    told = next(updates)
    assert (told.ahead, told.total) == (1, 0)
    first.stop()
    list(updates)
    assert second.result == "done"
    assert second.waited > 0
    until(line.idle.is_set)


def test_paused_job_leaves_the_device_and_comes_again() -> None:
    line, shelf = Line(1), Parked()
    job = Job(endless, keep=True, join=joining(line, "a"))
    until(lambda: job._done > 3)
    job.pause()
    shelf.put("clip", job)
    assert line.idle.is_set()
    other, waits = Job(endless, join=joining(line, "b")), Job(endless, join=joining(line, "c"))
    with pytest.raises(LineFull):
        shelf.take("clip", joining(line, "a"))
    assert "clip" in shelf, "it waits on"
    waits.stop()
    until(lambda: len(line) == 0)
    assert shelf.take("clip", joining(line, "a")) is job
    done = job._done
    time.sleep(0.05)
    assert job._done == done, "it waits for its turn"
    other.stop()
    until(lambda: job._done > done)
    job.stop()
    until(line.idle.is_set)


def test_job_that_is_left_before_its_turn_keeps_nothing() -> None:
    line = Line(4)
    running, waits = Job(endless, join=joining(line, "a")), Job(endless, keep=True, join=joining(line, "b"))
    waits.leave()
    with pytest.raises(Cancelled):
        list(waits.updates())
    assert not waits.paused
    until(lambda: len(line) == 0)
    running.stop()
    until(line.idle.is_set)


def test_reader_that_is_gone_ends_the_work() -> None:
    line = Line(4)
    job = Job(endless, join=joining(line, "a"))
    with pytest.raises(Cancelled):
        list(job.updates(gone=lambda: job._done > 3))
    kept = Job(endless, keep=True, join=joining(line, "a"))
    with pytest.raises(Paused):
        list(kept.updates(gone=lambda: kept._done > 3))
    kept.stop()
    until(line.idle.is_set)
