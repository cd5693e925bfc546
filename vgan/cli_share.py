"""`python -m vgan check | cover | platforms`: is a finished file ready to be posted, its cover, and where to."""

import json
from pathlib import Path
from typing import Annotated

import typer

from vgan.cli_models import exit_codes

File = Annotated[Path, typer.Argument(help="A finished clip or picture.")]
Where = Annotated[str, typer.Option(help="A platform of `python -m vgan platforms`.")]
AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]
Jpeg = Annotated[Path, typer.Option("--out", "-o", help="The JPEG to write.")]
Moment = Annotated[float, typer.Option(help="The moment that is shown, seconds.")]

MARKS = {"yes": "ok   ", "warns": "warns", "no": "FAILS"}


def check_file(file: File, platform: Where = "any", as_json: AsJson = False) -> None:
    """Whether FILE is ready to be posted, point by point, as read back from it. Exit code 2 where a point fails."""
    from vgan.share.check import check  # reads pictures and sounds: loaded by the one command that does

    with exit_codes():
        report = check(file, platform)
    if as_json:
        typer.echo(json.dumps(report.as_dict(), indent=1, ensure_ascii=False))
    else:
        width = max(len(point.title) for point in report)
        for point in report:
            wanted = "" if point.passes == "yes" else f"; wanted: {point.wanted}"
            typer.echo(f"{MARKS[point.passes]}  {point.title.ljust(width)}  {point.found}{wanted}")
        ready = "ready" if report.passes else "not ready"
        typer.echo(f"{file.name}: {ready} for {report.platform.title}")
    if not report.passes:
        raise typer.Exit(2)


def make_cover(file: File, out: Jpeg, at: Moment = 0.0) -> None:
    """Write a picture of FILE as a JPEG at full size, with what the clip says about itself."""
    from vgan.share.cover import write_cover

    with exit_codes():
        width, height = write_cover(file, out, at)
    typer.echo(f"{out}: {width}x{height}")


def list_platforms() -> None:
    """Every platform: what it takes, and where that is said."""
    from vgan.share.platforms import CHECKED, PLATFORMS

    typer.echo(f"As published, last compared in {CHECKED}.")
    for row in PLATFORMS.values():
        typer.echo(f"\n{row.name}: {row.title}")
        typer.echo(f"  shape   {', '.join(row.aspects)}; shorter side {row.side_least}, better {row.side_wanted}")
        typer.echo(f"  length  {row.seconds[0]:g} to {row.seconds[1]:g} s; {row.fps[0]:g} to {row.fps[1]:g} fps")
        typer.echo(f"  file    {', '.join(row.containers)}; at most {row.mb:g} MB")
        typer.echo(f"  sound   {row.lufs:g} LUFS, at most {row.peak:g} dBTP")
        typer.echo(f"  9:16    left, top, right, bottom {', '.join(f'{share:.1%}' for share in row.tall)} are covered")
        typer.echo(f"  source  {row.source}")
        typer.echo(f"  note    {row.note}")
