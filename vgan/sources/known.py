"""What is known about a look before its network is loaded: its kind, and how large it draws."""

import logging
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from torch import nn

from vgan import zoo
from vgan.errors import WeightsError
from vgan.hub import find_local
from vgan.models.generators.fastgan import FastGAN
from vgan.models.generators.loop import LoopGenerator
from vgan.models.generators.public import layout_of
from vgan.models.generators.stylegan2 import StyleGAN2
from vgan.models.video_families import VIDEO_FAMILIES
from vgan.recipe import ATTRIBUTES
from vgan.settings import Settings
from vgan.weights import read_config, read_weights

log = logging.getLogger(__name__)
REMEMBERED = 64  # files whose heads were read


@dataclass(frozen=True)
class Known:
    """module: the class of the generator; side: of its square pictures, pixels; layers: how many of it can vary apart,
    0 where it has none."""

    module: type[nn.Module]
    side: int
    layers: int = 0

    @property
    def attributes(self) -> tuple[str, ...]:
        """The named sliders that it listens to."""
        return ATTRIBUTES if getattr(self.module, "conditional", False) else ()


# By the family in the zoo: rows of it all draw alike; of what is somebody's own, until it is here, the most likely.
_TYPICAL = {
    "loop": Known(LoopGenerator, 256, 8),
    "fastgan": Known(FastGAN, 1024),
    "look": Known(LoopGenerator, 256, 8),
    "look-file": Known(StyleGAN2, 1024, 18),
}


def known(look: str) -> Known:
    """What is known of `look` without loading it. Raises UnknownName and RecipeError as `zoo.find_look`.

    Of looks of somebody's own the file tells, once it is here; a file that cannot be read is found out about when it is
    loaded.
    """
    spec = zoo.find_model(zoo.find_look(look).model)
    typical = _TYPICAL[spec.family]
    if spec.family in ("loop", "fastgan"):
        return typical
    try:
        files = find_local(spec, Settings())
        if files is None:
            return typical
        stamp = files.weights.stat()
        return _read(files.weights, files.config, stamp.st_mtime_ns, stamp.st_size)
    except (WeightsError, OSError) as error:
        log.info("%s: not read yet: %s", spec.title, error)
        return typical


@lru_cache(maxsize=REMEMBERED)
def _read(weights: Path, config: Path | None, changed: int, size: int) -> Known:
    """What the files say. changed, size: of the weights, so that a file that was replaced is read again."""
    if config is None:
        state = read_weights(weights)
        layout = layout_of(state)
        side = layout.side(state)
        return Known(layout.cls, side, 2 * (side.bit_length() - 2) if layout.cls is StyleGAN2 else 0)
    return said_by(read_config(config))


def said_by(said: dict[str, Any]) -> Known:
    """What a `config.json` says. Raises WeightsError where that is not enough."""
    family, params = said.get("family"), said.get("params")
    params = params if isinstance(params, dict) else {}
    if family == "loop" and "labels" not in params:
        base, channels = params.get("base", 32), params.get("channels", [0] * 4)
        if isinstance(base, int) and isinstance(channels, list) and 0 < base <= 128 and 0 < len(channels) <= 6:
            convs = params.get("base_convs", 3)
            layers = 1 + min(convs, 8) + len(channels) if isinstance(convs, int) else 0
            return Known(LoopGenerator, base * 2 ** (len(channels) - 1), layers)
    elif isinstance(family, str) and family in VIDEO_FAMILIES:
        row = VIDEO_FAMILIES[family]
        side = params.get("side", row.params.side)
        if isinstance(side, int) and 0 < side <= 1024:
            return Known(row.generator, side)
    raise WeightsError("config.json: neither its family nor its sizes are known.")
