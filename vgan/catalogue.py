"""Every model that the app can use, and what is known of it without loading it: from the zoo and from the disk."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from vgan.errors import RecipeError, WeightsError
from vgan.hub import CONFIG, find_local, refuse_strangers
from vgan.hub_peek import card_of, revision_of
from vgan.public_looks import PUBLIC_LOOKS
from vgan.settings import Settings
from vgan.weights import numbers_in, read_config
from vgan.zoo import LOOKS, MODELS, STYLES, UNSAID, YOURS, ModelSpec, find_look, find_model

Sell = Literal["yes", "no", "own", "ask"]
Kind = Literal["mine", "look", "style", "enhance", "motion", "words"]
KINDS: tuple[Kind, ...] = ("mine", "look", "style", "enhance", "motion", "words")
_KIND_OF: dict[str, Kind] = {
    "loop": "look",
    "fastgan": "look",
    "look-file": "look",
    "look": "mine",
    "style": "style",
    "compact": "enhance",
    "community": "enhance",
    "interpolate": "motion",
    "repair": "motion",
    "words": "words",
    "sentence": "words",
}


@dataclass(frozen=True)
class Entry:
    """One model. name: as `zoo.find_model` takes it; look: the first one it plays, as recipes say it, '' for none.

    parameters: 0 where only loading would tell; bytes: of the weights file, of those to fetch about, 0 unknown. sell:
    whether clips made with it may be sold; `own`: for its maker to say; `ask`: its publisher says nothing here.
    origin: `shipped`, `hub`, `package` (an installed Python package) or `mine`. state: `ready`, `fetch` or `missing`.
    revision: the Hub's commit. weights, card: files that are here.
    """

    name: str
    title: str
    kind: Kind
    family: str
    look: str
    licence: str
    sell: Sell
    origin: Literal["shipped", "hub", "package", "mine"]
    state: Literal["ready", "fetch", "missing"]
    repo_id: str
    revision: str
    bytes: int
    parameters: int
    source: str
    weights: Path | None
    card: Path | None


def catalogue(settings: Settings, own: Iterable[str] = ()) -> list[Entry]:
    """Every model: those in `own` (looks that were trained here, as `my:name`) first, then the zoo's, then the public
    generators that are known by name, where visitors may load them. Nothing is loaded and no server asked."""
    found = [find_model(name) for name in own]
    found += MODELS.values()
    found += [spec for name in PUBLIC_LOOKS if _allowed(spec := find_model(find_look(name).model), settings)]
    return [entry_of(spec, settings) for spec in found]


def entry_of(spec: ModelSpec, settings: Settings) -> Entry:
    """What is known of one model. A folder that somebody took apart is `missing`."""
    try:
        local = find_local(spec, settings)
        stat = local.weights.stat() if local else None
    except (WeightsError, OSError):
        local = stat = None
    config = local.config if local else None
    parameters = _parameters(local.weights, config, stat.st_mtime_ns, stat.st_size) if local and stat else 0
    here = local.origin if local else ""
    return Entry(
        spec.name,
        spec.title,
        _KIND_OF[spec.family],
        spec.family,
        _first_look(spec),
        spec.licence,
        sell_of(spec),
        "mine" if spec.own else "shipped" if spec.folder else "package" if here == "bundled" else "hub",
        "ready" if stat else "fetch" if spec.repo_id else "missing",
        spec.repo_id,
        revision_of(spec, settings),
        stat.st_size if stat else spec.bytes,
        parameters,
        spec.source,
        local.weights if local else None,
        card_of(spec, settings),
    )


def sell_of(spec: ModelSpec) -> Sell:
    """Whether clips made with a model may be sold, see `Entry`."""
    if spec.licence in (YOURS, UNSAID):
        return "own" if spec.licence == YOURS else "ask"
    return "yes" if spec.may_sell else "no"


def plays(entry: Entry) -> list[str]:
    """The looks or styles of the galleries that a model draws, by name."""
    table = STYLES if entry.kind == "style" else LOOKS
    return [one.name for one in table.values() if one.model == entry.name]


def _first_look(spec: ModelSpec) -> str:
    if spec.own:
        return spec.name
    if spec.family == "look-file":
        return spec.name.partition(":")[2]
    return next((look.name for look in LOOKS.values() if look.model == spec.name), "")


def _allowed(spec: ModelSpec, settings: Settings) -> bool:
    try:
        refuse_strangers(spec, settings)
    except RecipeError:
        return False
    return True


@lru_cache(maxsize=256)
def _parameters(weights: Path, config: Path | None, changed: int, size: int) -> int:
    """How many numbers a network has, as its config or the head of its file says. changed, size: of the weights."""
    try:
        said = read_config(config).get("parameters") if config and config.name == CONFIG else None
    except WeightsError:
        said = None
    if isinstance(said, int) and not isinstance(said, bool) and 0 < said < 10**12:
        return said
    return numbers_in(weights) if weights.suffix == ".safetensors" else 0
