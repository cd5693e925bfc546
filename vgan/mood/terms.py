"""What the mood of a clip is estimated from: one table of measures, with what each says about it, and why.

Mood is a place in two dimensions (Russell 1980): valence, from sad or uneasy to glad, and energy (arousal), from calm
to stirred. Each finding below is of a direction and holds on average, for many people; how much each counts beside the
others is our choice, but for brightness and saturation, which count as Valdez and Mehrabian measured. The result is an
estimate with its grounds, not what anybody feels.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import log2

GAIN = 1.6  # measures rarely agree: their mean alone would call every clip neutral
LEAST = {"valence": 1.2, "energy": 2.0}  # weights together, below which what is known is too little for a strong word


@dataclass(frozen=True)
class Term:
    """A row. middle, span: of the measure in ordinary clips; one span above the middle counts in full.

    valence, energy: weights, positive where more of it is gladder, or more stirring. scale: what is done to the
    measure and to `middle` first. source: whose finding the direction is.
    """

    middle: float
    span: float
    valence: float
    energy: float
    source: str
    scale: Callable[[float], float] = float

    def says(self, value: float) -> float:
        """How far `value` is from ordinary, in [-1, 1]."""
        return max(-1.0, min(1.0, (self.scale(value) - self.scale(self.middle)) / self.span))


def _octaves(value: float) -> float:
    return log2(max(value, 1e-6))


_VALDEZ = "Valdez and Mehrabian 1994: pleasure 0.69 brightness + 0.22 saturation, arousal -0.31 and 0.60"

# brightness, contrast: CIELAB lightness, mean and standard deviation, in [0, 1]; saturation: CIELAB chroma / 100, mean;
# warmth: chroma towards orange less that towards its opposite, / 100, mean; motion: of the picture, in its diagonals a
# second; cuts: a second; tempo: beats a minute; onsets: sounds a second; loudness: dB of full scale; treble: centre of
# the spectrum, Hz; mode: how much better the best major key fits than the best minor one, as correlations.
PICTURE: dict[str, Term] = {
    "brightness": Term(0.45, 0.3, 0.69, -0.31, _VALDEZ),
    "saturation": Term(0.2, 0.2, 0.22, 0.60, _VALDEZ),
    "warmth": Term(0.03, 0.12, 0.35, 0.15, "Palmer et al. 2013: glad is yellower; Wilms and Oberfeld 2018: red stirs"),
    "contrast": Term(0.2, 0.12, 0.0, 0.25, "Wang and Cheong 2006: lighting key in film"),
    "motion": Term(0.06, 3.0, 0.0, 0.9, "Detenber et al. 1998; Hanjalic and Xu 2005: motion activity", _octaves),
    "cuts": Term(0.15, 0.4, 0.0, 0.5, "Hanjalic and Xu 2005: density of cuts"),
}
SOUND: dict[str, Term] = {
    "tempo": Term(110.0, 0.8, 0.3, 0.8, "Gabrielsson and Lindstroem 2010; Husain et al. 2002", _octaves),
    "onsets": Term(3.5, 3.0, 0.1, 0.4, "Gabrielsson and Lindstroem 2010: rhythm, density"),
    "loudness": Term(-20.0, 10.0, 0.0, 0.2, "Schubert 2004; little, since recordings are levelled"),
    "treble": Term(900.0, 1.5, 0.0, 0.2, "Gabrielsson and Lindstroem 2010: many harmonics", _octaves),
    "mode": Term(0.0, 0.2, 1.1, 0.0, "Hevner 1935; Husain et al. 2002: mode moves valence"),
}
TERMS = PICTURE | SOUND
COLOUR = ("brightness", "saturation", "warmth", "contrast")  # what a grade can change
