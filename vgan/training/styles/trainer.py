"""Trains the style network: perceptual loss, patch critic, steadiness, a little total variation."""

import copy
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from vgan.models.discriminators.patch import PatchCritic, hinge
from vgan.models.perceptual import SqueezeTaps, content_distance, gram, gram_distance
from vgan.models.stylizer import StyleNetwork, StyleParams
from vgan.training.base import Trainer, placed
from vgan.training.parallel import SOLO, Team
from vgan.training.styles.content import Content, overlaps
from vgan.training.styles.paintings import PAINTINGS
from vgan.training.styles.targets import CONTENT, CRITIC, TAPS, targets_in


@dataclass(frozen=True)
class StyleTraining:
    """How to train. pairs: of windows, a step and process, each pair in a style of its own; side: of a window, pixels;
    code_rate: how many times faster style vectors learn; steady: weight of the squared difference of what both windows
    of a pair show; decay_from: the learning rate falls with the square root of steps after this one."""

    seed: int = 0
    pairs: int = 2
    side: int = 176
    rate: float = 1e-3
    code_rate: float = 3.0
    content_weight: float = 2.0
    critic: float = 0.05
    critic_rate: float = 4e-4
    critic_from: int = 500
    steady: float = 40.0
    variation: float = 0.05
    ema: float = 0.999
    decay_from: int = 3000


class StyleTrainer(Trainer[StyleTraining]):
    """The network, its critic and their optimisers."""

    parts = ("G", "G_ema", "D", "opt_G", "opt_D")

    def __init__(
        self,
        params: StyleTraining,
        model: StyleParams,
        paintings: Path,
        content: Content,
        classifier: dict[str, Tensor],
        device: torch.device,
        team: Team = SOLO,
    ):
        super().__init__(params, model, device, team)
        self.content = content
        self.eyes = SqueezeTaps(classifier, TAPS).to(device)
        self.targets = targets_in(paintings, [PAINTINGS[name] for name in model.styles], self.eyes)
        self.grams = [torch.cat(parts) for parts in zip(*(target.grams for target in self.targets), strict=True)]
        self.G = placed(StyleNetwork(model), device)
        self.G_ema = copy.deepcopy(self.G).requires_grad_(False)
        self.D = PatchCritic(tuple(CRITIC.values()), len(model.styles)).to(device)
        body = [weight for name, weight in self.G.named_parameters() if name != "codes"]
        groups = [{"params": body, "scale": 1.0}, {"params": [self.G.codes], "scale": params.code_rate}]
        self.opt_G = torch.optim.Adam(groups, lr=params.rate, betas=(0.9, 0.99), fused=True)
        self.opt_D = torch.optim.Adam(self.D.parameters(), lr=params.critic_rate, betas=(0.0, 0.99), fused=True)

    def step(self, stop: float = 0.0) -> dict[str, float]:
        """One update of the critic and one of the network, on the same pictures. See `vgan.training.run`."""
        p, generator = self.params, self.draws()
        self.set_rates((self.opt_G, p.rate))
        batch = self.content.pairs(p.pairs, p.side, generator)
        frames = batch.frames.to(self.device).contiguous(memory_format=torch.channels_last)
        chosen = torch.randint(len(self.targets), (p.pairs,), generator=generator)
        style = chosen.repeat_interleave(2).to(self.device)
        judged = self.step_count >= p.critic_from

        with torch.autocast(self.device.type, torch.bfloat16):
            made = self.G.draw_clips(frames, self.G.codes[style], 2).float()
            seen = self.eyes(made)
            with torch.no_grad():
                wanted = self.eyes(frames)[CONTENT]
        loss_D = self._train_critic(seen, chosen, style, generator) if judged else torch.zeros(())

        loss_style = gram_distance([gram(tap.float()) for tap in seen], [part[style] for part in self.grams]).mean()
        loss_content = content_distance(seen[CONTENT], wanted).mean()
        steady = torch.stack([(a - b).square().mean() for a, b in overlaps(made, batch.moved)]).mean()
        variation = (made.diff(dim=2).abs().mean() + made.diff(dim=3).abs().mean()) / 2
        fooled = torch.zeros(())
        if judged:
            self.D.requires_grad_(False)
            with torch.autocast(self.device.type, torch.bfloat16):
                fooled = hinge(None, self.D([seen[tap] for tap in CRITIC], style))
            self.D.requires_grad_(True)
        loss = loss_style + p.content_weight * loss_content + p.critic * fooled
        loss = loss + p.steady * steady + p.variation * variation
        stops = self.descend(loss, self.G, self.opt_G, stop, longest=1.0)
        self.finish(self.G_ema, self.G)
        return {
            "stop": stops,
            "style": loss_style.item(),
            "content": loss_content.item(),
            "steady": steady.item(),
            "variation": variation.item(),
            "critic": loss_D.item(),
            "fooled": fooled.item(),
        }

    def _train_critic(self, seen: list[Tensor], chosen: Tensor, style: Tensor, generator: torch.Generator) -> Tensor:
        side = self.params.side
        real = torch.cat([self.targets[index].windows(side, 2, generator) for index in chosen.tolist()])
        with torch.autocast(self.device.type, torch.bfloat16):
            with torch.no_grad():
                taps = self.eyes(real.to(self.device))
            scores = (
                self.D([taps[tap] for tap in CRITIC], style),
                self.D([seen[tap].detach() for tap in CRITIC], style),
            )
        loss = hinge(*scores)
        self.descend(loss, self.D, self.opt_D)
        return loss

    @torch.no_grad()
    def sheet(self) -> Tensor:
        """Two pictures in every style of G_ema: (3, H, W) in [0, 1]."""
        side, columns = 256, 8
        generator = torch.Generator("cpu").manual_seed(3)
        shown = self.content.pairs(2, side, generator).frames[0::2].to(self.device)
        rows = []
        for picture in shown:
            tiles = []
            for index in range(len(self.targets)):
                with torch.autocast(self.device.type, torch.bfloat16):
                    made = self.G_ema(picture[None], self.G_ema.codes[index : index + 1])
                tiles.append(made[0].float().cpu())
            tiles += [torch.zeros_like(tiles[0])] * (-len(tiles) % columns)
            rows += [torch.cat(tiles[start : start + columns], 2) for start in range(0, len(tiles), columns)]
        return torch.cat(rows, 1).mul(0.5).add(0.5).clamp(0, 1)
