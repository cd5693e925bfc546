"""A sign of life from work that takes long and has nothing to give yet."""

from collections.abc import Callable

_beats: list[Callable[[], None]] = []


def beat() -> None:
    """Say that the work goes on: to be called once a frame that was really decoded, never for what is only claimed."""
    for each in _beats:
        each()


def on_beat(heard: Callable[[], None]) -> None:
    """Have `heard` called by every `beat` of this process."""
    _beats.append(heard)
