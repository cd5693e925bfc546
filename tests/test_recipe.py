"""Recipes: what is refused, in which words; overrides from the command line."""

import json
import math
from pathlib import Path
from typing import Any

import pytest

from vgan.errors import RecipeError
from vgan.overrides import for_file, override
from vgan.recipe import ATTRIBUTES, Generate, Recipe
from vgan.share.formats import FORMATS

BAD: list[tuple[dict[str, Any], list[str]]] = [
    ({"sauce": 1}, ["sauce", "no such field", "source, steps, overlays, sound, share"]),
    ({"source": {"kind": "generate", "colour": 1}}, ["source.colour", "no such field", "hue"]),
    ({"share": {"fbs": 3}}, ["share.fbs", "no such field", "fps"]),
    ({"version": 2}, ["version", "1", "got 2"]),
    ({"source": {"kind": "download"}}, ["source", "download", "generate"]),
    ({"source": {"kind": "generate", "look": "auroa"}}, ["look", "auroa", "Did you mean 'aurora'?"]),
    ({"source": {"kind": "generate", "look": "../../etc/passwd"}}, ["look", "../../etc/passwd", "owner/name"]),
    ({"source": {"kind": "generate", "look": "owner/../name"}}, ["look", "owner/../name", "owner/name"]),
    ({"source": {"kind": "generate", "look": "x" * 2000}}, ["source.look", "1000"]),
    ({"source": {"kind": "generate", "seconds": 1e6}}, ["source.seconds", "60", "1000000"]),
    ({"source": {"kind": "generate", "seconds": 60, "loops": 60}}, ["source", "3600", "120"]),
    ({"source": {"kind": "generate", "variation": [0, 0]}}, ["source.variation", "6"]),
    ({"source": {"kind": "generate", "path": [{"look": "silk"}] * 7}}, ["source.path", "6"]),
    ({"source": {"kind": "generate", "path": [{"look": "silk"}, {"look": "fastgan-shells"}]}}, ["source", "one model"]),
    ({"source": {"kind": "generate", "path": [{"look": "silk", "hue": 2}]}}, ["source.path.0.hue", "1", "got 2"]),
    ({"share": {"short_side": 100_000}}, ["share.short_side", "2160", "100000"]),
    ({"share": {"short_side": 721}}, ["share.short_side", "multiple of 2", "721"]),
    ({"share": {"aspect": "3:2"}}, ["share.aspect", "9:16", "3:2"]),
    ({"share": {"format": "avi"}}, ["share.format", "mp4", "avi"]),
    ({"share": {"fps": 0}}, ["share.fps", "8", "got 0"]),
    ({"steps": [{"kind": "stylise"}]}, ["steps.0.kind", "stylize", "stylise"]),
    ({"steps": [{"kind": "stylize", "style": "scram"}]}, ["style", "scram", "Did you mean 'scream'"]),
    ({"steps": [{"kind": "stylize", "strength": 2}]}, ["steps.0.strength", "less than or equal to 1", "got 2"]),
    ({"steps": [{"kind": "stylize", "strenght": 1}]}, ["steps.0.strenght", "no such field", "steadiness"]),
    ({"steps": [{"kind": "stylize", "canvas": 100_000}]}, ["steps.0.canvas", "2160"]),
    ({"steps": [{"kind": "stylize"}] * 13}, ["steps", "12"]),
    ({"share": {"aspect": "source"}}, ["share.aspect", "source", "9:16"]),
    ({"share": {"fps": None}}, ["share.fps", "None"]),
    ({"source": {"kind": "upload", "path": "a.mp4", "start": -1}}, ["source.start", "0", "got -1"]),
    ({"steps": "none"}, ["steps", "none"]),
    ({"share": None}, ["share", "None"]),
    ({"source": []}, ["source", "[]"]),
]


