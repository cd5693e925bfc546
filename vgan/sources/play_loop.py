"""Plays the loop generator: what a recipe's sliders mean to it, and the frames of any moment of the loop."""

from collections.abc import Sequence
from typing import ClassVar

import torch
from torch import Tensor

from vgan.models.generators.loop import LoopGenerator, encode_shares
from vgan.models.motion import Motion
from vgan.recipe import ATTRIBUTES, VARIATIONS, Generate, Latent
from vgan.recipe_steps import ASPECTS
from vgan.runtime import Runtime, generator
from vgan.sources.asked import label_of, shares_of
from vgan.sources.directions import Directions, layered
from vgan.sources.driven import Moved, jumped
from vgan.sources.loop_directions import found
from vgan.sources.loop_pictured import pictured
from vgan.sources.path import between, slerp
from vgan.sources.pictured import code_of

MARGIN = 1  # cells drawn beyond a render, so that its border looks like its middle; a preview cannot wait
MOTION = ATTRIBUTES.index("motion")


class LoopPlayer:
    """Draws frames of a `Generate` source with a LoopGenerator. Holds nothing that changes between calls."""

    CHUNK = 4
    SECONDS: ClassVar[dict[str, float]] = {"cpu": 0.32, "cuda": 0.048}
    attributes: tuple[str, ...] = ATTRIBUTES

    def __init__(self, model: LoopGenerator, runtime: Runtime, directions: Directions):
        self.model = model
        self.runtime = runtime
        self._directions = directions

    @staticmethod
    def directions(model: LoopGenerator, runtime: Runtime) -> Directions:
        """What `__init__` needs, once a model; a layer is one of `model.parts`."""
        return Directions(model, runtime, found, model.parts)

    @staticmethod
    def size(side: int, aspect: str) -> tuple[int, int]:
        """(width, height) of the pictures of `draw`: it draws at any aspect natively, with `side` the shorter side."""
        wide, tall = ASPECTS[aspect]
        width, height = (2 * round(part * side / min(wide, tall) / 2) for part in (wide, tall))
        return width, height

    @torch.inference_mode()
    def draw(self, source: Generate, phases: Tensor, aspect: str, preview: bool, moved: Moved | None = None) -> Tensor:
        """Float pictures (n, 3, H, W), in [-1, 1] up to overshoot, drawn natively at `aspect`, on the runtime's device.

        phases: (n,) moments of the loop; 0 and 1 are the same frame. preview: one level less, the same picture at half
        the size. moved: what the music does to each of them. All pictures are drawn at once. Raises UnknownName for a
        look that this model has not.
        """
        levels = len(self.model.levels) - (1 if preview else 0)
        return self._draw(source, phases, aspect, levels, 0 if preview else MARGIN, moved)

    @torch.inference_mode()
    def sketch(self, source: Generate, phases: Tensor, aspect: str, moved: Moved) -> Tensor:
        """The same pictures as small as attributes are measured at, two levels less: quickly."""
        return self._draw(source, phases, aspect, max(1, len(self.model.levels) - 2), 0, moved)

    def _draw(
        self, source: Generate, phases: Tensor, aspect: str, levels: int, margin: int, moved: Moved | None
    ) -> Tensor:
        device = self.runtime.device
        phases = phases.remainder(1.0)
        if moved is None:
            motion, w = self._motion([source.keys[0]]), self._styles(source, phases)
        else:
            keys = [jumped(source.keys[0], jump) for jump in moved.jumps.tolist()]
            motion, w = self._motion(keys), self._moved_styles(source, moved)
        code, offset, shifts = motion.code(phases[:, None])[:, 0].to(device), motion.offset.to(device), None
        if any(key.picture for key in source.keys):
            places, begin = phases if moved is None else moved.places, motion.code(torch.zeros(len(motion.offset), 1))
            codes = code, begin[:, 0].to(device)
            livelier = None if moved is None else moved.shifts[:, MOTION]
            w, shifts = pictured(
                self.model, source, places, phases, w, codes, lambda key: self._motion([key]).offset, livelier
            )
            offset = torch.zeros_like(offset)
        if layered(source.keys):
            w = self._layered(source, phases, moved, w)
        with torch.autocast(device.type, self.runtime.dtype, enabled=self.runtime.dtype != torch.float32):
            return self.model.synthesis(
                w,
                code,
                phases.float().to(device),
                offset.expand(len(phases), 2),
                self.model.cells(*ASPECTS[aspect]),
                levels=levels,
                margin=margin,
                shifts=shifts,
            )

    def _layered(self, source: Generate, phases: Tensor, moved: Moved | None, w: Tensor) -> Tensor:
        """w, (n, style) or (n, parts, style), and what sliders and second seeds change in some layers alone: (n, parts,
        style)."""
        start, end, share = between(len(source.keys), (phases if moved is None else moved.places).remainder(1.0))
        jumps = [0] * len(phases) if moved is None else moved.jumps.tolist()
        shifts = None if moved is None else moved.shifts

        def changes(places: Tensor) -> Tensor:
            keys = [jumped(source.keys[place], jump) for place, jump in zip(places.tolist(), jumps, strict=True)]
            ways = self._directions
            moves = ways.moves([_plain(key) if key.layers is None else key for key in keys])[:, None]
            seconds = [key if key.mix_seed is None else _second(key) for key in keys]
            other = self._style(seconds, source.truncation, shifts) - self._style(keys, source.truncation, shifts)
            where, mixed = (part.to(w.device)[:, :, None] for part in (ways.where(keys), ways.mixed(keys)))
            return where * moves + mixed * other[:, None]

        added = torch.lerp(changes(start), changes(end), share.to(w)[:, None, None])
        return added + (w if w.ndim == 3 else w[:, None])

    def _motion(self, keys: Sequence[Latent]) -> Motion:
        """The motion of each key's seed."""
        drawn = {key.seed: Motion.draw(1, self.model.params.motion, generator(key.seed)) for key in keys}
        parts = [drawn[key.seed] for key in keys]
        return Motion(
            *(torch.cat([getattr(part, name) for part in parts]) for name in ("amplitude", "phase", "offset"))
        )

    def _styles(self, source: Generate, phases: Tensor) -> Tensor:
        """w at each phase, (n, style)."""
        stations = torch.cat([self._style([key], source.truncation) for key in source.keys])
        if len(stations) == 1:
            return stations.expand(len(phases), -1)
        start, end, share = between(len(stations), phases.to(stations.device))
        return slerp(stations[start], stations[end], share[:, None].to(stations.dtype))

    def _moved_styles(self, source: Generate, moved: Moved) -> Tensor:
        """w of each frame, whose key looks are its own: (n, style)."""
        start, end, share = between(len(source.keys), moved.places.remainder(1.0))

        def stations(places: Tensor) -> Tensor:
            pairs = zip(places.tolist(), moved.jumps.tolist(), strict=True)
            keys = [jumped(source.keys[place], jump) for place, jump in pairs]
            return self._style(keys, source.truncation, moved.shifts)

        first = stations(start)
        return first if len(source.keys) == 1 else slerp(first, stations(end), share[:, None].to(first))

    def _style(self, keys: Sequence[Latent], truncation: float, shifts: Tensor | None = None) -> Tensor:
        """w of each key, (n, style). shifts: (n, 7), added to its attributes: hue goes round, others end at 0 and 1."""
        device, params = self.runtime.device, self.model.params
        draws = [torch.randn(1, params.latent, generator=generator(key.seed + 1)) for key in keys]
        z = torch.cat([draw * (not key.picture) for draw, key in zip(draws, keys, strict=True)]).to(device)
        shares = shares_of(keys, shifts)
        for index, key in enumerate(keys):
            if key.picture:  # how lively it is says how far its waves swing; as an attribute it would change its shapes
                code = code_of(key, "loop", (self.model.parts, params.style), self.model.waves)
                shares[index, MOTION] = float(code.attributes[MOTION])
        look = torch.tensor([label_of(key.look, params.looks) for key in keys], device=device)
        w = self.model.mapping(z * truncation, look, encode_shares(shares.to(device)))
        return w + self._directions.moves([key if key.layers is None else _plain(key) for key in keys])


def _plain(key: Latent) -> Latent:
    """`key` with its variation sliders at zero."""
    return key.model_copy(update={"variation": (0.0,) * VARIATIONS})


def _second(key: Latent) -> Latent:
    """`key` at its second seed."""
    return key.model_copy(update={"seed": key.mix_seed, "picture": ""})
