"""What was understood of a sentence, a picture or a song, as its component shows it."""

from typing import Any

from vgan.words import Heard, Reading
from vgan.words.colours import colour_of
from vgan.words.picture import Seen
from vgan.words.reading import CLEAR
from vgan.words.song import Song
from vgan.zoo import ModelSpec

NOTHING: dict[str, Any] = {}
READING: dict[str, Any] = {"busy": {"size": ""}}


def fetching(spec: ModelSpec, done: int) -> dict[str, Any]:
    """The language model is on its way."""
    return {"busy": {"done": f"{done / 1e6:.0f}", "size": f"{spec.bytes / 1e6:.0f}"}}


def understood(reading: Reading) -> dict[str, Any]:
    """A sentence: look, attributes with the word that said each, and words that said nothing."""
    foreign = reading.english if reading.translated else ""
    because = {"look": reading.look, "because": reading.look_because}
    clear = {name: one for name, one in reading.heard.items() if one.sure >= CLEAR}
    return because | {"heard": _heard(clear), "missed": list(reading.missed), "read_as": foreign}


def seen(picture: Seen) -> dict[str, Any]:
    """A picture: its palette, and the look that is most like it."""
    return {"look": picture.look, "palette": list(picture.palette), "heard": _named(picture.shares)}


def listened(song: Song) -> dict[str, Any]:
    """A song: the reasons, and what follows from them."""
    return {"look": song.look, "reasons": song.reasons, "heard": _named(song.sliders)}


def _named(shares: dict[str, float]) -> list[dict[str, Any]]:
    """Attributes that are clearly on one side."""
    clear = {name: share for name, share in shares.items() if name == "hue" or abs(share - 0.5) > 0.15}
    return _heard({name: Heard(share, 0.0, 1.0) for name, share in clear.items()})


def _heard(heard: dict[str, Heard]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for name, one in heard.items():
        if name == "hue":
            colour = {"colour": colour_of(one.value).replace(" ", "_"), "hue": round(one.value, 3)}
            found.append({"name": name, "because": one.because} | colour)
        else:
            found.append({"name": name, "because": one.because, "side": one.side})
    return found
