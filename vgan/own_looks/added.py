"""An export of any family becomes a look of one's own: what `train family` wrote, or what somebody sent."""

import shutil
from dataclasses import replace
from pathlib import Path

from vgan import hub
from vgan.errors import WeightsError
from vgan.own_looks.options import PREFIX, checked_name
from vgan.own_looks.shelf import WEIGHTS, OwnLook, own_look
from vgan.registry import Models
from vgan.settings import Settings
from vgan.unfinished import scratch

FILES = (WEIGHTS, hub.CONFIG)
BESIDE = (hub.CARD, hub.SHEET)


def add(folder: Path, name: str, settings: Settings | None = None) -> OwnLook:
    """Copy the look in `folder` (model.safetensors, config.json, perhaps card and sheet) to the own looks, as `name`.

    It is loaded and draws once before it is taken. Raises RecipeError for a name that is taken or none, WeightsError
    for a folder that holds no look; then nothing is left behind.
    """
    settings = settings or Settings()
    name = checked_name(name, settings)
    if missing := [file for file in FILES if not (folder / file).is_file()]:
        raise WeightsError(f"{folder}: {' and '.join(missing)} missing. Name the export folder of a training.")
    settings.looks.mkdir(parents=True, exist_ok=True)
    with scratch(settings.looks) as trial:
        copy = trial / name
        copy.mkdir()
        for file in (*FILES, *BESIDE):
            if (folder / file).is_file():
                shutil.copyfile(folder / file, copy / file)
        Models(replace(settings, looks=trial), capacity=1).get(PREFIX + name)
        copy.rename(settings.looks / name)
    return own_look(name, settings)
