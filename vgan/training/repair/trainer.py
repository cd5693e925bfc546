"""Trains the repair generator against a patch critic, on frames that were damaged."""

import copy
import json
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from vgan.errors import RecipeError, WeightsError
from vgan.models.config import params_from
from vgan.models.discriminators.patch_gan import PatchGan, least_squares
from vgan.models.generators.repair import RepairGenerator, RepairParams
from vgan.models.interpolator import Interpolator, InterpolatorParams
from vgan.models.perceptual import SqueezeTaps, content_distance
from vgan.training.base import Trainer, placed, sheet_of
from vgan.training.interpolate.layers import Layers
from vgan.training.interpolate.trainer import drawn
from vgan.training.interpolate.triplets import Clips
from vgan.training.parallel import SOLO, Team
from vgan.training.repair.damage import damaged

TAPS = (3, 6)  # of SqueezeNet, for what a picture looks like
SHOWN = 8  # windows on the sample sheet


@dataclass(frozen=True)
class RepairTraining:
    """How to train. clips, layers: windows of real frames and of moved photographs, a step and process; side: of the
    windows, pixels, a multiple of 16; looks: weight of the perceptual distance; critic: of the critic, which comes in
    after `alone` steps; decay_from: the learning rate falls with the square root of steps after this one."""

    seed: int = 0
    clips: int = 4
    layers: int = 2
    side: int = 128
    rate: float = 5e-4
    critic_rate: float = 2e-4
    looks: float = 0.01
    critic: float = 0.002
    alone: int = 300
    ema: float = 0.995
    decay_from: int = 1500


class RepairTrainer(Trainer[RepairTraining]):
    """Generator, critic and optimisers.

    interpolator: trained before and left as it is; it moves the neighbours. eyes: a classifier's taps, or None for no
    perceptual distance.
    """

    parts = ("G", "G_ema", "D", "opt_G", "opt_D")

    def __init__(
        self,
        params: RepairTraining,
        model: RepairParams,
        interpolator: Interpolator,
        clips: Clips,
        layers: Layers,
        eyes: SqueezeTaps | None,
        device: torch.device,
        team: Team = SOLO,
    ):
        if params.side % 16:
            raise RecipeError(f"side: {params.side} is not a multiple of 16.")
        super().__init__(params, model, device, team)
        self.clips, self.layers = clips, layers
        self.G = placed(RepairGenerator(model), device)
        self.G_ema = copy.deepcopy(self.G).requires_grad_(False)
        self.D = placed(PatchGan(32), device)
        self.interpolator = placed(interpolator, device).eval().requires_grad_(False)
        self.eyes = None if eyes is None else placed(eyes, device)
        self.opt_G = torch.optim.Adam(self.G.parameters(), lr=params.rate, betas=(0.9, 0.99), fused=True)
        self.opt_D = torch.optim.Adam(self.D.parameters(), lr=params.critic_rate, betas=(0.5, 0.99), fused=True)

    def step(self, stop: float = 0.0) -> dict[str, float]:
        """One update of the generator, and of the critic once it takes part. See `vgan.training.run`."""
        p, generator = self.params, self.draws()
        self.set_rates((self.opt_G, p.rate), (self.opt_D, p.critic_rate))
        middle, lost, mask, predicted, sides = self._windows(p.clips, p.layers, generator)
        judged = self.step_count >= p.alone
        made = self._mended(self.G, lost, mask, predicted, sides)
        share = mask.mean().clamp_min(1e-3)
        difference = (made - middle).abs().mean() / share
        loss = difference
        if self.eyes is not None:
            found, wanted = self.eyes(made), self.eyes(middle)
            loss = loss + p.looks * sum(content_distance(a, b).mean() for a, b in zip(found, wanted, strict=True))
        if judged:
            self.D.requires_grad_(False)
            loss = loss + p.critic * least_squares(self._scores(made), 1.0)
            self.D.requires_grad_(True)
        stops = self.descend(loss, self.G, self.opt_G, stop)
        critic = 0.0
        if judged:
            score = least_squares(self._scores(middle), 1.0) + least_squares(self._scores(made.detach()), 0.0)
            self.descend(score / 2, self.D, self.opt_D)
            critic = score.item() / 2
        self.finish(self.G_ema, self.G)
        with torch.no_grad():
            errors = [((one - middle).square() * mask).sum() / mask.sum() for one in (predicted, made)]
        gain = 10 * torch.log10((errors[0] + 1e-7) / (errors[1] + 1e-7))
        return {"stop": stops, "difference": difference.item(), "critic": critic, "gain": gain.item()}

    @torch.no_grad()
    def _windows(
        self, clips: int, layers: int, generator: torch.Generator
    ) -> tuple[Tensor, Tensor, Tensor, Tensor, tuple[Tensor, Tensor]]:
        """Good windows, the same damaged, masks, what the interpolator draws, and both sides as it moved them."""
        found = [self.clips.triplets(clips, self.params.side, generator)]
        found.append(self.layers.triplets(layers, self.params.side, generator))
        ends, middle, t = (torch.cat([getattr(part, name) for part in found]) for name in ("ends", "middle", "t"))
        lost, mask = damaged(middle, ends[:, 0], generator)
        ends, middle, t, lost, mask = (part.to(self.device) for part in (ends, middle, t, lost, mask))
        predicted, _, (one, other) = drawn(self.interpolator, ends, t)
        return middle, lost, mask, predicted.float(), (one.float(), other.float())

    def _mended(
        self, network: RepairGenerator, lost: Tensor, mask: Tensor, predicted: Tensor, sides: tuple[Tensor, Tensor]
    ) -> Tensor:
        with torch.autocast(self.device.type, torch.bfloat16):
            made = network(lost, mask, predicted, sides)
        return lost + mask * (made - lost)

    def _scores(self, pictures: Tensor) -> Tensor:
        with torch.autocast(self.device.type, torch.bfloat16):
            scores: Tensor = self.D(pictures.contiguous(memory_format=torch.channels_last))
        return scores

    @torch.no_grad()
    def sheet(self) -> Tensor:
        """Windows damaged, as the interpolator alone fills them, mended, and as they were: four rows, in [0, 1]."""
        generator = torch.Generator("cpu").manual_seed(3)
        middle, lost, mask, predicted, sides = self._windows(SHOWN - SHOWN // 4, SHOWN // 4, generator)
        made = self._mended(self.G_ema, lost, mask, predicted, sides)
        rows = (lost, lost + mask * (predicted - lost), made, middle)
        return sheet_of(rows)


def read_interpolator(folder: Path) -> Interpolator:
    """The interpolator in an export folder. Raises WeightsError for one that is not."""
    try:
        config = json.loads((folder / "config.json").read_bytes())
        state = load_file(folder / "model.safetensors")
        network = Interpolator(params_from(InterpolatorParams, config["params"], {"channels": 4, "hidden": 3}))
        network.load_state_dict({name: value.float() for name, value in state.items()})
    except (OSError, ValueError, LookupError, TypeError, RuntimeError, SafetensorError) as error:
        raise WeightsError(
            f"interpolator: {folder} is no export of `train interpolate` ({str(error)[:160]}). Train one first, and "
            "name its export folder."
        ) from error
    return network
