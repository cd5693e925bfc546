"""Trains the loop generator against the three-frame critic."""

import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from vgan.models import attributes
from vgan.models.discriminators.projected import ProjectedCritic
from vgan.models.discriminators.three_frame import ThreeFrameCritic
from vgan.models.generators.loop import LoopGenerator, LoopParams, encode_shares
from vgan.models.motion import Motion
from vgan.training import dataset, losses, views
from vgan.training.augment import diff_augment
from vgan.training.base import Trainer, placed, sheet_of
from vgan.training.parallel import SOLO, Team


@dataclass(frozen=True)
class TrainParams:
    """How to train. Steps count from the beginning, so that a resumed run is the same run.

    batch: clips of each process; shapes: how often each of dataset.SHAPES is drawn; mapping_rate: share of `rate` that
    the mapping network learns at; critic_weight: of all critics for G; mirror: whether what is seen may be turned left
    to right; lazy: steps between penalties; grow_at: step from which each view is trained; decay_from: the learning
    rate falls with the square root of steps after this one.
    """

    seed: int = 0
    batch: int = 8
    shapes: tuple[float, ...] = (0.6, 0.25, 0.15)
    rate: float = 6e-4
    mapping_rate: float = 0.25
    gamma: float = 2.0
    lazy: int = 6
    attribute_weight: float = 4.0
    look_weight: float = 0.15
    projected_weight: float = 1.0
    critic_weight: float = 1.0
    ema: float = 0.998
    mirror: bool = True
    grow_at: tuple[int, ...] = (0, 1200, 2200)
    decay_from: int = 3000


@dataclass(frozen=True)
class Batch:
    """Real clips of one shape with everything that describes them, on the training device."""

    look: Tensor
    shares: Tensor
    asked: Tensor
    times: Tensor
    gaps: Tensor
    real: list[Tensor]


