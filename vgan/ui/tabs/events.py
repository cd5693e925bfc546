"""What handlers of all tabs read from their events."""

from collections.abc import Generator
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


def rendering(studio: Studio, visit: str, recipe: Recipe, keep: bool = False) -> Generator[list[Any], None, bool]:
    """Render, with progress in the meter, and then the clip on the stage: [meter, clips]. Raises as `Studio.render`.

    keep: stopped on the way, it waits, and the meter offers to go on. Returns whether it was finished.
    """
    try:
        yield [messages.begun(recipe), gr.skip()]
        for step in studio.render(visit, recipe, keep):
            if isinstance(step, Progress):
                yield [messages.progress(step), gr.skip()]
    except Paused:
        yield [messages.WAITS, gr.skip()]
        return False
    except Cancelled:
        yield [messages.IDLE, gr.skip()]
        return False
    except Exception:
        yield [messages.IDLE, gr.skip()]
        raise
    yield [messages.IDLE, messages.clips(studio, visit, show=True)]
    return True


def recipe_in(path: Path) -> Recipe:
    """The recipe that a dropped file is (.json), or that a clip carries. Raises RecipeError, MediaError."""
    found = recipe_at(path)
    if found is None:
        raise MediaError(f"{path.name[:80]}: no recipe inside. Drop a clip that was made here, or a .json recipe.")
    return found
