"""`python -m vgan clips frames`: frames of clips as pictures, for training."""

from pathlib import Path
from typing import Annotated

import typer

from vgan.cli_models import exit_codes

clips_app = typer.Typer(no_args_is_help=True, help="Clips as material for training.")


@clips_app.callback()
def clips() -> None:
    """Clips as material for training."""


@clips_app.command("frames")
def frames(
    clip: Path,
    folder: Path,
    short_side: Annotated[int, typer.Option(min=64, max=2160, help="Of the frames, where they are larger.")] = 360,
    until: Annotated[
        float, typer.Option(min=0.05, max=1, help="Share of the clip; keep the rest for `evaluate interpolate`.")
    ] = 1.0,
) -> None:
    """Write the frames of CLIP into FOLDER as PNG, a subfolder for each scene: something for `train interpolate`."""
    from vgan.clip_frames import write_clip_frames

    with exit_codes():
        typer.echo(f"{folder}: {write_clip_frames(clip, folder, short_side, until)} pictures")
