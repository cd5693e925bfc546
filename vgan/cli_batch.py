"""`python -m vgan batch`: a clip for every row of a table, on this machine or on a Ray cluster."""

import json
import os
import re
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from tqdm import tqdm

from vgan.cli_models import exit_codes
from vgan.errors import RecipeError, UnknownName
from vgan.recipe import LONGEST_JSON, Recipe
from vgan.settings import Settings
from vgan.small_files import read_small

if TYPE_CHECKING:
    from vgan.batch import Checked, Plan, Summary
    from vgan.batch.cells import Files
    from vgan.batch.engine import Engine
    from vgan.batch.work import Make
    from vgan.templates import Template

SHOWN = 20  # rows that are told one by one

RowsFile = Annotated[Path, typer.Argument(metavar="ROWS", help="A clip for each row: .csv, .tsv, .jsonl or .parquet.")]
Out = Annotated[str, typer.Option("--out", "-o", help="A folder, or s3://..., hf://... and what else fsspec knows.")]
TemplateName = Annotated[str | None, typer.Option("--template", help="Of `templates`, or a template's file.")]
RecipeFile = Annotated[Path | None, typer.Option("--recipe", help="A recipe's JSON, changed by dotted columns.")]
Name = Annotated[str, typer.Option(help="Of the clips: {id}, {row}, {aspect} and columns; '/' makes folders.")]
Aspects = Annotated[str, typer.Option(help="Several shapes of every row, e.g. 9:16,1:1.")]
Kit = Annotated[Path | None, typer.Option("--brand", help="A brand kit's JSON file.")]
Language = Annotated[str, typer.Option(help="en or zh, of the words that the template brings.")]
FileRoots = Annotated[
    list[Path] | None, typer.Option("--files", help="Where else rows may take files from. Repeatable.")
]
Ignore = Annotated[str, typer.Option(help="Columns that fill nothing, with commas.")]
EngineName = Annotated[Literal["local", "ray"], typer.Option(help="Processes of this machine, or a Ray cluster.")]
Address = Annotated[str, typer.Option(help="Of the Ray cluster: host:port, auto or local; by default what is there.")]
Workers = Annotated[int | None, typer.Option(min=1, max=4096, help="By default one for each core, or GPU.")]
Threads = Annotated[int | None, typer.Option(min=1, max=256, help="Of each worker; by default the cores, shared.")]
Device = Annotated[str | None, typer.Option(help="auto, cpu or cuda.")]
Retries = Annotated[int, typer.Option(min=0, max=20, help="Of a clip whose worker ended, or that could not be stored.")]
Timeout = Annotated[float, typer.Option(min=1, help="Seconds that one clip may take.")]
Limit = Annotated[int | None, typer.Option(min=1, help="Only so many rows, the first ones.")]
Only = Annotated[str, typer.Option(help="Only these ids, with commas.")]
Part = Annotated[str, typer.Option(help="2/8: the second of eight parts of the rows, for machines without Ray.")]
Again = Annotated[bool, typer.Option("--again", help="Make clips anew that are there.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check all rows and say what would be made.")]
AsJson = Annotated[bool, typer.Option("--json", help="A line of JSON for everything that happens.")]


