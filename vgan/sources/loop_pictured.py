"""Key looks of the loop generator that are found pictures: how they come alive and stay themselves."""

from collections.abc import Callable
from math import pi

import torch
from torch import Tensor

from vgan.models.generators.loop import LoopGenerator
from vgan.recipe import Generate, Latent
from vgan.runtime import generator
from vgan.sources.path import between
from vgan.sources.pictured import TYPICAL, code_of, turned

SWING = 2.0  # radians that waves swing at full motion; it grows with the square


def pictured(
    model: LoopGenerator,
    source: Generate,
    places: Tensor,
    phases: Tensor,
    w: Tensor,
    codes: tuple[Tensor, Tensor],
    offset: Callable[[Latent], Tensor],
    livelier: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """Styles (n, parts, style) and what is added to the phases of waves (n, waves), of frames between the keys of
    `source`, of which some are found pictures.

    The waves of a look go round and carry everything away; those of a picture swing around where they were found, each
    at a moment of its own that the seed draws, so that the picture stays and moves. At phase 0 it is as it was found.

    places, phases: (n,) on the path and of the loop, in rounds; w: (n, style), what sliders say; codes: (n, motion)
    each, the motion's code now and at phase 0; offset: the place (1, 2) on the plane of a key that is no picture;
    livelier: (n,), what the music adds to the motion.
    """
    device = w.device
    start, end, share = between(len(source.keys), places.remainder(1.0))
    way = share.to(device, w.dtype)[:, None]
    cycles = torch.cat([model.base.bending.cycles, model.base.waves.cycles])
    turn = 2 * pi * phases.to(device, w.dtype)[:, None] * cycles
    now, first = (model.motion(code) for code in codes)
    styles, found, moves, holds = [], [], [], []
    for key in source.keys:
        if key.picture:
            code = code_of(key, "loop", (model.parts, w.shape[1]), model.waves)
            styles.append(torch.from_numpy(code.styles).to(device)[None] * (source.truncation / TYPICAL))
            found.append(torch.from_numpy(code.phases).to(device)[None])
            begin = 2 * pi * torch.rand(1, model.waves, generator=generator(key.seed)).to(device)
            more = torch.zeros(1) if livelier is None else livelier
            motion = (key.motion + more).clamp(0, 1).to(device)[:, None]
            moves.append(SWING * motion.square() * ((turn + begin).sin() - begin.sin()) - turn)
            holds.append(motion.square() * (now - first) - now)
        else:
            styles.append(torch.zeros(1, model.parts, w.shape[1], device=device))
            found.append(model.shifts(offset(key).to(device)))
            moves.append(torch.zeros_like(turn))
            holds.append(torch.zeros_like(now))
    frames = torch.arange(len(turn), device=device)

    def each(values: list[Tensor]) -> tuple[Tensor, Tensor]:
        """Of each frame, what the keys on both sides of it have; values: (n, ...) a key."""
        every = torch.stack([value.expand(len(turn), *value.shape[1:]) for value in values])
        return every[start, frames], every[end, frames]

    own = torch.lerp(*each(styles), way[:, :, None]) + (w + torch.lerp(*each(holds), way))[:, None]
    return own, turned(*each(found), way) + torch.lerp(*each(moves), way)
