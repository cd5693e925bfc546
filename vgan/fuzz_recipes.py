"""Recipes that nobody would write: made at random from the schema of recipes, tame, at the bounds, wild, or no JSON."""

import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from vgan.recipe import Recipe
from vgan.text.font_list import FONTS
from vgan.zoo import LOOKS, MODELS, STYLES

KINDS = ("tame", "bounds", "wild", "text")
SMALL = {"short_side": (144, 146, 160, 200), "fps": (8, 9, 12), "seconds": (0.5, 0.6, 1.0), "canvas": (256,)}
MOST_MB = (0.05, 0.1, 1)
TEXTS: tuple[str, ...] = (
    *(
        "",
        " ",
        "Happy birthday, Ana",
        "生日快乐",
        "عيد ميلاد سعيد",
        "👩‍👩‍👧‍👦 🏳️‍🌈",
        "a\u0301" * 40,
        "\u202eabc\u202c",
        "\ufeffx",
        "\u200b" * 50,
    ),
    *(
        "a" * 299,
        "W" * 5000,
        "\n" * 60,
        "a\r\nb\tc",
        "\x00",
        "\x1b[31m",
        "\ud800",
        "<b>{x}</b>",
        "%s%n",
        "${7*7}",
        "'; DROP",
        "\\N{DASH}",
    ),
    *(
        "../../etc/passwd",
        "/etc/passwd",
        "file:///etc/passwd",
        "http://127.0.0.1:9/x",
        "concat:a|b",
        "nul",
        "owner/name",
        "my:x",
        "-i",
        "C:\\x",
    ),
    *("null", "NaN", "-0", "1e999", "0x10", "#12345g", "rgb(0,0,0)", "9:17", "mp5"),
)
NUMBERS: tuple[Any, ...] = (
    *(0, -0.0, 1, -1, 0.5, 1e-320, 1e308, -1e308, 2**31 - 1, 2**31, 2**63, 10**400, -(10**30), 0.1 + 0.2, 1 / 3),
    *(float("nan"), float("inf"), float("-inf"), True, "1", "0.5", "1_000", "٣", [1], {"a": 1}, None),
)  # fmt: skip
THINGS: tuple[Any, ...] = (
    None,
    [],
    {},
    [[]],
    {"kind": None},
    {"kind": []},
    [None] * 50,
    {"": ""},
    "kind",
    7,
    True,
    [[[[[]]]]],
)
EXTRA = ("__class__", "kind", "", "версия", "source", "a" * 300, "model_config", "__proto__", "strength ", "Strength")


def recipes(count: int, seed: int, files: Sequence[Path]) -> Iterator[tuple[str, str]]:
    """(kind, text) of `count` recipes, the same ones for the same seed. files: what uploads and music may name."""
    schema = Recipe.model_json_schema()
    names: dict[str, list[Any]] = {
        "look": [*LOOKS] * 2 + ["aurora"] * 40,
        "style": [*STYLES] * 3,
        "second": [None, *STYLES],
        "model": [*MODELS],
        "path": [str(files[0])] * 8 + [*map(str, files)],
        "music": [str(files[0])] * 8 + ["", *map(str, files)],
        "font": [*FONTS] * 3,
        "picture": [""],
    }
    for number in range(count):
        chance = random.Random(f"{seed}-{number}")
        kind = KINDS[number % len(KINDS)]
        writer = _Writer(
            schema, chance, names, {"tame": 0.0, "bounds": 0.0, "wild": 0.06, "text": 0.02}[kind], kind == "bounds"
        )
        text = json.dumps(writer.value(schema, "recipe"))
        yield kind, _spoilt(text, chance) if kind == "text" else text


