"""From a row to the clips that it asks for: recipes, names and digests, with everything checked before any is made."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from vgan.batch.cells import (
    BLANK,
    FILE_FIELDS,
    NAME_FIELDS,
    PARTS,
    SPECIAL,
    Cells,
    Files,
    RowFault,
    field_value,
    sorted_out,
    unknown_column,
)
from vgan.batch.names import FIELD, filled, key_of
from vgan.batch.rows import Row
from vgan.brand import Brand, load_brand
from vgan.errors import MediaError, RecipeError, UnknownName, VganError, WeightsError
from vgan.hub import sha256_of
from vgan.overrides import for_file, put, with_fields
from vgan.recipe import Recipe
from vgan.recipe_files import named_files
from vgan.recipe_steps import ASPECTS
from vgan.render import extent_of
from vgan.shapes import file_name, shapes
from vgan.share.formats import FORMATS
from vgan.templates import Template, fill
from vgan.templates.model import LANGUAGES

ENDINGS = {ending for row in FORMATS.values() for ending in (row.extension, row.still) if ending}
FIELDS = ("id", "row", "aspect")  # that a name's pattern knows besides the row's columns


@dataclass(frozen=True)
class Order:
    """What is asked for all rows alike.

    templates: by name, those that rows may ask for; template: the one of rows that name none; recipe: what dotted
    columns change, and what a template is laid over; aspects: of every row, one clip each, or none: as the row says;
    name: the pattern of clips' names; files: where rows may take files from; passed_over: columns that fill nothing.
    """

    templates: Mapping[str, Template]
    files: Files
    template: str | None = None
    recipe: Recipe | None = None
    brand: Brand | None = None
    language: str = "en"
    aspects: tuple[str, ...] = ()
    name: str = "{id}"
    passed_over: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.template is None and self.recipe is None:
            raise RecipeError(
                "--template, --recipe: neither is given. Name a template of `templates`, or a recipe's file."
            )
        for aspect in self.aspects:
            if aspect not in ASPECTS:
                raise UnknownName("--aspects", aspect, ASPECTS)
        if self.language not in LANGUAGES:
            raise UnknownName("--language", self.language, LANGUAGES)


@dataclass(frozen=True)
class Task:
    """One clip to be made. id: of its row; key: of the clip, as its record is called; row: its number; file: its name;
    digest: of everything that it is made from; inputs: pictures, clips and sounds that it reads; attempt: from 1."""

    id: str
    key: str
    row: int
    file: str
    digest: str
    recipe: Recipe
    inputs: tuple[str, ...]
    attempt: int = 1


@dataclass
class Clips:
    """The clips of rows, in their order. Keeps what must differ from row to row; made anew to go through them again."""

    order: Order
    _rows: dict[str, int] = field(default_factory=dict)  # of ids
    _names: dict[str, int] = field(default_factory=dict)  # of files
    _alike: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        asked = (name for name in FIELD.findall(self.order.name) if name not in FIELDS)
        self._others = (*self.order.passed_over, *asked)
        self._blanks = {blank for template in self.order.templates.values() for blank in template.blanks}

    def check_columns(self, columns: Sequence[str] | None) -> None:
        """Raises RecipeError for a column that fills nothing: a misspelt one would leave all clips alike."""
        if columns is not None and "template" not in columns and self.order.template is not None:
            self._blanks = set(self.order.templates[self.order.template].blanks)
        for column in columns or ():
            head = column.partition(".")[0]
            if column and not (column in {*SPECIAL, *self._blanks, *self._others} or ("." in column and head in PARTS)):
                if column.startswith(BLANK) and column.removeprefix(BLANK) in self._blanks:
                    continue
                raise RecipeError(unknown_column(column, self._blanks))
        for name in FIELD.findall(self.order.name):
            if columns is not None and name not in {*FIELDS, *columns}:
                raise UnknownName("--name", name, [*FIELDS, *filter(None, columns)])

    def names(self, file: str) -> bool:
        """Whether a clip of a row so far is called `file`."""
        return file.casefold() in self._names

    def of(self, row: Row, is_meant: Callable[[str], bool] = bool) -> list[Task]:
        """The clips of `row`, in its shapes; none where its id is not meant. Raises RowFault for what is wrong."""
        if row.fault:
            raise RowFault(row.fault)
        cells = sorted_out(row.cells, self._blanks, self._others)
        try:
            name = self._id(row, cells)
            return [self._task(row, cells, name, aspect) for aspect in self._aspects()] if is_meant(name) else []
        except RowFault:
            raise
        except VganError as error:
            column = str(error).partition(":")[0]
            raise RowFault(str(error), column if column in row.cells else "", row.cells.get(column, "")) from error

    def _aspects(self) -> tuple[str | None, ...]:
        return self.order.aspects or (None,)

    def _id(self, row: Row, cells: Cells) -> str:
        """The row's own id, or one by what is in it: rows can then come and go, and the others stay what they are."""
        name = cells.special.get("id")
        if name is None:
            said = json.dumps(row.cells, sort_keys=True, ensure_ascii=False, default=str)
            name = hashlib.sha256(said.encode()).hexdigest()[:10]
            self._alike[name] += 1
            name = name if self._alike[name] == 1 else f"{name}-{self._alike[name]}"
        key = key_of(name)
        if not key or len(name) > 200:
            raise RowFault(
                f"id: {name[:80]!r} is none. Allowed: up to 200 characters, some of them letters.", "id", name
            )
        other = self._rows.setdefault(key.casefold(), row.number)
        if other != row.number:
            raise RowFault(f"id: {name[:80]!r} is that of row {other}, too. Give each row its own.", "id", name)
        return name

    def _task(self, row: Row, cells: Cells, name: str, aspect: str | None) -> Task:
        recipe, trusted = self._recipe(cells, aspect)
        recipe = self._in_format(recipe, cells)
        self.order.files.check(recipe, trusted)
        shape = recipe.share.aspect.replace(":", "x")
        file = self._file(row, cells, name, aspect, recipe)
        key = key_of(name) + (f"-{shape}" if aspect else "")
        named = dict(named_files(recipe))
        inputs = tuple(path for column, path in named.items() if column.endswith((".path", ".music")))
        return Task(name, key, row.number, file, _digest(recipe, tuple(named.values()), file), recipe, inputs)

    def _recipe(self, cells: Cells, aspect: str | None) -> tuple[Recipe, set[str]]:
        """What a row asks for, and the files in it that are not the row's own."""
        order, named = self.order, cells.special.get("template", self.order.template)
        brand, base = self._brand(cells), self.order.recipe
        trusted = {brand.logo, brand.font} if brand else set()
        fields = {column: self._field(column, value) for column, value in cells.fields.items()}
        if base is not None:
            trusted |= {path for _, path in named_files(base)}
            base = with_fields(base, fields) if fields else base
            self.order.files.check(base, trusted)
            base = shapes(base, [aspect])[aspect] if aspect else base
        if named is None:
            filled_in = [blank for blank, value in cells.blanks.items() if value not in (None, "")]
            if filled_in or base is None:
                raise RowFault("template: this row names none. Name one, or add --template.", "template")
            return base, trusted
        if named not in order.templates:
            raise RowFault(str(UnknownName("template", named, order.templates)), "template", named)
        template = order.templates[named]
        values = self._values(template, cells.blanks)
        language = cells.special.get("language", order.language)
        trusted |= set(_texts(template.recipe))
        if base is not None:
            return fill(template, values, brand, base, language), trusted
        before, after = _split(fields)
        made = fill(_with_fields(template, before), values, brand, None, language, aspect)
        return with_fields(made, after) if after else made, trusted

    def _values(self, template: Template, blanks: Mapping[str, Any]) -> dict[str, Any]:
        """Blanks of `template`; of another one's, none may say anything."""
        found = {}
        for name, value in blanks.items():
            if name not in template.blanks:
                if value not in (None, ""):
                    raise RowFault(str(UnknownName(f"blank of {template.name!r}", name, template.blanks)), name, value)
            elif value in (None, "") and not template.blanks[name].optional:  # its default may be somebody else's name
                raise RowFault(f"{name}: this is empty, and the template needs it. Fill it in.", name)
            elif template.blanks[name].kind in {"picture", "sound"} and value:
                found[name] = self.order.files.found(name, str(value))
            else:
                found[name] = "" if value is None else value
        return found

    def _field(self, column: str, value: Any) -> Any:
        last = column.rpartition(".")[2]
        if last in FILE_FIELDS and isinstance(value, str) and not value.startswith("["):
            return self.order.files.found(column, value)
        return self.order.files.perhaps(column, value) if last in NAME_FIELDS else field_value(value)

    def _brand(self, cells: Cells) -> Brand | None:
        if "brand" not in cells.special:
            return self.order.brand
        return _kit(self.order.files.found("brand", cells.special["brand"]))

    def _in_format(self, recipe: Recipe, cells: Cells) -> Recipe:
        """`recipe` in the format that the clip's name asks for, if it asks for one."""
        pattern = cells.special.get("file", self.order.name)
        ending = Path(pattern).suffix.lower()
        if ending not in ENDINGS:
            return recipe
        base = self.order.recipe
        explicit = "share.format" in cells.fields or (base is not None and "format" in base.share.model_fields_set)
        return for_file(recipe, Path(f"clip{ending}"), explicit)

    def _file(self, row: Row, cells: Cells, name: str, aspect: str | None, recipe: Recipe) -> str:
        pattern = cells.special.get("file")
        shape = recipe.share.aspect.replace(":", "x")
        values = {column: str(value) for column, value in row.cells.items() if value is not None}
        values |= {"id": name, "row": str(row.number), "aspect": shape}
        asked = FIELD.sub(lambda found: values.get(found[1], ""), pattern) if pattern else self.order.name
        stem, ending = asked, Path(asked).suffix.lower()
        if ending in ENDINGS:
            stem = asked[: -len(ending)]
        stem = (
            filled(stem, values)
            if not pattern
            else "/".join(filled("{part}", {"part": one}) for one in stem.split("/"))
        )
        frames = extent_of(recipe).frames
        if aspect and "{aspect}" not in (pattern or self.order.name):
            made = file_name(stem, aspect, recipe, frames)
        else:
            made = stem + FORMATS[recipe.share.format].suffix(frames)
        other = self._names.setdefault(made.casefold(), row.number)
        if other != row.number or made.startswith("_manifest/"):
            raise RowFault(
                f"file: {made[:120]!r} would be the name of row {other}'s clip, too. Put {{id}} into --name.",
                "file",
                made,
            )
        return made


