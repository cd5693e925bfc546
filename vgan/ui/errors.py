"""The one place where an error becomes something that a person, or a program over HTTP, reads."""

import functools
import html
import inspect
import logging
from collections.abc import Callable, Iterator
from typing import Any, ParamSpec

import gradio as gr

from vgan.errors import Cancelled, MediaError, RecipeError, VganError, WeightsError

log = logging.getLogger(__name__)
P = ParamSpec("P")

_TITLES: tuple[tuple[type[VganError], str], ...] = (
    (RecipeError, "This cannot be made as asked"),
    (WeightsError, "These weights cannot be used"),
    (MediaError, "A file is in the way"),
    (Cancelled, "Stopped"),
)
_UNEXPECTED = (
    "An unexpected error ({kind}) stopped this. It is in the log of the app; nothing you made is lost. "
    "Try again, and if it comes back, tell whoever runs this app."
)


def as_shown(error: Exception) -> gr.Error:
    """`error` as Gradio shows it. The message may quote what a stranger sent, so markup in it is made harmless."""
    if isinstance(error, gr.Error):
        return error
    if isinstance(error, VganError):
        title = next((title for kind, title in _TITLES if isinstance(error, kind)), "This did not work")
        return gr.Error(html.escape(str(error), quote=False), title=title, duration=12, print_exception=False)
    log.exception("unexpected error in the app", exc_info=error)
    return gr.Error(
        _UNEXPECTED.format(kind=type(error).__name__), title="Something broke", duration=12, print_exception=False
    )


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
