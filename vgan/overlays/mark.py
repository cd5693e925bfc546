"""A small visible mark in a corner, as long as the clip."""

from vgan.overlays.around import Onto
from vgan.overlays.words import Showing, Words
from vgan.recipe_overlays import Mark, Text

SIZE = 0.028  # of the picture's shorter side
SMALLEST = 9.0  # pixels: below it nobody can read it


def open_mark(step: Mark, onto: Onto) -> Words:
    """See `vgan.overlays`."""
    down, across = step.corner.split("-")
    style = Text(
        font="sans",
        size=SIZE,
        box=0.45,
        shadow=0,
        x=float(across == "right"),
        y=float(down == "bottom"),
        enter="none",
        leave="none",
        strength=step.strength,
    )
    size = max(SMALLEST, SIZE * min(onto.extent.size))
    return Words(style, [Showing(step.text, 0.0, None, size)], onto)
