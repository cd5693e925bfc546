"""Templates in files, and on the command line: broken ones are said, and hide no other."""

import random
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from trial_templates import LOOK, WORDS, made, texts, words, write
from typer.testing import CliRunner

from vgan.cli import app
from vgan.errors import RecipeError
from vgan.recipe import Recipe
from vgan.templates import load, templates
from vgan.templates.files import SHIPPED

NAMES = sorted(path.stem for path in SHIPPED.glob("*.toml"))


class TestFiles:
    def test_unknown_blanks_are_named(self, tmp_path: Path) -> None:
        data = made(
            {"a": {}}, words("{a} {b}"), {"kind": "picture", "path": {"$": "logo"}}, words({"text": "x", "with": "c"})
        )
        with pytest.raises(RecipeError, match="b, c, logo"):
            load(write(tmp_path, data))

    @pytest.mark.parametrize(
        ("data", "word"),
        [
            (made({"a": {}}, words("x")), "never used: a"),
            (made({}, words("x"), tune=1), "tune"),
            (made({}, words("x", sise=1)), "sise"),
            (made({}, words("x", size=7)), "size"),
            (made({}, words("x", gap="wide")), "gap"),
            (made({}, words({"text": "x", "start": "soon"})), "soon"),
            (made({}, words("a } b")), "brace"),
            (made({}, words("$tint")), "tint"),
            (made({}, words("x", font="comic")), "comic"),
            (made({"line": {}}, words("{line}")), "line"),
            (made({"a": {"kind": "sing"}}, words("{a}")), "kind"),
            (made({"A b": {}}, words("x")), "A b"),
            (made({"a": {"max": 5000}}, words("{a}")), "5000"),
            (made({}, words("x"), until="nothing"), "until"),
            (made({}, words("x"), recipe={"source": LOOK, "version": 2}), "version"),
            ({"title": WORDS}, "about"),
            ([1, 2], "list"),
            ("{" * 200, "JSON"),
            ("[" * 60_000, "JSON"),
            (made({}, words("x"), about={"en": "x" * 301, "zh": "x"}), "about"),
        ],
    )
    def test_what_is_broken_is_said(self, tmp_path: Path, data: Any, word: str) -> None:
        with pytest.raises(RecipeError, match=word) as refused:
            load(write(tmp_path, data))
        assert str(refused.value).startswith("trial.json: ")
        assert len(str(refused.value)) < 500

    def test_nested_ones_end(self, tmp_path: Path) -> None:
        inner: Any = "x"
        for _ in range(300):
            inner = {"a": [inner]}
        with pytest.raises(RecipeError, match="nested too deeply"):
            load(write(tmp_path, made({}, words("x")) | {"recipe": {"overlays": [inner]}}))

    def test_five_megabytes(self, tmp_path: Path) -> None:
        with pytest.raises(RecipeError, match="too long"):
            load(write(tmp_path, " " * 5_000_000))

    def test_toml_that_is_none(self, tmp_path: Path) -> None:
        with pytest.raises(RecipeError, match="TOML"):
            load(write(tmp_path, "a = [", "trial.toml"))
        with pytest.raises(RecipeError, match="Rename it"):
            load(write(tmp_path, "a = 1", "Trial.toml"))

    def test_a_broken_one_hides_no_other(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("VGAN_TEMPLATES", str(tmp_path))
        write(tmp_path, made({}, words("mine")), "mine.json")
        write(tmp_path, "{", "quote.json")
        listed = templates()
        assert listed["quote"].template is not None
        assert listed["mine"].template is not None
        assert "not JSON" in listed["quote.json"].error

    def test_damage_is_always_said_in_words(self, tmp_path: Path) -> None:
        """Values of the shipped templates changed at random: refused by name, or still a template."""
        rng = random.Random(4)
        for trial in range(60):
            data = tomllib.loads((SHIPPED / f"{rng.choice(NAMES)}.toml").read_text(encoding="utf-8"))
            for _ in range(3):
                _spoil(data, rng)
            with suppress(RecipeError):
                load(write(tmp_path, data, f"t{trial}.json"))


def _spoil(data: Any, rng: random.Random) -> None:
    """Change one value somewhere inside."""
    while isinstance(data, (dict, list)) and data:
        key = rng.choice(list(data)) if isinstance(data, dict) else rng.randrange(len(data))
        if not isinstance(data[key], (dict, list)) or rng.random() < 0.15:
            data[key] = rng.choice([None, 0, -1, 1e308, True, "", "x", "{a}", "{", [], {}, [[]], {"$": 1}, {"$": "a"}])
            return
        data = data[key]


class TestCommand:
    def test_list(self) -> None:
        shown = CliRunner().invoke(app, ["templates"])
        assert shown.exit_code == 0, shown.output
        assert all(name in shown.stdout for name in NAMES)

    def test_a_filled_template_is_a_recipe(self, tmp_path: Path) -> None:
        out = tmp_path / "r.json"
        ended = CliRunner().invoke(app, ["template", "birthday", "--set", "name=Zoë", "--set", "age=8", "-o", str(out)])
        assert ended.exit_code == 0, ended.output
        assert "Zoë" in texts(Recipe.parse(out.read_bytes()))

    def test_over_a_recipe_and_with_a_brand(self, tmp_path: Path) -> None:
        base = write(tmp_path, {"source": LOOK}, "base.json")
        kit = write(tmp_path, {"handle": "@glow", "font": "mono", "colours": ["#ffee00", "#0000ff"]}, "kit.json")
        ended = CliRunner().invoke(app, ["template", "question", "--over", str(base), "--brand", str(kit)])
        recipe = Recipe.parse(ended.stdout)
        assert recipe.source.look == "silk"  # type: ignore[union-attr]
        assert "@glow" in texts(recipe)

    @pytest.mark.parametrize(
        "arguments", [["nonesuch"], ["birthday", "--set", "name"], ["birthday", "--language", "fr"]]
    )
    def test_bad_usage(self, arguments: list[str]) -> None:
        ended = CliRunner().invoke(app, ["template", *arguments])
        assert ended.exit_code == 2
        assert "Traceback" not in ended.output
