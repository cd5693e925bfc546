"""The loop generator as the search sees it: what is added to the style of each layer, and the phases of its waves."""

from math import log2, pi
from typing import Any

import torch
from torch import Tensor

from vgan.models.attributes import measure, to_shares
from vgan.models.generators.loop import LoopGenerator, encode_shares
from vgan.picture_code import PictureCode
from vgan.recipe import ATTRIBUTES, Latent
from vgan.recipe_steps import ASPECTS
from vgan.sources.pictured import TYPICAL, found_with

SEEN = 128  # shorter side that is searched at, pixels: the full size is only scored
REACH = 24.0  # short sides of the plane that the generator was trained on, see `Motion.draw`
SPREAD = 0.15  # of candidates around the measured sliders
STYLES, PHASES = 0.05, 0.1  # learning rates
MOTION = ATTRIBUTES.index("motion")


class LoopSearch:
    """See `vgan.inversion.Searched`.

    Which part of the endless plane is shown is no way downhill: a step aside changes everything at once. So the phases
    of all waves are free, which is what the place on the plane comes to, and more. Candidates begin at places of their
    own; one in four at the sliders that the picture measures, the others around them: a picture's mean colour is not
    always the one that its shapes were asked to have.
    """

    def __init__(
        self,
        model: LoopGenerator,
        look: int,
        picture: Tensor,
        knots: Tensor | None,
        count: int,
        aspect: str,
    ):
        self._model, self._cells, device = model, model.cells(*ASPECTS[aspect]), picture.device
        self.levels = len(model.levels) + 1
        self._most = max(0, min(len(model.levels), int(log2(SEEN / model.params.base))))
        self._shares = shares_of(picture, knots).to(device)
        with torch.no_grad():
            random = torch.Generator().manual_seed(0)
            z, shares = torch.randn(count, model.params.latent, generator=random), self._shares.cpu()
            others = shares + SPREAD * torch.randn(count, len(ATTRIBUTES), generator=random)
            others = torch.cat([others[:, :1], others[:, 1:].clamp(0, 1)], dim=1)
            plain = torch.zeros(1, model.params.latent)
            w = model.mapping(
                torch.cat([plain, TYPICAL * z]).to(device),
                torch.full((count + 1,), look, device=device),
                encode_shares(torch.cat([shares, others]).to(device)),
            )
            offsets = REACH * (2 * torch.rand(count, 2, generator=random) - 1)
            self._w, self._phases = w[:1], model.shifts(offsets.to(device)).remainder(2 * pi)
            apart = (w[1:] - w[:1]) * (torch.arange(count, device=device) % 4 > 0)[:, None]
        self._styles = apart[:, None].repeat(1, model.parts, 1)
        self.keep(torch.arange(count))

    def moving(self) -> list[dict[str, Any]]:
        return [{"params": [self._styles], "lr": STYLES}, {"params": [self._phases], "lr": PHASES}]

    def keep(self, chosen: Tensor) -> None:
        self._styles = self._styles.detach()[chosen].requires_grad_()
        self._phases = self._phases.detach()[chosen].requires_grad_()

    def draw(self, level: int) -> Tensor:
        count, device = len(self._styles), self._styles.device
        still = torch.zeros(count, device=device)
        return self._model.synthesis(
            self._w[:, None] + self._styles,
            torch.zeros(count, self._model.params.motion, device=device),
            still,
            torch.zeros(count, 2, device=device),
            self._cells,
            levels=level if level == self.levels - 1 else min(level, self._most),
            shifts=self._phases,
        )

    def strayed(self) -> Tensor:
        return self._styles.square().sum(-1).mean(-1)

    def code(self, weights: bytes) -> PictureCode:
        return found_with(self._styles[0], self._phases[0], self._shares[0], "loop", weights)


def shares_of(picture: Tensor, knots: Tensor | None) -> Tensor:
    """Where the sliders of a look are for `picture` (1, 3, H, W): (1, 7), as exact as sliders are. knots: (KNOTS, 7) of
    the look; without, only the hue is known. The motion is the usual one."""
    measured = measure(picture, picture).cpu()
    if knots is None:
        found = torch.tensor([[getattr(Latent(), name) for name in ATTRIBUTES]])
        found[:, 0] = measured[:, 0]
    else:
        found = to_shares(measured, knots[None])
    found[:, MOTION] = Latent().motion
    return (found.clamp(0, 1) * 100).round() / 100
