"""What a row asks for: blanks, fields, files, names and digests; and what is said about a bad one."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from batch_orders import TINY, cards, order, table
from PIL import Image

from vgan.batch import Order, Rows, Selection
from vgan.batch.cells import Files, RowFault
from vgan.batch.order import Clips, Task
from vgan.brand import Brand, save_brand
from vgan.errors import RecipeError
from vgan.recipe import Recipe


def tasks(made: Order, text: str, name: str = "rows.csv") -> list[Task]:
    rows, clips = Rows(table(made.files.folder, text, name)), Clips(made)
    clips.check_columns(rows.columns)
    return [task for row in rows for task in clips.of(row)]


def words(task: Task) -> list[str]:
    return [cue.text for overlay in task.recipe.overlays if overlay.kind == "captions" for cue in overlay.cues]


def picture(path: Path, colour: str = "red") -> Path:
    path.parent.mkdir(exist_ok=True)
    Image.new("RGB", (64, 64), colour).save(path)
    return path


def test_blanks_are_filled_and_empty_ones_left_out(tmp_path: Path) -> None:
    made = tasks(cards(tmp_path), "Name,Wish\nAda,Hello\n李伟,\n")
    assert [words(task) for task in made] == [["Ada", "Hello"], ["李伟"]]
    assert words(tasks(cards(tmp_path), "name\nAda\n")[0]) == ["Ada", "All the best"]  # no such column: the default


def test_fields_by_dotted_names(tmp_path: Path) -> None:
    text = 'id,source.seed,Share.Aspect,overlays\na,5,16:9,\nb,,,\nc,6,,"[]"\n'
    with pytest.raises(RecipeError, match="'overlays' is not known"):
        tasks(order(tmp_path), text)
    made = tasks(order(tmp_path), text.replace("overlays", "steps.0").replace('"[]"', ""))
    assert [(task.recipe.source.seed, task.recipe.share.aspect) for task in made] == [  # type: ignore[union-attr]
        (5, "16:9"),
        (Recipe().source.seed, "1:1"),  # type: ignore[union-attr]
        (6, "1:1"),
    ]
    filled = tasks(cards(tmp_path), "name,share.aspect,source.seconds,overlays.0.size\nAda,9:16,0.75,0.2\n")[0].recipe
    assert filled.share.aspect == "9:16"
    assert filled.overlays[0].size == 0.2


def test_a_template_is_laid_over_the_clip_of_a_row(tmp_path: Path) -> None:
    base = Recipe.parse(TINY | {"source": {"kind": "generate", "look": "silk", "seconds": 0.5}})
    made = tasks(cards(tmp_path, recipe=base), "name,source.seed,template\nAda,3,\nBob,4,card\n")
    assert [(task.recipe.source.look, task.recipe.source.seed) for task in made] == [("silk", 3), ("silk", 4)]  # type: ignore[union-attr]
    assert words(made[1]) == ["Bob", "All the best"]


def test_every_shape_is_a_clip(tmp_path: Path) -> None:
    made = tasks(cards(tmp_path, aspects=("9:16", "1:1")), "id,name\na,Ada\n")
    assert [(task.key, task.file, task.recipe.share.aspect) for task in made] == [
        ("a-9x16", "a-9x16.mp4", "9:16"),
        ("a-1x1", "a-1x1.mp4", "1:1"),
    ]
    folders = tasks(order(tmp_path, aspects=("9:16", "1:1"), name="{aspect}/{id}"), "id\na\n")
    assert [task.file for task in folders] == ["9x16/a.mp4", "1x1/a.mp4"]
    with pytest.raises(RecipeError, match="'3:2' is not known"):
        order(tmp_path, aspects=("3:2",))


def test_names(tmp_path: Path) -> None:
    named = cards(tmp_path, name="{id}-{name}.webm", passed_over=("phone",))
    made = tasks(named, "id,name,phone,file\n1,Ada L,123,\n2,مريم,,de/Other.gif\n")
    assert [task.file for task in made] == ["1-Ada-L.webm", "de/Other.gif"]
    assert [task.recipe.share.format for task in made] == ["webm", "gif"]
    assert tasks(cards(tmp_path, name="{city}-{row}"), "name,city\nAda,Rome\n")[0].file == "Rome-2.mp4"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("{id}", "nmae\nAda\n", "Did you mean 'name'"),
        ("{id}", "name,phone\nAda,1\n", "--ignore phone"),
        ("{town}", "name\nAda\n", "--name: 'town' is not known"),
        ("{id}", "share_aspect,name\n1:1,Ada\n", "share.aspect"),
    ],
)
def test_a_table_with_a_column_that_fills_nothing_is_refused(tmp_path: Path, name: str, text: str, said: str) -> None:
    with pytest.raises(RecipeError, match=said):
        tasks(cards(tmp_path, name=name), text)


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ("name\nAda,x\n", "", "is in no column"),
        ("id,name\na,\n", "name", "this is empty, and the template needs it"),
        ("name\nA very long name indeed\n", "name", "at most 12 fit"),
        ("name,photo\nAda,none.png\n", "photo", "no file 'none.png' beside the rows"),
        ("name,photo\nAda,https://example.org/a.png\n", "photo", "Addresses are not fetched"),
        ("name,photo\nAda,/etc/passwd\n", "photo", "not in the folder of the rows"),
        ("name,photo\nAda,../outside.png\n", "photo", "not in the folder of the rows"),
        ("name,photo\nAda,link.png\n", "photo", "not in the folder of the rows"),
        ("name,overlays.0.font\nAda,../outside.ttf\n", "overlays.0.font", "not in the folder of the rows"),
        ("name,source.look\nAda,nonesuch\n", "", "'nonesuch' is not known"),
        ("name,share.fps\nAda,1000\n", "share.fps", "60"),
        ("name,share.fbs\nAda,24\n", "share.fbs", "no such field"),
        ("name,source.seed.x\nAda,24\n", "", "source.seed"),
        ("name,template\nAda,cart\n", "template", "Did you mean 'card'"),
        ("name,language\nAda,fr\n", "language", "'fr' is not known"),
        ("name,brand\nAda,card.toml\n", "", "not JSON"),
        ("id,name\na,Ada\nA,Bob\n", "id", "that of row 2"),
        ("id,name,file\na,Ada,x\nb,Bob,X\n", "file", "name of row 2's clip"),
        ("name,file\nAda,../../x\n", "", "empty name"),
        ("name,file\nAda,_manifest/x\n", "file", "_manifest"),
    ],
)
def test_a_bad_row_says_column_and_what_is_allowed(tmp_path: Path, text: str, column: str, said: str) -> None:
    folder = tmp_path / "rows"
    folder.mkdir()
    picture(tmp_path / "outside.png")
    (tmp_path / "outside.ttf").write_bytes(b"font")
    (folder / "link.png").symlink_to(tmp_path / "outside.png")
    with pytest.raises(RowFault) as fault:
        tasks(cards(folder), text)
    assert said in str(fault.value)
    assert fault.value.column == column


def test_files_hidden_in_fields_are_found(tmp_path: Path) -> None:
    """However a row names a file of this machine: it is refused before anything of it is read."""
    folder = tmp_path / "rows"
    folder.mkdir()
    weights = tmp_path / "mine.safetensors"
    weights.write_bytes(b"weights")
    secret = picture(tmp_path / "outside.png")
    (tmp_path / "font.ttf").write_bytes(b"font")
    rows: list[dict[str, Any]] = [
        {"source.kind": "upload", "source.path": str(secret)},
        {"steps.0.kind": "stylize", "steps.0.style": str(weights)},
        {"steps.0.kind": "denoise", "steps.0.model": str(weights)},
        {"overlays.0.kind": "picture", "overlays.0.path": str(secret)},
        {"overlays.0.kind": "captions", "overlays.0.font": str(tmp_path / "font.ttf")},
        {"sound.music": str(secret)},
        {"source.look": str(weights)},
    ]
    base = Recipe.parse(TINY | {"overlays": [{"kind": "mark"}], "steps": [{"kind": "grade"}]})
    for index, cells in enumerate(rows):
        row = next(iter(Rows(table(folder, json.dumps(cells), f"{index}.jsonl"))))
        with pytest.raises(RowFault, match="not in the folder of the rows"):
            Clips(order(folder, recipe=base)).of(row)


def test_files_beside_the_rows_and_allowed_ones(tmp_path: Path) -> None:
    folder, other = tmp_path / "rows", tmp_path / "photos"
    picture(folder / "ada.png")
    picture(other / "bob.png")
    save_brand(Brand(name="Us", colours=("#112233", "#445566")), folder / "kit.json")
    made = tasks(cards(folder), "name,photo,brand\nAda,ada.png,kit.json\n")[0]
    assert made.inputs == (str(folder / "ada.png"),)
    files = Files(folder, (folder.resolve(), other.resolve()))
    assert tasks(cards(folder, files=files), "name,photo\nBob,../photos/bob.png\n")[0].inputs


def test_the_host_s_own_files_are_trusted(tmp_path: Path) -> None:
    folder = tmp_path / "rows"
    folder.mkdir()
    logo = picture(tmp_path / "logo.png")
    base = Recipe.parse(TINY | {"overlays": [{"kind": "picture", "path": str(logo)}]})
    assert tasks(order(folder, recipe=base), "id\na\n")
    assert tasks(cards(folder, brand=Brand(logo=str(logo))), "name\nAda\n")


def test_digests_follow_everything_that_a_clip_is_made_from(tmp_path: Path) -> None:
    picture(tmp_path / "ada.png")
    rows = "id,name,photo\na,Ada,ada.png\n"
    first = tasks(cards(tmp_path), rows)[0].digest
    assert tasks(cards(tmp_path), rows)[0].digest == first
    assert tasks(cards(tmp_path), rows.replace("Ada", "Bob"))[0].digest != first
    assert tasks(cards(tmp_path, name="x-{id}"), rows)[0].digest != first
    brand = Brand(colours=("#000000", "#ffffff", "#000000", "#eeeeee"))
    assert tasks(cards(tmp_path, brand=brand), rows)[0].digest != first
    picture(tmp_path / "ada.png", "blue")
    assert tasks(cards(tmp_path), rows)[0].digest != first


def test_rows_without_ids_may_come_and_go(tmp_path: Path) -> None:
    made = tasks(cards(tmp_path), "name\nAda\nAda\nBob\n")
    assert len({task.key for task in made}) == 3
    after = tasks(cards(tmp_path), "name\nZoe\nBob\nAda\nAda\n")
    assert {task.digest for task in made} < {task.digest for task in after}


def test_nothing_asked_for(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="neither is given"):
        order(tmp_path, recipe=None)
    with pytest.raises(RowFault, match="this row names none"):
        tasks(order(tmp_path), "name\nAda\n")


def test_a_huge_or_broken_line_of_json_is_bad_alone(tmp_path: Path) -> None:
    made = Rows(table(tmp_path, '{"name": "Ada"}\n{"name": {"a": 1}}\n{"name": "' + "x" * 9000 + '"}\n', "r.jsonl"))
    clips, rows = Clips(cards(tmp_path)), list(made)
    assert clips.of(rows[0])
    for row in rows[1:]:
        with pytest.raises(RowFault) as fault:
            clips.of(row)
        assert len(str(fault.value)) < 3000


def test_both_parts_of_a_batch_make_one_whole(tmp_path: Path) -> None:
    names = [f"r{number}" for number in range(100)]
    taken = [[name for name in names if Selection(part=part, parts=3).takes(name)] for part in (1, 2, 3)]
    assert sorted(name for part in taken for name in part) == sorted(names)
    assert min(map(len, taken)) > 15
    with pytest.raises(RecipeError, match="--part 4/3"):
        replace(Selection(), part=4, parts=3)
