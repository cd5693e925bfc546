"""Colour words: where on the colour wheel each lies, in turns (0 red, 1/3 green, 2/3 blue), and what else it says."""

from pathlib import Path

from vgan.training.words.adjectives import Phrase

# name: hue, then what it says besides.
_NAMES: dict[str, tuple[float, dict[str, float]]] = {
    "red": (0.0, {}),
    "bright red": (0.0, {"brightness": 0.75}),
    "dark red": (0.0, {"brightness": 0.2}),
    "ruby": (0.97, {}),
    "cherry": (0.97, {}),
    "maroon": (0.98, {"brightness": 0.2}),
    "burgundy": (0.96, {"brightness": 0.2}),
    "wine red": (0.96, {"brightness": 0.2}),
    "vermilion": (0.02, {}),
    "brick red": (0.02, {"saturation": 0.4}),
    "coral": (0.03, {"brightness": 0.7}),
    "salmon": (0.03, {"brightness": 0.75}),
    "rust": (0.05, {"brightness": 0.3}),
    "copper": (0.06, {}),
    "terracotta": (0.05, {"saturation": 0.4}),
    "orange": (0.08, {}),
    "dark orange": (0.07, {"brightness": 0.25}),
    "burnt orange": (0.06, {"brightness": 0.35}),
    "apricot": (0.08, {"brightness": 0.75}),
    "peach": (0.07, {"brightness": 0.75}),
    "bronze": (0.09, {"brightness": 0.35}),
    "brown": (0.07, {"brightness": 0.25}),
    "caramel": (0.09, {}),
    "ochre": (0.11, {"saturation": 0.4}),
    "gold": (0.13, {}),
    "golden": (0.13, {}),
    "yellow": (0.16, {}),
    "lemon": (0.16, {"brightness": 0.8}),
    "mustard": (0.14, {}),
    "sand": (0.11, {"saturation": 0.25}),
    "beige": (0.11, {"saturation": 0.15, "brightness": 0.75}),
    "olive": (0.2, {"brightness": 0.3}),
    "chartreuse": (0.23, {}),
    "yellow-green": (0.22, {}),
    "light green": (0.33, {"brightness": 0.75}),
    "green": (0.34, {}),
    "grass green": (0.31, {}),
    "dark green": (0.35, {"brightness": 0.2}),
    "forest green": (0.36, {"brightness": 0.25}),
    "mint": (0.42, {"brightness": 0.8}),
    "emerald green": (0.39, {}),
    "sea green": (0.43, {}),
    "turquoise": (0.48, {}),
    "teal": (0.5, {"brightness": 0.4}),
    "cyan": (0.5, {}),
    "petrol": (0.53, {"brightness": 0.25}),
    "blue-green": (0.48, {}),
    "sky blue": (0.56, {"brightness": 0.75}),
    "light blue": (0.58, {"brightness": 0.75}),
    "ice blue": (0.54, {"brightness": 0.85}),
    "baby blue": (0.57, {"brightness": 0.8}),
    "azure blue": (0.58, {}),
    "blue": (0.63, {}),
    "royal blue": (0.63, {}),
    "dark blue": (0.64, {"brightness": 0.2}),
    "navy blue": (0.65, {"brightness": 0.15}),
    "ultramarine": (0.66, {}),
    "midnight blue": (0.66, {"brightness": 0.12}),
    "cobalt blue": (0.62, {}),
    "indigo": (0.71, {"brightness": 0.3}),
    "violet": (0.75, {}),
    "lavender": (0.73, {"brightness": 0.75}),
    "purple": (0.78, {}),
    "deep purple": (0.78, {"brightness": 0.2}),
    "mauve": (0.8, {"saturation": 0.35}),
    "orchid": (0.83, {}),
    "aubergine": (0.82, {"brightness": 0.15}),
    "magenta": (0.85, {}),
    "fuchsia": (0.87, {"saturation": 0.8}),
    "hot pink": (0.91, {"saturation": 0.85}),
    "pink": (0.92, {}),
    "light pink": (0.93, {"brightness": 0.8}),
    "rose": (0.94, {}),
    "raspberry": (0.94, {}),
    "crimson": (0.97, {}),
}

# The colour of things.
_THINGS: dict[str, float] = {
    "blood": 0.99,
    "tomatoes": 0.01,
    "strawberries": 0.98,
    "a fox": 0.06,
    "autumn leaves": 0.06,
    "a sunset": 0.05,
    "pumpkins": 0.08,
    "fire": 0.05,
    "whisky": 0.09,
    "honey": 0.12,
    "sunflowers": 0.14,
    "the sun": 0.14,
    "bananas": 0.15,
    "fresh grass": 0.3,
    "moss": 0.27,
    "a meadow in spring": 0.29,
    "frogs": 0.31,
    "pine trees": 0.38,
    "the caribbean": 0.49,
    "a glacier": 0.54,
    "a summer sky": 0.57,
    "jeans": 0.61,
    "the deep sea": 0.62,
    "blueberries": 0.67,
    "ripe plums": 0.82,
    "grapes": 0.78,
    "heather": 0.81,
    "cherry blossom": 0.94,
    "flamingos": 0.95,
    "candy floss": 0.93,
}

WAYS = ("in {}", "in shades of {}", "in {} tones", "all {}", "with {} light", "glowing {}", "mostly {}", "coloured {}")
LIKE = ("the colour of {}", "coloured like {}", "in the colours of {}", "as {} would be coloured")

COLOURS: tuple[Phrase, ...] = tuple(
    Phrase(name, "adj", (("hue", hue), *more.items())) for name, (hue, more) in _NAMES.items()
)
THINGS: tuple[Phrase, ...] = tuple(Phrase(name, "thing", (("hue", hue),)) for name, hue in _THINGS.items())
WARM = (  # wider than one colour: used for whole stretches of the wheel
    Phrase("warm", "adj", (("hue", 0.06),)),
    Phrase("in warm colours", "after", (("hue", 0.06),)),
    Phrase("cold", "adj", (("hue", 0.58),)),
    Phrase("cool", "adj", (("hue", 0.56),)),
    Phrase("icy", "adj", (("hue", 0.54), ("brightness", 0.75))),
    Phrase("in cold colours", "after", (("hue", 0.58),)),
)


# What a colour's name says besides, by the words in it.
_SHADES: dict[str, tuple[str, float]] = {
    **dict.fromkeys(("dark", "deep", "darkish", "midnight", "very dark", "navy"), ("brightness", 0.2)),
    **dict.fromkeys(("light", "pale", "pastel", "lighter", "lightish", "powder", "ice"), ("brightness", 0.78)),
    **dict.fromkeys(("dull", "grey", "greyish", "dusty", "muted", "faded", "dirty", "drab"), ("saturation", 0.22)),
    **dict.fromkeys(("bright", "vivid", "electric", "neon", "hot", "strong", "fluorescent"), ("saturation", 0.82)),
}


def _survey() -> tuple[Phrase, ...]:
    """The names of a colour survey, as many people gave them, with the hue that they gave them to."""
    lines = (Path(__file__).parent / "survey.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split(" | ") for line in lines if not line.startswith("#")]
    return tuple(
        Phrase(name, "adj", (("hue", float(hue)), *(_SHADES[word] for word in name.split()[:1] if word in _SHADES)))
        for name, hue, *_ in rows
    )


SURVEY: tuple[Phrase, ...] = _survey()
