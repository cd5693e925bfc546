"""Commands for those who measure the networks that mend: `evaluate upscale`, `evaluate denoise` and their kin."""

import logging
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from vgan.cli_measure import Features, Json
from vgan.cli_models import exit_codes
from vgan.registry import Models
from vgan.settings import Settings

mending_app = typer.Typer()

Folders = Annotated[
    list[Path], typer.Option(help="An export folder of training, or a folder of weights/ by its name. Repeatable.")
]
Peers = Annotated[
    list[Path] | None, typer.Option(help="A community model's file, whatever spandrel reads. Repeatable.")
]
Photos = Annotated[Path, typer.Option(help="Folder of photographs never trained on.")]
Heads = Annotated[Path | None, typer.Option(help="LPIPS heads for SqueezeNet; without, those of torchmetrics.")]
Most = Annotated[int, typer.Option(min=1, help="Photographs that are measured at most.")]
Card = Annotated[bool, typer.Option(help="Write the model card beside the weights of each --model.")]


@mending_app.command("upscale")
def evaluate_upscalers(
    model: Folders,
    data: Photos,
    peer: Peers = None,
    features: Features = None,
    heads: Heads = None,
    most: Most = 24,
    before: Annotated[
        Path | None, typer.Option(help="A denoiser's folder: degraded pictures are also measured behind it.")
    ] = None,
    json: Json = None,
    card: Card = False,
) -> None:
    """Every figure of upscalers: PSNR of luma over bicubic, LPIPS of clean and of degraded pictures."""
    _evaluate("upscale", model, data, peer or [], features, heads, most, json, card, before)


@mending_app.command("denoise")
def evaluate_denoisers(
    model: Folders,
    data: Photos,
    peer: Peers = None,
    features: Features = None,
    heads: Heads = None,
    most: Most = 24,
    json: Json = None,
    card: Card = False,
) -> None:
    """Every figure of denoisers: noise in colour and grey, JPEG blocks, LPIPS of degraded pictures."""
    _evaluate("denoise", model, data, peer or [], features, heads, most, json, card)


def _evaluate(
    task: str,
    folders: list[Path],
    data: Path,
    peers: list[Path],
    features: Path | None,
    heads: Path | None,
    most: int,
    json: Path | None,
    card: bool,
    before: Path | None = None,
) -> None:
    from vgan import measured_enhancers, runtime
    from vgan.enhance_cards import write_card
    from vgan.evaluate_enhance import evaluate_denoise, evaluate_upscale, table, write_json
    from vgan.metrics.quality import lpips_squeeze

    logging.getLogger("vgan").setLevel(logging.INFO)
    with exit_codes():
        settings = replace(Settings(), features=features) if features else Settings()
        place = runtime.choose(settings.device)

        def here(path: Path) -> Path:
            return path if path.is_dir() else settings.weights / path

        ours = [measured_enhancers.ours(here(path), place) for path in folders]
        others, lpips = [measured_enhancers.peer(path, place) for path in peers], lpips_squeeze(settings, heads)
        if task == "upscale":
            first = measured_enhancers.ours(here(before), place) if before else None
            report = evaluate_upscale(ours, others, data, lpips, most, first)
        else:
            report = evaluate_denoise(ours, others, data, lpips, most)
        typer.echo(table(report))
        if json:
            write_json(report, json)
        if card:
            for path in folders:
                typer.echo(write_card(report, here(path), data.name))


@mending_app.command("interpolate")
def evaluate_interpolator(
    data: Annotated[Path, typer.Option(help="Folder of clips.")],
    model: Annotated[
        Path | None, typer.Option(help="An export folder of training; without, the bundled weights.")
    ] = None,
    start: Annotated[
        float, typer.Option(min=0, max=0.95, help="Share of every clip that is passed over: it was trained on.")
    ] = 0.6,
    most: Annotated[int, typer.Option(min=1, help="Frames of each clip that are drawn again.")] = 40,
    leave: Annotated[
        list[str] | None, typer.Option(help="A clip to leave out, by its file's name. Repeatable.")
    ] = None,
    json: Json = None,
    card: Annotated[bool, typer.Option(help="Write the model card beside the weights.")] = False,
) -> None:
    """Every figure of the interpolator: frames left out and drawn again, beside blending and DIS flow; cuts."""
    from vgan import runtime
    from vgan.evaluate_interpolate import clips_in, evaluate_interpolate, load, table, write_json
    from vgan.interpolate_card import write_interpolate_card

    logging.getLogger("vgan").setLevel(logging.INFO)
    with exit_codes():
        settings = Settings()
        place, folder = runtime.choose(settings.device), model or settings.weights / "interpolate"
        clips = clips_in(data, leave or [])
        report = evaluate_interpolate(load(folder, place), place, clips, start, most)
        typer.echo(table(report))
        if json:
            write_json(report, json)
        if card:
            typer.echo(write_interpolate_card(report, folder))


@mending_app.command("repair")
def evaluate_repairs(
    data: Annotated[Path, typer.Option(help="Folder of clips without damage.")],
    rounds: Annotated[int, typer.Option(min=1, help="Damaged copies of each clip.")] = 2,
    most: Annotated[int, typer.Option(min=30, help="Frames of each clip.")] = 120,
    side: Annotated[int | None, typer.Option(min=64, help="Longer side at which it is measured, pixels.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of the damage.")] = 0,
    leave: Annotated[
        list[str] | None, typer.Option(help="A clip to leave out, by its file's name. Repeatable.")
    ] = None,
    json: Json = None,
    sheet: Annotated[
        Path | None, typer.Option(help="Also write damaged, mended and true frames to this file (.png).")
    ] = None,
    card: Annotated[bool, typer.Option(help="Write the model card beside the weights of `repair`.")] = False,
) -> None:
    """Every figure of repair: what is found by kind, what is left alone to the bit, how near mended frames come."""
    from vgan.evaluate_interpolate import clips_in
    from vgan.evaluate_repair import evaluate_repair, table, write_json, write_sheet
    from vgan.repair_card import write_repair_card

    logging.getLogger("vgan").setLevel(logging.INFO)
    with exit_codes():
        report, rows = evaluate_repair(Models(), clips_in(data, leave or []), rounds, most, seed, side)
        typer.echo(table(report))
        if json:
            write_json(report, json)
        if sheet:
            write_sheet(rows, sheet)
        if card:
            typer.echo(write_repair_card(report, Settings().weights / "repair"))
