"""A grade that moves the mood of a clip's colours toward another, as far as it still looks natural."""

import numpy as np

from vgan.mood.estimate import Mood, estimate, place_of
from vgan.mood.terms import COLOUR, GAIN, PICTURE
from vgan.recipe_steps import Grade

FIELDS = (
    "brightness",
    "saturation",
    "temperature",
    "contrast",
)  # of a grade; each moves a measure of its own, and more
LIMITS = (0.3, 0.45, 0.35, 0.4)  # of each field, up to which photographs look as if they were taken so
# What one unit of a field adds to each measure of COLOUR (brightness, saturation, warmth, contrast), as measured on 32
# photographs of ordinary light and colour.
ADDS = (
    (0.29, 0.01, 0.0, 0.01),
    (0.01, 0.165, 0.035, 0.0),
    (0.0, 0.025, 0.16, 0.0),
    (-0.045, 0.07, 0.02, 0.09),
)
EASY = 0.02  # below which a wish is none


def grade_toward(now: Mood, target: str | tuple[float, float]) -> Grade:
    """Fields of a grade after which the colours of a clip whose mood is `now` are nearer to `target`: a mood's name, or
    (valence, energy). It changes nothing where there is no colour to go by, or nothing to change.

    Of all grades that go there it is the one that does least to the picture: least squares, each field in parts of its
    limit; where it would pass a limit, all fields go as much less far. Raises UnknownName.
    """
    valence, energy = place_of(target)
    measures = {what: value for what, value in now.measures.items() if what in COLOUR}
    if len(measures) < len(COLOUR):
        return Grade()
    here = estimate(measures)
    wish = np.array([valence - here.valence, energy - here.energy])
    if np.abs(wish).max() < EASY:
        return Grade()
    effect = _effect(measures)
    amounts = np.linalg.pinv(effect, rcond=0.05) @ wish
    farthest = float(np.abs(amounts).max())
    amounts = amounts * np.array(LIMITS) / max(farthest, 1.0)
    fields = {name: round(float(amount), 3) for name, amount in zip(FIELDS, amounts, strict=True)}
    return Grade(**fields)


def _effect(measures: dict[str, float]) -> np.ndarray:
    """What each field, at its limit, adds to the mood of colours: (2, fields), valence and energy."""
    light = measures["brightness"]
    room = np.array(
        [4 * light * (1 - light), min(2.0, measures["saturation"] / PICTURE["saturation"].middle), 1.0, 1.0]
    )
    adds = np.array(ADDS) * np.array(LIMITS)[:, None] * np.maximum(room, 0.05)[:, None]
    terms = [PICTURE[what] for what in COLOUR]
    weights = np.array([[term.valence for term in terms], [term.energy for term in terms]])
    shares = GAIN * weights / np.abs(weights).sum(1, keepdims=True) * np.array([[1.0], [0.5]])
    says = adds / np.array([term.span for term in terms])
    return np.asarray(shares @ says.T)
