"""Trains a compact upscaler or denoiser to bring good pictures back: the fidelity version, by mean difference alone."""

import copy
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor

from vgan.errors import RecipeError
from vgan.models.srvgg import CompactParams, SRVGGNetCompact
from vgan.training.base import P, Trainer, placed
from vgan.training.enhance.photos import Photos
from vgan.training.enhance.spoil import noisy, shrunk, some_grey
from vgan.training.parallel import SOLO, Team

SHOWN = 8  # windows on the sample sheet
NO_ERROR = 1e-5  # mean square, 50 dB: what is nearer than that is not worth more


@dataclass(frozen=True)
class EnhanceTraining:
    """How to train. task: what the network mends; side: of a good window, pixels; batch: windows, a step and process;
    decay_from: the learning rate falls with the square root of steps after this one; noisy: what is made smaller is
    noisy and compressed as well, and comes back without; by_psnr: by the mean PSNR of windows, for a last stretch:
    begun with it, training takes longer."""

    task: Literal["upscale", "denoise"] = "upscale"
    seed: int = 0
    batch: int = 16
    side: int = 128
    rate: float = 1e-3
    ema: float = 0.999
    decay_from: int = 3000
    noisy: bool = False
    by_psnr: bool = False


class CompactTrainer(Trainer[P]):
    """What the trainers of both versions, of fidelity and with a critic, have in common."""

    def kind_of(self, state: dict[str, Any]) -> str:
        """See `Trainer`."""
        critic = "with" if "D" in state else "without"
        return f"a network to {state['params']['task']} with {state['model']}, {critic} a critic"

    def _mended(self, network: SRVGGNetCompact, spoiled: Tensor) -> Tensor:
        spoiled = spoiled.to(self.device).contiguous(memory_format=torch.channels_last)
        with torch.autocast(self.device.type, torch.bfloat16):
            return network(spoiled).float()


class EnhanceTrainer(CompactTrainer[EnhanceTraining]):
    """The network and its optimiser."""

    parts = ("G", "G_ema", "opt")

    def __init__(
        self,
        params: EnhanceTraining,
        model: CompactParams,
        photos: Photos,
        device: torch.device,
        team: Team = SOLO,
        start: dict[str, Tensor] | None = None,
    ):
        """start: weights to begin with. Raises RecipeError for a side that the scale does not divide."""
        if params.side % model.scale:
            raise RecipeError(f"side: {params.side} is not a multiple of the scale, {model.scale}.")
        super().__init__(params, model, device, team)
        self.photos = photos
        self.G = placed(SRVGGNetCompact(model), device)
        if start is not None:
            self.G.load_state_dict(start)
        self.G_ema = copy.deepcopy(self.G).requires_grad_(False)
        self.opt = torch.optim.Adam(self.G.parameters(), lr=params.rate, betas=(0.9, 0.99), fused=True)

    def step(self, stop: float = 0.0) -> dict[str, float]:
        """One update. See `vgan.training.run`."""
        p, generator = self.params, self.draws()
        self.set_rates((self.opt, p.rate))
        good = self.photos.windows(p.batch, p.side, generator)
        if p.task == "denoise":
            good = some_grey(good, generator)
        made = self._mended(self.G, self._spoiled(good, generator))
        off = made - good.to(self.device)
        loss = (off.square().mean((1, 2, 3)) + NO_ERROR).log10().mean() if p.by_psnr else off.abs().mean()
        stops = self.descend(loss, self.G, self.opt, stop)
        self.finish(self.G_ema, self.G)
        return {"stop": stops, "difference": loss.item()}

    def _spoiled(self, good: Tensor, generator: torch.Generator) -> Tensor:
        if self.params.task == "denoise":
            return noisy(good, generator)
        small = shrunk(good, self.G.params.scale)
        return noisy(small, generator) if self.params.noisy else small

    @torch.no_grad()
    def sheet(self) -> Tensor:
        """Windows spoiled, mended and as they were: three rows, (3, 3 * side, 8 * side) in [0, 1]."""
        generator = torch.Generator("cpu").manual_seed(3)
        good = self.photos.windows(SHOWN, self.params.side, generator)
        spoiled = self._spoiled(good, generator)
        return rows_of(spoiled, self._mended(self.G_ema, spoiled).cpu(), good)


def rows_of(spoiled: Tensor, mended: Tensor, good: Tensor) -> Tensor:
    """A row of each, (n, 3, side, side) or smaller for `spoiled`: (3, 3 * side, n * side) in [0, 1]."""
    shown = torch.nn.functional.interpolate(spoiled, good.shape[-2:], mode="nearest")
    return torch.cat([torch.cat(list(row), 2) for row in (shown, mended, good)], 1).clamp(0, 1)
