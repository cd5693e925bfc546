"""A slider that the music moves is moved by nothing else: what of it changes by the motion of the look is taken out."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import torch
from torch import Tensor

from vgan.models.attributes import STEP, measure
from vgan.recipe import ATTRIBUTES, Generate
from vgan.runtime import in_parallel
from vgan.sources.driven import Moments, Moved
from vgan.sources.play_loop import LoopPlayer

PHASES = 24  # moments of the loop at which it is measured: its motion has three cycles at most
CHUNK = 4
MOST = 0.4  # of a slider's range, that may be taken out
TELLING = 0.25  # of what changes by the motion: a drive that does less than this share of it cannot steady it
HUE, MOTION = ATTRIBUTES.index("hue"), ATTRIBUTES.index("motion")


def steadied(player: LoopPlayer, source: Generate, aspect: str, shown: Moments) -> Moments:
    """`shown` with sliders that also answer, at each phase, what the attribute that they name does there by itself.

    A look's brightness comes and goes with its shapes; a drive of brightness would be seen beside that, and not as
    what the light follows. So each driven attribute is measured on small frames of one loop, as it is and as far as
    the drive moves it, and the difference from its mean goes to the slider with the other sign. Hue stays as it is: it
    hardly changes by itself. So does a clip that cuts, or whose path goes on with the music: its loops are not alike.
    """
    moved = shown.moved
    if moved is None or not shown.alike:
        return shown
    reach = moved.shifts.gather(0, moved.shifts.abs().argmax(0, keepdim=True))[0]  # (7,), how far each is moved
    driven = [index for index in reach.nonzero()[:, 0].tolist() if index != HUE]
    if not driven:
        return shown
    phases = torch.arange(PHASES) / PHASES
    own = _measured(player, source, aspect, phases, torch.zeros(len(ATTRIBUTES)), MOTION in driven)
    shifts = moved.shifts.clone()
    for index in driven:
        only = torch.where(torch.arange(len(ATTRIBUTES)) == index, reach, 0.0)
        there = _measured(player, source, aspect, phases, only, index == MOTION)
        away, effect = own[:, index] - own[:, index].mean(), (there - own)[:, index].mean()
        if effect.abs() > TELLING * away.std():
            answer = (-away * reach[index] / effect).clamp(-MOST, MOST)
            shifts[:, index] += _around(answer, shown.phases)
    return replace(shown, moved=replace(moved, shifts=shifts))


def _measured(player: LoopPlayer, source: Generate, aspect: str, phases: Tensor, shift: Tensor, moving: bool) -> Tensor:
    """Attributes (n, 7) at `phases` (n,) of the loop with sliders shifted by `shift` (7,). moving: motion as well."""

    def drawn(step: float) -> Callable[[Tensor], Tensor]:
        def draw(part: Tensor) -> Tensor:
            count = len(part)
            moved = Moved(part, shift.expand(count, -1), torch.zeros(count, dtype=torch.int64))
            return player.sketch(source, part + step, aspect, moved).float().clamp(-1, 1)

        return draw

    def pictures(step: float) -> Iterator[Tensor]:
        return in_parallel(drawn(step), phases.split(CHUNK), player.runtime.device)

    first = torch.cat(list(pictures(0.0)))
    return measure(first, torch.cat(list(pictures(STEP))) if moving else first).cpu()


def _around(values: Tensor, phases: Tensor) -> Tensor:
    """`values` (n,) at n even phases of a loop, at any `phases`, straight from one to the next."""
    places = phases.remainder(1.0) * len(values)
    start = places.long() % len(values)
    return torch.lerp(values[start], values[(start + 1) % len(values)], places - places.floor())
