"""Plays a StyleGAN2: where a recipe's sliders put the styles at each moment of the loop, and the pictures there."""

from typing import ClassVar

import torch
from torch import Tensor

from vgan.models.directions import closed_form, principal
from vgan.models.generators.stylegan2 import PREVIEW, StyleGAN2
from vgan.recipe import VARIATIONS, Generate, Latent
from vgan.runtime import Runtime, generator
from vgan.sources.directions import Directions, Layers
from vgan.sources.driven import Moved, jumped
from vgan.sources.path import between
from vgan.sources.pictured import TYPICAL, code_of
from vgan.sources.square import crop, cropped
from vgan.sources.walk import circle

SPREAD_SAMPLES = 4096  # styles from which components and the reach of a variation slider are measured


class StyleGan2Player:
    """Draws frames of a `Generate` source with a StyleGAN2. Holds nothing that changes between calls.

    attributes: it was trained without conditions, so it has no named sliders.
    """

    CHUNK = 1
    SECONDS: ClassVar[dict[str, float]] = {"cpu": 1.2, "cuda": 0.04}
    attributes: tuple[str, ...] = ()
    size = staticmethod(cropped)

    def __init__(self, model: StyleGAN2, runtime: Runtime, directions: Directions):
        self.model = model
        self.runtime = runtime
        self._directions = directions

    @staticmethod
    def directions(model: StyleGAN2, runtime: Runtime) -> Directions:
        """What `__init__` needs, once a model. A unit is a standard deviation of the styles along a direction."""
        return Directions(model, runtime, _find, model.params.layers)

    @torch.inference_mode()
    def draw(self, source: Generate, phases: Tensor, aspect: str, preview: bool, moved: Moved | None = None) -> Tensor:
        """Float pictures (n, 3, H, W) in [-1, 1] on the runtime's device, cut centrally to `aspect`.

        phases: float (n,), moments of the loop; 0 and 1 are the same frame. preview: the same pictures without the
        levels above 128 px. moved: what the music does to each of them, but for the sliders, which it has not. All
        pictures are drawn at once: the caller decides how many fit. Noise stays as it is along the clip.
        """
        device, params = self.runtime.device, self.model.params
        side = min(PREVIEW, params.size) if preview else params.size
        noise = self.model.draw_noise(generator(source.keys[0].seed), side)
        w = self.styles(source, phases, moved)
        with torch.autocast(device.type, self.runtime.dtype, enabled=self.runtime.dtype != torch.float32):
            pictures = self.model.synthesis(w, tuple(part.to(device) for part in noise), side)
        return crop(pictures.float().clamp(-1, 1), aspect)

    @torch.inference_mode()
    def styles(self, source: Generate, phases: Tensor, moved: Moved | None = None) -> Tensor:
        """The styles of every layer at each phase, float32 (n, layers, style) on the runtime's device."""
        phases = phases.detach().to("cpu", torch.float64) % 1.0
        keys, places = source.keys, phases if moved is None else moved.places.double() % 1.0
        if len(keys) == 1:
            jumps = [0] * len(phases) if moved is None else moved.jumps.tolist()
            w = torch.empty(len(phases), self.model.params.layers, self.model.params.style, device=self.runtime.device)
            for jump in set(jumps):
                rows = torch.tensor([other == jump for other in jumps])
                key = jumped(keys[0], jump)
                w[rows.to(w.device)] = self._whole(key, self._circle(key, phases[rows]), source.truncation)
            return w
        stations = [self._whole(key, self._mapped(_draws(key, self._dim)[:1]), source.truncation) for key in keys]
        start, end, share = between(len(keys), places)
        at = torch.cat(stations)
        return torch.lerp(at[start], at[end], share[:, None, None].to(at))

    @property
    def _dim(self) -> int:
        return self.model.params.style

    def _mapped(self, z: Tensor) -> Tensor:
        return self.model.mapping(z.float().to(self.runtime.device))

    def _circle(self, key: Latent, phases: Tensor) -> Tensor:
        """The style (n, style) at each phase."""
        return self._mapped(circle(_draws(key, self._dim), key.motion, phases, begins=bool(key.picture)))

    def _whole(self, key: Latent, w: Tensor, psi: float) -> Tensor:
        """The styles (n, layers, style) of `key`, whose own are w (n, style): truncated, the second seed mixed in,
        moved by the variation sliders. Those of a found picture take the place of w, and move as it does."""
        device, params = self.runtime.device, self.model.params
        if key.picture:
            found = torch.from_numpy(code_of(key, "stylegan2", (params.layers, params.style), 0).styles).to(device)
            away = w - self._mapped(_draws(key, self._dim)[:1])
            whole = self.model.mean + found * (psi / TYPICAL) + (away * psi)[:, None]
        else:
            whole = self.model.truncated(w, psi)[:, None].expand(-1, params.layers, -1)
        if key.mix_seed is not None:
            other = self._mapped(_draws(key.model_copy(update={"seed": key.mix_seed}), self._dim)[:1])
            mixed = self._directions.mixed([key]).to(device)[:, :, None] > 0
            whole = torch.where(mixed, self.model.truncated(other, psi)[:, None], whole)
        if any(key.variation):
            moves, where = self._directions.moves([key]), self._directions.where([key]).to(device)
            whole = whole + where[:, :, None] * moves[:, None]
        return whole


def _draws(key: Latent, dim: int) -> Tensor:
    """A seed's latent and two more to span the plane it circles in, N(0, 1), float64 (3, dim)."""
    return torch.randn(3, dim, generator=generator(key.seed)).double()


def _find(model: StyleGAN2, runtime: Runtime, basis: str, layers: Layers | None) -> Tensor:
    """See `Directions`: in closed form those of the layers that vary, by components those of all styles."""
    z = torch.randn(SPREAD_SAMPLES, model.params.style, generator=generator(0))
    w = model.mapping(z.to(runtime.device))
    found = closed_form(model.affines(*(layers or ())), VARIATIONS) if basis == "closed" else None
    directions = (principal(w, w, VARIATIONS) if found is None else found).to(runtime.device)
    return directions * (w @ directions.t()).std(0)[:, None]
