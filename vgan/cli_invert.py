"""`python -m vgan invert`: a picture of one's own as a look draws it, as a recipe."""

from pathlib import Path
from typing import Annotated, Literal

import typer
from tqdm import tqdm

from vgan.cli_models import exit_codes


def invert_picture(
    picture: Annotated[Path, typer.Argument(help="A picture, or a clip: its first frame.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The recipe to write, .json.")],
    look: Annotated[str, typer.Option(help="The look that draws it.")] = "aurora",
    aspect: Annotated[Literal["1:1", "9:16", "4:5", "16:9"], typer.Option(help="What is cut out of it.")] = "1:1",
    seconds: Annotated[float, typer.Option(min=1, max=3600, help="How long to search, at most.")] = 60,
) -> None:
    """Find PICTURE in a look and write the recipe of a clip that begins with it."""
    from vgan.errors import MediaError, RecipeError
    from vgan.inversion import invert, named
    from vgan.recipe import Generate, Recipe, Share
    from vgan.registry import Models

    with exit_codes():
        if out.suffix != ".json":
            raise RecipeError(f"{out.name}: a recipe ends in .json. Rename it.")
        if not out.absolute().parent.is_dir():
            raise MediaError(f"there is no folder {str(out.absolute().parent)!r}. Create it, or choose another place.")
        if not picture.is_file():
            raise RecipeError(f"{picture}: there is no such file. Name a picture.")
        with tqdm(total=100, unit="%", desc=out.name, disable=None) as bar:
            found = invert(Models(), look, picture, lambda done, _: bar.update(done - bar.n), seconds, aspect)
        source = Generate(look=look, picture=found.code, **found.attributes)
        out.write_text(Recipe(source=source, share=Share(aspect=aspect)).to_json(), encoding="utf-8")
    typer.echo(f"{out}: {picture.name} in {look}, {named(found.score).replace('_', ' ')} (LPIPS {found.score:.3f})")
