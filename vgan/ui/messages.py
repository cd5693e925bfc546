"""What handlers send to the custom components: small JSON messages, each made in one place."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from vgan.recipe import Generate, Recipe, generated
from vgan.ui.enhance_messages import mended
from vgan.ui.finishes import FINISHES
from vgan.ui.folders import address
from vgan.ui.jobs import Progress
from vgan.ui.links import latent_of, to_query
from vgan.ui.services import Made, Studio
from vgan.zoo import ModelSpec, find_look

NO_KEYS: dict[str, Any] = {"keys": [], "play": False}
NO_CLIPS: dict[str, Any] = {"clips": [], "show": None}
IDLE: dict[str, Any] = {"over": True}
WAITS: dict[str, Any] = {"waits": True}


def live(studio: Studio, recipe: Recipe) -> dict[str, Any]:
    """The stage plays the preview of `recipe`; a notice instead where weights must be fetched first."""
    source = generated(recipe)
    for key in source.keys:
        spec = studio.to_fetch(key.look)
        if spec:
            return {"notice": notice(key.look, spec)}
    strip = asdict(studio.preview(recipe))
    strip["strip"] = strip.pop("data")
    key = source.keys[0]
    return strip | {
        "look": key.look,
        "title": find_look(key.look).title,
        "seed": key.seed,
        "keys": len(source.path),
        "link": to_query(recipe.portable()),
    }


def left_behind(recipe: Recipe) -> dict[str, Any]:
    """What a stage without controls for words and sound says about those of `recipe`; empty where it has none."""
    if not recipe.overlays and recipe.sound is None:
        return {}
    text = "This clip has words or sound of its own. Apply its recipe in the Share tab to have these too."
    return {"fault": {"title": "Words and sound stay behind", "text": text}}


def notice(look: str, spec: ModelSpec, done: int | None = None) -> dict[str, Any]:
    """What the stage says about weights that are not here yet; `done` bytes of them once they are on their way."""
    facts = {"look": look, "title": spec.title, "bytes": spec.bytes, "repo": spec.repo_id, "licence": spec.licence}
    return facts if done is None else facts | {"done": done}


def meter(studio: Studio, recipe: Recipe, visit: str = "") -> dict[str, Any]:
    """The estimate beside the button, and whether a render of this waits. visit: whose files the recipe may name."""
    guess = studio.estimate(recipe, visit)
    message = {"estimate": {"seconds": round(guess.seconds, 2), "bytes": int(guess.bytes)}}
    return message | (WAITS if studio.waits(recipe) else {})


def progress(step: Progress | None = None, doing: str = "rendering") -> dict[str, Any]:
    """Work under way, a render unless `doing` names another word; None before its first step."""
    return {"progress": asdict(step or Progress(0, 0, None)) | {"doing": doing}}


def begun(recipe: Recipe) -> dict[str, Any]:
    """A render that begins: the browser keeps what it is until it is over."""
    return progress() | {"recipe": recipe.to_json()}


def ended(meter: dict[str, Any] = IDLE) -> dict[str, Any]:
    """A render that has ended: what the meter shows once its event is over, see `tabs.events.in_line`."""
    return {"ended": meter}


def clips(studio: Studio, visit: str, show: bool = False) -> dict[str, Any]:
    """The clips of a visit, with what the stage writes under them. show: the newest one goes on the stage."""
    made = studio.made(visit)
    listed = [clip(one) | {"mended": mended(one.recipe, studio.scans.known(one.recipe))} for one in made]
    return {"clips": listed, "show": made[-1].number if show and made else None}


def clip(made: Made) -> dict[str, Any]:
    """One finished clip: where it is, what it is, and a small picture of it."""
    file = Path(made.clip.path)
    facts = {
        name: getattr(made.clip, name) for name in ("width", "height", "fps", "seconds", "bytes", "format", "spared")
    }
    return facts | {
        "index": made.number,
        "name": file.name,
        "url": address(file),
        "poster": made.poster,
        "flicker": made.flicker,
        "restyled": not isinstance(made.recipe.source, Generate) or made.recipe.steps not in FINISHES.values(),
    }


def key_look(studio: Studio, recipe: Recipe) -> dict[str, Any]:
    """A key look on the path: where it is among all pictures, and a still."""
    alone = recipe.model_copy(update={"source": generated(recipe).model_copy(update={"path": ()})})
    return {"latent": latent_of(generated(recipe)), "thumb": studio.preview(alone).poster}


def path_of(studio: Studio, recipe: Recipe) -> dict[str, Any]:
    """The path of `recipe` as the path component shows it."""
    source = generated(recipe)
    if not source.path:
        return NO_KEYS
    alone = [recipe.model_copy(update={"source": Generate(**key.model_dump())}) for key in source.path]
    return {"keys": [key_look(studio, one) for one in alone], "play": True}
