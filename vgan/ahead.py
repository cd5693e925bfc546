"""Two things at once: the next items are made in a thread while the last ones are used."""

from collections.abc import Callable, Generator, Iterator
from contextvars import copy_context
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import TypeVar

from vgan.breaks import breakable
from vgan.errors import Cancelled

T = TypeVar("T")

TICK = 0.1  # seconds between two looks at whether anybody still wants the items


def ahead(items: Iterator[T], depth: int, tick: Callable[[], None]) -> Generator[T]:
    """`items`, drawn in a thread of their own, at most `depth` of them before they are asked for.

    tick: called while waiting and before each item; what it raises ends the work. An error of `items` is raised here.
    Close this iterator to stop the thread: it ends at its next break (`vgan.breaks`), and nothing is left running.
    """
    queue: Queue[tuple[list[T], BaseException | None]] = Queue(depth)
    stopped = Event()

    def put(item: list[T], error: BaseException | None = None) -> None:
        while not stopped.is_set():
            try:
                return queue.put((item, error), timeout=TICK)
            except Full:
                continue

    def wanted(_alone: bool = True) -> None:
        if stopped.is_set():
            raise Cancelled("Nobody wants the rest.")

    def produce() -> None:
        try:
            with breakable(wanted):
                for item in items:
                    put([item])
                    wanted()
            put([])
        except BaseException as error:  # handed over whole: it belongs to whoever waits for the items
            put([], error)

    thread = Thread(target=copy_context().run, args=(produce,), name="ahead", daemon=True)
    thread.start()
    try:
        while True:
            tick()
            try:
                item, error = queue.get(timeout=TICK)
            except Empty:
                continue
            if error is not None:
                raise error
            if not item:
                return
            yield item[0]
    finally:
        stopped.set()
        thread.join()
