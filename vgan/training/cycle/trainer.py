"""Trains two generators that turn two sets of pictures or clips into each other, without pairs (CycleGAN, Zhu et al.
2017), and for clips with predictors of the next frame (Recycle-GAN, Bansal et al. 2018)."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from vgan.errors import RecipeError
from vgan.models.discriminators.patch_gan import PatchGan, least_squares
from vgan.models.next_frame import NextFrame
from vgan.models.translators.resnet import ResnetGenerator, ResnetParams
from vgan.training.base import Trainer, placed, sheet_of
from vgan.training.cycle.domain import Domain
from vgan.training.cycle.pool import ImagePool
from vgan.training.parallel import SOLO, Team

MARGIN = 9 / 8  # pictures are kept larger than windows, as in the paper (286 for 256)


@dataclass(frozen=True)
class CycleTraining:
    """How to train. batch: pictures or clips of each set, a step and process; side: of a window, pixels, a multiple of
    4 and at least 32; cycle, identity, recycle: weights of these losses against fooling the critic; pool: made pictures
    that are remembered; critic_width: channels of a critic's first layer; decay_from: learning rates fall with the
    square root of steps after this one."""

    seed: int = 0
    batch: int = 1
    side: int = 128
    rate: float = 2e-4
    cycle: float = 10.0
    identity: float = 5.0
    recycle: float = 10.0
    pool: int = 50
    critic_width: int = 32
    ema: float = 0.999
    decay_from: int = 3000

    def __post_init__(self) -> None:
        if self.side < 32 or self.side % 4:
            raise RecipeError(f"side: {self.side} pixels cannot be trained on. Allowed: multiples of 4 from 32.")


@dataclass
class Direction:
    """One way of translation and what it needs. to: the generator; judge: the critic of what it makes; pool: of that;
    ahead: the predictor in the set that it leads to."""

    to: nn.Module
    judge: nn.Module
    pool: ImagePool
    ahead: nn.Module | None


class CycleTrainer(Trainer[CycleTraining]):
    """Both generators, their critics, predictors where there are clips, optimisers, pools.

    a, b: the two sets, cut into single frames, or into three for the temporal kind.
    """

    parts = ("nets", "critics", "ema", "opt_G", "opt_D")

    def __init__(
        self,
        params: CycleTraining,
        model: ResnetParams,
        a: Domain,
        b: Domain,
        device: torch.device,
        team: Team = SOLO,
    ):
        super().__init__(params, model, device, team)
        self.a, self.b, self.temporal = a, b, a.frames == 3
        self.nets = nn.ModuleDict({name: ResnetGenerator(model) for name in ("to_b", "to_a")})
        self.critics = nn.ModuleDict({name: PatchGan(params.critic_width) for name in ("a", "b")})
        for part in (self.nets, self.critics):
            part.apply(_begin)
        if self.temporal:
            self.nets.update({name: NextFrame() for name in ("ahead_a", "ahead_b")})
        for part in (self.nets, self.critics):
            placed(part, device)
        self.ema = copy.deepcopy(self.nets).requires_grad_(False)
        self.opt_G = torch.optim.Adam(self.nets.parameters(), lr=params.rate, betas=(0.5, 0.999), fused=True)
        self.opt_D = torch.optim.Adam(self.critics.parameters(), lr=params.rate, betas=(0.5, 0.999), fused=True)
        self.pools = {name: ImagePool(params.pool) for name in ("a", "b")}

    def state(self) -> dict[str, Any]:
        """See `Trainer`."""
        pools = {name: [picture.cpu() for picture in pool.pictures] for name, pool in self.pools.items()}
        return super().state() | {"pools": pools}

    def restore(self, state: dict[str, Any]) -> None:
        """See `Trainer`."""
        super().restore(state)
        for name, pictures in state["pools"].items():
            self.pools[name].pictures = [picture.to(self.device) for picture in pictures]

    def kind_of(self, state: dict[str, Any]) -> str:
        """See `Trainer`."""
        temporal = "with" if "ahead_a.change.1.weight" in state["nets"] else "without"
        return f"generators with {state['model']}, {temporal} --temporal"

    def step(self, stop: float = 0.0) -> dict[str, float]:
        """One update of generators and predictors and one of the critics. See `vgan.training.run`."""
        p, generator = self.params, self.draws()
        self.set_rates((self.opt_G, p.rate), (self.opt_D, p.rate))
        a, b = (domain.sample(p.batch, p.side, generator).to(self.device) for domain in (self.a, self.b))

        self.critics.requires_grad_(False)
        losses: dict[str, Tensor] = {}
        made: list[tuple[Direction, Tensor, Tensor]] = []
        ways = self._directions()
        for way, back, here, there in ((*ways, a, b), (*ways[::-1], b, a)):
            translated, parts = self._there_and_back(way, back, here, there)
            made.append((way, translated, there))
            for name, loss in parts.items():
                losses[name] = losses.get(name, 0) + loss
        weights = {"cycle": p.cycle, "identity": p.identity, "predicted": p.recycle, "recycled": p.recycle}
        loss = torch.stack([weights.get(name, 1.0) * part for name, part in losses.items()]).sum()
        stops = self.descend(loss, self.nets, self.opt_G, stop)

        self.critics.requires_grad_(True)
        critic = self._train_critics(made, generator)
        self.finish(self.ema, self.nets)
        return {"stop": stops, "critic": critic, **{name: loss.item() for name, loss in losses.items()}}

    def _directions(self) -> tuple[Direction, Direction]:
        """From a to b, and back."""
        ahead = {name: self.nets[f"ahead_{name}"] if self.temporal else None for name in ("a", "b")}
        to_b, to_a = (
            Direction(self.nets[f"to_{name}"], self.critics[name], self.pools[name], ahead[name]) for name in ("b", "a")
        )
        return to_b, to_a

    def _there_and_back(
        self, way: Direction, back: Direction, here: Tensor, there: Tensor
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """Translate clips `here` (N, T, 3, side, side) and return; `there` are clips of the other set.

        Returns the translated pictures (N * t, 3, side, side) that the critic shall judge, and the losses. A picture
        returns by itself; of a clip, two frames are translated, and the third, predicted from these, returns too.
        """
        given, other = here[:, :2], there[:, 0]
        frames = given.shape[1]
        with torch.autocast(self.device.type, torch.bfloat16):
            drawn = way.to(_last(torch.cat([given.flatten(0, 1), other]))).float()
            translated, same = drawn.split([len(here) * frames, len(here)])
            clips = translated.unflatten(0, (-1, frames))
            shown = [clips[:, -1]]
            if way.ahead and back.ahead:
                shown.append(way.ahead(clips[:, 0], clips[:, 1]).float())
                expected = back.ahead(given[:, 0], given[:, 1]).float()
            returned = back.to(_last(torch.cat(shown))).float().chunk(len(shown))
            scores = way.judge(_last(translated))
        losses = {
            "fooled": least_squares(scores, 1.0),
            "cycle": F.l1_loss(returned[0], given[:, -1]),
            "identity": F.l1_loss(same, other),
        }
        if way.ahead:
            losses |= {
                "predicted": F.l1_loss(expected, here[:, 2]),
                "recycled": F.l1_loss(returned[1], here[:, 2]),
            }
        return translated, losses

    def _train_critics(self, made: list[tuple[Direction, Tensor, Tensor]], generator: torch.Generator) -> float:
        loss = torch.zeros((), device=self.device)
        for way, translated, real in made:
            pictures = real[:, : translated.shape[0] // len(real)].flatten(0, 1)
            judged = torch.cat([pictures, way.pool.swap(translated, generator)])
            with torch.autocast(self.device.type, torch.bfloat16):
                on_real, on_made = way.judge(_last(judged)).chunk(2)
            loss = loss + (least_squares(on_real, 1.0) + least_squares(on_made, 0.0)) / 2
        self.descend(loss, self.critics, self.opt_D)
        return loss.item()

    def translators(self) -> Iterator[tuple[str, nn.Module]]:
        """Both averaged generators, by the name of their folder."""
        return zip(("a-to-b", "b-to-a"), (self.ema["to_b"], self.ema["to_a"]), strict=True)

    @torch.no_grad()
    def sheet(self) -> Tensor:
        """Eight pictures of each set, their translations, and what comes back: six rows, (3, H, W) in [0, 1]."""
        generator = torch.Generator("cpu").manual_seed(3)
        rows = []
        for domain, way in ((self.a, ("to_b", "to_a")), (self.b, ("to_a", "to_b"))):
            pictures = domain.sample(8, self.params.side, generator)[:, 0].to(self.device)
            shown = [pictures]
            with torch.autocast(self.device.type, torch.bfloat16):
                for name in way:
                    shown.append(self.ema[name](_last(shown[-1])).float())
            rows += shown
        return sheet_of(rows)


def _last(pictures: Tensor) -> Tensor:
    return pictures.contiguous(memory_format=torch.channels_last)


def _begin(layer: nn.Module) -> None:
    """Small random weights, as in the paper."""
    if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
        nn.init.normal_(layer.weight, std=0.02)
        if layer.bias is not None:
            nn.init.zeros_(layer.bias)
