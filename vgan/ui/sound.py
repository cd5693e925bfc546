"""The sound of a clip as its component holds it: the recipe's fields, and what was found in the music."""

from pathlib import Path
from typing import Any, get_args

from vgan.errors import RecipeError
from vgan.media import reader
from vgan.music import analyse, summary
from vgan.recipe import Recipe, Upload, base_name
from vgan.recipe_sound import LOUDNESS, MAX_DRIVES, Drive, Soundtrack
from vgan.ui.folders import address

AS_IT_IS = Soundtrack(loudness=None).model_dump(mode="json")  # nothing is done to the clip's own sound


def props() -> dict[str, Any]:
    """What the component needs to draw any sound."""
    fields, bands = (list(get_args(Drive.model_fields[name].annotation)) for name in ("field", "band"))
    plain = Drive().model_dump(mode="json")
    return {"fields": fields, "bands": bands, "drive": plain, "most": MAX_DRIVES, "loudness": LOUDNESS}


def value(recipe: Recipe) -> dict[str, Any]:
    """What the component shows for `recipe`, whose files are known to be there. Raises MediaError for music that
    cannot be read."""
    source, upload = recipe.source, isinstance(recipe.source, Upload)
    own = isinstance(source, Upload) and reader.facts(Path(source.path)).has_sound
    sound = recipe.sound or Soundtrack(loudness=None if own else LOUDNESS)
    message: dict[str, Any] = {"sound": sound.model_dump(mode="json"), "own": own, "upload": upload, "music": None}
    return message | (heard(Path(sound.music)) if sound.music else {})


def heard(path: Path) -> dict[str, Any]:
    """What the component says about the music at `path`. Raises MediaError where it cannot be read."""
    found = analyse(path)
    facts = [f"{found.seconds:.1f} s", *([f"{found.tempo:.0f} BPM"] if len(found.beats) else [])]
    return {"music": summary(found), "name": base_name(str(path)), "facts": " · ".join(facts), "url": address(path)}


def sound_of(held: Any) -> dict[str, Any] | None:
    """The sound that the component holds, unchecked; None where nothing is to be done to the clip's own.

    Raises RecipeError for what is no sound.
    """
    if held is None:
        return None
    sound = held.get("sound") if isinstance(held, dict) else None
    if not isinstance(sound, dict):
        raise RecipeError("sound: this is no sound. Remove the music, and choose it again.")
    if not sound.get("music") and (not held.get("own") or sound == AS_IT_IS):
        return None
    if held.get("upload") or not sound.get("music"):
        sound = sound | {"drives": []}  # there are no sliders of a look to move
    return sound
