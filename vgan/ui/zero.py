"""On a ZeroGPU Space a graphics card is lent for seconds, to a process that is forked for one call.

So the app itself stays on the processor: previews, words and searches are quick there, and cost no visitor's quota. A
render goes to the card, for as long as it is thought to take there, or to the processor where none is to be had. What
goes to that process and comes back is text, numbers and paths; its errors come as words, because any other than
Gradio's own would lose theirs on the way.
"""

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import closing
from contextvars import copy_context
from functools import lru_cache, partial
from math import ceil
from pathlib import Path
from typing import Any

import gradio as gr
import httpx
import torch

from vgan import errors
from vgan.errors import Cancelled, MediaError, VganError
from vgan.recipe import Recipe
from vgan.registry import Models
from vgan.render import Clip, estimate_on, render
from vgan.settings import Settings
from vgan.ui.jobs import Asked, Job, Progress, Report
from vgan.ui.observed import Observed
from vgan.ui.services import Drawer

log = logging.getLogger(__name__)
STARTING = 6.0  # seconds in which a card is given, the process forked, networks loaded
MARGIN = 1.5  # of the estimate: what takes longer than was asked for is cut off
LEAST, MOST = 10, 120  # seconds to ask for; a longer render goes to the processor, which nobody takes away


def here() -> bool:
    """Whether this is a ZeroGPU Space. `app.py` has then imported `spaces` before torch."""
    return os.environ.get("SPACES_ZERO_GPU", "").lower() in {"1", "t", "true"}


def seconds_for(recipe: str, out: str = "", device: str = "cuda") -> int:
    """Seconds of the card to ask for, for a recipe as JSON; more than MOST where it is too long for one. out: not read,
    as ZeroGPU hands over all arguments of the call. Raises RecipeError, MediaError as `render`."""
    return max(LEAST, ceil(STARTING + MARGIN * estimate_on(Recipe.parse(recipe), device).seconds))


@lru_cache(maxsize=1)
def _models() -> Models:
    """The networks of the process that has the card."""
    if here():
        torch.set_num_threads(1)  # the others of OpenMP's pool stayed behind when the process was forked
    return Models(Settings())


def steps_there(recipe: str, out: str) -> Iterator[tuple[Any, ...]]:
    """Carry out a render where the card is: ("progress", done, total) again and again, and in the end ("clip", Clip) or
    ("fault", class, words)."""
    models, asked, path = _models(), Recipe.parse(recipe), Path(out)

    def work(report: Report, cancelled: Asked) -> Clip:
        return render(asked, models, path, report, cancelled)

    job = Job(work)
    try:
        for step in job.updates():
            if isinstance(step, Progress):
                yield "progress", step.done, step.total
        yield "clip", job.result
    except VganError as error:
        yield "fault", type(error).__name__, str(error)


def on_card(steps: Callable[..., Iterator[tuple[Any, ...]]]) -> Callable[..., Iterator[tuple[Any, ...]]]:
    """`steps`, which run where the card is; on any other machine, here."""
    if not here():
        return steps
    import spaces

    lent: Callable[..., Iterator[tuple[Any, ...]]] = spaces.GPU(duration=seconds_for)(steps)
    return lent


_steps = on_card(steps_there)  # at import: a Space where nothing asks for a card is not started


class OnZero(Observed):
    """A Studio on the processor whose renders go to the card."""

    def drawer(self) -> Drawer:
        # Whose quota it is stands in the context of the request, which the thread of a work does not have.
        context, elsewhere = copy_context(), super().drawer()

        def draw(recipe: Recipe, out: Path, report: Report, cancelled: Asked) -> Clip:
            if seconds_for(recipe.to_json()) > MOST:
                return elsewhere(recipe, out, report, cancelled)
            try:
                return context.run(partial(followed, _steps, recipe, out, report, cancelled))
            except (gr.Error, httpx.HTTPError) as error:  # the quota is used up, no card is free, or it broke
                log.warning("no card, so the processor draws: %s", str(error)[:200])
                return elsewhere(recipe, out, report, cancelled)

        return draw


def followed(
    steps: Callable[..., Iterator[tuple[Any, ...]]], recipe: Recipe, out: Path, report: Report, cancelled: Asked
) -> Clip:
    """The clip that `steps` make. Raises Cancelled once `cancelled`, and what they tell of."""
    with closing(steps(recipe.to_json(), str(out))) as going:  # type: ignore[type-var]
        for kind, *told in going:
            if cancelled():
                raise Cancelled("Stopped. Nothing was kept.")
            if kind == "progress":
                report(*told)
            elif kind == "fault":
                raise _fault(*told)
            else:
                clip: Clip = told[0]
                return clip
    raise MediaError("render: the graphics card was taken away before the clip was done. Try again.")


def _fault(name: str, words: str) -> VganError:
    """The error that was told of, or one of the nearest kind: some are made of more than words."""
    kind = getattr(errors, name, VganError)
    fault: VganError = VganError.__new__(kind if issubclass(kind, VganError) else VganError)
    Exception.__init__(fault, words)
    return fault
