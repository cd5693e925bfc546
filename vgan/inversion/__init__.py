"""A picture of somebody's own as a look draws it: the place among all that a generator can draw is searched for.

The search is that of GAN inversion by optimisation (Zhu et al., "Generative Visual Manipulation on the Natural Image
Manifold", 2016; Abdal et al., "Image2StyleGAN", 2019, with a style for each layer), with LPIPS as the measure.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from vgan import zoo
from vgan.errors import RecipeError
from vgan.inversion.fastgan import FastGanSearch
from vgan.inversion.loop import LoopSearch
from vgan.inversion.picture import load
from vgan.inversion.search import look_for
from vgan.inversion.stylegan2 import StyleGAN2Search
from vgan.metrics.quality import lpips_squeeze
from vgan.models.attributes import KNOTS
from vgan.models.generators.fastgan import FastGAN
from vgan.models.generators.loop import LoopGenerator
from vgan.models.generators.stylegan2 import StyleGAN2
from vgan.picture_code import PictureCode
from vgan.recipe import ATTRIBUTES
from vgan.registry import Models


class Searched(Protocol):
    """A generator as the search sees it: candidates that are drawn, moved, thinned out and written down.

    levels: how many sizes there are, the last one its full size; of those before the largest that is searched at may
    stand for several.
    """

    levels: int

    def __init__(
        self,
        model: Any,
        look: int,
        picture: Tensor,
        knots: Tensor | None,
        count: int,
        aspect: str,
    ) -> None:
        """look: index of the look; picture: (1, 3, H, W) in [-1, 1], in `aspect`; knots: (KNOTS, 7) of the look, see
        `vgan.models.attributes`, None where they are not known; count: how many candidates there are."""

    def moving(self) -> list[dict[str, Any]]:
        """What is optimised, as parameter groups with their learning rates; each with a row for every candidate."""

    def keep(self, chosen: Tensor) -> None:
        """Forget all candidates but `chosen` (n,)."""

    def draw(self, level: int) -> Tensor:
        """Every candidate, float (n, 3, h, w) in [-1, 1] up to overshoot."""

    def strayed(self) -> Tensor:
        """How far each is from what the look usually is, (n,)."""

    def code(self, weights: bytes) -> PictureCode:
        """The first candidate. weights: sha256 of the model's file."""


SEARCHES: dict[type[nn.Module], type[Any]] = {
    LoopGenerator: LoopSearch,
    FastGAN: FastGanSearch,
    StyleGAN2: StyleGAN2Search,
}


@dataclass(frozen=True)
class Inverted:
    """What was found. code: for `Latent.picture`; attributes: where its sliders begin, empty where the look has none;
    score: LPIPS between the picture and what is drawn, 0 for equal; steps: how many the search took."""

    code: str
    attributes: dict[str, float]
    score: float
    steps: int


# What a score (LPIPS) is called: the first whose number it does not exceed. LPIPS has no units: these are how the
# pictures of docs/inversion.md look.
NAMES = ((0.1, "very_close"), (0.25, "close"), (0.4, "roughly"))
FAR = "far"


def named(score: float) -> str:
    """A score in a creator's words: very_close, close, roughly, or far, where the look cannot draw such a picture."""
    return next((name for most, name in NAMES if score <= most), FAR)


def sliders(code: PictureCode) -> dict[str, float]:
    """Where the named sliders are for the picture itself, but for the motion, which a still picture does not tell;
    empty where its look has none."""
    if len(code.attributes) != len(ATTRIBUTES):
        return {}
    shares = zip(ATTRIBUTES, code.attributes.clip(0, 1), strict=True)
    return {name: round(float(share), 2) for name, share in shares if name != "motion"}


def searches(model: nn.Module) -> type[Any] | None:
    """What searches in that kind of generator; None where nothing does."""
    return next((row for kind, row in SEARCHES.items() if isinstance(model, kind)), None)


def invert(
    models: Models,
    look: str,
    picture: Path,
    report: Callable[[int, int], None],
    seconds: float = 60.0,
    aspect: str = "1:1",
) -> Inverted:
    """Search `look` for `picture`: a file of any kind that clips are read from, of a clip the first frame.

    It is cut centrally to `aspect`. report: called with (hundredths that are over, 100); what it raises ends the
    search. seconds: at most, by the clock; a quick machine is done earlier. Raises MediaError for a file without a
    picture, RecipeError for a picture that is too small, a look that is not known or of a kind that cannot be searched,
    WeightsError.
    """
    found = zoo.find_look(look)
    model = models.get(found.model)
    kind = searches(model)
    if kind is None:
        raise RecipeError(
            f"look: {look[:80]!r} is a {type(model).__name__}, in which pictures cannot be searched for. Choose a look "
            "of the gallery."
        )
    wanted = load(picture, aspect).to(models.runtime.device)
    names = getattr(getattr(model, "params", None), "looks", ())
    label = names.index(found.label) if found.label in names else 0
    knots = _knots(models.config(found.model), names[label] if names else "")
    eyes = lpips_squeeze(models.settings).to(models.runtime.device)

    def begin(count: int) -> Searched:
        whole: Searched = kind(model, label, wanted, knots, count, aspect)
        return whole

    best, score, steps = look_for(begin, wanted, eyes, report, seconds)
    code = best.code(models.fingerprint(found.model))
    return Inverted(code.to_text(), sliders(code), score, steps)


def _knots(config: dict[str, Any], look: str) -> Tensor | None:
    """(KNOTS, 7) of `look`, None where the config.json has none that fit."""
    tables = config.get("knots")
    try:
        found = torch.tensor(tables[look], dtype=torch.float32) if isinstance(tables, dict) else None
    except (KeyError, TypeError, ValueError):
        return None
    whole = found is not None and found.shape == (KNOTS, len(ATTRIBUTES)) and bool(found.isfinite().all())
    return found if whole else None
