"""Whose work is in a clip: the weights that drew it with their licences, and what the person brought along."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from vgan import zoo
from vgan.models.stylizer import StyleVector
from vgan.recipe import Generate, Recipe, Upload, base_name
from vgan.recipe_steps import Denoise, Interpolate, Repair, Strong, Stylize, Upscale
from vgan.registry import Models
from vgan.steps.painters import OURS
from vgan.zoo import UNSAID, YOURS

Verdict = Literal["yes", "no", "unknown"]

LONGEST_NAME = 200  # characters of a name or an origin: those of files can be as long as a page
EARLIER = "earlier: "  # before the part of a source that came along with an upload made here


@dataclass(frozen=True)
class Credit:
    """One source of a clip.

    part: what of the recipe it served. name: of the weights, or of the person's file, without its folder. origin: where
    it comes from. may_sell: whether what it makes may be sold; `yours` for what the person brought.
    """

    part: str
    name: str
    origin: str
    licence: str
    may_sell: Verdict | Literal["yours"]


def sources(recipe: Recipe, models: Models | None = None) -> tuple[Credit, ...]:
    """Every set of weights that `recipe` draws with, and every file of the person's own, each once a part.

    models: tells which of our networks are here, where a step also works without one of them; else all count. Raises
    UnknownName and RecipeError for names that no table has, WeightsError for a style that cannot be had.
    """
    found = [*_weights(recipe, models), *_own(recipe)]
    return tuple(dict.fromkeys(found))


def may_be_sold(credits: Iterable[Credit]) -> Verdict:
    """Whether a clip of these sources may be sold, as far as its weights go: `no` as soon as one forbids it, `unknown`
    as soon as nobody knows of one. What the person brought does not count: only they know."""
    said = {credit.may_sell for credit in credits}
    return "no" if "no" in said else "unknown" if "unknown" in said else "yes"


def changing(recipe: Recipe) -> tuple[str, ...]:
    """The kinds of those steps of `recipe` in which a network changes pictures, in their order."""
    return tuple(step.kind for step in recipe.steps if list(_networks(step)))


def _weights(recipe: Recipe, models: Models | None) -> Iterator[Credit]:
    if isinstance(recipe.source, Generate):
        for latent in recipe.source.keys:
            look = zoo.find_look(latent.look)
            yield credit_of("look", look.model, look.title)
    for step in recipe.steps:
        for name, needed, title in _networks(step):
            if needed or models is None or models.here(name):
                yield credit_of(step.kind, name, title)
            own_style = zoo.find_model(name).family == "style-file"
            if own_style and models is not None and isinstance(models.get(name), StyleVector):
                yield credit_of(step.kind, OURS)  # a vector says how our network paints


def credit_of(part: str, model: str, title: str = "") -> Credit:
    """The credit of the zoo's row `model`. title: which of the things in it. Raises as `zoo.find_model`."""
    spec = zoo.find_model(model)
    if spec.own:
        return Credit(part, spec.title, "a look of your own", YOURS, "yours")
    if spec.path:
        origin = "a file of your own"
    elif spec.repo_id:
        origin = f"https://huggingface.co/{spec.repo_id}, {spec.file}, {spec.revision[:12] or 'as it was when fetched'}"
    else:
        origin = f"shipped with VGAN Studio, {spec.source}"
    may_sell: Verdict = "unknown" if spec.licence == UNSAID else "yes" if spec.may_sell else "no"
    name = base_name(spec.path) if spec.path else spec.title
    inside = f": {title}" if title and title not in name else ""
    return Credit(part, (name + inside)[:LONGEST_NAME], origin[:LONGEST_NAME], spec.licence, may_sell)


def _networks(step: Any) -> Iterator[tuple[str, bool, str]]:
    """The networks of a step at its strengths: row of the zoo, whether it cannot do without, which thing in it."""
    kind = step.kind
    if kind in NETWORKS:
        yield from NETWORKS[kind](step)


def _styles(step: Stylize) -> Iterator[tuple[str, bool, str]]:
    names = [step.style] if step.second is None or step.blend < 1 else []
    names += [step.second] if step.second is not None and step.blend else []
    for name in names if step.strength else []:
        style = zoo.find_style(name)
        yield style.model, True, f"{style.title}, after {style.credit}" if style.credit else style.title


def _repair(step: Repair) -> Iterator[tuple[str, bool, str]]:
    if step.strength:
        yield "repair", True, ""
        yield "interpolate", True, ""


def _interpolate(step: Interpolate) -> Iterator[tuple[str, bool, str]]:
    if step.strength:
        yield "interpolate", True, ""


def _denoise(step: Denoise) -> Iterator[tuple[str, bool, str]]:
    if step.strength:
        ours = [("denoise", True, ""), *([("denoise-gan", False, "")] if step.detail else [])]
        yield from _community(step) or ours


def _upscale(step: Upscale) -> Iterator[tuple[str, bool, str]]:
    name = f"upscale-x{step.factor}"
    versions = [(f"{name}-gan", step.strength), (f"{name}-clean", step.clean)]
    ours = [(name, True, ""), *((version, False, "") for version, share in versions if share)]
    yield from _community(step) or ours


def _community(step: Strong) -> list[tuple[str, bool, str]]:
    return [(name, True, "") for name in step.models.values()]


NETWORKS: dict[str, Callable[[Any], Iterator[tuple[str, bool, str]]]] = {
    "stylize": _styles,
    "repair": _repair,
    "denoise": _denoise,
    "upscale": _upscale,
    "interpolate": _interpolate,
}


def _own(recipe: Recipe) -> Iterator[Credit]:
    files = [("upload", recipe.source.path)] if isinstance(recipe.source, Upload) else []
    files += [(overlay.kind, name) for overlay in recipe.overlays for name in overlay.files.values()]
    files += [("music", name) for name in (recipe.sound.files.values() if recipe.sound else ())]
    for part, name in files:
        yield Credit(part, base_name(name)[:LONGEST_NAME], YOURS, YOURS, "yours")
