"""Key looks that are found pictures: what their codes mean to the players, and to which weights they belong."""

from math import pi

from torch import Tensor

from vgan import zoo
from vgan.errors import RecipeError
from vgan.picture_code import PictureCode, read
from vgan.recipe import ATTRIBUTES, Generate, Latent
from vgan.registry import Models

TYPICAL = 0.8  # the truncation at which pictures are found, that of the recipe when nobody touches it
AGAIN = "Find it again with this look, or remove it."


def check_pictures(source: Generate, models: Models) -> None:
    """Raises RecipeError for a picture that was found with other weights than those that would draw it, and as
    `Models.get`."""
    for key in source.keys:
        if key.picture and not fits(key, models):
            raise RecipeError(f"picture: it was found with other weights than those of {key.look[:80]!r}. {AGAIN}")


def fits(key: Latent, models: Models) -> bool:
    """Whether the picture of `key` was found with the weights that draw it. Raises as `Models.get`."""
    return read(key.picture).weights == models.fingerprint(zoo.find_look(key.look).model)[:8]


def code_of(key: Latent, family: str, shape: tuple[int, int], phases: int) -> PictureCode:
    """The code of the picture of `key`, for a generator with styles of `shape` and so many phases. Raises RecipeError
    for the code of another one."""
    code, named = read(key.picture), len(ATTRIBUTES) if family == "loop" else 0
    if (code.family, code.styles.shape, len(code.phases), len(code.attributes)) != (family, shape, phases, named):
        raise RecipeError(f"picture: it was found with another kind of network than that of {key.look[:80]!r}. {AGAIN}")
    return code


def turned(start: Tensor, end: Tensor, share: Tensor) -> Tensor:
    """From phases to phases (n, waves) the shorter way round; share: (n, 1) of it."""
    return start + share * ((end - start + pi).remainder(2 * pi) - pi)


def found_with(styles: Tensor, phases: Tensor, attributes: Tensor, family: str, weights: bytes) -> PictureCode:
    """A code of tensors: styles (rows, width), phases (n,), attributes (7,) or (0,)."""
    parts = [part.detach().float().cpu().numpy() for part in (styles, phases.remainder(2 * pi), attributes)]
    return PictureCode(family, weights[:8], *parts)
