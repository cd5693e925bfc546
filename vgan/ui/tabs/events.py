"""What handlers of all tabs read from their events, and how events are wired."""

import json
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import gradio as gr

from vgan.errors import Cancelled, MediaError, RecipeError
from vgan.media.probe import recipe_at
from vgan.recipe import Recipe
from vgan.ui import messages
from vgan.ui.jobs import Paused, Progress
from vgan.ui.services import Made, Studio

# How events are wired. Quick ones only redraw: they skip the queue and show no spinner, so that the old picture stays.
QUICK: dict[str, Any] = {
    "queue": False,
    "show_progress": "hidden",
    "trigger_mode": "always_last",
    "api_visibility": "private",
}
LONG: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "concurrency_limit": 1}
# They wait in our own line, which tells them their place: Gradio's lets all of them through.
IN_LINE = LONG | {"concurrency_id": "device", "concurrency_limit": None}
FETCH = LONG | {"concurrency_id": "fetch", "concurrency_limit": 4}


# A render that has ended says what the meter shows once its event is over: until then the page would not hear another.
# One that fails before its first step, or whose app went away, says nothing: then the meter is idle. That is no end for
# the page, which offers it again.
_OVER = "(now) => (now && now.ended) || (now && now.progress ? {} : now)"


def in_line(when: Callable[..., Any], handler: Callable[..., Any], inputs: list[Any], outputs: list[Any]) -> Any:
    """Let what `when` listens to, such as `button.click` or an event's `success`, begin a render.

    outputs: the meter, and what else it answers with. The meter says so at once, in the browser alone, however many go
    first. Returns the event of the render, for what follows it.
    """
    meter = outputs[:1]
    when(None, [], meter, js=f"() => ({json.dumps(messages.progress())})", show_progress="hidden")
    work = when(handler, inputs, outputs, **IN_LINE)
    for over in (work.success, work.failure):
        over(None, meter, meter, js=_OVER, show_progress="hidden")
    return work


def moves(sliders: list[Any]) -> list[Any]:
    """While a slider moves (always_last throttles), when it is let go, and when its own reset is pressed."""
    return [event for slider in sliders for event in (slider.input, slider.release)]


def visit_of(request: gr.Request) -> str:
    """The name of an open page."""
    return str(request.session_hash)


def told_by(event: gr.EventData, name: str) -> Any:
    """What a custom component sent along with its event under `name`; None where there is nothing."""
    return event._data.get(name) if isinstance(event._data, dict) else None


def made_clip(studio: Studio, event: gr.EventData, request: gr.Request) -> Made:
    """The clip of this visit whose number an event carries. Raises RecipeError for one that is not there."""
    number = told_by(event, "index")
    made = next((made for made in studio.made(visit_of(request)) if made.number == number), None)
    if made is None:
        raise RecipeError(f"clip: {str(number)[:20]} is not one of this visit. Drop its file on Recipe instead.")
    return made


def rendering(
    studio: Studio, visit: str, recipe: Recipe, keep: bool = False, asked: float | None = None
) -> Generator[list[Any], None, bool]:
    """Render, with progress in the meter, and then the clip on the stage: [meter, clips]. Raises as `Studio.render`.

    keep: stopped on the way, it waits, and the meter offers to go on. asked: see `Studio.render`. Returns whether it
    was finished.
    """
    try:
        yield [messages.begun(recipe), gr.skip()]
        for step in studio.render(visit, recipe, keep, asked):
            if isinstance(step, Progress):
                yield [messages.progress(step), gr.skip()]
    except Paused:
        yield [messages.ended(messages.WAITS), gr.skip()]
        return False
    except Cancelled:
        yield [messages.ended(), gr.skip()]
        return False
    except Exception:
        yield [messages.ended(), gr.skip()]
        raise
    yield [messages.ended(), messages.clips(studio, visit, show=True)]
    return True


def recipe_in(path: Path) -> Recipe:
    """The recipe that a dropped file is (.json), or that a clip carries. Raises RecipeError, MediaError."""
    found = recipe_at(path)
    if found is None:
        raise MediaError(f"{path.name[:80]}: no recipe inside. Drop a clip that was made here, or a .json recipe.")
    return found
