"""Plays a FastGAN: where a recipe's sliders put the latent at each moment of the loop, and the pictures there."""

import math
from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor

from vgan.models.directions import closed_form
from vgan.models.generators.fastgan import FastGAN
from vgan.recipe import VARIATIONS, Generate, Latent
from vgan.runtime import Runtime, generator
from vgan.sources.driven import Moved, jumped
from vgan.sources.path import between, slerp
from vgan.sources.pictured import TYPICAL, code_of
from vgan.sources.square import crop, cropped

# The half angle of the cone that the latent circles on at full motion, radians. The way round is then 2 pi sin(0.6), as
# far as walking over two to three unrelated pictures.
WIDEST_CONE = 0.6


class FastGanPlayer:
    """Draws frames of a `Generate` source with a FastGAN. Holds nothing that changes between calls.

    attributes: a FastGAN was trained without conditions, so it has no named sliders.
    """

    CHUNK = 2
    SECONDS: ClassVar[dict[str, float]] = {"cpu": 0.6, "cuda": 0.02}
    attributes: tuple[str, ...] = ()
    size = staticmethod(cropped)

    def __init__(self, model: FastGAN, runtime: Runtime, directions: Tensor):
        self.model = model
        self.runtime = runtime
        self._directions = directions

    @staticmethod
    def directions(model: FastGAN, runtime: Runtime) -> Tensor:
        """What `__init__` needs, once a model: (VARIATIONS, z_dim) unit directions, float64 on the CPU."""
        return closed_form([model.latent_matrix()], VARIATIONS).double()

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
        return z * source.truncation + self._variation(keys, places) @ self._directions

    def _circle(self, key: Latent, phases: Tensor) -> Tensor:
        """A small circle around the seed's latent, on its sphere: every frame is as typical as the seed's own. One of a
        found picture begins at it."""
        centre, one, other = self._draws(key)
        radius = centre.norm()
        axis = centre / radius
        right = F.normalize(one - one.dot(axis) * axis, dim=0)
        up = F.normalize(other - other.dot(axis) * axis - other.dot(right) * right, dim=0)
        cone, turn = WIDEST_CONE * key.motion, 2 * math.pi * phases[:, None]
        if key.picture:
            axis, right = (
                math.cos(cone) * axis - math.sin(cone) * right,
                math.sin(cone) * axis + math.cos(cone) * right,
            )
        return radius * (math.cos(cone) * axis + math.sin(cone) * (turn.cos() * right + turn.sin() * up))

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
        """The variation sliders at each phase, float64 (n, VARIATIONS), one unit = one standard deviation of z."""
        sliders = torch.tensor([key.variation for key in keys], dtype=torch.float64)
        start, end, share = between(len(keys), phases)
        return torch.lerp(sliders[start], sliders[end], share[:, None])
