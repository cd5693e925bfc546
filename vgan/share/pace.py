"""How long a clip will take and how large it will be, from the clips that this process has made before."""

from dataclasses import dataclass
from threading import Lock

from vgan.errors import RecipeError
from vgan.recipe import Generate, Recipe
from vgan.share.formats import FORMATS
from vgan.zoo import Look, find_look, find_model

STARTING = 0.5  # seconds to start an encoder and to look at its file afterwards

# Seconds to draw a square frame, by family and device: on the slow side of what was measured on two CPU cores.
DRAWING = {("loop", "cpu"): 0.02, ("loop", "cuda"): 0.003, ("fastgan", "cpu"): 0.6, ("fastgan", "cuda"): 0.02}


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

    def note(self, recipe: Recipe, device: str, spent: Spent) -> None:
        """Remember what the clip of `recipe` cost on that type of device."""
        frames, pixels = _amount(recipe)
        look, file_format = _look(recipe), recipe.share.format
        with self._lock:
            self._blend(("draw", look.model, device), spent.drawing / (frames * _length(recipe)))
            self._blend(("encode", file_format, device), spent.encoding / pixels)
            self._blend(("bytes", file_format), spent.bytes / pixels)
            self._blend(("bytes", file_format, look.name), spent.bytes / pixels)

    def _blend(self, key: tuple[str, ...], rate: float) -> None:
        self._rates[key] = (self._rates.get(key, rate) + rate) / 2

    def estimate(self, recipe: Recipe, device: str) -> Estimate:
        """What the clip of `recipe` will cost on that type of device."""
        frames, pixels = _amount(recipe)
        look, file_format = _look(recipe), recipe.share.format
        row = FORMATS[file_format]
        family = find_model(look.model).family
        with self._lock:
            draw = self._rates.get(("draw", look.model, device), DRAWING[family, device])
            encode = self._rates.get(("encode", file_format, device), row.seconds_per_pixel)
            known = self._rates.get(("bytes", file_format), row.bytes_per_pixel)
            size = self._rates.get(("bytes", file_format, look.name), known)
        return Estimate(STARTING + max(draw * frames * _length(recipe), encode * pixels), int(size * pixels))


def _look(recipe: Recipe) -> Look:
    if not isinstance(recipe.source, Generate):
        raise RecipeError("source.kind: only the cost of a generated clip is known beforehand.")
    return find_look(recipe.source.keys[0].look)


def _amount(recipe: Recipe) -> tuple[int, int]:
    """Frames, and pixels of all of them."""
    width, height = recipe.share.size
    return recipe.frame_count, recipe.frame_count * width * height


def _length(recipe: Recipe) -> float:
    """How much longer than a square the picture is: what drawing it costs more, whatever the finished size."""
    return max(recipe.share.size) / min(recipe.share.size)
