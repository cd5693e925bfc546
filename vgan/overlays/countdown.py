"""A countdown: numbers, one a second, all of one size, and a word after the last."""

import itertools

from vgan.overlays.around import Onto
from vgan.overlays.words import Showing, Words
from vgan.recipe_overlays import Countdown
from vgan.text.layout import lay_out

SECOND = 1.0


def open_countdown(step: Countdown, onto: Onto) -> Words:
    """See `vgan.overlays`. Raises UnknownName and MediaError for the font, as `vgan.text.fonts.find_font`."""
    numbers = [str(number) for number in range(step.first, step.last - 1, -1)]
    asked, (wide, tall) = step.size * min(onto.extent.size), onto.safe.size
    longest = [number for number in numbers if len(number) == len(numbers[0])][:10]
    room = int(step.width * wide), tall
    size = min((_in_one_line(number, step, asked, room) for number in longest), default=asked)
    times = [step.start + place * SECOND for place in range(len(numbers) + 1)]
    showings = [Showing(number, *span, size) for number, span in zip(numbers, itertools.pairwise(times), strict=True)]
    showings.append(Showing(step.finish, times[-1], None, asked))
    return Words(step, [cut for one in showings if (cut := _until(one, step.end))], onto)


def _in_one_line(number: str, step: Countdown, size: float, room: tuple[int, int]) -> float:
    """The size, pixels, at which a number fits without being broken."""
    while (block := lay_out(number, step, size, *room)) and len(block.lines) > 1:
        size *= 0.8
    return block.size if block else size


def _until(one: Showing, end: float | None) -> Showing | None:
    """No longer than to `end`; None for what begins only then."""
    if end is None:
        return one
    if one.start >= end:
        return None
    return Showing(one.text, one.start, end if one.end is None else min(one.end, end), one.size)
