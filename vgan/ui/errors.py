"""The one place where an error becomes something that a person, or a program over HTTP, reads."""

import functools
import html
import inspect
import itertools
import logging
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, ParamSpec

import gradio as gr

from vgan.errors import Cancelled, MediaError, OutOfMemory, RecipeError, VganError, WeightsError
from vgan.logs import event, new_number

log = logging.getLogger(__name__)
P = ParamSpec("P")
_numbers = itertools.count()

_TITLES: tuple[tuple[type[VganError], str], ...] = (
    (RecipeError, "This cannot be made as asked"),
    (WeightsError, "These weights cannot be used"),
    (MediaError, "A file is in the way"),
    (OutOfMemory, "Too large for this machine"),
    (Cancelled, "Stopped"),
)
_UNEXPECTED = (
    "An unexpected error ({kind}) stopped this. It is in the log of the app; nothing you made is lost. "
    "Try again, and if it comes back, tell whoever runs this app: number {number}."
)


@dataclass(frozen=True)
class Said:
    """An error in words: a short title, and what happened and what to do."""

    title: str
    text: str


def say(error: Exception) -> Said:
    """`error` in words. An unexpected one is logged whole and named as such, with a number that finds it there."""
    if isinstance(error, gr.Error):
        return Said(error.title, error.message)
    if isinstance(error, VganError):
        if not isinstance(error, Cancelled):
            event("refusal", kind=type(error).__name__)
        return Said(
            next((title for kind, title in _TITLES if isinstance(error, kind)), "This did not work"), str(error)
        )
    number, kind = new_number(), type(error).__name__
    log.error("unexpected error in the app, number %s", number, exc_info=error)
    event("error", kind=kind, request=number)
    return Said("Something broke", _UNEXPECTED.format(kind=kind, number=number))


def as_shown(error: Exception) -> gr.Error:
    """`error` as Gradio shows it. The message may quote what a stranger sent, so markup in it is made harmless."""
    said = say(error)
    return gr.Error(html.escape(said.text, quote=False), title=said.title, duration=12, print_exception=False)


def told(handler: Callable[P, Any]) -> Callable[P, Any]:
    """`handler` (a function or a generator) whose errors reach the person as `as_shown` says."""
    if inspect.isgeneratorfunction(handler):

        @functools.wraps(handler)
        def steps(*args: P.args, **kwargs: P.kwargs) -> Iterator[Any]:
            try:
                yield from handler(*args, **kwargs)
            except Exception as error:
                raise as_shown(error) from error

        return steps

    @functools.wraps(handler)
    def whole(*args: P.args, **kwargs: P.kwargs) -> Any:
        try:
            return handler(*args, **kwargs)
        except Exception as error:
            raise as_shown(error) from error

    return whole


def in_place(handler: Callable[..., Any], stage: int, outputs: int) -> Callable[..., Any]:
    """`handler` (a function or a generator) of `outputs` outputs, whose errors appear on the stage, output number
    `stage`, and change nothing else.

    For events that skip the queue: there Gradio would answer an error with HTTP status 500, which browsers report as a
    failed request, and a message that goes away by itself would be read by nobody who looks at the picture.
    """

    def fault(error: Exception) -> list[Any]:
        answer: list[Any] = [gr.skip()] * outputs
        answer[stage] = {"fault": asdict(say(error)), "number": next(_numbers)}
        return answer

    if inspect.isgeneratorfunction(handler):

        @functools.wraps(handler)
        def steps(*args: Any, **kwargs: Any) -> Iterator[Any]:
            try:
                yield from handler(*args, **kwargs)
            except Exception as error:
                yield fault(error)

        return steps

    @functools.wraps(handler)
    def careful(*args: Any, **kwargs: Any) -> Any:
        try:
            return handler(*args, **kwargs)
        except Exception as error:
            return fault(error)

    return careful
