"""Trains a compact enhancer to look right: the GAN version, which begins at the fidelity version's weights.

As Real-ESRGAN (Wang et al. 2021): mean difference, perceptual loss and a U-Net critic, on pictures that went bad in
many ways. As both versions are of one layout and one beginning, their weights may be blended.
"""

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from vgan.errors import RecipeError, WeightsError
from vgan.models.discriminators.unet import UNetCritic, says_made, says_real
from vgan.models.lpips import Lpips
from vgan.models.srvgg import SRVGGNetCompact, from_checkpoint
from vgan.training import checkpoint
from vgan.training.base import placed
from vgan.training.enhance.degrade import Degrader
from vgan.training.enhance.photos import Photos
from vgan.training.enhance.spoil import noisy, some_grey
from vgan.training.enhance.trainer import CompactTrainer, rows_of
from vgan.training.parallel import SOLO, Team

LISTENING = 100  # steps in which a new critic learns and is not heard
STRONG_NOISE = 0.5  # share of steps in which a denoiser sees what the fidelity version is trained on


@dataclass(frozen=True)
class GanTraining:
    """How to train. batch: windows, a step and process; side: of a good window, pixels; clean: share of windows that
    are only made smaller, as a small network that also takes noise away enlarges worse; difference, perceptual, critic:
    weights of the losses; critic_from: the step after which the critic learns (it is heard LISTENING steps later), when
    the other losses have done what they can; critic_every: steps between those of the critic, which costs as much as
    all the rest; decay_from: the learning rates fall with the square root of steps after this one."""

    task: Literal["upscale", "denoise"] = "upscale"
    seed: int = 0
    batch: int = 8
    side: int = 128
    clean: float = 0.75
    rate: float = 1e-3
    critic_rate: float = 4e-4
    difference: float = 0.3
    perceptual: float = 1.0
    critic: float = 0.01
    critic_from: int = 1500
    critic_every: int = 2
    ema: float = 0.998
    decay_from: int = 1000


class GanTrainer(CompactTrainer[GanTraining]):
    """The network, its critic and their optimisers."""

    parts = ("G", "G_ema", "D", "opt_G", "opt_D")

    def __init__(
        self,
        params: GanTraining,
        start: Mapping[str, Tensor],
        photos: Photos,
        lpips: Lpips,
        device: torch.device,
        team: Team = SOLO,
    ):
        """start: weights of a fidelity version. Raises WeightsError where they are of another network, RecipeError for
        a window that the critic cannot halve or the network not make."""
        sizes = from_checkpoint(start)[0].params
        super().__init__(params, sizes, device, team)
        self.photos = photos
        self.D = placed(UNetCritic(), device)
        if params.side % self.D.multiple or params.side % sizes.scale:
            raise RecipeError(f"side: {params.side} is not a multiple of {max(self.D.multiple, sizes.scale)}.")
        if (sizes.scale == 1) != (params.task == "denoise"):
            raise RecipeError(f"start: these weights are of a network for x{sizes.scale}; it cannot {params.task}.")
        self.G = SRVGGNetCompact(sizes)
        self.G.load_state_dict({name: value.float() for name, value in start.items()})
        placed(self.G, device)
        self.G_ema = copy.deepcopy(self.G).requires_grad_(False)
        self.lpips = lpips.to(device).eval().requires_grad_(False)
        self.opt_G = torch.optim.Adam(self.G.parameters(), lr=params.rate, betas=(0.9, 0.99), fused=True)
        self.opt_D = torch.optim.Adam(self.D.parameters(), lr=params.critic_rate, betas=(0.5, 0.99), fused=True)
        self.spoil = Degrader(sizes.scale, params.clean)
        self._heard = (0.0, 0.0)

    def step(self, stop: float = 0.0) -> dict[str, float]:
        """One update of the critic and one of the network, on the same pictures. See `vgan.training.run`."""
        p, generator = self.params, self.draws()
        self.set_rates((self.opt_G, p.rate), (self.opt_D, p.critic_rate))
        good, bad = self._batch(p.batch, generator)
        good = good.to(self.device).contiguous(memory_format=torch.channels_last)
        made = self._mended(self.G, bad)
        judged = self.step_count >= p.critic_from and (self.step_count - p.critic_from) % p.critic_every == 0
        loss_D = self._train_critic(good, made.detach()) if judged else torch.zeros(())

        difference = (made - good).abs().mean()
        with torch.autocast(self.device.type, torch.bfloat16):
            perceptual = self.lpips(made * 2 - 1, good * 2 - 1).mean()
        fooled = torch.zeros((), device=self.device)
        if judged and self.step_count >= p.critic_from + LISTENING:
            self.D.requires_grad_(False)
            with torch.autocast(self.device.type, torch.bfloat16):
                fooled = says_real(self.D(made))
            self.D.requires_grad_(True)
        loss = p.difference * difference + p.perceptual * perceptual + p.critic * fooled
        stops = self.descend(loss, self.G, self.opt_G, stop, longest=1.0)
        self.finish(self.G_ema, self.G)
        # Between the critic's steps the log repeats its last ones.
        self._heard = (loss_D.item(), fooled.item()) if judged else self._heard
        return {
            "stop": stops,
            "difference": difference.item(),
            "perceptual": perceptual.item(),
            "critic": self._heard[0],
            "fooled": self._heard[1],
        }

    def _batch(self, count: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        good = self.photos.windows(count, self.params.side, generator)
        if self.params.task == "denoise":
            good = some_grey(good, generator)
            if float(torch.rand((), generator=generator)) < STRONG_NOISE:
                return good, noisy(good, generator)
        return good, self.spoil(good, generator)

    def _train_critic(self, good: Tensor, made: Tensor) -> Tensor:
        with torch.autocast(self.device.type, torch.bfloat16):
            loss = (says_real(self.D(good)) + says_made(self.D(made))) / 2
        self.descend(loss, self.D, self.opt_D)
        return loss

    @torch.no_grad()
    def sheet(self) -> Tensor:
        """Windows spoiled, mended and as they were: three rows in [0, 1]."""
        good, bad = self._batch(8, torch.Generator("cpu").manual_seed(3))
        return rows_of(bad, self._mended(self.G_ema, bad).cpu(), good)


def starting_weights(path: Path) -> dict[str, Tensor]:
    """The weights of a fidelity version: from the folder that training exports, its `model.safetensors`, or a
    `checkpoint.pt`. Raises WeightsError where there are none."""
    file = path / "model.safetensors" if path.is_dir() else path
    try:
        if file.suffix == ".pt":
            state: dict[str, Tensor] = checkpoint.load(file)["G_ema"]
            return state
        return load_file(file)
    except (OSError, SafetensorError, KeyError, WeightsError) as error:
        reason = str(error).partition("\n")[0][:120]
        raise WeightsError(
            f"start: {path}: no weights of a fidelity version ({reason}). Allowed: the export folder or the "
            "checkpoint.pt of `train upscale` or `train denoise`."
        ) from error
