"""What a row's cells mean: blanks of a template, fields of a recipe by dotted names, files beside the rows."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vgan.errors import RecipeError, UnknownName
from vgan.recipe import Recipe
from vgan.recipe_files import named_files

SPECIAL = ("id", "file", "template", "brand", "language")  # columns of the batch itself
BLANK = "blank."  # before a blank whose name is one of these
PARTS = tuple(Recipe.model_fields)
FILE_FIELDS = ("path", "music")  # of a recipe: nothing but files
NAME_FIELDS = ("font", "look", "style", "second", "model")  # names of lists, or files


class RowFault(RecipeError):
    """A row that cannot be made. column: where the fault is, empty if in no single one; value: what is there."""

    def __init__(self, message: str, column: str = "", value: Any = ""):
        super().__init__(message)
        self.column, self.value = column, str(value)


@dataclass(frozen=True)
class Cells:
    """A row's cells by what they are for. special: those of SPECIAL that say something; blanks: of the template, with
    empty ones; fields: of the recipe, by dotted name; others: for the clip's name alone."""

    special: dict[str, str]
    blanks: dict[str, Any]
    fields: dict[str, Any]
    others: dict[str, str]


def sorted_out(cells: Mapping[str, Any], blanks: Iterable[str], passed_over: Iterable[str]) -> Cells:
    """`cells` of a row by what they are for. blanks: names that any template of the batch knows; passed_over: columns
    that may be there and fill nothing. Raises RowFault for a column that is nothing of all this."""
    known, passed = set(blanks), set(passed_over)
    found = Cells({}, {}, {}, {})
    for column, value in cells.items():
        empty = value is None or value == ""
        if column in SPECIAL:
            if not empty:
                found.special[column] = str(value)
        elif column.startswith(BLANK) and column.removeprefix(BLANK) in known:
            found.blanks[column.removeprefix(BLANK)] = value
        elif column in known:
            found.blanks[column] = value
        elif "." in column and column.partition(".")[0] in PARTS:
            if not empty:
                found.fields[column] = value
        elif column in passed:
            found.others[column] = "" if empty else str(value)
        else:
            raise RowFault(unknown_column(column, known), column, value)
    return found


def unknown_column(column: str, blanks: Iterable[str]) -> str:
    """What is said about a column that fills nothing."""
    known = [*SPECIAL, *sorted(set(blanks) - set(SPECIAL))]
    return (
        f"{UnknownName('column', column, known)} Also: fields of a recipe by dotted name, such as share.aspect or "
        f"source.seed. For a column that fills nothing, add --ignore {column[:40]}."
    )


def field_value(value: Any) -> Any:
    """A cell as a field's value: JSON (7, true, [0, 1]), or else text."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


@dataclass(frozen=True)
class Files:
    """Where files may lie that rows name: folder: of the rows, from which their names start; roots: this and what else
    is allowed. Links are followed first."""

    folder: Path
    roots: tuple[Path, ...]

    def found(self, column: str, name: str) -> str:
        """The whole path of the file that a row calls `name`. Raises RowFault for none and one elsewhere."""
        if "://" in name or "\0" in name or len(name) > 1000:
            raise RowFault(
                f"{column}: {name[:80]!r} is no file beside the rows. Addresses are not fetched.", column, name
            )
        path = self._real(self.folder / name)
        if path is None or not path.is_file():
            raise RowFault(
                f"{column}: there is no file {name[-80:]!r} beside the rows. Put it there, or mend the name.",
                column,
                name,
            )
        self.must_hold(column, str(path), name)
        return str(path)

    def perhaps(self, column: str, value: Any) -> Any:
        """A value of a field that names something of a list, or a file: the file's whole path if it is one."""
        if not isinstance(value, str) or not value or "\0" in value:
            return value
        path = self._real(self.folder / value)
        return self.found(column, value) if path is not None and path.is_file() else value

    def must_hold(self, field: str, path: str, said: str = "") -> None:
        """Raises RowFault unless the file at `path` lies where rows may take files from."""
        real = self._real(Path(path))
        if real is None or not any(real.is_relative_to(root) for root in self.roots):
            raise RowFault(
                f"{field}: {(said or path)[-80:]!r} is not in the folder of the rows. Copy it there, or allow its "
                "folder by --files DIR.",
                field,
                said or path,
            )

    def check(self, recipe: Recipe, trusted: Iterable[str]) -> None:
        """Raises RowFault for any file of `recipe` that lies elsewhere and is none of `trusted`: those that the
        template, the recipe or the brand kit of the batch names."""
        kept = set(trusted)
        for field, path in named_files(recipe):
            if path not in kept:
                self.must_hold(field, path)

    @staticmethod
    def _real(path: Path) -> Path | None:
        try:
            return path.resolve()
        except (OSError, ValueError, RuntimeError):  # a name too long, a zero byte, links in a circle
            return None
