"""Rows as spreadsheets and programs write them, and names of files that any script may be in."""

import datetime
from decimal import Decimal
from pathlib import Path

import pyarrow
import pytest
from batch_orders import table
from pyarrow import parquet

from vgan.batch.names import filled, key_of, safe
from vgan.batch.rows import Rows
from vgan.errors import RecipeError

TEXT = 'name,share.aspect\nAda,1:1\n"Grace ""Amazing""\nHopper",9:16\n'
FOUND = [(2, {"name": "Ada", "share.aspect": "1:1"}), (3, {"name": 'Grace "Amazing"\nHopper', "share.aspect": "9:16"})]


def read(path: Path) -> list[tuple[int, dict[str, object]]]:
    return [(row.number, row.cells) for row in Rows(path)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom", "utf-16-be-bom"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_csv_of_every_kind(tmp_path: Path, encoding: str, delimiter: str, ending: str) -> None:
    data = TEXT.replace(",", delimiter).replace("\n", ending)
    mark = "\ufeff" if encoding.endswith("-bom") else ""
    (tmp_path / "rows.csv").write_bytes((mark + data).encode(encoding.removesuffix("-bom")))
    found = read(tmp_path / "rows.csv")
    found[1][1]["name"] = str(found[1][1]["name"]).replace("\r\n", "\n")
    assert found == FOUND
    assert Rows(tmp_path / "rows.csv").columns == ("name", "share.aspect")


def test_numbers_are_those_of_a_spreadsheet(tmp_path: Path) -> None:
    path = table(tmp_path, " First Name ,Age,,\n\nAda, 8 ,,\n,,,\nBob,9\n")
    assert read(path) == [(3, {"first_name": "Ada", "age": "8"}), (5, {"first_name": "Bob", "age": "9"})]
    assert len(Rows(path)) == 2
    assert read(table(tmp_path, "sep=;\nname;age\nAda;8\n")) == [(3, {"name": "Ada", "age": "8"})]


def test_a_row_with_too_much_in_it_is_bad_alone(tmp_path: Path) -> None:
    rows = list(Rows(table(tmp_path, "name,wish\nAda,Dear, Ada\nBob,x\n")))
    assert "'Ada' is in no column" in rows[0].fault
    assert not rows[1].fault


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "nothing in it"),
        (b"\n\n", "nothing in it"),
        (b"name,Name \nAda,Bob\n", "two columns 'name'"),
        (b'name\n"Ada\nBob\n', "quotation mark"),
        (b"name\nAda\xff\n", "not UTF-8"),
        (b"\xff\xfen\0a", "not UTF-8"),
        ("name\nAda".encode("utf-16-le"), "UTF-16 without its mark"),
        (b"PK\x03\x04 and more", "spreadsheet"),
        (b"," * 300, "names the columns"),
        (",".join(f"c{n}" for n in range(300)).encode(), "300 columns"),
    ],
)
def test_what_is_no_table_is_refused_by_name(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(data)
    with pytest.raises(RecipeError, match=words) as said:
        len(Rows(path))
    assert "rows.csv" in str(said.value)


def test_other_endings_and_missing_files(tmp_path: Path) -> None:
    for name in ("rows.xlsx", "rows"):
        with pytest.raises(RecipeError, match="Save a spreadsheet"):
            Rows(tmp_path / name)
    for name in ("none.csv", "none.parquet"):
        with pytest.raises(RecipeError, match="cannot be read"):
            Rows(tmp_path / name)
    with pytest.raises(RecipeError, match="cannot be read"):
        len(Rows(tmp_path / "none.jsonl"))


def test_json_lines(tmp_path: Path) -> None:
    lines = [
        '{"Name": " Ada ", "age": 8, "share": {"aspect": "1:1", "fps": 24}, "overlays.0.cues": [{"text": "a"}]}',
        "",
        "{bad",
        "[1]",
        '{"share": {"fps": 1}, "share.fps": 2}',
    ]
    rows = list(Rows(table(tmp_path, "\n".join(lines), "rows.jsonl")))
    assert [row.number for row in rows] == [1, 3, 4, 5]
    first = {"name": "Ada", "age": 8, "share.aspect": "1:1", "share.fps": 24, "overlays.0.cues": [{"text": "a"}]}
    assert rows[0].cells == first
    assert [bool(row.fault) for row in rows] == [False, True, True, True]
    assert Rows(tmp_path / "rows.jsonl").columns is None


def test_parquet(tmp_path: Path) -> None:
    cells = {
        "Name": ["Ada", None],
        "date": [datetime.date(2026, 6, 12)] * 2,
        "price": [Decimal("9.5")] * 2,
        "n": [1, 2],
    }
    parquet.write_table(pyarrow.table(cells), tmp_path / "rows.parquet")
    assert read(tmp_path / "rows.parquet") == [
        (1, {"name": "Ada", "date": "2026-06-12", "price": 9.5, "n": 1}),
        (2, {"name": None, "date": "2026-06-12", "price": 9.5, "n": 2}),
    ]
    (tmp_path / "no.parquet").write_bytes(b"PAR1 but no more")
    with pytest.raises(RecipeError, match="as Parquet"):
        Rows(tmp_path / "no.parquet")


@pytest.mark.parametrize(
    ("said", "made"),
    [
        ("Ada Lovelace", "Ada-Lovelace"),
        ("李伟", "李伟"),
        ("مريم", "مريم"),
        ("Zoe\u0301", "Zoé"),
        ("../../etc/passwd", "etc-passwd"),
        ('a/b\\c:d*e?f"g<h>i|j~k', "a-b-c-d-e-f-g-h-i-j-k"),
        ("\u202eevil\u2066\0\x07", "evil"),
        ("con", "con-"),
        ("LPT1.txt", "LPT1.txt-"),
        (" .hidden. ", "hidden"),
        ("line\none", "line-one"),
        ("...", ""),
        ("名" * 100, "名" * 50),
    ],
)
def test_names_are_safe_in_any_script(said: str, made: str) -> None:
    assert safe(said) == made


def test_patterns(tmp_path: Path) -> None:
    cells = {"id": "7", "name": "Ada/../b", "city": "São Paulo", "none": ""}
    assert filled("{id}-{name}", cells) == "7-Ada-..-b"
    assert filled("{city}/{id}", cells) == "São-Paulo/7"
    wrong = {"{nmae}": "Did you mean 'name'", "{none}": "empty name", "../{id}": "empty", "a/b/c/d/e": "folders"}
    for pattern, words in wrong.items():
        with pytest.raises(RecipeError, match=words):
            filled(pattern, cells)


def test_keys_of_records_differ_where_ids_do() -> None:
    ids = ["a", "a b", "a-b", "a/b", "a~b", "名", "../a", "x" * 190, "x" * 191]
    assert len({key_of(name) for name in ids}) == len(ids)
    assert key_of("order-17") == "order-17"
