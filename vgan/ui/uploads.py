"""Which files a request may name: what was uploaded to this app, what this visit made, and what ships with it."""

from pathlib import Path

from gradio.utils import get_upload_folder

from vgan.errors import RecipeError
from vgan.recipe import Recipe
from vgan.recipe_files import named_files
from vgan.settings import PROJECT

EXAMPLES = PROJECT / "assets" / "examples"


def check_files(recipe: Recipe, own: Path | None = None) -> None:
    """Refuse a recipe that names a file which is none of the visitor's business. own: the folder of the visit.

    Raises RecipeError, in the same words for files that are there and files that are not.
    """
    for field, name in named_files(recipe):
        check_file(field, name, own)


def check_file(field: str, name: str, own: Path | None = None) -> Path:
    """The file called `name`, wherever links lead, if it lies where uploads, examples or this visit's files lie.

    Raises RecipeError naming `field`.
    """
    path = Path(name)
    roots = [root.resolve() for root in (Path(get_upload_folder()), EXAMPLES, *([own] if own else []))]
    try:
        real = path.resolve()
        found = path.is_absolute() and real.is_file() and any(real.is_relative_to(root) for root in roots)
    except (OSError, ValueError, RuntimeError):  # a name too long, a zero byte, links in a circle
        found = False
    if not found:
        raise RecipeError(
            f"{field}: {name.replace(chr(92), '/').rpartition('/')[2][:80]!r} is not a file that you uploaded. "
            "Drop it on the page first."
        )
    return real


def example() -> Path | None:
    """The clip that ships with the app for those who have none at hand; None where it is not there."""
    return next(iter(sorted(EXAMPLES.glob("*.mp4"))), None)
