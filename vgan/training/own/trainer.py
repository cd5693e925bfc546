"""One look learned from footage: critics, sliders, and patches that move its colours and textures within minutes."""

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from vgan.errors import RecipeError
from vgan.models import attributes
from vgan.models.generators.loop import LoopGenerator, LoopParams, encode_shares
from vgan.models.motion import Motion
from vgan.training import checkpoint, dataset
from vgan.training.base import sheet_of
from vgan.training.own.patches import patch_distance
from vgan.training.parallel import SOLO, Team
from vgan.training.trainer import Batch, LooksTrainer, TrainParams

# How far apart the ends of a slider are at least: footage of one place hardly varies, and a slider should do something.
LEAST = torch.tensor([0.0, 0.10, 0.10, 0.05, 0.3, 0.10, 0.5])
TYPICAL = 0.5  # share of every attribute but the hue that is most like the footage
COLUMNS, LEVELS = 6, 2  # of a sheet: pictures in a row, and of the generator: 128 pixels


@dataclass(frozen=True)
class OwnParams(TrainParams):
    """How a look of one's own is trained. patch_weight: of the patches' distance; patches_from: the step after which it
    falls with the square root of steps, and critics have the say; critics_after: steps in which that grows from none,
    so that what G knows already is not lost to critics that know nothing yet."""

    attribute_weight: float = 1.0
    grow_at: tuple[int, ...] = (0, 0, 0)
    patch_weight: float = 8.0
    patches_from: int = 100
    critics_after: int = 0


class OwnTrainer(LooksTrainer):
    """`LooksTrainer` for one look of footage, perhaps from weights that have looks already.

    begin: weights of a LoopGenerator of the same sizes whose embedding has one row; critics: of its critics, as
    `critics` gives them. What a critic knows is worth more than what its generator does (Wang et al. 2018,
    "Transferring GANs").
    """

    params: OwnParams

    def __init__(
        self,
        params: OwnParams,
        model: LoopParams,
        data: Path,
        device: torch.device,
        team: Team = SOLO,
        classifier: dict[str, Tensor] | None = None,
        begin: dict[str, Tensor] | None = None,
        critics: dict[str, Tensor] | None = None,
    ):
        """Raises RecipeError for critics that do not fit."""
        super().__init__(params, model, data, device, team, classifier)
        if begin is not None:
            for network in (self.G, self.G_ema):
                network.load_state_dict(begin)
        if critics is not None:
            self._take(critics)

    @staticmethod
    def load(data: Path) -> tuple[dict[str, dataset.Clips], Tensor]:
        """See `LooksTrainer`."""
        return dataset.load(data, least=LEAST)

    def _take(self, critics: dict[str, Tensor]) -> None:
        """Begin with these; those that are not used here are left, and those that are missing begin anew."""
        wanted = self.critics()
        found = {name: critics[name] for name in wanted if name in critics}
        partly = {name.partition(".")[0] for name in found} & {name.partition(".")[0] for name in wanted.keys() - found}
        wrong = sorted(name for name, value in found.items() if value.shape != wanted[name].shape)
        if partly or wrong or not found:
            raise RecipeError(
                f"start_from: its critics do not fit ({', '.join(wrong[:3]) or 'tensors are missing'}). "
                f"Remove {checkpoint.CRITICS} from that folder to begin without them."
            )
        for network, letter in ((self.D, "D."), (self.P, "P.")):
            mine = {name[2:]: value for name, value in found.items() if name.startswith(letter)}
            if network is not None and mine:
                network.load_state_dict(mine, strict=network is self.D)

    def critics_say(self) -> float:
        """See `LooksTrainer`."""
        after = self.params.critics_after
        return super().critics_say() * (min(1.0, self.step_count / after) if after else 1.0)

    def beside(self, batch: Batch, fakes: list[Tensor], generator: torch.Generator) -> Tensor:
        """See `LooksTrainer`: how unlike patches of footage and of what is made are, in space and time."""
        views = zip(batch.real, fakes, strict=True)
        apart = [patch_distance(real.flatten(1, 2), made.flatten(1, 2), generator) for real, made in views]
        share = min(1.0, (self.params.patches_from / max(1, self.step_count)) ** 0.5)
        return self.params.patch_weight * share * torch.stack(apart).mean()

    @torch.no_grad()
    def sheet(self) -> Tensor:
        """A row of the footage above `samples`, (3, H, W) in [0, 1]."""
        clips, chosen = self._shown()
        side = self.G_ema.params.base * 2**LEVELS
        real = torch.from_numpy(clips.frames[chosen.tolist(), 0]).movedim(-1, 1).float().div(127.5).sub(1)
        footage = torch.nn.functional.interpolate(real, (side, side), mode="area")
        return torch.cat([sheet_of([footage]), self.samples()], dim=1)

    @torch.no_grad()
    def samples(self) -> Tensor:
        """What is made, with sliders as the footage has them: clips now, and under them 0.3 loops later. (3, H, W) in
        [0, 1]."""
        clips, chosen = self._shown()
        made = drawn(self.G_ema, clips.shares[chosen], torch.tensor([0.0, 0.3]), LEVELS, self.device)
        return sheet_of(made.unbind(1))

    def _shown(self) -> tuple[dataset.Clips, Tensor]:
        clips = next(iter(self.clips.values()))
        return clips, torch.linspace(0, len(clips.look) - 1, COLUMNS).long()


