"""`python -m vgan captions`: the words of a clip, a recipe or a subtitle file, as SRT or WebVTT."""

from pathlib import Path
from typing import Annotated

import typer

from vgan.cli_models import exit_codes
from vgan.errors import MediaError, RecipeError
from vgan.media.probe import recipe_at
from vgan.recipe_overlays import Captions, Cue
from vgan.text.subtitles import FORMATS, LARGEST, read_subtitles, write_subtitles

Source = Annotated[Path, typer.Argument(help="Subtitles (.srt, .vtt), a recipe (.json), or a clip made here.")]
Out = Annotated[
    Path | None, typer.Option("--out", "-o", help="The file to write, .srt or .vtt; else WebVTT is printed.")
]


def write_captions(source: Source, out: Out = None) -> None:
    """The words of SOURCE with their times, for players and platforms that show subtitles of their own."""
    with exit_codes():
        file_format = out.suffix.lower().removeprefix(".") if out else "vtt"
        if file_format not in FORMATS:
            raise RecipeError(f"--out: {out} is none of subtitles. Allowed: a name that ends in .srt or .vtt.")
        text = write_subtitles(_cues(source), file_format)
        if out is None:
            typer.echo(text)
        else:
            out.write_text(text, encoding="utf-8")
            typer.echo(f"{out}: {text.count(' --> ')} captions")


def _cues(source: Path) -> tuple[Cue, ...]:
    """Of subtitles as they are; of a recipe, those of all its captions."""
    kind = source.suffix.lower()
    try:
        if kind in (".srt", ".vtt"):
            with source.open("rb") as file:
                return read_subtitles(file.read(LARGEST + 1))
        recipe = recipe_at(source)
    except OSError as error:
        raise MediaError(f"{source}: cannot be read ({error.strerror}). Give a file that exists.") from error
    found = (
        [cue for overlay in recipe.overlays if isinstance(overlay, Captions) for cue in overlay.cues] if recipe else []
    )
    if not any(cue.text.strip() for cue in found):
        raise RecipeError(
            f"{source.name}: there are no captions in it. Give subtitles, or a clip or recipe with words."
        )
    return tuple(found)
