"""`python -m vgan styles list | sheet | tiles | fit | push`: the styles, and one of your own."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from tqdm import tqdm

from vgan.cli_models import Public, exit_codes
from vgan.errors import MediaError, RecipeError
from vgan.hub import push_style
from vgan.recipe import Generate, Upload
from vgan.registry import Models
from vgan.settings import PROJECT, Settings
from vgan.zoo import STYLES

styles_app = typer.Typer(no_args_is_help=True, help="The styles that clips are redrawn in, and one of your own.")

Out = Annotated[Path, typer.Option("--out", "-o", help="The style file to write, .safetensors.")]
Seconds = Annotated[float, typer.Option(min=1, max=3600, help="How long to fit.")]
Features = Annotated[Path | None, typer.Option(help="SqueezeNet 1.1 weights; without, torchvision fetches its own.")]


@styles_app.command("list")
def list_styles() -> None:
    """Every style: its name in a recipe, and what it was learned from."""
    width = max(len(name) for name in STYLES)
    for style in STYLES.values():
        typer.echo(f"{style.name.ljust(width)}  {style.title}, {style.credit}")


@styles_app.command()
def fit(picture: Path, out: Out, seconds: Seconds = 60, features: Features = None) -> None:
    """Fit a style to PICTURE, for `"style": "OUT"` in a recipe."""
    from vgan.fitting import fit_picture

    with exit_codes():
        if out.suffix != ".safetensors":
            raise RecipeError(f"{out.name}: a style file ends in .safetensors. Rename it.")
        if not out.absolute().parent.is_dir():
            raise MediaError(f"there is no folder {str(out.absolute().parent)!r}. Create it, or choose another place.")
        if not picture.is_file():
            raise RecipeError(f"{picture}: there is no such file. Name a picture.")
        models = Models(replace(Settings(), features=features) if features else Settings())
        with tqdm(total=100, unit="%", desc=out.name, disable=None) as bar:
            fit_picture(models, picture, out, lambda done, total: bar.update(done - bar.n), seconds)
    typer.echo(f"{out}: a style like {picture.name}")


@styles_app.command()
def sheet(
    out: Annotated[Path, typer.Argument(help="The picture to write, .png.")],
    look: Annotated[str, typer.Option(help="The look that is redrawn.")] = "silk",
    upload: Annotated[Path | None, typer.Option(help="A clip or picture of your own in its place.")] = None,
    side: Annotated[int, typer.Option(min=144, max=720, help="Of each tile, pixels.")] = 256,
) -> None:
    """One picture in every style, four a row."""
    from vgan.contact_sheet import style_sheet

    with exit_codes():
        source = Upload(path=str(upload)) if upload else Generate(look=look)
        style_sheet(out, source, side, 4, Models())


@styles_app.command()
def tiles(folder: Path = PROJECT / "assets" / "styles") -> None:
    """Paint the gallery's tiles with the bundled weights into FOLDER."""
    from vgan.ui.style_gallery import build_style_tiles

    with exit_codes():
        typer.echo(f"{folder}: {len(build_style_tiles(Models(), folder))} files")


@styles_app.command()
def push(
    style: Annotated[Path, typer.Argument(help="A style file of your own.")],
    repository: Annotated[str, typer.Argument(help="The Hub repository to fill, owner/name.")],
    public: Public = False,
) -> None:
    """Upload a style of your own to the Hub. Needs HF_TOKEN with the right to write."""
    with exit_codes():
        pushed = push_style(style, repository, Settings(), private=not public)
        typer.echo(f'{pushed.url} holds it now: "style": "{repository}"')
