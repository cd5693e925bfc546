"""Trains a smaller loop generator to draw what a larger one draws, from the same requests."""

import copy
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from vgan.models.attributes import ATTRIBUTES
from vgan.models.generators.loop import LoopGenerator, LoopParams, encode_shares
from vgan.models.lpips import Lpips
from vgan.models.motion import Motion
from vgan.training.base import Trainer, placed, sheet_of
from vgan.training.distill.prune import prune
from vgan.training.parallel import SOLO, Team

SHAPES = ((1.0, 1.0), (1.0, 1.0), (9.0, 16.0), (16.0, 9.0))  # (wide, tall), one a step
WINDOW = 128  # pixels a side, of what the loss network compares: all of a coarse picture, a window of a fine one


@dataclass(frozen=True)
class Distilling:
    """How to train. batch: requests a step and process; rate: of Adam; looked: how much the loss network counts against
    the mean difference; decay_from: the learning rate falls with the square root of steps after this one."""

    seed: int = 0
    batch: int = 4
    rate: float = 2e-3
    looked: float = 1.0
    ema: float = 0.998
    decay_from: int = 800


@dataclass(frozen=True)
class Request:
    """What both draw: arguments of `LoopGenerator.mapping` and, of a single frame each, of its synthesis."""

    z: Tensor
    look: Tensor
    shares: Tensor
    code: Tensor
    time: Tensor
    offset: Tensor


class DistillTrainer(Trainer[Distilling]):
    """G learns from a frozen teacher: knowledge distillation (Hinton et al. 2015) on whole pictures, at every level."""

    parts = ("G", "G_ema", "opt")

    def __init__(
        self,
        params: Distilling,
        model: LoopParams,
        teacher: LoopGenerator,
        lpips: Lpips,
        device: torch.device,
        team: Team = SOLO,
    ):
        super().__init__(params, model, device, team)
        self.teacher, self.lpips = placed(teacher.requires_grad_(False).eval(), device), lpips.to(device)
        self.G = placed(prune(teacher.cpu(), model), device)
        self.teacher.to(device)
        # What was kept whole stays as it is, so that styles of the one are styles of the other.
        theirs = teacher.state_dict()
        for name, parameter in self.G.named_parameters():
            parameter.requires_grad_(theirs[name].shape != parameter.shape or name.startswith("levels"))
        self.G_ema = copy.deepcopy(self.G).requires_grad_(False)
        self.learned = [parameter for parameter in self.G.parameters() if parameter.requires_grad]
        self.opt = torch.optim.Adam(self.learned, lr=params.rate, betas=(0.9, 0.99))

    def step(self, stop: float = 0.0) -> dict[str, float]:
        """See `Trainer`."""
        generator = self.draws()
        self.set_rates((self.opt, self.params.rate))
        asked = self._requests(self.params.batch, generator)
        # The same shape in every process, so that none waits for another's larger pictures.
        shape = SHAPES[int(torch.randint(len(SHAPES), (1,), generator=self.draws(rank=0)))]
        cells = self.G.cells(*shape)
        with torch.autocast(self.device.type, torch.bfloat16):
            with torch.no_grad():
                wanted = drawn(self.teacher, asked, cells)
            made = drawn(self.G, asked, cells)
            pairs = list(zip(made, wanted, strict=True))
            near = torch.stack([F.l1_loss(one.float(), other.float()) for one, other in pairs]).sum()
            seen = [_windows(pair, generator) for pair in pairs[1:]]
            looked = torch.stack([self.lpips(one, other).mean() for one, other in seen]).sum()
        loss = near + self.params.looked * looked
        stops = self.descend(loss, self.G, self.opt, stop, longest=1.0)
        self.finish(self.G_ema, self.G)
        return {"stop": stops, "difference": near.item(), "looked": looked.item(), "loss": loss.item()}

    def _requests(self, count: int, generator: torch.Generator) -> Request:
        """As creators make them: any look, seed and moment, every slider anywhere."""
        model = self.G.params
        motion = Motion.draw(count, model.motion, generator)
        time = torch.rand(count, generator=generator)
        parts = (
            torch.randn(count, model.latent, generator=generator),
            torch.randint(len(model.looks), (count,), generator=generator),
            encode_shares(torch.rand(count, len(ATTRIBUTES), generator=generator)),
            motion.code(time[:, None])[:, 0],
            time,
            motion.offset,
        )
        return Request(*(part.to(self.device) for part in parts))

    @torch.no_grad()
    def sheet(self) -> Tensor:
        """Pairs of rows, the teacher's above the student's, eight requests each."""
        asked = self._requests(16, torch.Generator().manual_seed(1))
        cells = self.G.cells(1, 1)
        rows = [drawn(network, asked, cells)[2].float() for network in (self.teacher, self.G_ema)]
        return sheet_of([row[half] for half in (slice(0, 8), slice(8, 16)) for row in rows])


def drawn(network: LoopGenerator, asked: Request, cells: tuple[int, int]) -> list[Tensor]:
    """The pictures of every level, from the base (N, 3, h, w) up: each twice as large as the last."""
    style = network.style(network.mapping(asked.z, asked.look, asked.shares), asked.code)
    x, picture = network.first(style, asked.time, asked.offset, cells)
    pictures = [picture]
    for level in network.levels:
        x, picture = level(x, picture, style)
        pictures.append(picture)
    return pictures


def _windows(pair: tuple[Tensor, Tensor], generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """The same window of both, WINDOW a side at most."""
    height, width = pair[0].shape[-2:]
    top, left = (int(torch.randint(max(1, side - WINDOW + 1), (1,), generator=generator)) for side in (height, width))
    return pair[0][..., top : top + WINDOW, left : left + WINDOW], pair[1][
        ..., top : top + WINDOW, left : left + WINDOW
    ]
