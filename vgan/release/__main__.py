"""`python -m vgan.release`: clone the commit, install it anew, check it, and say so in a table."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from vgan.release.checks import CHECKS, Checked, carried_out, table
from vgan.release.result import FAILED, Place, run
from vgan.settings import PROJECT

Only = Annotated[list[str] | None, typer.Option(help="Only this check, by its name in the table. Repeatable.")]
Out = Annotated[Path, typer.Option(help="Folder for what checks write: the SBOM.")]


def main(only: Only = None, out: Out = PROJECT / "runs" / "release") -> None:
    """Whether the commit that is checked out is fit to be released. Exit codes: 0; 1 where a check failed; 2 where
    there is nothing to check."""
    if unknown := [name for name in only or [] if name not in CHECKS]:
        raise typer.BadParameter(f"{unknown[0]!r} is no check. There are: {', '.join(CHECKS)}.")
    if run(["git", "rev-parse", "HEAD"], PROJECT).returncode:
        typer.echo("This is no git checkout: a release is a commit. Clone the repository.", err=True)
        raise typer.Exit(2)
    if changed := run(["git", "status", "--porcelain"], PROJECT).stdout.splitlines():
        typer.echo(
            f"{len(changed)} files are changed or new: they are not part of the commit, and not checked.", err=True
        )
    with tempfile.TemporaryDirectory(prefix="vgan-release-") as folder:
        clone, scratch = Path(folder) / "clone", Path(folder) / "scratch"
        scratch.mkdir()
        out.mkdir(parents=True, exist_ok=True)
        for words in (
            ["git", "clone", "--quiet", str(PROJECT), str(clone)],
            ["make", "-C", str(clone), ".venv/installed-app"],
        ):
            done = run(words, Path(folder), 600)
            if done.returncode:
                typer.echo(f"{' '.join(words[:2])} failed: {done.stderr.strip()[-500:]}", err=True)
                raise typer.Exit(1)
        place = Place(clone, clone / ".venv" / "bin" / "python", out.absolute(), scratch, PROJECT)
        rows: list[Checked] = []
        for row in carried_out(place, only):
            typer.echo(f"{row.name}: {row.result.outcome}", err=True)
            rows.append(row)
    typer.echo(table(rows))
    raise typer.Exit(any(row.result.outcome == FAILED for row in rows))


if __name__ == "__main__":
    typer.run(main)
