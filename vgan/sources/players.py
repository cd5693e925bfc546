"""Who plays which generator: a row for each kind of module. A new kind is one player and one row."""

from threading import Lock
from typing import Any, ClassVar, Protocol
from weakref import WeakKeyDictionary

from torch import Tensor, nn

from vgan import zoo
from vgan.breaks import holding
from vgan.errors import WeightsError
from vgan.models.generators.fastgan import FastGAN
from vgan.models.generators.loop import LoopGenerator
from vgan.models.generators.stylegan2 import StyleGAN2
from vgan.models.generators.video import VideoGenerator
from vgan.recipe import Generate
from vgan.registry import Models
from vgan.runtime import Runtime
from vgan.sources.driven import Moved
from vgan.sources.play_fastgan import FastGanPlayer
from vgan.sources.play_loop import LoopPlayer
from vgan.sources.play_stylegan2 import StyleGan2Player
from vgan.sources.play_video import VideoPlayer


class Player(Protocol):
    """Draws any moments of a `Generate` source with one generator. Holds nothing that changes between calls.

    CHUNK: frames drawn at once, few enough to stay in a processor's cache.
    SECONDS: to draw a square frame of 1024 x 1024 pixels, by type of device: on the slow side, before the clock knows.
    attributes: the named sliders that it listens to.
    """

    CHUNK: ClassVar[int]
    SECONDS: ClassVar[dict[str, float]]
    attributes: tuple[str, ...]

    def __init__(self, model: Any, runtime: Runtime, directions: Any) -> None:
        """directions: what `directions` returned for this model."""

    @staticmethod
    def directions(model: Any, runtime: Runtime) -> Any:
        """What is costly to work out, once a model."""

    @staticmethod
    def size(side: int, aspect: str) -> tuple[int, int]:
        """(width, height) of the pictures of `draw`, of a generator whose square pictures have `side` pixels."""

    def draw(self, source: Generate, phases: Tensor, aspect: str, preview: bool, moved: Moved | None = None) -> Tensor:
        """Float pictures (n, 3, H, W) in [-1, 1] at `phases` (n,) of the loop, `moved` by the music."""


PLAYERS: dict[type[nn.Module], type[Any]] = {
    LoopGenerator: LoopPlayer,
    FastGAN: FastGanPlayer,
    StyleGAN2: StyleGan2Player,
    VideoGenerator: VideoPlayer,
}

# Only what is costly to work out is kept, and no player: one would keep its network in memory for good.
_directions: "WeakKeyDictionary[nn.Module, Any]" = WeakKeyDictionary()
_lock = Lock()


def player_of(module: type[nn.Module]) -> type[Any]:
    """The player of that kind of generator. Raises WeightsError for a kind that nobody plays."""
    for cls, player in PLAYERS.items():
        if issubclass(module, cls):
            return player
    raise WeightsError(f"{module.__name__}: nothing plays this kind of network as a look.")


def player_for(look: str, models: Models) -> Player:
    """The player of `look`, chosen by what its weights turn out to be. Raises as `Models.get`, WeightsError."""
    model = models.get(zoo.find_look(look).model)
    kind = player_of(type(model))
    with _lock, holding():
        if model not in _directions:
            _directions[model] = kind.directions(model, models.runtime)
        player: Player = kind(model, models.runtime, _directions[model])
    return player
