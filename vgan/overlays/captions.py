"""Captions: words at their times, all in one style."""

from vgan.overlays.around import Onto
from vgan.overlays.words import Showing, Words
from vgan.recipe_overlays import Captions


def open_captions(step: Captions, onto: Onto) -> Words:
    """See `vgan.overlays`. Raises UnknownName and MediaError for the font, as `vgan.text.fonts.find_font`."""
    size = step.size * min(onto.extent.size)
    return Words(step, [Showing(cue.text, cue.start, cue.end, size) for cue in step.cues], onto)
