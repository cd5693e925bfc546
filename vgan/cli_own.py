"""`python -m vgan own list | add | push | remove`: the looks that were trained here."""

from pathlib import Path
from typing import Annotated

import typer

from vgan import own_looks
from vgan.cli_models import Public, Repository, exit_codes
from vgan.own_looks.added import add as add_look

own_app = typer.Typer(no_args_is_help=True, help="The looks that were trained here; recipes say my:NAME.")

Name = Annotated[str, typer.Argument(help="A look of `own list`, with or without my:.")]


@own_app.command("list")
def list_own() -> None:
    """Every look of one's own: its name in a recipe, and where it lies."""
    for look in own_looks.own_looks():
        typer.echo(f"{look.name}  {look.folder}")


@own_app.command()
def add(
    folder: Annotated[Path, typer.Argument(help="An export folder: model.safetensors and config.json.")],
    name: Annotated[str, typer.Argument(help="What it is to be called: small letters, digits, dashes.")],
) -> None:
    """Take what a training exported to the looks, so that it plays as my:NAME. It is tried first."""
    with exit_codes():
        typer.echo(f'{add_look(folder, name).folder}: "look": "my:{name}"')


@own_app.command()
def push(name: Name, repository: Repository, public: Public = False) -> None:
    """Upload a look of one's own to the Hub with its card. Needs HF_TOKEN with the right to write."""
    with exit_codes():
        pushed = own_looks.push(name, repository, private=not public)
        typer.echo(f'{pushed.url} holds it now: "look": "{repository}"')


@own_app.command()
def remove(name: Name) -> None:
    """Remove a look of one's own, for good."""
    with exit_codes():
        own_looks.remove(name)
        typer.echo(f"{name}: removed")
