"""Names of colours for people: a circle of twelve."""

CIRCLE: dict[str, float] = {
    "red": 0.0,
    "orange": 0.08,
    "gold": 0.13,
    "yellow": 0.17,
    "lime": 0.25,
    "green": 0.34,
    "turquoise": 0.47,
    "sky blue": 0.56,
    "blue": 0.64,
    "violet": 0.75,
    "magenta": 0.84,
    "pink": 0.92,
}


def colour_of(turns: float) -> str:
    """The nearest name of a hue in turns (0 red, 1/3 green, 2/3 blue)."""
    return min(CIRCLE, key=lambda name: abs((turns - CIRCLE[name] + 0.5) % 1 - 0.5))
