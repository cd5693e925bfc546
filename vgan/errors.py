"""Every error that a person can cause or mend. The message names the value, what is allowed and what to do next."""

from collections.abc import Iterable
from difflib import get_close_matches


class VganError(Exception):
    """Base of all errors whose message is meant for the person in front of the app."""


class RecipeError(VganError):
    """A request that cannot be carried out as written: names the field, the value and what is allowed."""


class UnknownName(RecipeError):
    """A look, model, format or family that no table has."""

    def __init__(self, kind: str, name: str, known: Iterable[str]):
        known = list(known)
        near = get_close_matches(str(name), known, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        super().__init__(f"{kind}: {str(name)[:80]!r} is not known.{hint} Known: {', '.join(known)}.")


class WeightsError(VganError):
    """A weights file that is missing, damaged, of another shape, or not to be trusted."""


class MediaError(VganError):
    """A media file or an output place that cannot be read or written."""


class EncoderDied(MediaError):
    """An encoder that ended in the middle, through no fault of the frames or the disk: once more may do."""


class OutOfMemory(VganError):
    """Work that is too large for the memory of this machine."""


class TrainingFailed(VganError):
    """Training that cannot go on: its numbers ran away. The last checkpoint is as it was."""


class Cancelled(VganError):
    """The person stopped the work. Nothing is left behind."""
