"""Plays the loop generator: what a recipe's sliders mean to it, and the frames of any moment of the loop."""

import torch
from torch import Tensor

from vgan import zoo
from vgan.errors import UnknownName
from vgan.models.directions import closed_form
from vgan.models.generators.loop import LoopGenerator, encode_shares
from vgan.models.motion import Motion
from vgan.recipe import ATTRIBUTES, VARIATIONS, Generate, Latent
from vgan.recipe_steps import ASPECTS
from vgan.runtime import Runtime, generator
from vgan.sources.path import between, slerp

MARGIN = 1  # cells drawn beyond a render, so that its border looks like its middle; a preview cannot wait
SPREAD_SAMPLES = 256  # styles from which the reach of a variation slider is measured


class LoopPlayer:
    """Draws frames of a `Generate` source with a LoopGenerator. Holds nothing that changes between calls."""

    attributes: tuple[str, ...] = ATTRIBUTES

    def __init__(self, model: LoopGenerator, runtime: Runtime, directions: Tensor):
        self.model = model
        self.runtime = runtime
        self._directions = directions

    @staticmethod
    @torch.inference_mode()
    def directions(model: LoopGenerator, runtime: Runtime) -> Tensor:
        """What `__init__` needs, once a model: (VARIATIONS, style).

        Closed-form directions of the first modulated layers. A unit is a third of the standard deviation of styles
        along them, over looks and attributes: within one look z moves the style too little to be seen.
        """
        layers = [model.base.mix, *model.base_convs[:2]]
        directions = closed_form([layer.affine.weight for layer in layers], VARIATIONS).to(runtime.device)
        params = model.params
        z = torch.randn(SPREAD_SAMPLES, params.latent, generator=generator(0)).to(runtime.device)
        look = torch.arange(SPREAD_SAMPLES, device=z.device) % len(params.looks)
        shares = torch.rand(SPREAD_SAMPLES, len(ATTRIBUTES), generator=generator(1)).to(z.device)
        spread = model.mapping(z, look, encode_shares(shares)) @ directions.t()
        return directions * (spread.std(0)[:, None] / 3)

    @torch.inference_mode()
    def draw(self, source: Generate, phases: Tensor, aspect: str, preview: bool) -> Tensor:
        """Float pictures (n, 3, H, W), in [-1, 1] up to overshoot, drawn natively at `aspect`, on the runtime's device.

        phases: (n,) moments of the loop; 0 and 1 are the same frame. preview: one level less, the same picture at half
        the size. All pictures are drawn at once. Raises UnknownName for a look that this model has not.
        """
        device, params = self.runtime.device, self.model.params
        phases = phases.remainder(1.0)
        keys = source.keys
        draws = generator(keys[0].seed)
        motion = Motion.draw(1, params.motion, draws)
        w = self._styles(source, phases)
        levels = len(self.model.levels) - (1 if preview else 0)
        with torch.autocast(device.type, self.runtime.dtype, enabled=self.runtime.dtype != torch.float32):
            return self.model.synthesis(
                w,
                motion.code(phases[None])[0].to(device),
                phases.float().to(device),
                motion.offset.expand(len(phases), 2).to(device),
                self.model.cells(*ASPECTS[aspect]),
                levels=levels,
                margin=0 if preview else MARGIN,
            )

    def _styles(self, source: Generate, phases: Tensor) -> Tensor:
        """w at each phase, (n, style)."""
        stations = torch.cat([self._style(key, source.truncation) for key in source.keys])
        if len(stations) == 1:
            return stations.expand(len(phases), -1)
        start, end, share = between(len(stations), phases.to(stations.device))
        return slerp(stations[start], stations[end], share[:, None].to(stations.dtype))

    def _style(self, key: Latent, truncation: float) -> Tensor:
        device, params = self.runtime.device, self.model.params
        z = torch.randn(1, params.latent, generator=generator(key.seed + 1)).to(device) * truncation
        shares = torch.tensor([[getattr(key, name) for name in ATTRIBUTES]], device=device)
        look = torch.tensor([self._label(key.look)], device=device)
        w = self.model.mapping(z, look, encode_shares(shares))
        return w + torch.tensor(key.variation, device=device) @ self._directions

    def _label(self, name: str) -> int:
        label = zoo.find_look(name).label
        looks = self.model.params.looks
        if label is None:  # a repository named without a look plays its first
            return 0
        if label not in looks:
            raise UnknownName("look", label, looks)
        return looks.index(label)
