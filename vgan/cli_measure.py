"""Commands for those who make and measure looks: `looks`, `evaluate`, `bench`."""

import logging
from pathlib import Path
from typing import Annotated

import typer

from vgan.cli_models import exit_codes
from vgan.registry import Models

looks_app = typer.Typer(no_args_is_help=True, help="The made pictures that the looks are trained on.")
evaluate_app = typer.Typer(no_args_is_help=True, help="Measure what networks draw.")
bench_app = typer.Typer(no_args_is_help=True, help="Measure how fast it is.")

Features = Annotated[Path | None, typer.Option(help="SqueezeNet 1.1 weights; without, torchvision fetches its own.")]
Json = Annotated[Path | None, typer.Option("--json", help="Also write the figures to this file.")]


@looks_app.command("draw")
def draw(folder: Path, per_look: int = 320, first_seed: int = 0, short_side: int = 256) -> None:
    """Draw clips of every look into FOLDER, as training does."""
    from vgan.training.dataset import build

    build(folder, per_look, first_seed, short_side)


@looks_app.command("sheet")
def sheet(out: Path, clips: int = 4, side: int = 160, seed: int = 0, made: bool = False) -> None:
    """A contact sheet at OUT (.png): a row for each look, three moments of each clip.

    --made shows the generator's pictures of the same looks in place of the formulas'.
    """
    from vgan.contact_sheet import contact_sheet

    with exit_codes():
        contact_sheet(out, clips, side, seed, Models() if made else None)


@evaluate_app.command("looks")
def evaluate(
    data: Annotated[Path, typer.Option(help="Clips drawn for training.")],
    held_out: Annotated[Path, typer.Option(help="Clips drawn from seeds never trained on.")],
    features: Features = None,
    dcgan: Annotated[Path | None, typer.Option(help="A checkpoint of `train dcgan`.")] = None,
    json: Json = None,
    quick: Annotated[bool, typer.Option(help="A tenth of the clips: minutes instead of a quarter of an hour.")] = False,
) -> None:
    """Every figure of the shipped looks."""
    from vgan.evaluate import Protocol, evaluate_looks, table, write_json

    logging.getLogger("vgan").setLevel(logging.INFO)
    with exit_codes():
        protocol = Protocol(classify=8, sweep=16, frames=576, seams=1) if quick else Protocol()
        report = evaluate_looks(Models(), data, held_out, features, protocol, dcgan)
        typer.echo(table(report))
        if json:
            write_json(report, json)


@bench_app.command("create")
def create(json: Json = None) -> None:
    """The main job: preview latency over HTTP, generator and encoder alone, the whole render, memory."""
    from vgan.bench import bench_create, table, write_json

    with exit_codes():
        result = bench_create(Models())
        typer.echo(table(result))
        if json:
            write_json(result, json)