def run_rows(
    rows: RowsFile,
    out: Out,
    template: TemplateName = None,
    recipe: RecipeFile = None,
    name: Name = "{id}",
    aspects: Aspects = "",
    brand: Kit = None,
    language: Language = "en",
    files: FileRoots = None,
    ignore: Ignore = "",
    engine: EngineName = "local",
    address: Address = "",
    workers: Workers = None,
    threads: Threads = None,
    device: Device = None,
    retries: Retries = 2,
    timeout: Timeout = 900.0,
    limit: Limit = None,
    only: Only = "",
    part: Part = "1/1",
    again: Again = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Make a clip of every row. Stop it at any time: the same command goes on, and makes nothing twice.

    Exit codes: 0, all are there; 1, some rows failed (OUT/_manifest/failed.csv tells why); 2, refused as a whole.
    """
    from vgan.batch import Order, Patience, Plan, Rows, Selection, check_batch, run_batch
    from vgan.batch.rows import column_name
    from vgan.brand import load_brand

    with exit_codes():
        first, parts = _part(part)
        order = Order(
            _templates(template),
            _files(rows, files or []),
            template,
            Recipe.parse(read_small(recipe, LONGEST_JSON, "recipe")) if recipe else None,
            load_brand(brand) if brand else None,
            language,
            tuple(_listed(aspects)),
            name,
            tuple(map(column_name, _listed(ignore))),
        )
        plan = Plan(
            Rows(rows),
            order,
            out,
            replace(Settings(), device=device) if device else Settings(),
            Selection(limit, frozenset(_listed(only)), first, parts),
            Patience(retries, timeout),
            again,
        )
        if dry_run:
            complete = _tell_checked(check_batch(plan), plan, as_json)
        else:
            start = _engine(engine, plan, address, workers, threads)
            with _stopping(), _Shown(as_json) as shown:
                summary = run_batch(plan, start, shown)
            if not as_json:
                _tell_summary(summary, out)
            complete = summary.complete
    if not complete:
        raise typer.Exit(1)


def _templates(asked: str | None) -> "dict[str, Template]":
    """All templates by name, and the one in a file if that is asked for."""
    from vgan.templates import load, templates

    listed = templates()
    known = {key: row.template for key, row in listed.items() if row.template is not None}
    if asked is not None and asked.endswith((".toml", ".json")):
        known[asked] = load(Path(asked))
    elif asked is not None and asked not in known:
        raise RecipeError(listed[asked].error) if asked in listed else UnknownName("template", asked, known)
    return known


def _files(rows: Path, roots: list[Path]) -> "Files":
    from vgan.batch.cells import Files

    for root in roots:
        if not root.is_dir():
            raise RecipeError(f"--files {str(root)[-80:]!r}: there is no such folder. Name one that exists.")
    folder = rows.absolute().parent
    return Files(folder, (folder.resolve(), *(root.resolve() for root in roots)))


def _engine(
    name: str, plan: "Plan", address: str, workers: int | None, threads: int | None
) -> "Callable[[Make], Engine]":
    from vgan.runtime import choose

    device = choose(plan.settings.device).device.type
    if name == "ray":
        from vgan.batch.ray_engine import RayEngine

        gpus = 1.0 if plan.settings.device == "cuda" else 0.0
        return lambda make: RayEngine(make, address, workers, threads or 1, gpus)
    from vgan.batch.local import LocalEngine, default_workers, threads_of

    many = workers or default_workers(device)
    return lambda make: LocalEngine(make, many, threads or threads_of(many))


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _part(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{1,5})/(\d{1,5})", text.strip())
    if not found:
        raise RecipeError(f"--part {text[:40]!r}: this is no part. Write 2/8 for the second of eight.")
    return int(found[1]), int(found[2])


@contextmanager
def _stopping() -> Iterator[None]:
    """Ctrl-C, and what ends a container or takes a machine away, tidy up and say how to go on."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    except KeyboardInterrupt:
        typer.echo("Stopped. The same command goes on from here.", err=True)
        raise typer.Exit(130) from None
    finally:
        signal.signal(signal.SIGTERM, before)


class _Shown:
    """What happens, on the terminal: one line that moves, and what failed; or a line of JSON each."""

    def __init__(self, as_json: bool):
        self._json, self._failed, self._bar = as_json, 0, tqdm(disable=True)

    def __enter__(self) -> "Callable[[dict[str, Any]], None]":
        return self._tell_json if self._json else self._tell

    def __exit__(self, *error: object) -> None:
        self._bar.close()

    def _tell_json(self, event: dict[str, Any]) -> None:
        typer.echo(json.dumps(event, ensure_ascii=False))
        sys.stdout.flush()

    def _tell(self, event: dict[str, Any]) -> None:
        kind = event["event"]
        if kind == "start":
            self._bar = tqdm(total=event["clips"], unit="clip", file=sys.stderr, disable=None, smoothing=0.05)
        elif kind in {"made", "before"}:
            self._bar.update()
            if kind == "made" and self._bar.n:
                spent = self._bar.format_dict["elapsed"] or 1
                self._bar.set_postfix_str(f"{60 * self._bar.n / spent:.1f} clips/min, {self._failed} failed")
        elif kind == "failed":
            self._failed += 1
            self._bar.update()
            if self._failed <= SHOWN:
                self._bar.write(f"row {event['row']}: {event['error']}", file=sys.stderr)


def _tell_summary(summary: "Summary", out: str) -> None:
    hours = summary.seconds / 3600
    typer.echo(
        f"{out}: {summary.made} clips made, {summary.before} were there, {summary.bad + summary.failed} failed; "
        f"{summary.seconds:.0f} s, {summary.bytes / 1e6:.1f} MB"
        + (f", {summary.made / hours:.0f} clips an hour" if summary.made and hours else "")
    )
    if summary.bad + summary.failed:
        typer.echo(f"{os.path.join(out, '_manifest', 'failed.csv')}: rows that failed, and why", err=True)
    if summary.left:
        shown = ", ".join(summary.left[:5]) + (" ..." if len(summary.left) > 5 else "")
        typer.echo(f"{len(summary.left)} clips are of rows that are not in the table any more: {shown}", err=True)


def _tell_checked(found: "Checked", plan: "Plan", as_json: bool) -> bool:
    """Whether every row can be made."""
    faults = [
        {"row": row.number, "column": fault.column, "value": fault.value[:200], "error": str(fault)}
        for row, fault in found.faults
    ]
    if as_json:
        said = {"event": "checked", "clips": found.clips, "before": found.before, "seconds": round(found.seconds, 1)}
        typer.echo(json.dumps(said | {"bytes": found.bytes, "faults": faults}, ensure_ascii=False))
        return not faults
    for fault in faults[:SHOWN]:
        typer.echo(f"row {fault['row']}: {fault['error']}", err=True)
    if len(faults) > SHOWN:
        typer.echo(f"and {len(faults) - SHOWN} more", err=True)
    more = [] if len(found.names) >= found.clips else ["..."]
    typer.echo(f"{found.clips} clips to make, {found.before} there already, {len(faults)} rows that cannot be made")
    if found.clips:
        typer.echo(f"  {', '.join([*found.names, *more])}")
        typer.echo(f"  about {found.seconds / 60:.1f} minutes of one worker, {found.bytes / 1e6:.1f} MB")
    return not faults
