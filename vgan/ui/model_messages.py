"""What the Models tab's handlers send to its components: every model, one of them, the memory, what a name is."""

import itertools
from dataclasses import asdict
from typing import Any

from vgan import own_looks
from vgan.cards import read_card
from vgan.catalogue import Entry, catalogue, plays
from vgan.errors import UnknownName
from vgan.hub_peek import fetch_card
from vgan.own_looks import OwnLook
from vgan.public_looks import PUBLIC_LOOKS
from vgan.registry import MOST_BYTES
from vgan.sources.told import Told
from vgan.ui import train_messages
from vgan.ui.gallery import Gallery
from vgan.ui.services import Studio
from vgan.ui.style_gallery import StyleGallery
from vgan.zoo import find_model

PICTURES = 6  # of a model that draws several things, on its tile
FACTS = "name title kind family look parameters bytes state licence sell origin repo_id revision source".split()
_numbers = itertools.count(1)


class ModelMessages:
    """For one running app. gallery, styles: whose tiles the models show."""

    def __init__(self, studio: Studio, gallery: Gallery, styles: StyleGallery):
        self._studio, self._gallery, self._styles = studio, gallery, styles

    def all(self) -> dict[str, Any]:
        """Every model, those in memory marked, and those that can be named."""
        loaded = {one.name: one for one in self._studio.models.loaded()}
        mine = {look.name: look for look in own_looks.own_looks(self._studio.settings)}
        tiles = self._tiles()
        rows = []
        for entry in catalogue(self._studio.settings, mine):
            row = facts(entry) | {"pictures": self._pictures(entry, tiles)}
            if entry.name in loaded:
                row |= {"loaded": True, "parameters": entry.parameters or loaded[entry.name].parameters}
            if entry.name in mine:
                row["title"] = mine[entry.name].title
            rows.append(row)
        return {"models": rows}

    def one(self, name: str) -> dict[str, Any]:
        """What is only told of a model that is looked at: key figures, its card, everything it draws. A card that is
        not here is fetched, where that may be. Raises UnknownName for one that is not in the list."""
        settings = self._studio.settings
        mine = {look.name: look for look in own_looks.own_looks(settings)}
        entries = {entry.name: entry for entry in catalogue(settings, mine)}
        if name not in entries:
            raise UnknownName("model", name, entries)
        entry, tiles = entries[name], self._tiles()
        card = read_card(entry.card or fetch_card(find_model(name), settings), name)
        drawn = [tiles[one] for one in plays(entry) if "still" in tiles.get(one, {})]
        shown = {
            "name": name,
            "figures": [list(figure) for figure in card.figures] if card else [],
            "card": card.html if card else "",
            "drawn": drawn if len(drawn) > 1 else [],
            "sheet": _sheet(mine.get(name)),
        }
        return {"open": shown, "number": next(_numbers)}

    def shelf(self, **more: Any) -> dict[str, Any]:
        """The looks that were trained here. more: zip."""
        return train_messages.finished(self._studio, self._gallery) | {"waiting": []} | more

    def memory(self, freed: int | None = None) -> dict[str, Any]:
        """What is in memory, the one used last first. freed: bytes that have just left it."""
        loaded = self._studio.models.loaded()
        names = {look.name: look.title for look in own_looks.own_looks(self._studio.settings)}
        models = [{"name": one.name, "title": _title(one.name, names), "bytes": one.bytes} for one in loaded]
        return {"models": models, "most": MOST_BYTES, "freed": freed, "number": next(_numbers)}

    def named(self) -> list[dict[str, str]]:
        """Public generators that are known by name, where they may be loaded here."""
        found = {entry.look for entry in catalogue(self._studio.settings)}
        return [{"name": look.name, "title": look.title} for look in PUBLIC_LOOKS.values() if look.name in found]

    def _tiles(self) -> dict[str, dict[str, Any]]:
        every = [*self._gallery.tiles(), *self._styles.tiles([])]
        return {tile["name"]: tile for tile in every}

    def _pictures(self, entry: Entry, tiles: dict[str, dict[str, Any]]) -> list[dict[str, str]]:
        """Still and, where there is one, moving picture of what the model draws; of several, some."""
        names = [entry.look] if entry.kind == "mine" else plays(entry)
        found = [tiles[name] for name in names if "still" in tiles.get(name, {})][:PICTURES]
        return [{key: tile[key] for key in ("still", "moving") if key in tile} for tile in found]


def facts(entry: Entry) -> dict[str, Any]:
    """What the page and `/models` say of a model; nothing of where its files lie."""
    said = asdict(entry)
    return {name: said[name] for name in FACTS}


def told(found: Told) -> dict[str, Any]:
    """What a name turned out to be."""
    return {"told": asdict(found) | {"attributes": len(found.attributes)}, "number": next(_numbers)}


def _title(name: str, own: dict[str, str]) -> str:
    return own.get(name) or find_model(name).title


def _sheet(look: OwnLook | None) -> str:
    """The samples of a look that was trained here, as an address; '' without."""
    if look is None or look.sheet is None:
        return ""
    return train_messages.sheet_picture(look.sheet, f"{look.sheet.stat().st_mtime_ns}")
