"""The music moves a look: what of it differs from frame to frame because of `sound.drives`."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from vgan.errors import RecipeError
from vgan.music import Music, analyse, curve, cuts
from vgan.recipe import ATTRIBUTES, Latent, Recipe, generated
from vgan.recipe_sound import Drive, Soundtrack

log = logging.getLogger(__name__)

FASTER = 3.0  # how much faster than usual the motion runs at its fastest, beside its usual speed
APART = 0.25  # seconds between cuts, at least: more often is a flicker
MOST_SEED = 2**31 - 1
ALWAYS = ("speed", "keys", "cut")  # what every family can do


@dataclass(frozen=True)
class Moved:
    """What the music does to each of n frames beside their phase.

    places: (n,) where they are on the path of key looks, in rounds of it. shifts: (n, 7) added to the `ATTRIBUTES`.
    jumps: (n,) int64, added to the seed.
    """

    places: Tensor
    shifts: Tensor
    jumps: Tensor

    def __getitem__(self, frames: Tensor) -> "Moved":
        return Moved(self.places[frames], self.shifts[frames], self.jumps[frames])


@dataclass(frozen=True)
class Moments:
    """The frames of a clip. phases: (n,) float32, of the loop; moved: None where no music moves them; closes: whether
    the frame after the last one is the first; alike: whether frames of the same phase are the same but for sliders."""

    phases: Tensor
    moved: Moved | None = None
    closes: bool = True
    alike: bool = True


def jumped(key: Latent, jump: int) -> Latent:
    """`key` after so many cuts to another seed."""
    return key.model_copy(update={"seed": (key.seed + jump) % (MOST_SEED + 1)}) if jump else key


def moments(recipe: Recipe) -> Moments:
    """Every frame of the generated clip of `recipe`. Raises RecipeError, and MediaError as `vgan.music.analyse`."""
    source, loop = generated(recipe), recipe.loop_frames
    plain = Moments(torch.arange(recipe.frame_count) % loop / loop)
    if recipe.sound is None or not recipe.sound.drives:
        return plain
    heard = _Heard(recipe.sound, recipe.frame_count / float(recipe.share.fps or 1), recipe.frame_count)
    drives = [drive for drive in recipe.sound.drives if drive.amount]
    phases = _faster(plain.phases, loop, [heard.moves(drive) for drive in drives if drive.field == "speed"])
    shifts = torch.zeros(len(phases), len(ATTRIBUTES))
    for drive in drives:
        if drive.field in ATTRIBUTES:
            shifts[:, ATTRIBUTES.index(drive.field)] += torch.from_numpy(heard.moves(drive)).float()
    onward, cutting = ([drive for drive in drives if drive.field == field] for field in ("keys", "cut"))
    places, jumps = phases, heard.jumps(cutting)
    if onward:
        places = _onward(heard, onward, source.loops)
    elif cutting:  # key looks stand still between cuts
        places = torch.zeros(len(phases))
    if len(source.keys) > 1:
        places, jumps = places + jumps / len(source.keys), torch.zeros_like(jumps)
    return Moments(
        phases, Moved(places, shifts, jumps), closes=not (cutting or bool(shifts.any())), alike=not (onward or cutting)
    )


def check_drives(recipe: Recipe, attributes: Iterable[str]) -> None:
    """Raises RecipeError for a drive of what the look has not. attributes: the sliders that its family has."""
    source = generated(recipe)
    known = (*attributes, *(field for field in ALWAYS if field != "keys" or len(source.keys) > 1))
    for index, drive in enumerate(recipe.sound.drives if recipe.sound else ()):
        if drive.field not in known:
            why = "needs a path of key looks" if drive.field == "keys" else f"is no slider of {source.keys[0].look!r}"
            raise RecipeError(f"sound.drives.{index}.field: {drive.field!r} {why}. Allowed here: {', '.join(known)}.")


class _Heard:
    """Music, at the frames of a clip."""

    def __init__(self, sound: Soundtrack, seconds: float, frames: int):
        self._times = np.arange(frames) * (seconds / frames)
        self._seconds = seconds
        self._music, self._start = _listen(sound)
        end = (
            self._music.seconds
            if sound.end is None
            else min(sound.end - sound.start + self._start, self._music.seconds)
        )
        self._period = end - self._start
        if self._period <= 0:
            raise RecipeError(
                f"sound.start: {sound.start:g} s; the music ends after {self._music.seconds:g} s. Give an earlier one."
            )
        self._loop = sound.loop
        if not len(self._music.beats):
            log.warning("%s: no beat was found in it; drives of beats move nothing", Path(sound.music).name)

    def moves(self, drive: Drive) -> np.ndarray:
        """amount x curve of `drive` at each frame, float64 (n,) in [-1, 1]."""
        within = self._times % self._period if self._loop else self._times
        moves: np.ndarray = drive.amount * curve(self._music, drive, self._start + within)
        moves[within >= self._period] = 0.0
        return moves

    def jumps(self, drives: list[Drive]) -> Tensor:
        """How many cuts forward each frame is, int64 (n,). The amount of a drive says how many of its moments cut: at
        0.5 every second one, and below 0 they cut back."""
        found: list[tuple[float, int]] = []
        for drive in drives:
            times = cuts(self._music, drive, APART) - self._start
            times = times[(times >= 0) & (times < self._period)]
            rounds = np.arange(int(self._seconds / self._period) + 1 if self._loop else 1) * self._period
            every = (rounds[:, None] + times).reshape(-1)[:: round(1 / abs(drive.amount))]
            found += [(float(time), 1 if drive.amount > 0 else -1) for time in every]
        steps, last = torch.zeros(len(self._times), dtype=torch.int64), 0.0
        rate = len(self._times) / self._seconds
        for time, step in sorted(found):
            frame = round(time * rate)
            if time - last >= APART and frame < len(steps):
                steps[frame], last = step, time
        return steps.cumsum(0)


def _listen(sound: Soundtrack) -> tuple[Music, float]:
    """The music, and where in it the clip begins. The whole piece is listened to, as a page does that draws it, unless
    it is too long."""
    path = Path(sound.music)
    whole = analyse(path)
    return (analyse(path, sound.start, sound.end), 0.0) if whole.cut else (whole, sound.start)


def _faster(phases: Tensor, loop: int, moves: list[np.ndarray]) -> Tensor:
    """`phases` that run faster where `moves` are above 0 and slower below, down to a halt. In all they make whole
    loops, at least one, so that the last frame leads to the first."""
    if not moves:
        return phases
    speed = np.prod([np.where(move > 0, 1 + FASTER * move, 1 + move) for move in moves], axis=0)
    if speed.sum() <= 0:
        return torch.zeros_like(phases)
    loops = max(1, round(speed.sum() / loop))
    return torch.from_numpy((np.cumsum(speed) - speed) / speed.sum() * loops % 1.0).float()


def _onward(heard: _Heard, drives: list[Drive], loops: int) -> Tensor:
    """Places on the path that goes on with the music instead of evenly, as many rounds in all: the amount of a drive
    says how much of the way does, and below 0 it goes back."""
    paces = [1 - abs(drive.amount) + np.abs(heard.moves(drive)) for drive in drives]
    pace = np.sum(paces, axis=0)
    if pace.sum() <= 0:  # nothing is heard, and all of the way waits for it
        pace = np.ones_like(pace)
    way = (np.cumsum(pace) - pace) / pace.sum() * loops
    return torch.from_numpy(-way if sum(drive.amount for drive in drives) < 0 else way).float()
