"""Rows of a table, one at a time: CSV as spreadsheets write it, JSON lines, or Parquet."""

import csv
import datetime
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO

from vgan.errors import RecipeError

ENDINGS = (".csv", ".tsv", ".jsonl", ".ndjson", ".parquet")
DELIMITERS = ",;\t|"
LONGEST_LINE = 1 << 20  # characters of a JSON line
MOST_COLUMNS = 200
DEEPEST = 8  # objects inside each other in a JSON line
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}


@dataclass(frozen=True)
class Row:
    """A line of a table. number: as a spreadsheet or an editor counts, so a CSV's first is 2, below its head; cells: by
    column, without those that are no columns; fault: why it cannot be used, if it cannot."""

    number: int
    cells: dict[str, Any]
    fault: str = ""


class Rows:
    """The rows of the file at `path`, read anew each time they are gone through.

    columns: of a CSV or Parquet file; None for JSON lines, where every line has its own. Raises RecipeError for a file
    that is no such table, when it is opened or where the reading comes to what is wrong.
    """

    def __init__(self, path: Path):
        self.path = path
        if path.suffix.lower() not in ENDINGS:
            raise RecipeError(
                f"{path.name}: rows come as {', '.join(ENDINGS)}. Save a spreadsheet as 'CSV UTF-8' and name that file."
            )
        self._read: Callable[[Path], Iterator[Row]] = _READERS[path.suffix.lower()]
        self.columns = _COLUMNS[path.suffix.lower()](path)

    def __iter__(self) -> Iterator[Row]:
        try:
            yield from self._read(self.path)
        except UnicodeDecodeError as error:
            raise RecipeError(
                f"{self.path.name}: this is not UTF-8 (byte {error.object[error.start]:#04x}: {error.reason}). Save it "
                "as 'CSV UTF-8' or 'Unicode text'."
            ) from error
        except OSError as error:
            raise RecipeError(f"{self.path.name}: this cannot be read ({error.strerror or error}).") from error

    def __len__(self) -> int:
        """How many there are; all are read for it, so that a file that is broken further down is told before work."""
        return sum(1 for _ in self)


def column_name(said: str) -> str:
    """A column's name as it is looked up: " Share.Aspect" is share.aspect, "First name" first_name."""
    return re.sub(r"[\s-]+", "_", said.strip()).casefold()


def _named(columns: list[str], name: str) -> tuple[str, ...]:
    """The names of columns, checked. Unnamed ones, as spreadsheets leave behind, stay empty."""
    named = [column_name(column) for column in columns]
    twice = [column for column, count in Counter(named).items() if column and count > 1]
    if twice:
        raise RecipeError(f"{name}: there are two columns {twice[0][:40]!r}. Rename or remove one.")
    if not any(named):
        raise RecipeError(f"{name}: the first line names the columns, and this one is empty. Write names into it.")
    if len(named) > MOST_COLUMNS:
        raise RecipeError(f"{name}: there are {len(named)} columns; at most {MOST_COLUMNS} are read. Remove some.")
    return tuple(named)


def _no_columns(path: Path) -> None:
    return None


# CSV


def _open_text(path: Path) -> TextIO:
    with path.open("rb") as file:
        head = file.read(1024)
    if head[:4] == b"PK\x03\x04":
        raise RecipeError(f"{path.name}: this is a spreadsheet or an archive, not text. Save it as 'CSV UTF-8'.")
    encoding = next((encoding for mark, encoding in _MARKS.items() if head.startswith(mark)), "utf-8")
    if encoding == "utf-8" and b"\0" in head:
        raise RecipeError(f"{path.name}: this is UTF-16 without its mark, or no text. Save it as 'CSV UTF-8'.")
    return path.open(encoding=encoding, newline="")


def _csv(path: Path) -> Iterator[tuple[int, list[str]]]:
    """(number, cells) of every line that has any, the head first."""
    with _open_text(path) as file:
        first = file.readline()
        told = re.fullmatch(r"sep=(.)\s*", first)  # what Excel understands
        before = 1 if told else 0
        delimiter = told[1] if told else _delimiter(path)
        if not told:
            file.seek(0)
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        number = before
        try:
            for cells in reader:
                number += 1
                if any(cell.strip() for cell in cells):
                    yield number, cells
        except csv.Error as error:
            raise RecipeError(
                f"{path.name}: row {number + 1} is no CSV ({error}). Is a quotation mark missing? In a quoted cell, "
                'write "" for one.'
            ) from error


