"""What is laid over the picture as its component draws it: fields become controls. See `web/layers.js`."""

from collections.abc import Sequence
from typing import Any

from vgan.errors import RecipeError
from vgan.recipe_overlays import MAX_CUES, MAX_OVERLAYS, MAX_TEXT, OVERLAY_KINDS, Cue
from vgan.text.font_list import FONTS
from vgan.text.fonts import ENDINGS
from vgan.ui.faces import faces
from vgan.ui.fields import described
from vgan.ui.i18n_layers import WORD_LOOK_TITLES, font_title

_PLACE = ("x", "y")
_TIME = ("start", "end")
_LETTERS = ("font", "size", "colour", "outline", "outline_colour", "box", "box_colour", "shadow")
_WORDS = (*_LETTERS, *_PLACE, "align", "enter", "lit", "leave", "width", "strength")
# Every field of each kind, in the order in which a person needs them.
FIELDS: dict[str, tuple[str, ...]] = {
    "captions": ("cues", *_WORDS),
    "countdown": ("first", "last", "finish", *_TIME, *_WORDS),
    "picture": ("path", "cut_out", *_PLACE, "width", "enter", "leave", "rounded", "shadow", *_TIME, "strength"),
    "wave": ("shape", "colour", "second", *_PLACE, "width", "height", "bars", *_TIME, "strength"),
    "mark": ("text", "corner", "strength"),
}
ADVANCED = {
    "captions": (*_PLACE, "align", "width", "strength"),
    "countdown": (*_PLACE, "align", "width", "strength"),
    "picture": (*_PLACE, "strength"),
    "wave": (*_PLACE, "bars", "strength"),
}
# Controls that say more than the recipe does. beside: drawn with the field whose `colour` it is.
CONTROLS: dict[str, dict[str, Any]] = {
    "cues": {"type": "cues"},
    "font": {"type": "font"},
    "path": {"type": "file"},
    "size": {"step": 0.005, "share": True},
    "colour": {"type": "colour"},
    "second": {"type": "colour"},
    "lit": {"type": "colour", "needs": ["enter", "words"]},
    "outline": {"type": "tinted", "colour": "outline_colour", "share": True},
    "outline_colour": {"type": "beside"},
    "box": {"type": "tinted", "colour": "box_colour"},
    "box_colour": {"type": "beside"},
    "bars": {"type": "slider", "step": 4},
    "end": {"empty": "to_the_end"},
}
FILES = {"captions": ("font",), "countdown": ("font",), "picture": ("path",)}  # fields that name one

_PLAIN = {"outline": 0.0, "outline_colour": "#000000", "box": 0.0, "box_colour": "#000000", "shadow": 0.0}
_MOVES = {"enter": "fade", "leave": "fade", "lit": "#ffd54a"}


def _look(font: str, size: float, colour: str, **more: Any) -> dict[str, Any]:
    return {"font": font, "size": size, "colour": colour} | _PLAIN | _MOVES | more


# Whole looks of words to begin with. Where they stand is not part of it.
WORD_LOOKS: dict[str, dict[str, Any]] = {
    "clean": _look("sans", 0.08, "#ffffff", shadow=0.5),
    "boxed": _look("wide", 0.075, "#111114", box=1.0, box_colour="#ffd54a", enter="pop"),
    "outline": _look("condensed", 0.11, "#ffffff", outline=0.09, enter="pop"),
    "lit": _look("wide", 0.085, "#ffffff", outline=0.07, enter="words", lit="#7cf55b"),
    "neon": _look("rounded", 0.09, "#fdf0ff", outline=0.05, outline_colour="#e01ee6", shadow=0.8),
    "headline": _look("serif", 0.12, "#ffffff", shadow=0.7, enter="slide"),
    "note": _look("hand", 0.1, "#2a2320", box=0.9, box_colour="#fff6df", enter="pop"),
    "whisper": _look("mono", 0.045, "#ffffff", box=0.45),
}


def kinds() -> dict[str, Any]:
    """The kinds of overlays that there are, in the order in which they are offered, with their fields."""
    return {kind: {"fields": [_field(kind, name) for name in names]} for kind, names in FIELDS.items()}


def _field(kind: str, name: str) -> dict[str, Any]:
    advanced = name in ADVANCED.get(kind, ())
    return described(OVERLAY_KINDS[kind], name) | {"advanced": advanced} | CONTROLS.get(name, {})


def props() -> dict[str, Any]:
    """What the component needs to draw any list: kinds, fonts with letters to show them by, looks of words, limits."""
    said = {name: font_title(name, 0) for name in FONTS}
    for name, look in WORD_LOOKS.items():
        said[look["font"]] += WORD_LOOK_TITLES[name][0]
    fonts = [{"name": name, "face": face} for name, face in faces(said).items()]
    limits = {"most": MAX_OVERLAYS, "longest": MAX_TEXT, "font_kinds": ",".join(ENDINGS)}
    return {"kinds": kinds(), "fonts": fonts, "looks": WORD_LOOKS} | limits


def value(overlays: Sequence[Any], opened: int | None = None) -> dict[str, Any]:
    """A list of `overlays` (of a recipe), all switched on. opened: the place of the one whose controls are seen."""
    cards = [overlay if isinstance(overlay, dict) else overlay.model_dump(mode="json") for overlay in overlays]
    return {"layers": [{"on": True} | card for card in cards], "open": opened}


def overlays_of(value: Any) -> list[dict[str, Any]]:
    """Overlays that are switched on, unchecked; a picture for which no file was chosen yet is none.

    Raises RecipeError for what is no such list.
    """
    shown = [
        card for card in _cards(value) if card.get("on", True) and (card.get("kind") != "picture" or card.get("path"))
    ]
    return [{name: held for name, held in card.items() if name != "on"} for card in shown]


def with_cues(value: Any, layer: Any, cues: Sequence[Cue | dict[str, Any]]) -> dict[str, Any]:
    """`value` with `cues` as the lines of the words at place `layer`.

    Raises RecipeError where no words stand there, for no cues, and for more than a layer can have.
    """
    lines = [cue.model_dump(mode="json") if isinstance(cue, Cue) else cue for cue in cues]
    if not 1 <= len(lines) <= MAX_CUES:
        raise RecipeError(f"cues: {len(lines)} lines. Allowed: 1 to {MAX_CUES}. Choose another file, or split it.")
    return _changed(value, layer, "cues", lines, ("captions",))


def with_field(value: Any, layer: Any, field: str, path: str) -> dict[str, Any]:
    """`value` with the file at `path` in `field`, font or path, of the overlay at place `layer`.

    Raises RecipeError where there is no overlay with such a field.
    """
    return _changed(value, layer, field, path, tuple(kind for kind, names in FILES.items() if field in names))


def _changed(value: Any, layer: Any, field: str, held: Any, kinds: tuple[str, ...]) -> dict[str, Any]:
    cards = _cards(value)
    if type(layer) is not int or not 0 <= layer < len(cards) or cards[layer].get("kind") not in kinds:
        raise RecipeError(
            f"overlays.{str(layer)[:8]}: nothing there has {field[:20]!r}. Open a card and choose the file there."
        )
    return value | {"layers": [card | {field: held} if place == layer else card for place, card in enumerate(cards)]}


def _cards(value: Any) -> list[dict[str, Any]]:
    cards = value.get("layers") if isinstance(value, dict) else None
    if not isinstance(cards, list) or not all(isinstance(card, dict) for card in cards):
        raise RecipeError("overlays: this is no list of words and pictures. Add one, or apply a recipe.")
    return cards