class _Writer:
    """Values of one recipe. wildness: how likely any of them is none that the schema allows; bounds: whether numbers
    are the smallest and largest ones."""

    def __init__(
        self, schema: dict[str, Any], chance: random.Random, names: dict[str, list[Any]], wildness: float, bounds: bool
    ):
        self._schema, self._chance, self._names, self._wildness, self._bounds = schema, chance, names, wildness, bounds

    def value(self, part: dict[str, Any], name: str) -> Any:
        """Something for the field `name`, whose schema is `part`."""
        chance = self._chance
        if chance.random() < self._wildness and name != "recipe":
            return chance.choice(chance.choice((TEXTS, NUMBERS, THINGS)))
        if "$ref" in part:
            return self.value(self._schema["$defs"][part["$ref"].rpartition("/")[2]], name)
        if choices := part.get("oneOf") or part.get("anyOf"):
            filled = [one for one in choices if one.get("type") != "null"]
            return self.value(chance.choice(filled if chance.random() < 0.9 else choices), name)
        if "const" in part or "enum" in part:
            return chance.choice(part.get("enum") or [part["const"]])
        kind = part.get("type")
        if kind == "object":
            return self._object(part)
        if kind == "array":
            return self._array(part, name)
        if kind == "string":
            return self._text(part, name)
        if kind in {"integer", "number"}:
            return self._number(part, name, kind == "integer")
        return chance.random() < 0.5 if kind == "boolean" else None

    def _object(self, part: dict[str, Any]) -> dict[str, Any]:
        fields, needed = (
            part.get("properties", {}),
            {*part.get("required", ()), "kind", "source", "share", "short_side", "fps", "seconds"},
        )
        made = {
            name: self.value(field, name)
            for name, field in fields.items()
            if name in needed or self._chance.random() < 0.35
        }
        if self._chance.random() < self._wildness:
            made[self._chance.choice(EXTRA)] = self._chance.choice(THINGS)
        return made

    def _array(self, part: dict[str, Any], name: str) -> list[Any]:
        if "prefixItems" in part:
            return [self.value(item, name) for item in part["prefixItems"]]
        most = min(part.get("maxItems", 3), 3)
        count = max(part.get("minItems", 0), self._chance.choice((0, 0, 1, 1, 2, most)))
        if self._chance.random() < self._wildness:
            count = self._chance.choice((0, 13, 5000))
        return [self.value(part["items"], name) for _ in range(count)]

    def _text(self, part: dict[str, Any], name: str) -> str | None:
        if "pattern" in part:
            return f"#{self._chance.randrange(1 << 24):06x}"
        return self._chance.choice(self._names.get(name, TEXTS[:11]))

    def _number(self, part: dict[str, Any], name: str, whole: bool) -> Any:
        low, high = part.get("minimum", part.get("exclusiveMinimum", 0)), part.get("maximum", 100)
        if name in SMALL:
            return self._chance.choice(SMALL[name])
        if name == "max_mb":
            return self._chance.choice(MOST_MB)
        if name in {"start", "end", "loops"}:  # of short clips
            return self._chance.choice((1, 1, 2) if whole else (0, 0.1, 0.25, 0.3, 0.5, 36000))
        if self._bounds:
            return self._chance.choice((low, high))
        return self._chance.randint(low, high) if whole else round(self._chance.uniform(low, high), 4)


def _spoilt(text: str, chance: random.Random) -> str:
    """`text` that is no JSON any more, or is it in a way that parsers differ about."""
    place = chance.randrange(len(text))
    ways = (
        lambda: text[:place],
        lambda: text[:place] + chance.choice('\x00\ufeff{}[],:"\\/') + text[place:],
        lambda: text[:place] + text[place + 1 :],
        lambda: text.replace('"source"', '"source": {"kind": "generate"}, "source"', 1),
        lambda: text[:-1] + ', "version": 1, "version": 2}',
        lambda: "[" * chance.choice((100, 5_000, 100_000)) + text,
        lambda: '{"steps": ' * 3_000 + "[]" + "}" * 3_000,
        lambda: text[:-1] + f', "steps": [{",".join(["1"] * 100_000)}]}}',
        lambda: text[:-1] + f', "sound": {{"music": "{"a" * 1_000_000}"}}}}',
        lambda: text.replace("0.5", chance.choice(("NaN", "Infinity", "-Infinity", "1e999", "0" * 5000, "9" * 5000))),
        lambda: text.replace("{", "{ //x\n", 1),
        lambda: f"\ufeff{text}",
        lambda: json.dumps([json.loads(text)] * 3),
        lambda: json.dumps(text),
        lambda: chance.choice(("", "null", "0", '""', "[]", "true", "NaN", "\x00", "{}")),
    )
    return chance.choice(ways)()
