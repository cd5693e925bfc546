"""`python -m vgan clips frames` and `mood`: what is in a clip."""

import json
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


def tell_mood(
    file: Annotated[Path, typer.Argument(help="A clip, a picture or a song.")],
    sound: Annotated[Path | None, typer.Option(help="A song that is heard instead of the clip's own sound.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, with where each finding comes from.")] = False,
) -> None:
    """Estimate the mood of FILE, with what the estimate is based on, and what would go with it."""
    from vgan.mood import mood_of_clip, suggest

    with exit_codes():
        found = mood_of_clip(file, sound)
        fitting = suggest(found)
        if as_json:
            sliders = [{"look": look.name} | look.sliders for look in fitting.looks]
            goes = {"looks": sliders, "grade": fitting.grade.model_dump(mode="json"), "templates": fitting.templates}
            typer.echo(json.dumps(found.facts() | {"suggests": goes}, indent=1))
            return
        typer.echo(f"{found.name}: valence {found.valence:+.2f} (-1 to 1), energy {found.energy:.2f} (0 to 1)")
        for ground in found.because:
            typer.echo(f"  {ground.what:10} {ground.value:9.3f}  {ground.valence:+.2f} {ground.energy:+.2f}")
        typer.echo(
            f"looks: {', '.join(look.name for look in fitting.looks)}; templates: {', '.join(fitting.templates)}"
        )
