"""`python -m vgan batch`: what a person gets to see, and exit codes."""

import json
from pathlib import Path

import pytest
from batch_orders import card, clips_in, table
from typer.testing import CliRunner, Result

from vgan.cli import app
from vgan.media.probe import probe, recipe_of
from vgan.settings import PROJECT

EXAMPLE = PROJECT / "assets" / "examples" / "birthdays.csv"


def batch(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["batch", *(str(argument) for argument in arguments)])


def test_rows_become_clips(tmp_path: Path) -> None:
    """With what ships: real looks, real processes."""
    rows = table(tmp_path, "id;name;source.seed\n1;Ada;1\n2;李伟;2\n3;A name that is too long;3\n")
    asked = (rows, "--template", card(tmp_path), "--out", tmp_path / "out", "--name", "{id}-{name}", "--device", "cpu")
    made = batch(*asked, "--workers", 1, "--threads", 1)
    assert made.exit_code == 1, made.output
    assert "2 clips made, 0 were there, 1 failed" in made.stdout
    assert "row 4: name: 'Name' has 23 characters; at most 12 fit" in made.stderr
    assert set(clips_in(tmp_path / "out")) == {"1-Ada.mp4", "2-李伟.mp4"}
    assert probe(tmp_path / "out" / "2-李伟.mp4").frames == 24  # as long as it takes to read
    found = recipe_of(tmp_path / "out" / "2-李伟.mp4")
    assert found is not None
    assert found.source.seed == 2  # type: ignore[union-attr]

    table(tmp_path, "id;name;source.seed\n1;Ada;1\n2;李伟;2\n")
    again = batch(*asked, "--json")
    assert again.exit_code == 0, again.output
    events = [json.loads(line) for line in again.stdout.splitlines()]
    assert [event["event"] for event in events] == ["start", "before", "before", "summary"]
    assert events[-1]["complete"]


def test_the_rows_that_ship_are_whole(tmp_path: Path) -> None:
    asked = (EXAMPLE, "--template", "birthday", "--out", tmp_path / "out", "--name", "{id}-{name}", "--dry-run")
    found = batch(*asked, "--aspects", "9:16,1:1", "--device", "cpu")
    assert found.exit_code == 0, found.output
    assert "24 clips to make, 0 there already, 0 rows that cannot be made" in found.stdout
    assert "b01-Ada-9x16.mp4" in found.stdout
    assert not (tmp_path / "out").exists()


def test_a_dry_run_tells_every_bad_row(tmp_path: Path) -> None:
    rows = table(tmp_path, "name,photo\nAda,\nBob,none.png\n,\nEve,/etc/hostname\n")
    found = batch(rows, "--template", card(tmp_path), "--out", tmp_path / "out", "--dry-run")
    assert found.exit_code == 1
    assert [line.partition(":")[0] for line in found.stderr.splitlines()] == ["row 3", "row 5"]
    told = json.loads(batch(rows, "--template", card(tmp_path), "--out", "x", "--dry-run", "--json").stdout)
    assert (told["clips"], [fault["column"] for fault in told["faults"]]) == (1, ["photo", "photo"])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "neither is given"),
        (("--template", "birthdya"), "Did you mean 'birthday'"),
        (("--template", "none.toml"), "none.toml"),
        (("--template", "birthday", "--aspects", "9:17"), "'9:17' is not known"),
        (("--template", "birthday", "--part", "3/2"), "--part 3/2"),
        (("--template", "birthday", "--part", "x"), "2/8"),
        (("--template", "birthday", "--files", "none"), "no such folder"),
        (("--template", "birthday", "--brand", "none.json"), "none.json"),
        (("--template", "birthday", "--name", "{nmae}"), "Did you mean 'name'"),
        (("--template", "birthday", "--language", "fr"), "'fr' is not known"),
        (("--template", "birthday", "--device", "abacus"), "abacus"),
        (("--template", "quote"), "'name' is not known"),
        (("--recipe", "none.json"), "none.json"),
    ],
)
def test_what_is_refused_as_a_whole(tmp_path: Path, options: tuple[str, ...], words: str) -> None:
    rows = table(tmp_path, "name\nAda\n")
    refused = batch(rows, "--out", tmp_path / "out", *options)
    assert refused.exit_code == 2, refused.output
    assert words in refused.stderr
    assert "Traceback" not in refused.output
    assert not (tmp_path / "out").exists()


def test_rows_and_places_that_are_not_there(tmp_path: Path) -> None:
    rows = table(tmp_path, "name\nAda\n")
    assert batch(tmp_path / "none.csv", "--out", tmp_path / "out", "--template", "birthday").exit_code == 2
    (tmp_path / "file").write_text("")
    refused = batch(rows, "--out", tmp_path / "file", "--template", "birthday")
    assert refused.exit_code == 1
    assert "place of results" in refused.stderr
    refused = batch(rows, "--out", "gopher://x/y", "--template", "birthday")
    assert refused.exit_code == 2
