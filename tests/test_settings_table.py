"""The table of settings in docs/space.md, the settings themselves, and what they say of a value that is none."""

import re
from pathlib import Path

import pytest

from vgan.errors import RecipeError
from vgan.settings import PROJECT, Settings

NAME = re.compile(r"\bVGAN_[A-Z0-9_]+\b")
PAGE = PROJECT / "docs" / "space.md"
NUMBERS = ("VGAN_MAX_PIXELS", "VGAN_MAX_SECONDS", "VGAN_LINE", "VGAN_KEEP_HOURS", "VGAN_FIT_SECONDS", "VGAN_DECODE_MB")


def rows() -> list[str]:
    """The names in the first column of the table, in order."""
    table = PAGE.read_text(encoding="utf-8").split("## Settings", 1)[1]
    lines = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    return [name for line in lines for name in NAME.findall(line)]


def names(path: Path) -> set[str]:
    return set(NAME.findall(path.read_text(encoding="utf-8")))


def test_the_table_has_every_setting_once_and_no_other() -> None:
    assert sorted(rows()) == sorted(names(PROJECT / "vgan" / "settings.py"))


def test_nothing_reads_or_explains_a_setting_that_there_is_not() -> None:
    known = set(rows())
    pages = [PROJECT / "README.md", *PROJECT.glob("*.md"), *(PROJECT / "docs").glob("*.md")]
    for path in [*(PROJECT / "vgan").rglob("*.py"), *pages]:
        assert names(path) <= known, path


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("value", ["many", "-1", "nan", "inf", "1e999", "1,5"])
def test_a_number_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(RecipeError, match=rf"{name}: '{value}' is no number from 0 on"):
        Settings()


def test_an_empty_value_is_none() -> None:
    with pytest.MonkeyPatch.context() as patch:
        for name in NUMBERS:
            patch.setenv(name, "")
        assert Settings() == Settings()
    assert Settings().line == 24


def test_for_strangers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPACE_ID", "me/studio")
    found = Settings()
    assert (found.public, found.space, found.proxies) == (True, True, 1)
    assert found.renders_an_hour > 0
    monkeypatch.setenv("VGAN_PROXIES", "2")
    assert Settings().proxies == 2


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VGAN_COUNTERS_TOKEN", "hidden-token")
    monkeypatch.setenv("VGAN_AUTH", "ada:hidden-word")
    assert "hidden" not in repr(Settings())