class LooksTrainer(Trainer[TrainParams]):
    """G, D, perhaps the projected critic P, and their optimisers."""

    parts = ("G", "D", "G_ema", "opt_G", "opt_D")

    def __init__(
        self,
        params: TrainParams,
        model: LoopParams,
        data: Path,
        device: torch.device,
        team: Team = SOLO,
        classifier: dict[str, Tensor] | None = None,
    ):
        self.clips, self.tables = self.load(data)
        super().__init__(params, model, device, team)
        self.G = LoopGenerator(model).to(device)
        self.D = placed(ThreeFrameCritic(len(model.looks), model.attributes), device)
        self.G_ema = copy.deepcopy(self.G).requires_grad_(False)
        slow = [p for name, p in self.G.named_parameters() if name.startswith(("mapper", "look."))]
        fast = [p for name, p in self.G.named_parameters() if not name.startswith(("mapper", "look."))]
        groups = [{"params": fast, "scale": 1.0}, {"params": slow, "scale": params.mapping_rate}]
        fused = {"fused": True}
        self.opt_G = torch.optim.Adam(groups, lr=params.rate, betas=(0.0, 0.99), **fused)
        self.opt_D = torch.optim.Adam(
            [{"params": list(self.D.parameters()), "scale": 1.0}], lr=params.rate, betas=(0.0, 0.99), **fused
        )
        self.P: ProjectedCritic | None = None
        if classifier is not None:
            self.P = ProjectedCritic(len(model.looks), classifier, model.attributes).to(device)
            learned = [p for p in self.P.parameters() if p.requires_grad]
            self.opt_P = torch.optim.Adam(
                [{"params": learned, "scale": 1.0}], lr=params.rate, betas=(0.0, 0.99), **fused
            )

    @staticmethod
    def load(data: Path) -> tuple[dict[str, dataset.Clips], Tensor]:
        """The clips of `data` by shape, and the looks' attribute knots."""
        return dataset.load(data)

    def critics_say(self) -> float:
        """How much the critics count for G in this step."""
        return self.params.critic_weight

    def beside(self, batch: Batch, fakes: list[Tensor], generator: torch.Generator) -> Tensor:
        """What G is taught beside critics and sliders: here nothing. fakes: one (B, 3, 3, h, w) for each view."""
        return torch.zeros((), device=self.device)

    def state(self) -> dict[str, Any]:
        """See `Trainer`."""
        return super().state() | ({"P": self.P.learned(), "opt_P": self.opt_P.state_dict()} if self.P else {})

    def restore(self, state: dict[str, Any]) -> None:
        """See `Trainer`. A run may take up the projected critic on its way."""
        super().restore(state)
        if self.P and "P" in state:
            self.P.load_state_dict(state["P"], strict=False)
            self.opt_P.load_state_dict(state["opt_P"])

    def critics(self) -> dict[str, Tensor]:
        """What the critics have learned, for a training that begins with them: `D.` and, where there is one, `P.`."""
        known = {f"D.{name}": value for name, value in self.D.state_dict().items()}
        return known | ({f"P.{name}": value for name, value in self.P.learned().items()} if self.P else {})

    def _batch(self, generator: torch.Generator) -> Batch:
        size = self.params.batch
        # The same shape in every process, so that none waits for another's larger pictures.
        often = self.params.shapes
        here = [share if name in self.clips else 0.0 for name, share in zip(dataset.SHAPES, often, strict=True)]
        shape = list(dataset.SHAPES)[int(torch.multinomial(torch.tensor(here), 1, generator=self.draws(rank=0)))]
        clips = self.clips[shape]
        chosen = torch.randint(len(clips.look), (size,), generator=generator)
        third = torch.randint(2, clips.frames.shape[1], (size,), generator=generator)
        frames = torch.stack([torch.zeros_like(third), torch.ones_like(third), third], dim=1)
        real = [views.real_view(clips, chosen, frames, 0, generator)]
        for view, part in enumerate(views.shown(size, self._views())[1:], start=1):
            real.append(views.real_view(clips, chosen[part], frames[part], view, generator))
        look, shares = clips.look[chosen], clips.shares[chosen].clamp(-0.1, 1.1)
        other = torch.rand(shares.shape, generator=generator)
        swap = torch.rand(shares.shape, generator=generator) < 0.15
        times = clips.times[chosen[:, None], frames]
        place = self.device
        return Batch(
            look.to(place),
            shares.to(place),
            torch.where(swap, other, shares).to(place),
            times.to(place),
            times.diff(dim=1).to(place),
            [part.to(place) for part in real],
        )

    def _views(self) -> int:
        return sum(self.step_count >= step for step in self.params.grow_at)

    def _make(self, batch: Batch, generator: torch.Generator) -> list[Tensor]:
        """Fakes for the batch: one (B, 3 frames, 3, h, w) for each view, windows for a part of the clips."""
        size, count = batch.times.shape
        model = self.G.params
        z = torch.randn(size, model.latent, generator=generator).to(self.device)
        motion = Motion.draw(size, model.motion, generator).to(self.device)
        w = self.G.mapping(z, batch.look, encode_shares(batch.asked))
        code = motion.code(batch.times).flatten(0, 1)
        style = self.G.style(w.repeat_interleave(count, 0), code)
        height, width = (side // 2 for side in batch.real[0].shape[-2:])
        place = torch.rand(len(model.channels), 2, generator=generator)
        offset = motion.offset.repeat_interleave(count, 0)
        made = views.made_views(
            self.G, style, batch.times.flatten(), offset, (height, width), count, len(batch.real), place
        )
        return [picture.float() for picture in made]

    def step(self, stop: float = 0.0) -> dict[str, float]:
        """One update of D and one of G on the same fakes. See `Trainer`."""
        p, generator = self.params, self.draws()
        self.set_rates(*((each, p.rate) for each in (self.opt_G, self.opt_D, *([self.opt_P] if self.P else []))))
        batch = self._batch(generator)
        parts = views.shown(p.batch, len(batch.real))
        rows = torch.cat([torch.arange(p.batch)[part] for part in parts]).to(self.device)
        view = torch.cat([torch.full((part.stop - part.start,), index) for index, part in enumerate(parts)]).to(
            self.device
        )
        look, gaps = batch.look[rows], batch.gaps[rows]
        given = {"real": encode_shares(batch.shares[rows]), "fake": encode_shares(batch.asked[rows])}

        def judge(frames: Tensor, kind: str, part: slice = slice(None)) -> tuple[Tensor, Tensor]:
            frames = frames.contiguous(memory_format=torch.channels_last)
            scores: tuple[Tensor, Tensor] = self.D(frames, look[part], given[kind][part], view[part], gaps[part])
            return scores

        with torch.autocast(self.device.type, torch.bfloat16):
            fakes = self._make(batch, generator)
        seen_real, seen_fake = (
            diff_augment(torch.cat([part.flatten(1, 2) for part in shown]), generator, mirror=p.mirror)
            for shown in (batch.real, fakes)
        )

        with torch.autocast(self.device.type, torch.bfloat16):
            real_score, real_class = judge(seen_real, "real")
            fake_score, _ = judge(seen_fake.detach(), "fake")
            loss_D = losses.relativistic(real_score, fake_score) + p.look_weight * F.cross_entropy(real_class, look)
            penalty = torch.zeros(())
            if self.step_count % p.lazy == 0:
                half = slice(self.step_count // p.lazy % 2, None, 2)
                r1 = losses.gradient_penalty(lambda x: judge(x, "real", half)[0], seen_real[half])
                r2 = losses.gradient_penalty(lambda x: judge(x, "fake", half)[0], seen_fake[half])
                penalty = r1 + r2
                loss_D = loss_D + 0.5 * p.gamma * p.lazy * penalty
        self.descend(loss_D, self.D, self.opt_D)

        if self.P:
            with torch.autocast(self.device.type, torch.bfloat16):
                taps = self.P.features(seen_fake)
                real_projected = self.P(self.P.features(seen_real), look, given["real"], view, gaps)
                fake_projected = self.P([tap.detach() for tap in taps], look, given["fake"], view, gaps)
            loss_P = losses.relativistic(real_projected, fake_projected)
            self.descend(loss_P, self.P, self.opt_P)

        self.D.requires_grad_(False)
        with torch.autocast(self.device.type, torch.bfloat16):
            fake_score, fake_class = judge(seen_fake, "fake")
        loss_look = F.cross_entropy(fake_class, look)
        adversarial = losses.relativistic(fake_score, real_score.detach())
        asked, error = losses.attribute_loss(
            fakes[0][:, 0], fakes[0][:, 1], batch.asked, self.tables.to(self.device)[batch.look]
        )
        projected = torch.zeros(())
        if self.P:
            frozen = [q for q in self.P.parameters() if q.requires_grad]
            for q in frozen:
                q.requires_grad_(False)
            with torch.autocast(self.device.type, torch.bfloat16):
                again = self.P(taps, look, given["fake"], view, gaps)
            projected = losses.relativistic(again, real_projected.detach())
            for q in frozen:
                q.requires_grad_(True)
        beside = self.beside(batch, fakes, generator)
        loss_G = self.critics_say() * (adversarial + p.projected_weight * projected) + beside
        loss_G = loss_G + p.look_weight * loss_look + p.attribute_weight * asked
        stops = self.descend(loss_G, self.G, self.opt_G, stop, longest=10.0)
        self.D.requires_grad_(True)
        self.finish(self.G_ema, self.G)
        named = {f"error_{name}": float(value) for name, value in zip(attributes.ATTRIBUTES, error, strict=True)}
        return {
            "stop": stops,
            "loss_D": loss_D.item(),
            "loss_G": adversarial.item(),
            "projected": projected.item(),
            "beside": beside.item(),
            "penalty": penalty.item() * p.lazy,  # measured only every so often
            "margin": (real_score - fake_score).mean().item(),
            "look_right": (fake_class.argmax(1) == look).float().mean().item(),
            "attributes": asked.item(),
            **named,
        }

    @torch.no_grad()
    def sheet(self) -> Tensor:
        """A sample sheet of G_ema: one row a look, each the same eight requests; (3, H, W) in [0, 1]."""
        model, looks = self.G_ema.params, len(self.G_ema.params.looks)
        generator = torch.Generator("cpu").manual_seed(1)
        z = torch.randn(4, model.latent, generator=generator)
        motion = Motion.draw(4, model.motion, generator)
        shares = torch.rand(4, len(attributes.ATTRIBUTES), generator=generator)
        rows = []
        for label in range(looks):
            times = torch.tensor([[0.0, 0.3]]).expand(4, 2)
            with torch.autocast(self.device.type, torch.bfloat16):
                w = self.G_ema.mapping(
                    z.to(self.device),
                    torch.full((4,), label, device=self.device),
                    encode_shares(shares).to(self.device),
                )
                frames = self.G_ema.synthesis(
                    w.repeat_interleave(2, 0),
                    motion.code(times).flatten(0, 1).to(self.device),
                    times.flatten().to(self.device),
                    motion.offset.repeat_interleave(2, 0).to(self.device),
                    self.G_ema.cells(1, 1),
                    levels=min(2, len(self.G_ema.levels)),
                )
            rows.append(frames.float())
        return sheet_of(rows)
