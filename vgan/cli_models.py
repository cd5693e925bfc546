"""`python -m vgan models list | verify | pull | push`: which weights there are, and how they come and go."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Annotated

import typer
from tqdm import tqdm

from vgan.errors import RecipeError, VganError
from vgan.hub import fetch, find_local, push
from vgan.registry import Models
from vgan.settings import Settings
from vgan.zoo import LOOKS, MODELS, ModelSpec, find_model

models_app = typer.Typer(no_args_is_help=True, help="The weights: what is here, what can be fetched, is it whole.")

Name = Annotated[str, typer.Argument(help="A model of `models list`, or a Hub repository of your own as owner/name.")]
Names = Annotated[list[str] | None, typer.Argument(help="Models to check; all that are here if none is named.")]
Public = Annotated[bool, typer.Option("--public", help="Create it for everybody to see; else it is private.")]
Repository = Annotated[str, typer.Argument(help="The Hub repository to fill, owner/name.")]


@contextmanager
def exit_codes() -> Iterator[None]:
    """2 for a request that cannot be carried out as asked, 1 for a failure; the message instead of a traceback."""
    try:
        yield
    except VganError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2 if isinstance(error, RecipeError) else 1) from None
    except OSError as error:  # a place that a command was given, and that cannot be read or written
        if error.filename is None:
            raise
        typer.echo(f"{str(error.filename)[-80:]}: {error.strerror}. Choose another place, or mend this one.", err=True)
        raise typer.Exit(1) from None


@models_app.command("list")
def list_models() -> None:
    """Every model: family, looks, where its files are, size and licence."""
    settings = Settings()
    rows: list[tuple[str, ...]] = [("name", "family", "where", "size", "licence", "looks")]
    with exit_codes():
        rows += [_row(spec, settings) for spec in MODELS.values()]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    for row in rows:
        typer.echo("  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]]))


@models_app.command()
def verify(names: Names = None) -> None:
    """Check the files that are here: hash where known, every tensor, one picture. Nothing is fetched."""
    settings = replace(Settings(), offline=True)
    failures = 0
    with exit_codes():
        specs = [find_model(name) for name in names or MODELS]
        for spec in specs:
            if find_local(spec, settings) is None and not names:
                typer.echo(f"{spec.name}: not on this machine, nothing to check")
                continue
            try:
                Models(settings, capacity=1).get(spec.name)
                typer.echo(f"{spec.name}: whole, loads, draws")
            except VganError as error:
                failures += 1
                typer.echo(str(error), err=True)
    if failures:
        raise typer.Exit(1)


@models_app.command()
def pull(name: Name) -> None:
    """Fetch a model from the Hub, or its newest version, so that it is here when the network is not."""
    settings = Settings()
    with exit_codes():
        spec = find_model(name)
        with tqdm(unit="B", unit_scale=True, desc=spec.file, leave=False, disable=None) as bar:

            def show(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)

            files = fetch(spec, settings, show, refresh=True)
        Models(settings, capacity=1).get(name)
        typer.echo(f"{spec.name}: {files.origin}, {_size(files.weights.stat().st_size)}, at {files.weights.parent}")


@models_app.command("push")
def push_model(
    name: Name,
    repository: Repository,
    public: Public = False,
) -> None:
    """Upload one of our own models to the Hub: weights, config and card. Needs HF_TOKEN with the right to write."""
    with exit_codes():
        pushed = push(name, repository, Settings(), private=not public)
        typer.echo(f"{pushed.url} holds {name} now. For its row in zoo.py:")
        typer.echo(f'repo_id="{repository}", revision="{pushed.revision}",')
        typer.echo(f'sha256="{pushed.sha256}", bytes={pushed.bytes},')


def _row(spec: ModelSpec, settings: Settings) -> tuple[str, ...]:
    looks = ", ".join(look.title for look in LOOKS.values() if look.model == spec.name)
    local = find_local(spec, settings)
    size = _size(local.weights.stat().st_size if local else spec.bytes)
    where = local.origin if local else "to fetch" if spec.repo_id else "missing"
    return (spec.name, spec.family, where, size, spec.licence, looks)


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count else "unknown"
