"""Trains any family of video generators, against all its critics, with a loss by name."""

import copy
import logging
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from vgan import runtime
from vgan.errors import RecipeError
from vgan.models.discriminators.clip_critic import ClipCritic
from vgan.models.generators.video import Given, VideoParams, picked
from vgan.models.video_families import VideoFamily
from vgan.training.base import Trainer, placed, sheet_of
from vgan.training.parallel import SOLO, Team
from vgan.training.video import watch
from vgan.training.video.augment import Changes, adapted, draw_changes
from vgan.training.video.clips import ClipArrays
from vgan.training.video.losses import LOSSES
from vgan.training.video.optimisers import OPTIMISERS, rate_share
from vgan.training.video.params import FamilyTraining
from vgan.training.video.together import share_statistics
from vgan.training.video.views import Views

log = logging.getLogger(__name__)

ROWS, SHOWN = 6, 8  # of the sample sheet: clips, and frames of each
AT_ONCE = 16  # clips drawn at once outside of steps
OF_SHEET, OF_WATCH = 1, 2  # seeds


class FamilyTrainer(Trainer[FamilyTraining]):
    """A generator, its critics, the averaged generator, and their optimisers.

    What a step draws, it draws for the whole team's batch, of which each member takes its part: several processes train
    as one does with the larger batch.
    """

    parts = ("G", "D", "G_ema", "opt_G", "opt_D")
    names: ClassVar[dict[str, str]] = {"G": "the generator", "D": "the critics"}

    def __init__(
        self,
        params: FamilyTraining,
        model: VideoParams,
        family: VideoFamily,
        clips: ClipArrays,
        device: torch.device,
        team: Team = SOLO,
    ):
        """model: the family's sizes, with the clips' labels, side and frames. Raises RecipeError where they differ."""
        told, there = (model.labels, model.side, model.frames), (clips.names, clips.side, clips.length)
        if told != there:
            raise RecipeError(f"data: clips of (labels, side, frames) {there} cannot train a network of {told}.")
        super().__init__(params, model, device, team)
        self.family, self.clips, self.loss = family, clips, LOSSES[params.loss]
        self.G = placed(family.generator(model), device)
        self.D = placed(nn.ModuleList([critic(model) for critic in family.critics]), device)
        for network in (self.G, self.D):
            share_statistics(network, team)
        self.G_ema = copy.deepcopy(self.G).requires_grad_(False)
        build = OPTIMISERS[params.optimiser]
        self.opt_G, self.opt_D = (build(each.parameters(), params.rate, self.loss.beta) for each in (self.G, self.D))
        self.halved = params.halved(device)
        self.probability = 0.0  # of each change, with ada
        self.seen = watch.Seen(0.0, 0.0)
        self._real: Tensor | None = None  # features of real clips, for the watch

    @property
    def critics(self) -> list[ClipCritic]:
        """All that judge."""
        return [critic for critic in self.D if isinstance(critic, ClipCritic)]

    def state(self) -> dict[str, Any]:
        """See `Trainer`."""
        return super().state() | {"probability": self.probability, "seen": asdict(self.seen)}

    def restore(self, state: dict[str, Any]) -> None:
        """See `Trainer`."""
        super().restore(state)
        self.probability, self.seen = state["probability"], watch.Seen(**state["seen"])

    def kind_of(self, state: dict[str, Any]) -> str:
        """See `Trainer`."""
        names = sorted(name for name in state["G"])
        return f"{self.family.title} ({len(names)} tensors from {names[0]}) with {state['model']}"

    def named(self, part: str) -> str:
        """See `Trainer`."""
        return f"{self.names.get(part, part)} ({self.params.loss})"

    def step(self, stop: float = 0.0) -> dict[str, float]:
        """As many updates of the critics as the loss wants, and one of the generator. See `vgan.training.run`."""
        p, loss = self.params, self.loss
        generator = runtime.generator(p.seed * 1_000_003 + self.step_count)
        torch.manual_seed(int(torch.randint(2**31, (), generator=generator)))  # of what networks draw by themselves
        self._begin_step()
        for turn in range(loss.critic_steps):
            last = turn == loss.critic_steps - 1
            views = self._views(generator, last)
            facts = self._train_critics(views, generator)
        self.D.requires_grad_(False)
        scores = self._judged(views, [view.made_again() for view in views])
        pairs = zip(scores, (view.real_scores for view in views), strict=True)
        loss_G = torch.stack([loss.generator(made, real) for made, real in pairs]).mean()
        stops = self.descend(loss_G, self.G, self.opt_G, stop, p.longest or None)
        self.D.requires_grad_(True)
        self._adapt(views)
        if p.watch and self.step_count % p.watch == 0:
            self._watch()
        self.finish(self.G_ema, self.G)
        facts |= {"loss_G": loss_G.item(), "augmented": self.probability}
        return {"stop": stops, **facts, "coverage": self.seen.coverage, "spread": self.seen.spread}

    def _begin_step(self) -> None:
        """Rates and progress, which the first member's clock says for all."""
        p = self.params
        if self.team.size > 1:
            self.progress = self.team.sum(self.progress if self.team.rank == 0 else 0.0)
        self.G.set_progress(self.progress)
        self.G_ema.set_progress(self.progress)
        for critic in self.critics:
            critic.set_progress(self.progress)
        rate = p.rate * rate_share(p.schedule, self.step_count, p.decay_from, self.progress, p.warm_up)
        for optimiser in (self.opt_G, self.opt_D):
            for group in optimiser.param_groups:
                group["lr"] = rate

    def _mine(self) -> tuple[int, slice]:
        """Clips of the team's batch, and this member's part of them."""
        size, rank = self.params.batch, self.team.rank
        return size * self.team.size, slice(size * rank, size * (rank + 1))

    def _autocast(self) -> torch.autocast:
        return torch.autocast(self.device.type, torch.bfloat16, enabled=self.halved)

    def _views(self, generator: torch.Generator, learning: bool) -> list["Views"]:
        """What each critic is shown of a batch of real and made clips. learning: whether the generator learns of it."""
        whole, mine = self._mine()
        model, sees = self.model, [critic.sees for critic in self.critics]
        rows = torch.randint(len(self.clips), (whole,), generator=generator)[mine]
        noise = self.G.draw(whole, generator)[mine].to(self.device)
        given = self.clips.given(rows).to(self.device)
        # Where no critic wants whole clips, only the frames that one of them sees are drawn.
        drawn = model.frames if min(sees) == 0 else min(max(sees), model.frames)
        order = torch.rand(whole, model.frames, generator=generator)[mine].argsort(1)
        places = order[:, :drawn].sort(1).values
        real = self.clips.pictures(rows, places).to(self.device)
        with self._autocast(), torch.set_grad_enabled(learning):
            all_frames = drawn == model.frames
            made = self.G(noise, given) if all_frames else self.G.at(noise, given, places.to(self.device))
        views = []
        for count in sees:
            kept = torch.rand(whole, drawn, generator=generator)[mine].argsort(1)[:, : count or drawn].sort(1).values
            times = (places.gather(1, kept) / model.frames).to(self.device)
            kept = kept.to(self.device)
            shown = (picked(real, kept), picked(made.float(), kept))
            changes = (self._changes(whole, mine, generator), self._changes(whole, mine, generator))
            views.append(Views(*shown, times, given, *changes))
        return views

    def _changes(self, whole: int, mine: slice, generator: torch.Generator) -> Changes | None:
        kind = self.params.augment
        if kind == "none":
            return None
        return draw_changes(whole, kind, self.probability, not self.G.conditional, generator).rows(mine)

    def _judged(self, views: list["Views"], frames: list[Tensor]) -> list[Tensor]:
        """Each critic's scores of its frames."""
        with self._autocast():
            together = zip(self.critics, frames, views, strict=True)
            return [critic(shown, view.times, view.given).float() for critic, shown, view in together]

    def _train_critics(self, views: list["Views"], generator: torch.Generator) -> dict[str, float]:
        p, loss = self.params, self.loss
        shown_real, shown_made = [view.seen_real() for view in views], [view.seen_made() for view in views]
        real, made = self._judged(views, shown_real), self._judged(views, shown_made)
        losses = [loss.critic(*pair) for pair in zip(real, made, strict=True)]
        penalty = torch.zeros((), device=self.device)
        if loss.penalty and self.step_count % loss.lazy == 0:
            whole, mine = self._mine()
            for critic, view, on_real, on_made in zip(self.critics, views, shown_real, shown_made, strict=True):
                shares = torch.rand(whole, generator=generator)[mine].to(self.device)
                with self._autocast():
                    judge = view.judge(critic)
                    penalty = penalty + loss.penalty(judge, on_real, on_made, shares)
        weight = (p.penalty or loss.weight) * loss.lazy
        loss_D = torch.stack(losses).sum()
        self.descend(loss_D + weight * penalty, self.D, self.opt_D, longest=p.longest or None)
        margins = []
        for view, on_real, on_made in zip(views, real, made, strict=True):
            view.real_scores = on_real.detach()
            view.margins = on_real.detach() - on_made.detach()
            margins.append(view.margins.mean())
        return {
            "loss_D": loss_D.item() / len(views),
            "penalty": penalty.item() * loss.lazy,  # measured only every so often
            "margin": torch.stack(margins).mean().item(),
        }

    def _adapt(self, views: list["Views"]) -> None:
        """The probability of changes follows how sure critics are of real clips; where a loss has no score that means
        "undecided", how sure they are that these are more real than made ones."""
        if self.params.augment != "ada":
            return
        sure = torch.cat([view.real_scores if self.loss.zero else view.margins for view in views])
        sign = self.team.sum(sure.sign().mean().item()) / self.team.size
        self.probability = adapted(self.probability, sign, self._mine()[0])

    @torch.no_grad()
    def drawn(self, count: int, generator: torch.Generator, rows: Tensor | None = None) -> Iterator[Tensor]:
        """Clips of the averaged generator, a few at a time, (n, T, 3, S, S) in [-1, 1] on the CPU. rows: places of real
        clips whose labels and sliders they have; else any."""
        rows = torch.randint(len(self.clips), (count,), generator=generator) if rows is None else rows
        noise, given = self.G_ema.draw(count, generator), self.clips.given(rows)
        self.G_ema.eval()
        for start in range(0, count, AT_ONCE):
            part = slice(start, start + AT_ONCE)
            asked: Given = given[part].to(self.device)
            with self._autocast():
                yield self.G_ema(noise[part].to(self.device), asked).float().cpu()

    def _watch(self) -> None:
        """A look at mode collapse, by the first member alone."""
        if self.team.rank:
            return
        generator = runtime.generator(OF_WATCH)
        count = max(2, min(watch.CLIPS, len(self.clips)))
        rows = torch.randperm(len(self.clips), generator=generator)[:count]
        if self._real is None:
            self._real = torch.cat([watch.clip_features(self.clips.pictures(part)) for part in rows.split(AT_ONCE)])
        made = torch.cat([watch.clip_features(part) for part in self.drawn(len(rows), generator, rows)])
        self.seen = watch.look(self._real, made, self.seen.best)
        if self.seen.collapsed(self.step_count):
            log.warning(watch.advice(self.seen, self.step_count, self.params.augment))

    def sheet(self) -> Tensor:
        """Real clips and made ones, a row each, three of both: (3, H, W) in [0, 1]."""
        generator = runtime.generator(OF_SHEET)
        rows = torch.randint(len(self.clips), (ROWS // 2,), generator=generator)
        made = torch.cat(list(self.drawn(len(rows), generator, rows)))
        every = max(1, self.model.frames // SHOWN)
        return sheet_of(clip[::every][:SHOWN] for clip in torch.cat([self.clips.pictures(rows), made]))
