"""How long a clip will take and how large it will be, from the clips that this process has made before."""

from dataclasses import dataclass
from threading import Lock
from typing import Any

from vgan.overlays import SECONDS as OVERLAY_SECONDS
from vgan.plan import Plan
from vgan.recipe import Generate, Recipe
from vgan.recipe_steps import Stylize
from vgan.share.formats import FORMATS
from vgan.sources.known import known
from vgan.sources.players import player_of
from vgan.steps import STEPS
from vgan.zoo import find_look, find_style

STARTING = 0.5  # seconds to start an encoder and to look at its file afterwards

READING = 4e-9  # seconds a pixel of a frame, to read a clip
FILMED = 2.2  # the detail of what a camera has seen, measured on clips of many kinds
LARGE = 1 << 30
SQUARE = 512 * 512  # pixels that the tables of steps speak of


@dataclass(frozen=True)
class Estimate:
    """What a render will cost. seconds: of waiting, once the weights are here; bytes: of the finished file."""

    seconds: float
    bytes: int


@dataclass(frozen=True)
class Spent:
    """What a render did cost. drawing, encoding: seconds in either, which overlap; bytes: of the file."""

    drawing: float
    encoding: float
    bytes: int


class Pace:
    """A running measurement: half the last clip of its kind, half what was known before. Safe from several threads."""

    def __init__(self) -> None:
        self._rates: dict[tuple[str, ...], float] = {}
        self._lock = Lock()

    def note(self, recipe: Recipe, planned: Plan, device: str, spent: Spent) -> None:
        """Remember what the clip of `recipe` cost on that type of device."""
        drawing, file_format = _Drawing(recipe, planned, device), recipe.share.format
        extent = planned.final
        if recipe.share.max_mb is not None:  # the file was made smaller, and several times
            return
        with self._lock:
            # the first guess says how the cost falls on source and steps; the clock, how much it is in all
            self._blend(("draw", *drawing.kind), spent.drawing / drawing.guess)
            self._blend(("encode", file_format, device), spent.encoding / extent.pixels)
            over = spent.bytes / FORMATS[file_format].weight.of(extent, drawing.detail)
            self._blend(("bytes", file_format), over)
            self._blend(("bytes", file_format, drawing.name), over)

    def _blend(self, key: tuple[str, ...], rate: float) -> None:
        self._rates[key] = (self._rates.get(key, rate) + rate) / 2

    def estimate(self, recipe: Recipe, planned: Plan, device: str) -> Estimate:
        """What the clip of `recipe` will cost on that type of device."""
        drawing, file_format = _Drawing(recipe, planned, device), recipe.share.format
        row, extent = FORMATS[file_format], planned.final
        with self._lock:
            draw = drawing.guess * self._rates.get(("draw", *drawing.kind), 1.0)
            encode = self._rates.get(("encode", file_format, device), row.seconds_per_pixel) * extent.pixels
            over = self._rates.get(("bytes", file_format), 1.0)
            over = self._rates.get(("bytes", file_format, drawing.name), over)
        made = over * row.weight.of(extent, drawing.detail)
        most = recipe.share.max_mb
        return Estimate(STARTING + max(draw, encode), int(made if most is None else min(made, most * 1e6)))


class _Drawing:
    """What source and steps cost. guess: seconds by the tables; kind: what tells one measurement from another; name:
    of what the pictures look like, which decides how well they compress; detail: how much of it, see `zoo.Look`."""

    def __init__(self, recipe: Recipe, planned: Plan, device: str):
        first = planned.stages[0]
        width, height = first.size
        length = max(width, height) / min(width, height)  # how much longer than a square: what drawing costs more
        if isinstance(recipe.source, Generate):
            look = find_look(recipe.source.keys[0].look)
            self.name, model, self.detail = look.name, look.model, look.detail
            drawer = known(look.name)
            drawn = player_of(drawer.module).SECONDS[device] * drawer.side * drawer.side / (SQUARE * 4)
            seconds = drawn * length * first.frames
        else:
            self.name = model = "upload"
            self.detail = FILMED
            seconds = READING * first.pixels
        for step, after in zip(recipe.steps, planned.stages[1:], strict=True):
            side = min(*after.size, getattr(step, "canvas", LARGE))
            pixels = side * side * max(after.size) / min(after.size)
            kind = STEPS[step.kind]
            if isinstance(step, Stylize):  # what is painted looks like the paint, whatever is under it
                self.name += f" {step.style}"
                self.detail += step.strength * (find_style(step.style).detail - self.detail)
            seconds += kind.seconds[device] * kind.times(step, device) * pixels / SQUARE * after.frames
        if recipe.overlays:
            seconds += OVERLAY_SECONDS * planned.final.pixels
        self.guess = seconds
        over = ["overlays"] if recipe.overlays else []
        steps = "+".join([model, *(f"{step.kind} {_which(step)}" for step in recipe.steps), *over])
        self.kind = (steps, device)


def _which(step: Any) -> str:
    """What tells a step's cost, a pixel, from that of another of its kind."""
    return str(getattr(step, "style", getattr(step, "model", "")))
