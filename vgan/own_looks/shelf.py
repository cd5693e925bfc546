"""The looks that were trained here: what there is, what becomes of one."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vgan import hub
from vgan.errors import UnknownName, WeightsError
from vgan.own_looks.jobs import clear
from vgan.own_looks.options import NAME, PREFIX
from vgan.settings import Settings
from vgan.weights import read_config

WEIGHTS = "model.safetensors"


@dataclass(frozen=True)
class OwnLook:
    """A finished look. name: as recipes say it, `my:NAME`; sheet: a picture of samples, or None; facts: of its training
    and its footage, as `config.json` has them; typical: attribute shares that are most like the footage; loop_seconds:
    at which it moves as fast as the footage did."""

    name: str
    title: str
    folder: Path
    sheet: Path | None
    facts: dict[str, Any]
    typical: dict[str, float]
    loop_seconds: float


def own_looks(settings: Settings | None = None) -> list[OwnLook]:
    """All looks that were trained here and are whole, by name."""
    place = (settings or Settings()).looks
    if not place.is_dir():
        return []
    folders = [path for path in sorted(place.iterdir()) if NAME.fullmatch(path.name) and (path / WEIGHTS).is_file()]
    found = []
    for folder in folders:
        try:
            config = read_config(folder / hub.CONFIG)
        except WeightsError:  # one that somebody took apart
            continue
        found.append(_look(folder, config))
    return found


def _look(folder: Path, config: dict[str, Any]) -> OwnLook:
    sheet, training = folder / hub.SHEET, config.get("training")
    typical, seconds = config.get("typical"), config.get("loop_seconds")
    return OwnLook(
        PREFIX + folder.name,
        folder.name.replace("-", " ").capitalize(),
        folder,
        sheet if sheet.is_file() else None,
        training if isinstance(training, dict) else {},
        typical if isinstance(typical, dict) else {},
        float(seconds) if isinstance(seconds, (int, float)) else 4.0,
    )


def own_look(name: str, settings: Settings | None = None) -> OwnLook:
    """The look called `name`, with or without `my:`. Raises UnknownName."""
    looks = {look.name: look for look in own_looks(settings)}
    wanted = name if name.startswith(PREFIX) else PREFIX + name
    if wanted not in looks:
        raise UnknownName("look", wanted, looks)
    return looks[wanted]


def remove(name: str, settings: Settings | None = None) -> None:
    """Remove a look of one's own, for good. Raises UnknownName."""
    clear(own_look(name, settings).folder)


def push(
    name: str, repo_id: str, settings: Settings | None = None, private: bool = True, token: str | None = None
) -> hub.Pushed:
    """Upload a look of one's own with its card and its sheet, to be played as `owner/name` anywhere.

    private: of a new repository; token: of whoever owns it, in place of HF_TOKEN. Raises UnknownName, and as
    `vgan.hub.push_look`.
    """
    settings = settings or Settings()
    return hub.push_look(own_look(name, settings).folder, repo_id, settings, private, token)