@torch.no_grad()
def drawn(
    model: LoopGenerator, shares: Tensor, phases: Tensor, levels: int, device: torch.device, seed: int = 1
) -> Tensor:
    """Square frames (N, T, 3, s, s) in [-1, 1], float32 on `device`, of clips with the attributes `shares` (N, 7) at
    the moments `phases` (T,) of their loops, each from a seed of its own. levels: as in `LoopGenerator.synthesis`."""
    count, params = len(shares), model.params
    generator = torch.Generator().manual_seed(seed)
    z = torch.randn(count, params.latent, generator=generator).to(device)
    motion = Motion.draw(count, params.motion, generator).to(device)
    times = phases.to(device).expand(count, -1)
    look = torch.zeros(count, dtype=torch.long, device=device)
    w = model.mapping(z, look, encode_shares(shares.clamp(0, 1).to(device)))
    with torch.autocast(device.type, torch.bfloat16):
        frames = model.synthesis(
            w.repeat_interleave(len(phases), 0),
            motion.code(times).flatten(0, 1),
            times.flatten(),
            motion.offset.repeat_interleave(len(phases), 0),
            model.cells(1, 1),
            levels=levels,
        )
    return frames.float().unflatten(0, (count, len(phases)))


def typical(clips: dict[str, dataset.Clips]) -> dict[str, float]:
    """Attribute shares that are most like the footage: the mean direction of its hues, the middle of the others."""
    turns = 2 * torch.pi * torch.cat([part.shares[:, 0] for part in clips.values()])
    hue = torch.atan2(turns.sin().mean(), turns.cos().mean()).div(2 * torch.pi).remainder(1.0)
    return dict.fromkeys(attributes.ATTRIBUTES, TYPICAL) | {"hue": round(hue.item(), 4)}


# Of a generator and of its critics: what there is a row of for each look.
BY_LOOK = ("look.weight", "D.look.weight", "D.classify.weight", "D.classify.bias", "P.look.weight")


def one_look(state: dict[str, Tensor], rows: dict[int, float]) -> dict[str, Tensor]:
    """Weights of a generator (or of critics) of many looks as those of one, which begins at a mixture of them.

    rows: look and share. Raises IndexError where a look has no row.
    """
    kept = {name: value.float() for name, value in state.items()}
    for name in BY_LOOK:
        if name in kept:
            kept[name] = torch.stack([share * kept[name][row] for row, share in rows.items()]).sum(0, keepdim=True)
    return kept
