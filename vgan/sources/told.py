"""What a look's name turns out to be, told before it is played: family, size, licence, which sliders it gets."""

from dataclasses import dataclass

from vgan import zoo
from vgan.cards import read_card
from vgan.catalogue import Sell, sell_of
from vgan.errors import RecipeError, WeightsError
from vgan.families import FAMILIES
from vgan.hub_peek import Peeked, peek
from vgan.models.generators.public import layout_of
from vgan.recipe import VARIATIONS
from vgan.settings import Settings
from vgan.sources.known import Known, known, said_by
from vgan.sources.players import player_of
from vgan.weights import read_weights

MAX_NAME = 400


@dataclass(frozen=True)
class Told:
    """name: of the look, as recipes say it. family: '' where only the weights will tell, as it is with public
    checkpoints that are not here; side: of its square pictures, pixels, parameters, layers: 0 likewise. attributes: the
    named sliders that it listens to; found: how many more are found in it. licence: as its card or our table says;
    sell: see `vgan.catalogue.Entry`.
    """

    name: str
    title: str
    family: str
    side: int
    parameters: int
    attributes: tuple[str, ...]
    found: int
    layers: int
    licence: str
    sell: Sell
    repo_id: str
    revision: str
    bytes: int
    here: bool


def tell(name: str, settings: Settings) -> Told:
    """What `name` is. Small files are fetched where they are not here; the weights are not, and no network is built
    that takes memory.

    Raises UnknownName and RecipeError for a name that is none or that visitors may not use, WeightsError for a
    repository that is not to be had, or whose config or checkpoint is of no family that is played here.
    """
    look = zoo.find_look(bounded(name))
    spec = zoo.find_model(look.model)
    found = peek(spec, settings)
    family, facts, parameters = _read(spec, found)
    if facts:
        player_of(facts.module)
    card = read_card(found.card)
    licence = card.licence if card and card.licence and spec.licence == zoo.UNSAID else spec.licence
    return Told(
        look.name,
        look.title,
        family,
        facts.side if facts else 0,
        parameters,
        facts.attributes if facts else (),
        VARIATIONS,
        facts.layers if facts else 0,
        licence,
        sell_of(spec),
        spec.repo_id,
        found.revision,
        found.bytes,
        found.weights is not None,
    )


def bounded(name: str) -> str:
    """`name`, if it is neither empty nor endless. Raises RecipeError."""
    if not 0 < len(name) <= MAX_NAME:
        raise RecipeError(
            f"look: a name of {len(name)} characters was given. Allowed: 1 to {MAX_NAME}, as owner/name or "
            "owner/name:file.pt."
        )
    return name


def _read(spec: zoo.ModelSpec, found: Peeked) -> tuple[str, Known | None, int]:
    """Family, what else is known, and parameters. The network is built on the meta device, which takes no memory."""
    if found.config is not None:
        facts = said_by(found.config)
        network, _ = FAMILIES[spec.family].build(found.config, {})
        family = str(found.config["family"])
    elif found.weights is not None:
        state = read_weights(found.weights)
        family, facts = layout_of(state).title, known(spec.name.removeprefix("look:"))
        network, _ = FAMILIES[spec.family].build(None, state)
    else:
        return "", None, 0
    parameters = sum(part.numel() for part in network.state_dict().values())
    if not parameters:
        raise WeightsError(f"{spec.title}: the network has no parameters. Name another one.")
    return family, facts, parameters
