"""Previews: drawn a few at a time, ahead of renders, and kept for a while."""

import threading
import time
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import numpy as np

from vgan.errors import RecipeError
from vgan.media.extent import Extent
from vgan.plan import roughly
from vgan.recipe import Generate, Recipe
from vgan.registry import Models
from vgan.render import extent_of
from vgan.settings import Settings
from vgan.sources.generate import preview
from vgan.ui.line import Line, LineFull
from vgan.ui.stills import Still, Stills
from vgan.ui.strip import Strip, make_strip
from vgan.ui.visitors import asking
from vgan.ui.visits import Visits

PREVIEW_FRAMES = 16
PREVIEW_SIDE = 288  # shorter side at which moving previews of restyled clips are painted, pixels
MAX_WAITING = 64  # previews: of everybody, of one address, of one page
MAX_OF_ADDRESS = 16
MAX_OF_PAGE = 4
AT_ONCE = 2  # while one is put together, read or sent, the other is drawn; with more, all would come late
FORGET = 20.0  # seconds in which half of a visitor's drawing is forgotten
PREVIEW_SECONDS = 0.3  # that one takes, about
PAUSE = 0.5  # seconds for which a render waits for previews, most
OWN = 0.25  # share of that which is then its own
CACHED_STRIPS = 64


class Previews(Visits):
    """What moves while sliders do. Requests never change a network, so previews and renders share them."""

    def __init__(self, models: Models, settings: Settings):
        super().__init__(models, settings)
        self._strips: OrderedDict[str, Strip] = OrderedDict()
        self._stills = Stills(models)
        self.ahead = Line(MAX_WAITING, MAX_OF_ADDRESS, MAX_OF_PAGE, FORGET, AT_ONCE)
        self._paused_until = 0.0

    def frames(self, recipe: Recipe, visit: str = "") -> np.ndarray:
        """One loop of the preview, or the whole of a clip that music moves, uint8 (16, H, W, 3). Drawn ahead
        of renders, fair between visitors.

        A clip that is restyled or uploaded is painted small, in 16 moments at most. visit: whose files it may name.
        Raises RecipeError, WeightsError, MediaError.
        """
        self.check(recipe, visit)
        recipe = roughly(recipe)
        if isinstance(recipe.source, Generate) and not recipe.steps and not recipe.overlays:
            with self._ahead_of_renders(visit):
                return preview(recipe.source, recipe.share.aspect, self.models, PREVIEW_FRAMES, recipe.sound)
        share = recipe.share.model_copy(update={"short_side": min(PREVIEW_SIDE, recipe.share.short_side or 10_000)})
        small = recipe.model_copy(update={"share": share})
        count = self.extent(small).frames
        places = [index * count // PREVIEW_FRAMES for index in range(PREVIEW_FRAMES)] if count > 1 else [0]
        return np.concatenate([self._moments(small, some, visit) for some in self._stills.groups(small, places)])

    def _moments(self, recipe: Recipe, places: Sequence[int], visit: str) -> np.ndarray:
        """Some moments of a slow preview, in a turn of their own: others come between."""
        with self._ahead_of_renders(visit):
            return self._stills.moments(recipe, places)

    def preview(self, recipe: Recipe, visit: str = "") -> Strip:
        """The same as a strip for the stage, at once when it was drawn lately."""
        self.check(recipe, visit)
        # how long a loop takes changes how fast the strip plays, not what is on it, unless music moves it
        alike = isinstance(recipe.source, Generate) and not (recipe.sound and recipe.sound.drives)
        always = {"seconds": 4.0, "loops": 1} if alike else {}
        source, seconds = recipe.source.model_copy(update=always), self.seconds(recipe)
        steps = [step.model_dump_json() for step in roughly(recipe).steps]
        over = recipe.model_dump_json(include={"overlays", "sound"})
        key = f"{source.model_dump_json()} {recipe.share.aspect} {steps} {over}"
        with self._guard:
            found = self._strips.get(key)
            if found:
                self._strips.move_to_end(key)
        if not found:
            found = make_strip(self.frames(recipe, visit), seconds)
            with self._guard:
                self._strips[key] = found
                while len(self._strips) > CACHED_STRIPS:
                    self._strips.popitem(last=False)
        return replace(found, seconds=seconds)

    @staticmethod
    def seconds(recipe: Recipe) -> float:
        """Of one loop of a look, of all of them where music moves it, or of the part of an upload that is used. Raises
        as `render`."""
        if isinstance(recipe.source, Generate):
            return recipe.source.seconds * (recipe.source.loops if recipe.sound and recipe.sound.drives else 1)
        return Previews.extent(recipe).seconds

    @staticmethod
    def extent(recipe: Recipe) -> Extent:
        """How long and large the clip will be. Its files are checked before. Raises RecipeError, MediaError."""
        return extent_of(recipe)

    def still(self, visit: str, recipe: Recipe, frame: int) -> Still:
        """One frame before and after the steps, as the render will have it. Drawn as `frames` is, raises as it does."""
        self.check(recipe, visit)
        with self._ahead_of_renders(visit):
            return self._stills.draw(recipe, frame)

    def _forget(self) -> bool:
        """Let go of all that was drawn. Returns whether there was anything."""
        with self._guard:
            held = bool(self._strips)
            self._strips.clear()
        return self._stills.let_go() or held

    @contextmanager
    def _ahead_of_renders(self, visit: str = "") -> Iterator[None]:
        """AT_ONCE previews draw at a time; renders pause at their next break while any does or waits."""
        begun = threading.Event()
        try:
            turn = self.ahead.join(asking(self.settings, visit), PREVIEW_SECONDS, begun.set)
        except LineFull as error:
            raise RecipeError(
                "preview: too many people are moving sliders at this moment. Try again in a few seconds."
            ) from error
        try:
            begun.wait()
            if turn.replaced:
                raise RecipeError(f"preview: {MAX_OF_PAGE} of yours were waiting, and a newer one took its place.")
            yield
        finally:
            turn.leave()

    def _previews_first(self) -> None:
        """Called by renders at their breaks: wait for previews, but for no more than four fifths of the time."""
        start = time.monotonic()
        if self.ahead.idle.is_set() or start < self._paused_until:
            return
        self.ahead.idle.wait(PAUSE)
        now = time.monotonic()
        self._paused_until = now + OWN * (now - start)
