"""Plays a FastGAN: where a recipe's sliders put the latent at each moment of the loop, and the pictures there."""

from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor

from vgan.models.directions import closed_form, principal
from vgan.models.generators.fastgan import FastGAN
from vgan.recipe import VARIATIONS, Generate, Latent
from vgan.runtime import Runtime, generator
from vgan.sources.directions import Directions, Layers
from vgan.sources.driven import Moved, jumped
from vgan.sources.path import between, slerp
from vgan.sources.pictured import TYPICAL, code_of
from vgan.sources.square import crop, cropped
from vgan.sources.walk import circle

SAMPLES = 2048  # latents from which components are taken


class FastGanPlayer:
    """Draws frames of a `Generate` source with a FastGAN. Holds nothing that changes between calls.

    attributes: a FastGAN was trained without conditions, so it has no named sliders.
    """

    CHUNK = 2
    SECONDS: ClassVar[dict[str, float]] = {"cpu": 0.6, "cuda": 0.02}
    attributes: tuple[str, ...] = ()
    size = staticmethod(cropped)

    def __init__(self, model: FastGAN, runtime: Runtime, directions: Directions):
        self.model = model
        self.runtime = runtime
        self._directions = directions

    @staticmethod
    def directions(model: FastGAN, runtime: Runtime) -> Directions:
        """What `__init__` needs, once a model: unit directions of z, float64 on the CPU."""
        return Directions(model, runtime, _find)

    @torch.inference_mode()
    def draw(self, source: Generate, phases: Tensor, aspect: str, preview: bool, moved: Moved | None = None) -> Tensor:
        """Float pictures (n, 3, H, W) in [-1, 1] on the runtime's device, cut centrally to `aspect`.

        phases: float (n,), moments of the loop; 0 and 1 are the same frame. preview: the 128 px head, else the large
        one. moved: what the music does to each of them, but for the sliders, which it has not. All pictures are drawn
        at once: the caller decides how many fit.
        """
        device = self.runtime.device
        z = self.latents(source, phases, moved).float().to(device)
        noise = {
            side: tuple(tensor.to(device) for tensor in tensors)
            for side, tensors in self.model.draw_noise(generator(source.keys[0].seed)).items()
        }
        with torch.autocast(device.type, self.runtime.dtype, enabled=self.runtime.dtype != torch.float32):
            pictures = self.model(z, noise, size="small" if preview else "large")
        return crop(pictures[:, :3].float().clamp(-1, 1), aspect)

    def latents(self, source: Generate, phases: Tensor, moved: Moved | None = None) -> Tensor:
        """The latent z at each phase, float64 (n, z_dim) on the CPU: same source, same numbers on every machine."""
        phases = phases.detach().to("cpu", torch.float64) % 1.0
        keys, places = source.keys, phases if moved is None else moved.places.double() % 1.0
        if len(keys) > 1:
            z = self._path(keys, places)
        elif moved is None:
            z = self._circle(keys[0], phases)
        else:
            pairs = zip(moved.jumps.tolist(), phases.split(1), strict=True)
            z = torch.cat([self._circle(jumped(keys[0], jump), phase) for jump, phase in pairs])
        return z * source.truncation + self._variation(keys, places)

    def _circle(self, key: Latent, phases: Tensor) -> Tensor:
        """A small circle around the seed's latent, on its sphere: every frame is as typical as the seed's own. One of a
        found picture begins at it."""
        return circle(self._draws(key), key.motion, phases, begins=bool(key.picture))

    def _path(self, keys: tuple[Latent, ...], phases: Tensor) -> Tensor:
        """From key to key along great circles and back to the first, slowing down at each key.

        The way itself is the movement: the keys' `motion` sliders say nothing here.
        """
        stations = torch.stack([self._draws(key)[0] for key in keys])
        start, end, share = between(len(keys), phases)
        return slerp(stations[start], stations[end], share[:, None])

    def _draws(self, key: Latent) -> Tensor:
        """A seed's latent, or that of a found picture, and two more of the seed to span the plane it circles in, N(0,
        1), float64 (3, z_dim)."""
        dim = self.model.params.z_dim
        draws = torch.randn(3, dim, generator=generator(key.seed)).double()
        if key.picture:
            draws[0] = torch.from_numpy(code_of(key, "fastgan", (1, dim), 0).styles[0]).double() / TYPICAL
        return draws

    def _variation(self, keys: tuple[Latent, ...], phases: Tensor) -> Tensor:
        """What the variation sliders add at each phase, float64 (n, z_dim): one unit = one standard deviation of z."""
        start, end, share = between(len(keys), phases)
        if self._directions.alike(keys):
            sliders = torch.tensor([key.variation for key in keys], dtype=torch.float64)
            return torch.lerp(sliders[start], sliders[end], share[:, None]) @ self._directions.of(keys[0])
        moves = self._directions.moves(keys)
        return torch.lerp(moves[start], moves[end], share[:, None])


def _find(model: FastGAN, runtime: Runtime, basis: str, layers: Layers | None) -> Tensor:
    """See `Directions`: by components those of the first layer's activations, averaged over the quarters of the map."""
    if basis == "closed":
        return closed_form([model.latent_matrix()], VARIATIONS).double()
    z = torch.randn(SAMPLES, model.params.z_dim, generator=generator(0))
    first = F.glu(model.first(z.to(runtime.device)[:, :, None, None]), dim=1)
    return principal(z, F.adaptive_avg_pool2d(first, 2).flatten(1), VARIATIONS).double()