def readable(inputs: Sequence[str]) -> None:
    """Raises MediaError, RecipeError or WeightsError for a file of a row that cannot be read as what it is: such a row
    is not tried again."""
    from vgan.media.music import sound_facts
    from vgan.media.probe import probe
    from vgan.media.rgba import read_rgba

    for name in inputs:
        faults = []
        for read in (read_rgba, sound_facts, probe):
            try:
                read(Path(name))
                break
            except (MediaError, RecipeError, WeightsError) as error:
                faults.append(error)
        else:
            raise faults[0]


def _split(fields: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Fields by which a template works out places and lengths, and the others, which are set into what it made."""
    before = {name: value for name, value in fields.items() if name.partition(".")[0] in {"share", "source"}}
    return before, {name: value for name, value in fields.items() if name not in before}


def _with_fields(template: Template, fields: Mapping[str, Any]) -> Template:
    """`template` with fields of its recipe changed; braces in them are no blanks."""
    if not fields:
        return template
    recipe = json.loads(json.dumps(template.recipe))
    for name, value in fields.items():
        text = value.replace("{", "{{").replace("}", "}}") if isinstance(value, str) else value
        put(recipe, name.split("."), text)
    return template.model_copy(update={"recipe": recipe})


def _texts(part: Any) -> Iterator[str]:
    """All texts in a part of a template's recipe: any file that it names is one of them."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, (list, dict)):
        for inner in part.values() if isinstance(part, dict) else part:
            yield from _texts(inner)


def _digest(recipe: Recipe, inputs: Sequence[str], file: str) -> str:
    """What a clip is made from, in 16 hexadecimal digits: its recipe, what is in the files that it names, its name."""
    said = [recipe.portable().to_json(), file, *(_content(name) for name in inputs)]
    return hashlib.sha256("\0".join(said).encode()).hexdigest()[:16]


def _content(name: str) -> str:
    stat = Path(name).stat()
    return _hashed(name, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=1024)
def _hashed(name: str, written: int, size: int) -> str:
    return sha256_of(Path(name))


@lru_cache(maxsize=64)
def _kit(path: str) -> Brand:
    return load_brand(Path(path))
