"""What tests of templates have in common: small ones, and what is read of their recipes."""

import json
from pathlib import Path
from typing import Any

from vgan.recipe import Recipe
from vgan.recipe_overlays import Captions
from vgan.templates import Template

WORDS = {"en": "T", "zh": "题"}
LOOK = {"kind": "generate", "look": "silk", "seed": 9, "seconds": 3}


def made(blanks: dict[str, Any], *overlays: dict[str, Any], **more: Any) -> dict[str, Any]:
    colours = {"accent": "#ff0000", "second": "#00ff00", "ink": "#101010", "paper": "#ffffff"}
    given = {name: {"label": WORDS, **blank} for name, blank in blanks.items()}
    parts = {"title": WORDS, "about": WORDS, "colours": colours, "fonts": {"font": "sans", "text": "sans"}}
    return {**parts, "blanks": given, "recipe": {"overlays": list(overlays)}, **more}


def words(*cues: Any, **fields: Any) -> dict[str, Any]:
    return {"kind": "captions", "cues": [{"text": cue} if isinstance(cue, str) else cue for cue in cues], **fields}


def template(blanks: dict[str, Any], *overlays: dict[str, Any], **more: Any) -> Template:
    return Template.model_validate({**made(blanks, *overlays, **more), "name": "trial"})


def texts(recipe: Recipe) -> list[str]:
    return [cue.text for one in recipe.overlays if isinstance(one, Captions) for cue in one.cues]


def write(folder: Path, data: Any, name: str = "trial.json") -> Path:
    path = folder / name
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return path
