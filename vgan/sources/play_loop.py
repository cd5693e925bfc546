"""Plays the loop generator: what a recipe's sliders mean to it, and the frames of any moment of the loop."""

from collections.abc import Sequence
from math import pi
from typing import ClassVar

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
from vgan.sources.driven import Moved, jumped
from vgan.sources.path import between, slerp
from vgan.sources.pictured import TYPICAL, code_of, turned

MARGIN = 1  # cells drawn beyond a render, so that its border looks like its middle; a preview cannot wait
SPREAD_SAMPLES = 256  # styles from which the reach of a variation slider is measured


class LoopPlayer:
    """Draws frames of a `Generate` source with a LoopGenerator. Holds nothing that changes between calls."""

    CHUNK = 4
    SECONDS: ClassVar[dict[str, float]] = {"cpu": 0.32, "cuda": 0.048}
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
            w, shifts = self._pictured(source, phases if moved is None else moved.places, w, motion, moved is None)
            offset = torch.zeros_like(offset)
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

    def _pictured(
        self, source: Generate, places: Tensor, w: Tensor, motion: Motion, steady: bool
    ) -> tuple[Tensor, Tensor]:
        """Styles (n, parts, style) and phases (n, waves) of frames between keys of which some are found pictures.

        w: (n, style), what their sliders say; places: (n,) on the path, in rounds of it; steady: these are the moments
        of the loop as well. A picture is seen as it was found at its own place on the path; there the waves have moved
        on already, which is taken back.
        """
        device, count = self.runtime.device, len(source.keys)
        start, end, share = between(count, places.remainder(1.0))
        cycles = torch.cat([self.model.base.bending.cycles, self.model.base.waves.cycles])
        still = self.model.motion(motion.code(torch.zeros(len(motion.offset), 1))[:, 0].to(device))
        styles, phases = [], []
        for index, key in enumerate(source.keys):
            if not key.picture:
                styles.append(torch.zeros(1, self.model.parts, w.shape[1], device=device))
                offset = self._motion([key]).offset.to(device)
                phases.append(self.model.shifts(offset))
                continue
            code = code_of(key, "loop", (self.model.parts, w.shape[1]), self.model.waves)
            found = torch.from_numpy(code.styles).to(device)[None] * (source.truncation / TYPICAL)
            styles.append(found)
            passed = 2 * pi * cycles * (index / count) if steady else torch.zeros_like(cycles)
            phases.append((torch.from_numpy(code.phases).to(device) - passed)[None])
        way = share.to(device, w.dtype)[:, None]
        kept = torch.tensor([float(bool(key.picture)) for key in source.keys], device=device)
        own = torch.lerp(torch.cat(styles)[start], torch.cat(styles)[end], way[:, :, None])
        calm = torch.lerp(kept[start], kept[end], way[:, 0])[:, None] * still
        return (w - calm)[:, None] + own, turned(torch.cat(phases)[start], torch.cat(phases)[end], way)

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
        shares = torch.tensor([[getattr(key, name) for name in ATTRIBUTES] for key in keys])
        if shifts is not None:
            shares = torch.cat([shares[:, :1] + shifts[:, :1], (shares[:, 1:] + shifts[:, 1:]).clamp(0, 1)], dim=1)
        look = torch.tensor([self._label(key.look) for key in keys], device=device)
        w = self.model.mapping(z * truncation, look, encode_shares(shares.to(device)))
        return w + torch.tensor([key.variation for key in keys], device=device) @ self._directions

    def _label(self, name: str) -> int:
        label = zoo.find_look(name).label
        looks = self.model.params.looks
        if label is None:  # a repository named without a look plays its first
            return 0
        if label not in looks:
            raise UnknownName("look", label, looks)
        return looks.index(label)
