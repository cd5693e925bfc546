"""Places at which long drawing may be held up or ended: before every layer of every network, and where code asks.

Work that is stopped ends within a layer, whatever step it is in, and not within a chunk of frames, which can take
seconds; and a preview need not wait for a chunk.
"""

import functools
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from typing import Any, TypeVar

from torch.nn.modules.module import register_module_forward_pre_hook

T = TypeVar("T")
Ask = Callable[[bool], None]
"""Called with whether it may wait for long; what it raises ends the work."""

_ask: ContextVar[Ask | None] = ContextVar("vgan_break", default=None)
_held: ContextVar[list[float] | None] = ContextVar("vgan_break_held", default=None)
_alone: ContextVar[bool] = ContextVar("vgan_break_alone", default=True)


@contextmanager
def breakable(ask: Ask) -> Iterator[None]:
    """Within, in this thread and those that take over its context, `ask` is called at every break. Whoever surrounds it
    is asked as well."""
    _install()
    outer = _ask.get()

    def both(alone: bool) -> None:
        if outer is not None:
            outer(alone)
        ask(alone)

    token = _ask.set(both)
    if _held.get() is None:
        _held.set([0.0])
    try:
        yield
    finally:
        _ask.reset(token)


@contextmanager
def holding() -> Iterator[None]:
    """Within, this thread holds what others may wait for, a lock: its breaks never wait long."""
    token = _alone.set(False)
    try:
        yield
    finally:
        _alone.reset(token)


def take_a_break() -> None:
    """A break, for loops that run no network. Raises whatever whoever is asked raises."""
    ask, alone, held = _ask.get(), _alone.get(), _held.get()
    if ask is not None:
        start = time.perf_counter()
        ask(alone)
        if alone and held:
            held[0] += time.perf_counter() - start


def held_up() -> float:
    """Seconds that the work of this context has spent at its breaks, which are none of its own."""
    held = _held.get()
    return held[0] if held else 0.0


def urgent() -> bool:
    """Whether nobody may hold up what this thread does."""
    return _ask.get() is None


def in_company(work: Callable[..., T]) -> Callable[..., T]:
    """`work` for a thread that others need, too: its breaks are those of this thread, at which it never waits long."""
    if urgent():
        return work
    context = copy_context()
    context.run(_alone.set, False)
    return lambda *args: context.copy().run(work, *args)


@functools.cache
def _install() -> None:
    def before_layer(_module: Any, _args: Any) -> None:
        take_a_break()

    register_module_forward_pre_hook(before_layer)
