"""What goes with a mood: looks with their sliders, a grade, templates."""

from dataclasses import dataclass, field

from vgan.mood.estimate import Mood, nearest
from vgan.recipe_steps import Grade

Sliders = dict[str, float]


@dataclass(frozen=True)
class Look:
    """A look of the gallery, with values for its sliders; see `vgan.recipe.Latent`."""

    name: str
    sliders: Sliders = field(default_factory=dict)


@dataclass(frozen=True)
class Suggestion:
    """looks: the best first; grade: what makes a clip more of that mood; templates: by name."""

    mood: str
    looks: tuple[Look, ...]
    grade: Grade
    templates: tuple[str, ...]


def _look(name: str, hue: float, saturation: float, brightness: float, contrast: float, complexity: float) -> Look:
    sliders = {"hue": hue, "saturation": saturation, "brightness": brightness, "contrast": contrast}
    return Look(name, sliders | {"complexity": complexity})


# Colours after the findings in `vgan.mood.terms`: glad is lighter and warmer, stirring is more vivid. Motion is the
# mood's own energy, see `suggest`.
SUGGESTIONS: dict[str, Suggestion] = {
    "calm": Suggestion(
        "calm",
        (
            _look("clouds", 0.55, 0.35, 0.65, 0.3, 0.3),
            _look("silk", 0.5, 0.4, 0.6, 0.35, 0.25),
            _look("aurora", 0.45, 0.45, 0.5, 0.4, 0.35),
        ),
        Grade(brightness=0.1, contrast=-0.15, saturation=-0.15),
        ("quote", "podcast"),
    ),
    "tender": Suggestion(
        "tender",
        (
            _look("bokeh", 0.06, 0.45, 0.6, 0.35, 0.35),
            _look("silk", 0.95, 0.4, 0.65, 0.35, 0.3),
            _look("clouds", 0.03, 0.4, 0.7, 0.3, 0.3),
        ),
        Grade(brightness=0.12, contrast=-0.1, temperature=0.18),
        ("birth", "wedding", "quote"),
    ),
    "happy": Suggestion(
        "happy",
        (
            _look("confetti", 0.12, 0.8, 0.65, 0.55, 0.6),
            _look("bokeh", 0.1, 0.7, 0.65, 0.5, 0.5),
            _look("liquid", 0.08, 0.75, 0.65, 0.5, 0.5),
        ),
        Grade(brightness=0.12, saturation=0.25, temperature=0.15),
        ("birthday", "graduation", "sale"),
    ),
    "energetic": Suggestion(
        "energetic",
        (
            _look("neon", 0.85, 0.9, 0.5, 0.8, 0.7),
            _look("liquid", 0.95, 0.85, 0.55, 0.7, 0.65),
            _look("confetti", 0.0, 0.9, 0.55, 0.7, 0.8),
        ),
        Grade(contrast=0.3, saturation=0.35),
        ("countdown", "sale", "lyric"),
    ),
    "tense": Suggestion(
        "tense",
        (
            _look("ink", 0.62, 0.45, 0.25, 0.85, 0.6),
            _look("embers", 0.02, 0.8, 0.3, 0.8, 0.6),
            _look("marble", 0.62, 0.3, 0.3, 0.8, 0.6),
        ),
        Grade(brightness=-0.2, contrast=0.35, saturation=0.1, temperature=-0.15),
        ("countdown", "question"),
    ),
    "sad": Suggestion(
        "sad",
        (
            _look("waves", 0.6, 0.25, 0.35, 0.35, 0.3),
            _look("clouds", 0.6, 0.2, 0.35, 0.35, 0.35),
            _look("ink", 0.6, 0.25, 0.35, 0.4, 0.3),
        ),
        Grade(brightness=-0.15, saturation=-0.3, temperature=-0.15),
        ("quote", "lyric"),
    ),
}


def suggest(mood: Mood) -> Suggestion:
    """What goes with `mood`: the row of the nearest mood that has a name, moving as much as it has energy."""
    row = SUGGESTIONS[nearest((mood.valence, mood.energy))]
    looks = tuple(Look(look.name, look.sliders | {"motion": round(mood.energy, 2)}) for look in row.looks)
    return Suggestion(row.mood, looks, row.grade, row.templates)
