"""Which part of the footage is learned from, and which is held out to measure on."""

from dataclasses import dataclass

from vgan.models.attributes import STEP
from vgan.own_looks.footage import Found, Plan, Scene, usable

SHARE = 10  # one in so many is held out
LEAST_HELD = 2 * STEP  # loops that a stretch must last to be measured on
MANY = 4  # clips from which on a whole one is held out, if none is long enough to give a part of itself
STILL = 0.5  # loops that a picture counts as, where stretches are drawn by their length


@dataclass(frozen=True)
class Stretch:
    """Part of a scene of clip number `clip`, seconds; of a picture, both are 0."""

    clip: int
    start: float
    end: float

    def weight(self, loop_seconds: float) -> float:
        """How often it is drawn from."""
        return max(self.end - self.start, STILL * loop_seconds if self.end == self.start else 0.0)


@dataclass(frozen=True)
class Parts:
    """learned, held_out: stretches; how: which part is held out, in words, "" for none."""

    learned: tuple[Stretch, ...]
    held_out: tuple[Stretch, ...]
    how: str


def split(plan: Plan, loop_seconds: float) -> Parts:
    """The last tenth of every clip that is long enough is held out, or a whole one of many; and one picture in ten."""
    learned: list[Stretch] = []
    held: list[Stretch] = []
    moving = [index for index, clip in enumerate(plan.clips) if not clip.still]
    for index in moving:
        kept, last = _last_tenth(index, plan.clips[index], loop_seconds)
        learned, held = learned + kept, held + last
    how = f"the last {100 / SHARE:g} % of {'every clip' if len(moving) > 1 else 'the clip'}" if held else ""
    if not held and len(moving) >= MANY:
        held = [stretch for stretch in learned if stretch.clip == moving[-1]]
        learned = [stretch for stretch in learned if stretch.clip != moving[-1]]
        how = f"one whole clip, {plan.clips[moving[-1]].path.name}"
    stills = [Stretch(index, 0.0, 0.0) for index, clip in enumerate(plan.clips) if clip.still]
    out = stills[SHARE - 1 :: SHARE]
    if out and not held:
        how = f"one picture in {SHARE}"
    learned += [still for still in stills if still not in out]
    return Parts(tuple(learned), tuple(held + out), how)


def _last_tenth(index: int, clip: Found, loop_seconds: float) -> tuple[list[Stretch], list[Stretch]]:
    """A clip's stretches to learn from and to hold out: none of these, if either would be too short."""
    wanted = sum(scene.seconds for scene in clip.scenes) / SHARE
    scenes = [Stretch(index, scene.start, scene.end) for scene in clip.scenes]
    kept, held = list(scenes), list[Stretch]()
    while wanted > 1e-6 and kept:
        scene = kept.pop()
        cut = max(scene.start, scene.end - wanted)
        held.insert(0, Stretch(index, cut, scene.end))
        wanted -= scene.end - cut
        if cut > scene.start:
            kept.append(Stretch(index, scene.start, cut - 1 / clip.rate))
            break
    long = [part for part in held if part.end - part.start >= LEAST_HELD * loop_seconds]
    still_good = [part for part in kept if usable(_as_scene(part, clip), loop_seconds)]
    return (still_good, long) if long and still_good else (scenes, [])


def _as_scene(part: Stretch, clip: Found) -> Scene:
    return Scene(part.start, part.end, int((part.end - part.start) * clip.rate + 1.5))
