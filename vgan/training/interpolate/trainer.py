"""Trains the interpolator on real frames and on photographs that move in known ways."""

import copy
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from vgan.errors import RecipeError
from vgan.models.interpolator import Between, Interpolator, InterpolatorParams, warp
from vgan.training.base import Trainer, placed, sheet_of
from vgan.training.interpolate.layers import Layers
from vgan.training.interpolate.triplets import Clips, Triplets
from vgan.training.parallel import SOLO, Team

SHOWN = 4  # triplets of each kind on the sample sheet
STEADY = 1e-3  # of the Charbonnier distance
BANDS = 3  # of the Laplacian pyramid


@dataclass(frozen=True)
class InterpolatorTraining:
    """How to train. clips, layers: triplets of real frames and of moved photographs, a step and process; side: of their
    windows, pixels, a multiple of 16; known: weight of the flow where it is known; moved: of each side's own
    likeness to the middle; decay_from: the learning rate falls with the square root of steps after this one."""

    seed: int = 0
    clips: int = 4
    layers: int = 3
    side: int = 192
    rate: float = 6e-4
    known: float = 0.02
    moved: float = 0.2
    warm: int = 200
    ema: float = 0.999
    decay_from: int = 2500


class InterpolatorTrainer(Trainer[InterpolatorTraining]):
    """The network and its optimiser."""

    parts = ("G", "G_ema", "opt")

    def __init__(
        self,
        params: InterpolatorTraining,
        model: InterpolatorParams,
        clips: Clips,
        layers: Layers,
        device: torch.device,
        team: Team = SOLO,
    ):
        if params.side % 16:
            raise RecipeError(f"side: {params.side} is not a multiple of 16.")
        super().__init__(params, model, device, team)
        self.clips, self.layers = clips, layers
        self.G = placed(Interpolator(model), device)
        self.G_ema = copy.deepcopy(self.G).requires_grad_(False)
        self.opt = torch.optim.AdamW(self.G.parameters(), lr=params.rate, weight_decay=1e-4, fused=True)

    def step(self, stop: float = 0.0) -> dict[str, float]:
        """One update. See `vgan.training.run`."""
        p, generator = self.params, self.draws()
        self.set_rates((self.opt, p.rate * min(1.0, (self.step_count + 1) / p.warm)))
        real = self.clips.triplets(p.clips, p.side, generator)
        known = self.layers.triplets(p.layers, p.side, generator)
        assert known.flow is not None
        ends, middle, t = (
            torch.cat(parts).to(self.device)
            for parts in ((real.ends, known.ends), (real.middle, known.middle), (real.t, known.t))
        )
        flow = known.flow.to(self.device)
        made, found, sides = drawn(self.G, ends, t)

        picture = laplacian_distance(made, middle)
        moved = [nearer(sides[0], sides[1], middle)]
        for coarse in found.coarse:
            one, other = (warp(_small(ends[:, i], coarse), _cells(coarse, i, p.side)) for i in (0, 1))
            moved.append(nearer(one, other, _small(middle, coarse)))
        away = [(f[p.clips :] - _small(flow, f)).abs().mean() for f in (*found.coarse, found.flow)]
        loss = picture.mean() + p.moved * torch.stack(moved).mean() + p.known * torch.stack(away).mean()
        stops = self.descend(loss, self.G, self.opt, stop, longest=1.0)
        self.finish(self.G_ema, self.G)
        with torch.no_grad():
            error = (made.clamp(-1, 1) - middle).square().mean((1, 2, 3)) / 4
            blend = (torch.lerp(ends[:, 0], ends[:, 1], t.view(-1, 1, 1, 1)) - middle).square().mean((1, 2, 3)) / 4
            gain = 10 * torch.log10((blend + 1e-7) / (error + 1e-7))
        return {
            "stop": stops,
            "picture": picture.mean().item(),
            "flow": away[-1].item(),
            "moved": moved[0].item(),
            "gain_clips": gain[: p.clips].mean().item(),  # decibels over blending
            "gain_layers": gain[p.clips :].mean().item(),
        }

    @torch.no_grad()
    def sheet(self) -> Tensor:
        """Both ends blended, what is drawn between them, and what was there: three rows, (3, 3 * side, 8 * side)."""
        generator = torch.Generator("cpu").manual_seed(3)
        parts = [source.triplets(SHOWN, self.params.side, generator) for source in (self.clips, self.layers)]
        ends, middle, t = _joined(parts, self.device)
        made, _, _ = drawn(self.G_ema, ends, t)
        return sheet_of((torch.lerp(ends[:, 0], ends[:, 1], t.view(-1, 1, 1, 1)), made, middle))


def drawn(network: Interpolator, ends: Tensor, t: Tensor) -> tuple[Tensor, Between, tuple[Tensor, Tensor]]:
    """Between two pictures (B, 2, 3, H, W) at t (B,): the one there, the motion found, both ends moved there."""
    one, other = (ends[:, index].contiguous(memory_format=torch.channels_last) for index in (0, 1))
    with torch.autocast(ends.device.type, torch.bfloat16):
        found = network.motion(network.encode(one), network.encode(other), t)
        made, a, b = network.paint(one, other, found, (ends.shape[-2], ends.shape[-1]))
    return made, found, (a, b)


def _joined(parts: list[Triplets], device: torch.device) -> tuple[Tensor, Tensor, Tensor]:
    ends = torch.cat([part.ends for part in parts]).to(device)
    return ends, torch.cat([part.middle for part in parts]).to(device), torch.cat([part.t for part in parts]).to(device)


def _small(pictures: Tensor, like: Tensor) -> Tensor:
    """`pictures` shrunk to the cells of a flow."""
    return F.interpolate(pictures, (like.shape[2], like.shape[3]), mode="area")


def _cells(flow: Tensor, index: int, side: int) -> Tensor:
    """One half of a flow (B, 4, h, w) in pixels of `side`, in cells."""
    return flow[:, 2 * index : 2 * index + 2] * (flow.shape[-1] / side)


def charbonnier(difference: Tensor) -> Tensor:
    """A mean absolute difference that is smooth at nothing, for each picture (B,)."""
    return (difference.square() + STEADY**2).sqrt().mean((1, 2, 3))


def nearer(one: Tensor, other: Tensor, wanted: Tensor) -> Tensor:
    """How far the nearer side is from what is wanted, at every place: what only one end shows, one alone can give."""
    gaps = [((side - wanted).square() + STEADY**2).sqrt().mean(1) for side in (one, other)]
    return 0.7 * torch.minimum(*gaps).mean() + 0.15 * (gaps[0] + gaps[1]).mean()


def laplacian_distance(made: Tensor, wanted: Tensor) -> Tensor:
    """Charbonnier distance of pictures, and of their bands of detail (Bojanowski et al. 2018): (B,)."""
    difference = made - wanted
    total = charbonnier(difference)
    for level in range(BANDS):
        small = F.avg_pool2d(difference, 2)
        band = difference - F.interpolate(small, scale_factor=2, mode="nearest")
        total = total + charbonnier(band) * 2**level / 2
        difference = small
    return total
