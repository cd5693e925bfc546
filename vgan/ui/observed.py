"""The studio as its host sees it: all that it draws is an event, timed and counted, and nobody's in particular."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import numpy as np

from vgan.errors import Cancelled, VganError
from vgan.inversion import Inverted
from vgan.logs import event
from vgan.recipe import Generate, Recipe
from vgan.ui.jobs import Paused, Progress
from vgan.ui.line import LineFull
from vgan.ui.own_styles import OwnStyle
from vgan.ui.services import Made, Studio
from vgan.ui.stills import Still
from vgan.ui.visitors import asking
from vgan.zoo import LOOKS

T = TypeVar("T")


class Observed(Studio):
    """A Studio whose previews and long works are logged as they end, whichever way."""

    def frames(self, recipe: Recipe, visit: str = "") -> np.ndarray:
        with self._noted("preview", recipe):
            return super().frames(recipe, visit)

    def still(self, visit: str, recipe: Recipe, frame: int) -> Still:
        with self._noted("preview", recipe):
            return super().still(visit, recipe, frame)

    def render(
        self, visit: str, recipe: Recipe, keep: bool = False, asked: float | None = None
    ) -> Iterator[Progress | Made]:
        return self._watched("render", super().render(visit, recipe, keep, asked), recipe)

    def draft(self, visit: str, recipe: Recipe) -> Iterator[Progress | Made]:
        return self._watched("draft", super().draft(visit, recipe), recipe)

    def fit(self, visit: str, picture: str) -> Iterator[Progress | OwnStyle]:
        return self._watched("fit", super().fit(visit, picture))

    def invert(self, visit: str, picture: str, recipe: Recipe) -> Iterator[Progress | Inverted]:
        return self._watched("search", super().invert(visit, picture, recipe), recipe)

    @contextmanager
    def _noted(self, name: str, recipe: Recipe) -> Iterator[None]:
        """A short work."""
        begun, outcome = time.monotonic(), "left"
        try:
            yield
            outcome = "done"
        except Exception as error:
            outcome = outcome_of(error)
            raise
        finally:
            event(name, seconds=time.monotonic() - begun, look=look_of(recipe), outcome=outcome, visitor=self._asks())

    def _watched(
        self, name: str, steps: Iterator[Progress | T], recipe: Recipe | None = None
    ) -> Iterator[Progress | T]:
        """A long work. waited: seconds in the line; seconds: from its turn to its end."""
        asked, begun, frames, outcome = time.monotonic(), None, 0, "left"
        visitor = self._asks()
        try:
            for step in steps:
                if isinstance(step, Progress):
                    begun = time.monotonic() if begun is None and not step.ahead else begun
                    frames = step.total
                yield step
            outcome = "done"
        except Exception as error:
            outcome = outcome_of(error)
            raise
        finally:
            now = time.monotonic()
            shown: dict[str, Any] = (
                {"frames": frames, "look": look_of(recipe), "format": recipe.share.format} if recipe else {}
            )
            begun = now if begun is None and outcome != "done" else begun or asked
            event(name, seconds=now - begun, waited=begun - asked, outcome=outcome, visitor=visitor, **shown)

    def _asks(self) -> str | None:
        """Whose work it is: a keyed hash that nothing outside of this process can be compared with."""
        return asking(self.settings).address[:8] or None


def outcome_of(error: Exception) -> str:
    """How a work ended that raised `error`, in a word."""
    for kind, word in ((Paused, "paused"), (Cancelled, "cancelled"), (LineFull, "full"), (VganError, "refused")):
        if isinstance(error, kind):
            return word
    return "failed"


def look_of(recipe: Recipe | None) -> str | None:
    """What draws, where it is one of ours; everything else is a visitor's own business."""
    if recipe is None:
        return None
    if not isinstance(recipe.source, Generate):
        return recipe.source.kind
    look = recipe.source.keys[0].look
    return look if look in LOOKS else "own"
