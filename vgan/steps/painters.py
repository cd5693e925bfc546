"""Those who paint in a style: our network with a vector, somebody's generator, or two of them blended."""

from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor, nn

from vgan import zoo
from vgan.errors import UnknownName, WeightsError
from vgan.models import translators
from vgan.models.stylizer import StyleNetwork, StyleVector, padded
from vgan.recipe_steps import Stylize
from vgan.registry import Models
from vgan.runtime import Runtime

OURS = "styles"  # the row of the zoo with our network
MARGIN = 8  # pixels around a picture that are painted and cut off: at its edge the network draws beads


class Painter(Protocol):
    """Paints pictures of one clip."""

    def prepare(self, pictures: Tensor) -> None:
        """Look at a few pictures (n, 3, H, W) of the clip before painting any of it."""

    def paint(self, pictures: Tensor) -> Tensor:
        """Float pictures (n, 3, H, W) in [-1, 1] to the same."""


class NetworkPainter:
    """Our network with a style vector (1, 2, channels). The statistics that it normalises by are the clip's.

    mix: how much of the clip's statistics, against each picture's own, in [0, 1].
    """

    def __init__(self, network: StyleNetwork, code: Tensor, runtime: Runtime, mix: float):
        self._network, self._code, self._runtime, self._mix = network, code, runtime, mix
        self._statistics: Tensor | None = None

    def prepare(self, pictures: Tensor) -> None:
        """See `Painter`. The statistics are those of all the pictures together, as if they were one."""
        if self._mix:
            each = [self._network.measure(self._placed(one), self._code) for one in pictures.split(1)]
            means, variances = torch.stack(each).unbind(1)
            mean = means.mean(0)
            self._statistics = torch.stack([mean, variances.mean(0) + (means - mean).square().mean(0)])

    def paint(self, pictures: Tensor) -> Tensor:
        """See `Painter`."""
        painted = self._network(self._placed(pictures), self._code, self._statistics, self._mix)
        return painted[..., MARGIN:-MARGIN, MARGIN:-MARGIN].float()

    def _placed(self, pictures: Tensor) -> Tensor:
        return padded(pictures.to(self._runtime.dtype).contiguous(memory_format=torch.channels_last), MARGIN)


class CheckpointPainter:
    """Somebody's generator, which paints every picture by itself."""

    def __init__(self, model: nn.Module, runtime: Runtime):
        self._model, self._layout, self._runtime = model, translators.layout_of(model), runtime

    def prepare(self, pictures: Tensor) -> None:
        """See `Painter`: there is nothing to share."""

    def paint(self, pictures: Tensor) -> Tensor:
        """See `Painter`."""
        with torch.autocast(pictures.device.type, self._runtime.dtype, enabled=self._runtime.dtype != torch.float32):
            return self._layout.draw(self._model, pictures).float()


@dataclass(frozen=True)
class Pair:
    """Two painters at the same picture. blend: from the first to the second, in [0, 1]."""

    first: Painter
    second: Painter
    blend: float

    def prepare(self, pictures: Tensor) -> None:
        """See `Painter`."""
        self.first.prepare(pictures)
        self.second.prepare(pictures)

    def paint(self, pictures: Tensor) -> Tensor:
        """See `Painter`."""
        return self.first.paint(pictures).lerp(self.second.paint(pictures), self.blend)


def painter_for(step: Stylize, models: Models, mix: float) -> Painter:
    """Who paints what `step` asks for. Raises UnknownName, RecipeError, WeightsError."""
    names = [step.style, *([step.second] if step.second is not None and step.blend else [])]
    if step.second is not None and step.blend == 1:
        names = names[1:]
    found = [_style(name, models) for name in names]
    codes = [one for one in found if isinstance(one, Tensor)]
    if len(codes) == len(found):
        code = codes[0] if len(codes) == 1 else codes[0].lerp(codes[1], step.blend)
        return NetworkPainter(_network(models), code, models.runtime, mix)
    painters = [_painter(one, models, mix) for one in found]
    return painters[0] if len(painters) == 1 else Pair(painters[0], painters[1], step.blend)


def _painter(found: Tensor | nn.Module, models: Models, mix: float) -> Painter:
    if isinstance(found, Tensor):
        return NetworkPainter(_network(models), found, models.runtime, mix)
    return CheckpointPainter(found, models.runtime)


def _network(models: Models) -> StyleNetwork:
    network = models.get(OURS)
    assert isinstance(network, StyleNetwork)
    return network


def _style(name: str, models: Models) -> Tensor | nn.Module:
    """A vector (1, 2, channels) for our network, or a generator of its own."""
    style = zoo.find_style(name)
    model = models.get(style.model)
    if isinstance(model, StyleNetwork):
        if style.label not in model.params.styles:
            raise UnknownName("style", name, model.params.styles)
        index = model.params.styles.index(style.label)
        return model.codes[index : index + 1].float()
    if not isinstance(model, StyleVector):
        return model
    ours = _network(models)
    if model.code.shape[2] != ours.channels or bytes(model.network.tolist()) != models.fingerprint(OURS):
        raise WeightsError(
            f"{style.title}: this style was fitted to another version of the style network. Fit it anew from its "
            "picture, or use the version of this app that it was made with."
        )
    return model.code.float()
