"""The mood of a clip as its component shows it."""

from typing import Any

from vgan.mood import NAMED, Mood, Suggestion
from vgan.templates import templates

NOTHING: dict[str, Any] = {}
GROUNDS = 6  # that are shown


def props() -> dict[str, Any]:
    """What the component needs: moods with their places, and what templates are called."""
    titles = {name: one.template.title.model_dump() for name, one in templates().items() if one.template}
    return {"moods": {name: list(place) for name, place in NAMED.items()}, "titles": titles}


def shown(now: Mood, suggestion: Suggestion, look: bool) -> dict[str, Any]:
    """An estimate with its grounds and what goes with it. look: whether the clip is a look, which can be another."""
    grounds = [
        {"what": one.what, "valence": round(one.valence, 2), "energy": round(one.energy, 2)}
        for one in now.because[:GROUNDS]
    ]
    place = {"mood": now.name, "valence": round(now.valence, 2), "energy": round(now.energy, 2)}
    suggested = {"looks": [each.name for each in suggestion.looks] if look else []}
    return place | {"because": grounds, "templates": list(suggestion.templates)} | suggested