def _delimiter(path: Path) -> str:
    """What the head has most columns with."""

    def columns(delimiter: str) -> int:
        with _open_text(path) as file:
            try:
                return len(next(csv.reader(file, delimiter=delimiter, strict=True), []))
            except csv.Error:
                return 0

    return max(DELIMITERS, key=columns)


def _csv_columns(path: Path) -> tuple[str, ...]:
    try:
        head = next(_csv(path), None)
    except UnicodeDecodeError as error:
        raise RecipeError(f"{path.name}: this is not UTF-8. Save it as 'CSV UTF-8' or 'Unicode text'.") from error
    except OSError as error:
        raise RecipeError(
            f"{path.name}: the rows cannot be read ({error.strerror}). Name a file that exists."
        ) from error
    if head is None:
        raise RecipeError(f"{path.name}: there is nothing in it. The first line names the columns.")
    return _named(head[1], path.name)


def _csv_rows(path: Path) -> Iterator[Row]:
    lines = _csv(path)
    columns = _named(next(lines)[1], path.name)
    for number, cells in lines:
        more = [cell for cell in cells[len(columns) :] if cell.strip()]
        unnamed = [cell for column, cell in zip(columns, cells, strict=False) if not column and cell.strip()]
        found = {column: cell.strip() for column, cell in zip(columns, cells, strict=False) if column}
        fault = ""
        if more or unnamed:
            shown = (more or unnamed)[0].strip()[:40]
            fault = f"{shown!r} is in no column. Name its column, or quote a cell with a delimiter in it."
        yield Row(number, found, fault)


# JSON lines


def _json_rows(path: Path) -> Iterator[Row]:
    with _open_text(path) as file:
        number = 0
        while line := file.readline(LONGEST_LINE + 1):
            number += 1
            if len(line) > LONGEST_LINE:
                raise RecipeError(f"{path.name}: line {number} has over {LONGEST_LINE:,} characters. Is it JSON lines?")
            if line.strip():
                yield _json_row(number, line)


def _json_row(number: int, line: str) -> Row:
    try:
        made = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Row(number, {}, f"this is not JSON ({str(error)[:120]}).")
    if not isinstance(made, dict):
        return Row(number, {}, 'this is no object. Write {"name": "Ada"}.')
    cells: dict[str, Any] = {}
    for column, value in _flat(made, ""):
        if column in cells:
            return Row(number, {}, f"{column[:40]!r} is there twice.")
        cells[column] = value
    if len(cells) > MOST_COLUMNS:
        return Row(number, {}, f"there are {len(cells)} fields; at most {MOST_COLUMNS} are read.")
    return Row(number, cells)


def _flat(part: dict[str, Any], before: str) -> Iterator[tuple[str, Any]]:
    """{"share": {"fps": 24}} is share.fps: 24."""
    for key, value in part.items():
        name = f"{before}{column_name(key)}"
        if isinstance(value, dict) and name.count(".") < DEEPEST:
            yield from _flat(value, f"{name}.")
        else:
            yield name, value.strip() if isinstance(value, str) else value


# Parquet


def _parquet(path: Path) -> Any:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise RecipeError(
            f"{path.name}: Parquet needs pyarrow. Install requirements-batch.txt, or save the rows as CSV."
        ) from error
    try:
        return parquet.ParquetFile(path)
    except (pyarrow.ArrowException, OSError) as error:
        raise RecipeError(f"{path.name}: this cannot be read as Parquet ({str(error)[:120]}).") from error


def _parquet_columns(path: Path) -> tuple[str, ...]:
    with _parquet(path) as file:
        return _named(file.schema_arrow.names, path.name)


def _parquet_rows(path: Path) -> Iterator[Row]:
    with _parquet(path) as file:
        columns, number = _named(file.schema_arrow.names, path.name), 0
        for batch in file.iter_batches(batch_size=256):
            for made in batch.to_pylist():
                number += 1
                cells = zip(columns, map(_plain, made.values()), strict=True)
                yield Row(number, {column: value for column, value in cells if column})


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value.strip() if isinstance(value, str) else value


_READERS: dict[str, Callable[[Path], Iterator[Row]]] = {
    ".csv": _csv_rows,
    ".tsv": _csv_rows,
    ".jsonl": _json_rows,
    ".ndjson": _json_rows,
    ".parquet": _parquet_rows,
}
_COLUMNS: dict[str, Callable[[Path], tuple[str, ...] | None]] = {
    ".csv": _csv_columns,
    ".tsv": _csv_columns,
    ".jsonl": _no_columns,
    ".ndjson": _no_columns,
    ".parquet": _parquet_columns,
}