@pytest.mark.parametrize(
    ("data", "words"), BAD, ids=lambda case: json.dumps(case)[:60] if isinstance(case, dict) else ""
)
def test_refusals_name_field_value_and_what_is_allowed(data: dict[str, Any], words: list[str]) -> None:
    with pytest.raises(RecipeError) as caught:
        Recipe.parse(json.dumps(data))
    for word in words:
        assert word in str(caught.value), str(caught.value)
    assert len(str(caught.value)) < 2000


@pytest.mark.parametrize("field", [*ATTRIBUTES, "truncation", "seconds", "seed", "loops"])
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, -1, 1e300, "x", None, [], {}, "true"])
def test_no_field_takes_nonsense(field: str, value: object) -> None:
    with pytest.raises(RecipeError, match=rf"source\.{field}: .*got "):
        Recipe.parse({"source": {"kind": "generate", field: value}})


@pytest.mark.parametrize(
    "text", ["", "{", "nonsense", b"\xff\xfe", "[" * 100_000, "1" * 6000, "[]", "7", "null", '"x"']
)
def test_what_is_no_recipe_at_all(text: str | bytes) -> None:
    with pytest.raises(RecipeError, match="recipe"):
        Recipe.parse(text)


def test_round_trip_writes_every_field() -> None:
    written = Recipe().to_json()
    assert Recipe.parse(written) == Recipe()
    assert set(json.loads(written)["source"]) == set(Generate.model_fields)


@pytest.mark.parametrize(
    ("setting", "read"),
    [
        ("source.seed=11", lambda r: r.source.seed == 11),
        ("share.fps=24", lambda r: r.share.fps == 24),
        ("source.look=silk", lambda r: r.source.look == "silk"),
        ('source.look="silk"', lambda r: r.source.look == "silk"),
        ("share.aspect=1:1", lambda r: r.share.aspect == "1:1"),
        ("source.variation.2=1.5", lambda r: r.source.variation[2] == 1.5),
        ('source.path=[{"look":"silk"},{"look":"ink"}]', lambda r: len(r.source.path) == 2),
        ('share={"fps":25}', lambda r: r.share.fps == 25),
    ],
)
def test_override(setting: str, read: Any) -> None:
    assert read(override(Recipe(), [setting]))


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("source.seed", ["source.seed", "path=value"]),
        ("=3", ["path=value"]),
        ("source..seed=3", ["path=value"]),
        ("source.speed=3", ["source.speed", "no such field", "seed"]),
        ("speed=3", ["speed", "no such field", "source"]),
        ("a.b.c=3", ["a: no such field"]),
        ("source.seed.x=3", ["source.seed.x", "seed", "single value"]),
        ("source.variation.6=1", ["source.variation.6", "0 to 5"]),
        ("source.variation.-1=1", ["source.variation.-1", "0 to 5"]),
        ("source.path.0.seed=1", ["source.path.0.seed", "empty"]),
        ("share.fps=fast", ["share.fps", "fast"]),
        ("share.fps=NaN", ["share.fps", "nan"]),
        ("source.hue=" + "9" * 5000, ["source.hue"]),
        ("share.format=avi", ["share.format", "mp4", "avi"]),
    ],
)
def test_override_refusals(setting: str, words: list[str]) -> None:
    with pytest.raises(RecipeError) as caught:
        override(Recipe(), [setting])
    for word in words:
        assert word in str(caught.value), str(caught.value)


@pytest.mark.parametrize("name", FORMATS)
def test_the_file_name_chooses_the_format(name: str) -> None:
    out = Path(f"clip{FORMATS[name].extension.upper()}")
    assert for_file(Recipe(), out, explicit=False).share.format == name
    if name != "mp4":
        with pytest.raises(RecipeError, match=rf"share\.format: .*'mp4'.*{name}"):
            for_file(Recipe(), out, explicit=True)


@pytest.mark.parametrize(
    ("name", "words"), [("clip", "nothing"), ("clip.avi", r"\.avi.*\.mp4"), ("clip.png", r"\.zip")]
)
def test_file_names_without_a_format(name: str, words: str) -> None:
    with pytest.raises(RecipeError, match=words):
        for_file(Recipe(), Path(name), explicit=False)
