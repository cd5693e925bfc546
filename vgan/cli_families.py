"""`python -m vgan compare-families`."""

import logging
from pathlib import Path
from typing import Annotated

import typer

from vgan.cli_measure import Features
from vgan.cli_models import exit_codes
from vgan.errors import RecipeError
from vgan.settings import PROJECT

Families = Annotated[list[str] | None, typer.Option("--family", help="Only this family. Repeatable; without, all.")]
Sets = Annotated[list[str] | None, typer.Option("--set", help="Only these clips: shapes, shapes-by-kind or looks.")]
Minutes = Annotated[float | None, typer.Option(min=0.001, help="Processor minutes of each run, of every clip set.")]


def compare_families(
    out: Annotated[Path, typer.Option(help="Folder for clips, runs and figures; what is there is not done again.")],
    docs: Annotated[
        Path, typer.Option(exists=True, file_okay=False, help="Folder of families.md and its pictures.")
    ] = PROJECT / "docs",
    family: Families = None,
    clip_set: Sets = None,
    minutes: Minutes = None,
    seeds: Annotated[int, typer.Option(min=1, help="Runs of each family.")] = 3,
    side: Annotated[int, typer.Option(help="Of a frame, pixels: a power of two from 16.")] = 32,
    frames: Annotated[int, typer.Option(min=5, help="Of a clip.")] = 16,
    clips: Annotated[int, typer.Option(min=64, help="Clips that are trained on.")] = 1200,
    samples: Annotated[int, typer.Option(min=64, help="Clips that are measured, of each run.")] = 256,
    batch: Annotated[int, typer.Option(min=2, help="Clips a step.")] = 8,
    features: Features = None,
    inception: Annotated[
        str | None,
        typer.Option(help="Also FID: a file with Inception v3 in torchvision's layout, or `torchvision` to fetch it."),
    ] = None,
    i3d: Annotated[
        Path | None,
        typer.Option(
            help="Also FVD: I3D's state dict (.safetensors, or .pt of tensors alone; no TorchScript: it is code)."
        ),
    ] = None,
) -> None:
    """Train all families of video generators on the same clips for the same time, measure them, write the page.

    The page is written anew after every run; a comparison that was stopped goes on where it was.
    """
    from vgan.compare_families import Comparison, compare
    from vgan.compare_families_page import write_page
    from vgan.metrics.clip_table import Eyes
    from vgan.metrics.i3d import I3dEyes
    from vgan.metrics.inception import InceptionEyes
    from vgan.models.video_families import VIDEO_FAMILIES

    logging.getLogger("vgan").setLevel(logging.INFO)
    with exit_codes():
        usual = Comparison().cpu_minutes
        asked = clip_set or list(usual)
        plan = Comparison(
            {name: minutes or usual.get(name, max(usual.values())) for name in asked},
            seeds,
            side,
            frames,
            clips,
            samples,
            min(Comparison.axes, samples // 4),
            batch,
        )
        if clips < samples:
            raise RecipeError(f"clips: {clips} are fewer than the {samples} samples that they are compared by.")
        others: dict[str, Eyes] = {}
        if inception:
            others["FID (torchvision)"] = InceptionEyes(None if inception == "torchvision" else Path(inception))
        if i3d:
            others["FVD (I3D)"] = I3dEyes(i3d)
        for contests in compare(plan, family or list(VIDEO_FAMILIES), out, features, others):
            page = write_page(contests, plan, docs)
        typer.echo(page)
